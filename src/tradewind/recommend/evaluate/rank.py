"""The best items of each person, out of the whole catalogue, without those known already."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.model import Fitted, Floats, Interactions, Ints

CELLS = 8_000_000
"""Scores held at once: 32 MB."""


def recommend(fitted: Fitted, users: Ints, k: int, items: int, known: Interactions | None) -> Ints:
    """int32 [len(users), k]: positions of items, best first, ties by position; -1 where there are no more.

    Args:
        fitted: gives the scores.
        users: whom for.
        k: how many, at least 1.
        items: how many there are in the catalogue.
        known: what people have already and are not offered again; None offers everything.
    """
    lists = [top_k(scores, k) for _, scores in batches(fitted, users, items, known)]
    return np.concatenate(lists) if lists else np.empty((0, k), np.int32)


def batches(
    fitted: Fitted, users: Ints, items: int, known: Interactions | None
) -> Iterator[tuple[Ints, Floats]]:
    """People and their scores, -inf for what they have already, as many at a time as fit the memory."""
    seen = known.matrix() if known is not None else None
    size = max(1, CELLS // max(items, 1))
    for start in range(0, len(users), size):
        batch = users[start : start + size]
        scores = np.array(fitted.scores(batch), np.float32)
        if seen is not None:
            rows = seen[batch].tocoo()
            scores[rows.row, rows.col] = -np.inf
        yield batch, scores


def top_k(scores: Floats, k: int) -> Ints:
    """int32 [rows, k]: the k highest of each row, highest first, ties by position; -1 in place of -inf."""
    rows, items = scores.shape
    width = min(k, items)
    result = np.full((rows, k), -1, np.int32)
    if not width or not rows:
        return result
    if width < items:
        picked = np.argpartition(-scores, width - 1, axis=1)[:, :width]
        bar = np.take_along_axis(scores, picked, axis=1).min(axis=1, keepdims=True)
        tied = np.flatnonzero((scores >= bar).sum(axis=1) > width)
        picked[tied] = _first_of_ties(scores[tied], bar[tied], width)
    else:
        picked = np.broadcast_to(np.arange(items), (rows, items)).copy()
    picked.sort(axis=1)
    values = np.take_along_axis(scores, picked, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    best = np.take_along_axis(picked, order, axis=1)
    offered = np.take_along_axis(values, order, axis=1) > -np.inf
    result[:, :width] = np.where(offered, best, -1)
    return result


def _first_of_ties(scores: Floats, bar: Floats, width: int) -> NDArray[np.int64]:
    """int64 [rows, width]: what is above the bar, and of what is level with it the first ones."""
    level = scores == bar
    room = width - (scores > bar).sum(axis=1, keepdims=True)
    chosen = (scores > bar) | (level & (np.cumsum(level, axis=1) <= room))
    return np.nonzero(chosen)[1].reshape(len(scores), width)
