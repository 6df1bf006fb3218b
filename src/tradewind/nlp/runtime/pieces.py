"""Plain text to an encoder's word pieces, by one of two libraries.

tokenizers reads any `tokenizer.json`. Of a unigram vocabulary (XLM-R's 250,000 pieces) it needs 290 MB; sentencepiece
needs 55 and is five times as fast, so an export writes such a vocabulary in its format too (`export/pieces.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from tradewind.core.errors import IntegrityError

Offsets = list[tuple[int, int]]


class Split(NamedTuple):
    """The pieces of one text: their ids and, where asked for, the characters that each stands for."""

    ids: list[int]
    offsets: Offsets | None


@dataclass(frozen=True)
class SpecialTokens:
    """What goes before a text (or two), between two, and after."""

    begin: list[int]
    between: list[int]
    end: list[int]


class Pieces(Protocol):
    """Threads may share one."""

    @property
    def special(self) -> SpecialTokens: ...

    def split(self, texts: Sequence[str], *, offsets: bool = False) -> list[Split]:
        """The pieces of each text, without special tokens."""
        ...


class TokenizerPieces:
    """The tokenizers library on a `tokenizer.json`.

    Raises:
        IntegrityError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise IntegrityError(
                f"{path}: not a tokenizer: {error}", hint="restore the model from its source"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.special = _special_tokens(self._tokenizer.encode("a", "b"))

    def split(self, texts: Sequence[str], *, offsets: bool = False) -> list[Split]:
        encode = self._tokenizer.encode_batch if offsets else self._tokenizer.encode_batch_fast
        found = encode(list(texts), add_special_tokens=False)
        return [Split(encoding.ids, encoding.offsets if offsets else None) for encoding in found]


def _special_tokens(pair: Any) -> SpecialTokens:
    """Read off the encoding of a pair."""
    whose = pair.sequence_ids
    first, second = whose.index(0), whose.index(1)
    after = len(whose) - whose[::-1].index(1)
    last_of_first = second - 1 - whose[:second][::-1].index(0)
    return SpecialTokens(pair.ids[:first], pair.ids[last_of_first + 1 : second], pair.ids[after:])


class UnigramPieces:
    """The sentencepiece library on a model that `export/pieces.py` wrote. Special tokens are those of XLM-R.

    Raises:
        IntegrityError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        from sentencepiece import SentencePieceProcessor

        try:
            self._processor = SentencePieceProcessor(model_file=str(path))
        except Exception as error:  # its errors have no common class
            raise IntegrityError(
                f"{path}: not a vocabulary: {error}", hint="restore the model from its source"
            ) from error
        begin, end = self._processor.bos_id(), self._processor.eos_id()
        self.special = SpecialTokens([begin], [end, end], [end])

    def split(self, texts: Sequence[str], *, offsets: bool = False) -> list[Split]:
        if not offsets:
            return [Split(ids, None) for ids in self._processor.encode(list(texts), num_threads=1)]
        found = self._processor.encode(list(texts), return_type="offset_mapping", num_threads=1)
        return [
            Split(one["ids"], [_at_least_one(start, end, len(text)) for start, end in one["offsets"]])
            for one, text in zip(found, texts, strict=True)
        ]


def _at_least_one(start: int, end: int, length: int) -> tuple[int, int]:
    """A mark of a word's beginning, which stands for no character, is given the first one of the word."""
    return (start, end) if end > start else (start, min(start + 1, length))
