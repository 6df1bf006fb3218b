"""Putting the windows of an overlong text together again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.model import Floats
from tradewind.nlp.runtime.pieces import Offsets
from tradewind.nlp.runtime.tokenise import Window


def average(values: Floats, weights: Sequence[int], counts: Sequence[int]) -> Floats:
    """Mean of each text's windows, weighted by their tokens.

    Args:
        values: [w, C], the windows of all texts in order.
        weights: [w], tokens of each window.
        counts: [n], windows of each text, all ≥ 1.

    Returns:
        [n, C].
    """
    if len(counts) == len(values):
        return values
    shares = np.asarray(weights, dtype=np.float32)[:, None]
    starts = np.cumsum([0, *counts[:-1]])
    sums: Floats = np.add.reduceat(values * shares, starts)
    sums /= np.add.reduceat(shares, starts)
    return sums


def merge_tokens(windows: Sequence[Window], logits: Sequence[Floats]) -> tuple[Floats, Offsets]:
    """Tag logits [tokens, C] and offsets of a whole text.

    A token that several windows read is taken from the one in which it is farthest from an edge: there its
    context is most complete.
    """
    if len(windows) == 1:
        return logits[0], windows[0].offsets or []
    total = windows[-1].start + windows[-1].content
    best = np.full(total, -1, dtype=np.intp)
    merged = np.empty((total, logits[0].shape[1]), dtype=np.float32)
    offsets: Offsets = [(0, 0)] * total
    for window, rows in zip(windows, logits, strict=True):
        span = slice(window.start, window.start + window.content)
        depth = centrality(window, total)
        take = np.flatnonzero(depth > best[span])
        best[span][take] = depth[take]
        merged[span][take] = rows[window.lead + take]
        for number in take.tolist():
            offsets[window.start + number] = (window.offsets or [])[window.lead + number]
    return merged, offsets


def centrality(window: Window, total: int) -> NDArray[np.intp]:
    """How far each content token is from the nearest edge at which text was left out, in tokens."""
    place = np.arange(window.content)
    left = place if window.start else np.full(window.content, total)
    ends_inside = window.start + window.content < total
    right = place[::-1] if ends_inside else np.full(window.content, total)
    nearest: NDArray[np.intp] = np.minimum(left, right)
    return nearest
