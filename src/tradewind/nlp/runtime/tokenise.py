"""From texts to token ids: nothing is padded, nothing is cut; an overlong text becomes several windows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradewind.core.errors import InputError
from tradewind.nlp.runtime.pieces import Offsets, Pieces, Split


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
    """Texts to what the encoder reads: prefix, pieces, special tokens, windows. Threads may share it.

    Args:
        pieces: splits plain text.
        prefix: put before each text.
        max_tokens: most tokens that the encoder reads at once, special ones included.
        with_offsets: also give character offsets (for tag heads); costs a third more time.
    """

    def __init__(
        self, pieces: Pieces, *, prefix: str = "", max_tokens: int = 512, with_offsets: bool = False
    ) -> None:
        self._pieces = pieces
        self._prefix = prefix
        self._max_tokens = max_tokens
        self._with_offsets = with_offsets

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
        if pairs is not None:
            check_texts(pairs, first_index, "second text")
        firsts = self._split([self._prefix + text for text in texts] if self._prefix else texts)
        seconds = [None] * len(texts) if pairs is None else self._pieces.split(pairs)
        return [
            self._whole(first, second) or self._windows(text, second)
            for text, first, second in zip(texts, firsts, seconds, strict=True)
        ]

    def _whole(self, first: Split, second: Split | None) -> tuple[Window, ...] | None:
        """Prefix and text in one window; None if they do not fit."""
        ids, lead = self._framed(first.ids, second)
        if len(ids) > self._max_tokens:
            return None
        if first.offsets is None:
            return (Window(ids),)
        shift = len(self._prefix)
        own = [(max(0, start - shift), max(0, end - shift)) for start, end in first.offsets]
        return (Window(ids, _padded(own, lead, len(ids))),)

    def _windows(self, text: str, second: Split | None) -> tuple[Window, ...]:
        """Windows that overlap by half, each with the special tokens and the prefix around it."""
        (first,) = self._split([text])
        prefix = self._pieces.split([self._prefix.rstrip()])[0].ids if self._prefix.strip() else []
        room = self._max_tokens - len(self._framed(prefix, None if second is None else Split([], None))[0])
        own = room if second is None else min(len(first.ids), max(room - len(second.ids), room // 2))
        starts = _starts(len(first.ids), own)
        others = [0] if second is None else _starts(len(second.ids), room - own)
        count = max(len(starts), len(others))
        windows = []
        for number in range(count):
            # When both texts are long their windows go side by side, the fewer ones spread over the more.
            start = starts[number * len(starts) // count]
            part = first.ids[start : start + own]
            other = None
            if second is not None:
                begin = others[number * len(others) // count]
                other = Split(second.ids[begin : begin + room - own], None)
            ids, lead = self._framed([*prefix, *part], other)
            lead += len(prefix)
            offsets = None
            if first.offsets is not None:
                offsets = _padded(first.offsets[start : start + own], lead, len(ids))
            windows.append(Window(ids, offsets, start, lead, len(part)))
        return tuple(windows)

    def _framed(self, first: list[int], second: Split | None) -> tuple[list[int], int]:
        """Ids with the special tokens, and how many come before the first text."""
        special = self._pieces.special
        rest = special.end if second is None else [*special.between, *second.ids, *special.end]
        return [*special.begin, *first, *rest], len(special.begin)

    def _split(self, texts: Sequence[str]) -> list[Split]:
        return self._pieces.split(texts, offsets=self._with_offsets)


def _padded(own: Offsets, lead: int, length: int) -> Offsets:
    """Offsets of a window: tokens that are not of the text get (0, 0)."""
    return [(0, 0)] * lead + own + [(0, 0)] * (length - lead - len(own))


def _starts(count: int, room: int) -> list[int]:
    """Where pieces of at most `room` tokens begin, each half a piece after the one before."""
    if count <= room:
        return [0]
    return list(range(0, count - room // 2, room - room // 2))


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
