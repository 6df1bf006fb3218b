"""Rows that several texts share, in batches of a few shapes.

The graph's kernels are compiled anew for each number of tokens that it meets (20 ms) and kept (7 MB for a small
encoder): with a shape for every number of texts and every length a server would answer its first hour slowly and grow
by hundreds of megabytes. So texts are packed one after the other into rows of 64 tokens (or 128, 256 … for longer
texts), and batches have one row or eight of them; a text attends only to itself. That leaves half a dozen shapes, and
hardly any padding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

TOKEN_BUDGET = 512
"""Tokens of a batch: fewer leave the arithmetic units idle (half as many cost 10 %); more hold others up."""

ROW_WIDTH = 64
"""Narrower rows are harder to fill, wider ones compute more attention for nothing."""

NARROWEST = 16
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
    lengths: Sequence[int] | NDArray[np.int_],
    *,
    packed: bool = True,
    budget: int = TOKEN_BUDGET,
    narrow: bool = True,
) -> list[Batch]:
    """Lay sequences into batches, long ones first so that parallel streams end together.

    Args:
        lengths: tokens of each sequence, all ≥ 1.
        packed: whether sequences may share a row; otherwise those of like length become rows of one batch.
        budget: most tokens of a batch, padding included; a longer sequence makes a batch of its own.
        narrow: whether a row that is the only one is cut to what it holds: the way of a lone short text.
    """
    order = np.argsort(-np.asarray(lengths), kind="stable").tolist()
    rows = _shared_rows(order, lengths) if packed else _own_rows(order, lengths)
    if narrow and len(rows) == 1:
        rows[0].width = min(rows[0].width, _narrow(max(rows[0].used, SLOT_TOKENS * len(rows[0].members))))
    return [_batch(count, group) for count, group in _groups(rows, budget)]


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
        if room >= SHORTEST and len(row.members) < slots_of(row.width):
            open_rows.setdefault(room, []).append(row)
            rooms |= 1 << room
    return rows


def _own_rows(order: Sequence[int], lengths: Sequence[int] | NDArray[np.int_]) -> list[_Row]:
    rows = []
    for member in order:
        row = _Row(_own_width(int(lengths[member])))
        row.add(member, int(lengths[member]))
        rows.append(row)
    return rows


def _groups(rows: Sequence[_Row], budget: int) -> Iterator[tuple[int, Sequence[_Row]]]:
    """Rows of one width that make a batch, and how many the batch has: as many as the budget takes, or one."""
    start = 0
    while start < len(rows):
        width = rows[start].width
        stop = start
        while stop < len(rows) and rows[stop].width == width:
            stop += 1
        full = max(1, budget // width)
        while start < stop:
            left = stop - start
            # Nearly full is full: one row at a time takes a quarter as long again for each.
            count = full if 4 * left >= 3 * full else 1
            following = min(start + count, stop)
            yield count, rows[start:following]
            start = following


def _batch(count: int, rows: Sequence[_Row]) -> Batch:
    width = rows[0].width
    counts = [len(row.members) for row in rows]
    return Batch(
        rows=count,
        width=width,
        slots=slots_of(width),
        members=np.array([member for row in rows for member in row.members], dtype=np.intp),
        row_of=np.repeat(np.arange(len(rows)), counts),
        starts=np.array([start for row in rows for start in row.starts], dtype=np.intp),
        slot_of=np.array([slot for count in counts for slot in range(count)], dtype=np.intp),
    )


def slots_of(width: int) -> int:
    """How many texts a row of that width may hold."""
    return min(width // SLOT_TOKENS, MOST_SLOTS)


def _wide(length: int) -> int:
    """The width of a row opened for a sequence: 64 or the next power of two."""
    return max(ROW_WIDTH, 1 << (length - 1).bit_length())


def _narrow(length: int) -> int:
    """The width of a row of its own: 16, 32, 64 or the next power of two."""
    return max(NARROWEST, 1 << (length - 1).bit_length())


def _own_width(length: int) -> int:
    """Where each row holds one sequence: 16, 32, 48, 64, 96, 128 … (steps of a quarter)."""
    step = max(NARROWEST, _narrow(length) // 4)
    return -(-length // step) * step
