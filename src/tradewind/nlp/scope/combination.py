"""Logistic regression over a handful of signals, in numpy: the "combined" out-of-scope score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.model import Floats
from tradewind.nlp.scope.roc import auroc
from tradewind.nlp.scope.scores import combine

RIDGE = 0.01
NEWTON_STEPS = 25
FOLDS = 5
LEAST_GAIN = 0.0005

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


def choose_signals(signals: Floats, is_oos: Flags) -> tuple[tuple[int, ...], float]:
    """Columns to combine, taken one by one while the cross-validated AUROC still rises, and that AUROC.

    A signal that adds nothing costs noise in the fit and time in every prediction.
    """
    chosen: tuple[int, ...] = ()
    best = 0.0
    left = set(range(signals.shape[1]))
    while left:
        found = {column: cross_validated(signals[:, [*chosen, column]], is_oos) for column in sorted(left)}
        column = max(found, key=found.__getitem__)
        if found[column] < best + LEAST_GAIN:
            break
        best = found[column]
        chosen = (*chosen, column)
        left.remove(column)
    return chosen, best


def cross_validated(signals: Floats, is_oos: Flags) -> float:
    """Mean AUROC over five folds of combinations that were fitted on the other four."""
    fold = np.empty(len(is_oos), dtype=np.intp)
    for group in (is_oos, ~is_oos):
        fold[group] = np.arange(group.sum()) % FOLDS
    found = []
    for left_out in range(FOLDS):
        rows = fold == left_out
        scores = combine(fit_combination(signals[~rows], is_oos[~rows]), signals[rows])
        found.append(auroc(scores[~is_oos[rows]], scores[is_oos[rows]]))
    return float(np.mean(found))
