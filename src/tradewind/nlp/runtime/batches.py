"""Batches of like length under a token budget, in shapes that recur."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOKEN_BUDGET = 512
"""Tokens of a batch: fewer leave matrix units idle, more fall out of the cache and keep others waiting longer."""

EXACT_LENGTH = 32
"""Up to this length nothing is rounded: most texts are short, and padding them would cost most."""

ROW_COUNTS = np.array((1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256))


@dataclass(frozen=True, slots=True)
class Batch:
    """Sequences `members` (indices) padded to `length`; `rows` ≥ their number is the shape's first side."""

    members: NDArray[np.intp]
    length: int
    rows: int


def plan(lengths: Sequence[int] | NDArray[np.int_], *, budget: int = TOKEN_BUDGET) -> list[Batch]:
    """Group sequences into batches, long ones first.

    Sorted by length, hardly a padding token is computed; long ones first, the streams finish together. Both
    sides of a shape come from short lists because the graph's kernels are compiled anew for each new shape
    (some 10 ms), then kept.

    Args:
        lengths: tokens of each sequence, all ≥ 1.
        budget: most tokens of a batch, padding included; a longer sequence makes a batch of its own.
    """
    sizes = np.asarray(lengths)
    order = np.argsort(-sizes, kind="stable")
    batches = []
    start = 0
    while start < len(order):
        length = padded_length(int(sizes[order[start]]))
        members = order[start : start + rows_within(budget, length)]
        batches.append(Batch(members, length, padded_rows(len(members))))
        start += len(members)
    return batches


def padded_length(length: int) -> int:
    """The length that a sequence is padded to: exact when short, then to a sixteenth or less of itself."""
    if length <= EXACT_LENGTH:
        return max(length, 2)
    step = 1 << max(2, length.bit_length() - 5)
    return -(-length // step) * step


def rows_within(budget: int, length: int) -> int:
    """How many rows of that length a full batch has, at least one."""
    fitting = ROW_COUNTS[ROW_COUNTS * length <= budget]
    return int(fitting[-1]) if len(fitting) else 1


def padded_rows(rows: int) -> int:
    """The smallest listed number of rows that holds so many."""
    return int(ROW_COUNTS[np.searchsorted(ROW_COUNTS, rows)])
