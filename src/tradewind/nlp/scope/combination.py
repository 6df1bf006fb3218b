"""Logistic regression over a handful of signals, in numpy: the "combined" out-of-scope score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.model import Floats
from tradewind.nlp.scope.scores import combine

RIDGE = 0.01
NEWTON_STEPS = 25
FOLDS = 5
CLEARLY = 3.0

Flags = NDArray[np.bool_]


def fit_combination(signals: Floats, is_oos: Flags) -> dict[str, Floats]:
    """Fit by Newton's method, both groups weighing the same, with a small ridge.

    Args:
        signals: [n, S], any scale; standardised here.
        is_oos: [n], with at least one row of each group.
    """
    means, scales = signals.mean(axis=0), np.maximum(signals.std(axis=0), 1e-6)
    design = np.column_stack([(signals - means) / scales, np.ones(len(signals))]).astype(np.float64)
    share = np.where(is_oos, 0.5 / is_oos.sum(), 0.5 / (~is_oos).sum())
    penalty = np.full(design.shape[1], RIDGE)
    penalty[-1] = 1e-9
    weights = np.zeros(design.shape[1])
    for _ in range(NEWTON_STEPS):
        probability = 0.5 * (1 + np.tanh(design @ weights / 2))
        gradient = design.T @ (share * (probability - is_oos)) + penalty * weights
        curvature = (design * (share * probability * (1 - probability))[:, None]).T @ design + np.diag(
            penalty
        )
        weights -= np.linalg.solve(curvature, gradient)
    return {
        "signal_means": means.astype(np.float32),
        "signal_scales": scales.astype(np.float32),
        "signal_weights": weights[:-1].astype(np.float32),
    }


def choose_signals(signals: Floats, is_oos: Flags, first: Sequence[int]) -> tuple[tuple[int, ...], float]:
    """Columns to combine, taken one by one while the cross-validated AUROC clearly rises, and that AUROC.

    A signal that adds nothing costs noise in the fit and time in every prediction. And the strangers of one collection
    resemble each other more than those who will come, so a gain on them must exceed three times its standard error.

    Args:
        signals: [n, S].
        is_oos: [n].
        first: columns of which one is taken to begin with: those that know no strangers.
    """
    chosen: tuple[int, ...] = ()
    best: NDArray[np.float64] = np.zeros(int(is_oos.sum()))
    left = set(range(signals.shape[1]))
    while left:
        candidates = sorted(left) if chosen else first
        found = {column: placements(signals[:, [*chosen, column]], is_oos) for column in candidates}
        column = max(found, key=lambda column: float(found[column].mean()))
        gain = found[column] - best
        if chosen and gain.mean() <= CLEARLY * gain.std() / np.sqrt(len(gain)):
            break
        best = found[column]
        chosen = (*chosen, column)
        left.remove(column)
    return chosen, float(best.mean())


def placements(signals: Floats, is_oos: Flags) -> NDArray[np.float64]:
    """For each out-of-scope row the share of in-scope rows below it; their mean is the AUROC.

    Each row is scored by a combination that was fitted on the other four of five folds, among the rows of its fold.
    """
    fold = np.empty(len(is_oos), dtype=np.intp)
    for group in (is_oos, ~is_oos):
        fold[group] = np.arange(group.sum()) % FOLDS
    shares: NDArray[np.float64] = np.zeros(len(is_oos))
    for left_out in range(FOLDS):
        rows = fold == left_out
        scores = combine(fit_combination(signals[~rows], is_oos[~rows]), signals[rows])
        inside = np.sort(scores[~is_oos[rows]])
        outside = scores[is_oos[rows]]
        ranks = np.searchsorted(inside, outside, "left") + np.searchsorted(inside, outside, "right")
        shares[rows & is_oos] = ranks / 2 / max(1, len(inside))
    return shares[is_oos]
