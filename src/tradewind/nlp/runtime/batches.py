"""Rows that several texts share, in batches of a few shapes.

The graph's kernels are compiled anew for each shape that it meets (10 to 30 ms) and kept (2 to 3 MB): with a shape
for every number of texts and every length a server would answer its first hour slowly and grow by hundreds of
megabytes. So texts are packed one after the other into rows of 64 tokens (or 128, 256 … for longer texts); a text
attends only to itself. That leaves a dozen shapes, and hardly any padding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TOKEN_BUDGET = 512
"""Tokens of a batch: fewer leave the arithmetic units idle, more fall out of the cache and hold others up."""

ROW_WIDTH = 64
"""Narrower rows are harder to fill, wider ones compute more attention for nothing."""

NARROW_WIDTHS = (16, 32, 48)
SLOT_TOKENS, MOST_SLOTS = 8, 8
SHORTEST = 3
"""Fewest tokens of a text: a beginning, a word, an end."""

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences laid into `rows` rows of `width` tokens with `slots` pooled vectors each.

    Sequence `members[k]` begins at token `starts[k]` of row `row_of[k]`; its vector is in slot `slot_of[k]` there.
    """

    rows: int
    width: int
    slots: int
    members: Indices
    row_of: Indices
    starts: Indices
    slot_of: Indices


@dataclass(slots=True)
class _Row:
    width: int
    used: int = 0
    members: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def add(self, member: int, length: int) -> None:
        self.members.append(member)
        self.starts.append(self.used)
        self.used += length


def plan(
    lengths: Sequence[int] | NDArray[np.int_], *, packed: bool = True, budget: int = TOKEN_BUDGET
) -> list[Batch]:
    """Lay sequences into batches, long ones first so that parallel streams end together.

    Args:
        lengths: tokens of each sequence, all ≥ 1.
        packed: whether sequences may share a row; otherwise those of like length become rows of one batch.
        budget: most tokens of a batch, padding included; a longer sequence makes a batch of its own.
    """
    order = np.argsort(-np.asarray(lengths), kind="stable").tolist()
    rows = _shared_rows(order, lengths) if packed else _own_rows(order, lengths)
    return [_batch(group) for group in _groups(rows, budget)]


def _shared_rows(order: Sequence[int], lengths: Sequence[int] | NDArray[np.int_]) -> list[_Row]:
    """Best fit, decreasing (Johnson 1973): each sequence goes to the fullest row that still takes it."""
    rows: list[_Row] = []
    open_rows: dict[int, list[_Row]] = {}
    rooms = 0  # bit r is set where a row with r free tokens is open
    for member in order:
        length = int(lengths[member])
        fitting = rooms >> length
        if fitting:
            room = length + (fitting & -fitting).bit_length() - 1
            row = open_rows[room].pop()
            if not open_rows[room]:
                rooms &= ~(1 << room)
        else:
            row = _Row(_wide(length))
            rows.append(row)
        row.add(member, length)
        room = row.width - row.used
        if room >= SHORTEST and len(row.members) < _slots(row.width):
            open_rows.setdefault(room, []).append(row)
            rooms |= 1 << room
    return rows


def _own_rows(order: Sequence[int], lengths: Sequence[int] | NDArray[np.int_]) -> list[_Row]:
    rows = []
    for member in order:
        row = _Row(_narrow(int(lengths[member])))
        row.add(member, int(lengths[member]))
        rows.append(row)
    return rows


def _groups(rows: Sequence[_Row], budget: int) -> Iterator[Sequence[_Row]]:
    """Rows of one width that make a batch: as many as the budget takes, what is left over in powers of two."""
    start = 0
    while start < len(rows):
        width = rows[start].width
        stop = start
        while stop < len(rows) and rows[stop].width == width:
            stop += 1
        full = _power_of_two(max(1, budget // width))
        while start < stop:
            count = min(full, _power_of_two(stop - start))
            yield rows[start : start + count]
            start += count


def _batch(rows: Sequence[_Row]) -> Batch:
    # A single row is cut to what it holds: that is the way of a lone short text.
    needed = max(rows[0].used, SLOT_TOKENS * len(rows[0].members))
    width = rows[0].width if len(rows) > 1 else _narrow(needed)
    counts = [len(row.members) for row in rows]
    return Batch(
        rows=len(rows),
        width=width,
        slots=_slots(width),
        members=np.array([member for row in rows for member in row.members], dtype=np.intp),
        row_of=np.repeat(np.arange(len(rows)), counts),
        starts=np.array([start for row in rows for start in row.starts], dtype=np.intp),
        slot_of=np.array([slot for count in counts for slot in range(count)], dtype=np.intp),
    )


def _slots(width: int) -> int:
    return min(width // SLOT_TOKENS, MOST_SLOTS)


def _wide(length: int) -> int:
    """The width of a row opened for a sequence: 64 or the next power of two."""
    return max(ROW_WIDTH, 1 << (length - 1).bit_length())


def _narrow(length: int) -> int:
    """The smallest width for one row: 16, 32, 48, 64, 96, 128, 192, 256 …"""
    for width in NARROW_WIDTHS:
        if length <= width:
            return width
    whole = _wide(length)
    return whole * 3 // 4 if length <= whole * 3 // 4 else whole


def _power_of_two(count: int) -> int:
    """The largest power of two that is at most `count`."""
    return 1 << (count.bit_length() - 1)
