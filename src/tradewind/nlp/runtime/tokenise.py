"""From texts to token ids: nothing is padded, nothing is cut; an overlong text becomes several windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradewind.core.errors import InputError, IntegrityError

Offsets = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text that the encoder reads at once.

    `ids` begin with `lead` special and prefix tokens; then come `content` tokens of the text, the first of them
    its token number `start`. `offsets` (where asked for) are characters of the text by token, (0, 0) for tokens
    that are not of it.
    """

    ids: list[int]
    offsets: Offsets | None = None
    start: int = 0
    lead: int = 0
    content: int = 0


class Tokeniser:
    """A model's tokenizer, its prefix, and its limit of tokens. Threads may share it.

    Args:
        path: `tokenizer.json`.
        prefix: put before each text.
        max_tokens: most tokens that the encoder reads at once, special ones included.
        with_offsets: also give character offsets (for tag heads); costs a third more time.
    """

    def __init__(
        self, path: Path, *, prefix: str = "", max_tokens: int = 512, with_offsets: bool = False
    ) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises bare Exception
            raise IntegrityError(
                f"{path}: not a tokenizer: {error}", hint="restore the model from its source"
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._prefix = prefix
        self._max_tokens = max_tokens
        self._with_offsets = with_offsets
        self._encode = self._tokenizer.encode_batch if with_offsets else self._tokenizer.encode_batch_fast

    def encode(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None, *, first_index: int = 0
    ) -> list[tuple[Window, ...]]:
        """One or more windows a text, in order.

        Args:
            texts: the texts.
            pairs: a second text for each, encoded together with the first.
            first_index: number of the first text, for error messages.

        Raises:
            InputError: a text is empty, no text at all, or not valid Unicode; says which.
        """
        check_texts(texts, first_index)
        if pairs is None:
            inputs: list[Any] = [self._prefix + text for text in texts] if self._prefix else list(texts)
        else:
            check_texts(pairs, first_index, "second text")
            inputs = [(self._prefix + text, pair) for text, pair in zip(texts, pairs, strict=True)]
        encodings = self._encode(inputs)
        return [
            (self._whole(encoding),)
            if len(encoding) <= self._max_tokens
            else self._windows(texts[number], None if pairs is None else pairs[number])
            for number, encoding in enumerate(encodings)
        ]

    def _whole(self, encoding: Any) -> Window:
        if not self._with_offsets:
            return Window(encoding.ids)
        return Window(encoding.ids, self._own_offsets(encoding, len(self._prefix)))

    def _own_offsets(self, encoding: Any, shift: int) -> Offsets:
        """Offsets in the first text: prefix, special and second-text tokens get (0, 0)."""
        first = (sequence == 0 for sequence in encoding.sequence_ids)
        return [
            (max(0, start - shift), max(0, end - shift)) if own else (0, 0)
            for own, (start, end) in zip(first, encoding.offsets, strict=True)
        ]

    def _windows(self, text: str, pair: str | None) -> tuple[Window, ...]:
        """Windows that overlap by half, each with the special tokens and the prefix around it."""
        plain = self._plain
        first, prefix = plain(text), plain(self._prefix.rstrip())
        room = self._max_tokens - self._tokenizer.num_special_tokens_to_add(pair is not None) - len(prefix)
        if pair is None:
            first_parts, second_parts = _parts(first, room), [(0, None)]
        else:
            second = plain(pair)
            own = min(len(first), max(room - len(second), room // 2))
            first_parts, second_parts = _parts(first, own), list(_parts(second, room - own))
        count = max(len(first_parts), len(second_parts))
        windows = []
        for number in range(count):
            # When both texts are long their windows go side by side, the fewer ones spread over the more.
            start, part = first_parts[number * len(first_parts) // count]
            _, other = second_parts[number * len(second_parts) // count]
            windows.append(self._window(prefix, part, other, start))
        return tuple(windows)

    def _window(self, prefix: Any, part: Any, other: Any, start: int) -> Window:
        from tokenizers import Encoding

        content = len(part)
        whole = Encoding.merge([prefix, part], growing_offsets=False) if len(prefix) else part
        encoding = self._tokenizer.post_process(whole, other)
        lead = encoding.special_tokens_mask.index(0) + len(prefix)
        offsets = None
        if self._with_offsets:
            own = encoding.offsets[lead : lead + content]
            offsets = [(0, 0)] * lead + own + [(0, 0)] * (len(encoding) - lead - content)
        return Window(encoding.ids, offsets, start, lead, content)

    def _plain(self, text: str) -> Any:
        return self._tokenizer.encode(text, add_special_tokens=False)


def _parts(encoding: Any, room: int) -> list[tuple[int, Any]]:
    """Pieces of at most `room` tokens, each beginning half a piece after the one before, with their starts."""
    if len(encoding) <= room:
        return [(0, encoding)]
    overlap = room // 2
    encoding.truncate(room, stride=overlap)
    pieces = [encoding, *encoding.overflowing]
    return [(number * (room - overlap), piece) for number, piece in enumerate(pieces)]


def check_texts(texts: Sequence[str], first_index: int = 0, what: str = "text") -> None:
    """Refuse what cannot be read, by its number (from 0).

    Raises:
        InputError: a text is no string, empty, or holds half a surrogate pair.
    """
    for number, text in enumerate(texts, first_index):
        if not isinstance(text, str):
            raise InputError(f"{what} {number} is of type {type(text).__name__}", hint="give a string")
        if not text or text.isspace():
            raise InputError(f"{what} {number} is empty", hint="give at least one visible character")
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                raise InputError(
                    f"{what} {number} holds a lone surrogate at character {error.start}",
                    hint="give valid Unicode",
                ) from error
