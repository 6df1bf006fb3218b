"""How well a score parts two groups, whatever the threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def auroc(inside: ArrayLike, outside: ArrayLike) -> float:
    """The chance that an outside score is above an inside one, ties counting half; NaN for an empty group.

    Equal to the area under the ROC curve by its link with the Mann–Whitney test (Hanley and McNeil 1982).
    """
    low, high = np.sort(np.asarray(inside)), np.asarray(outside)
    if not len(low) or not len(high):
        return float("nan")
    beaten = np.searchsorted(low, high, side="left") + np.searchsorted(low, high, side="right")
    return float(beaten.mean() / (2 * len(low)))


def false_positive_rate_at(inside: ArrayLike, outside: ArrayLike, recall: float = 0.95) -> float:
    """FPR95: the share of outside rows accepted at the threshold that accepts `recall` of the inside ones."""
    low, high = np.asarray(inside), np.asarray(outside)
    if not len(low) or not len(high):
        return float("nan")
    threshold = np.quantile(low, recall, method="higher")
    return float((high <= threshold).mean())
