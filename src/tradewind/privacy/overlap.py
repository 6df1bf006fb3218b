"""Which of several overlapping spans is kept."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

from tradewind.privacy.model import NAME_TYPES, PiiSpan

SURE = 0.6
_NAMES = frozenset(NAME_TYPES)


def resolve(spans: Sequence[PiiSpan]) -> list[PiiSpan]:
    """Spans in the order of the text, none overlapping another.

    A URL is kept with whatever it contains: redacted in part it would still lead to the person. Otherwise an
    identifier that is more than a guess wins over a name that a model saw there, then the higher score, then the
    longer span.
    """
    if len(spans) < 2:
        return list(spans)
    kept: list[PiiSpan] = []
    for span in sorted(spans, key=_rank):
        place = bisect(kept, span.start, key=_start)
        if (place == 0 or kept[place - 1].end <= span.start) and (
            place == len(kept) or span.end <= kept[place].start
        ):
            kept.insert(place, span)
    return kept


def _rank(span: PiiSpan) -> tuple[bool, bool, float, int, int]:
    guess = span.type in _NAMES or span.score < SURE
    return span.type != "URL", guess, -span.score, span.start - span.end, span.start


def _start(span: PiiSpan) -> int:
    return span.start
