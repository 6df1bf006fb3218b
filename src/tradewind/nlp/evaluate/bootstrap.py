"""How far a figure may be off by the luck of the test set: percentile bootstrap and McNemar's test.

Resampling n rows with replacement draws how often each *distinct* row occurs from a multinomial distribution.
A test set of thousands of texts has few distinct rows as a metric sees them (cells of a confusion matrix), so
a thousand resamples are one draw and one matrix product.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
CONFIDENCE = 0.95
DRAWS_AT_ONCE = 1 << 24

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the figure lies in `confidence` of the resampled test sets."""

    lower: float
    upper: float
    confidence: float = CONFIDENCE

    def as_json(self) -> dict[str, float]:
        """Bounds rounded to four decimals."""
        return {
            "lower": round(self.lower, 4),
            "upper": round(self.upper, 4),
            "confidence": self.confidence,
        }


def resampled_sums(
    keys: ArrayLike, features: Callable[[Counts], Reals], *, resamples: int = RESAMPLES, seed: int = 0
) -> Reals:
    """Sums of row features over resamples of the rows (Efron and Tibshirani 1993).

    Args:
        keys: integers [n, k], n > 0; rows with equal keys have equal features.
        features: from distinct keys [m, k] to features [m, F].

    Returns:
        [resamples, F].
    """
    distinct, counts = np.unique(np.asarray(keys), axis=0, return_counts=True)
    values, total = features(distinct), int(counts.sum())
    random = np.random.default_rng(seed)
    batch = max(1, min(resamples, DRAWS_AT_ONCE // len(distinct)))
    sums = [
        random.multinomial(total, counts / total, size=min(batch, resamples - start)) @ values
        for start in range(0, resamples, batch)
    ]
    return np.concatenate(sums)


def interval(values: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """The percentile interval of resampled figures."""
    tail = (1 - confidence) / 2
    lower, upper = np.quantile(np.asarray(values, dtype=np.float64), [tail, 1 - tail])
    return Interval(float(lower), float(upper), confidence)


def mcnemar(only_a_right: int, only_b_right: int) -> float:
    """Two-sided exact p of McNemar's test (1947): is each disagreement won by either side like a fair coin?

    Args:
        only_a_right: rows that A answers rightly and B wrongly.
        only_b_right: rows that B answers rightly and A wrongly.
    """
    trials, fewer = only_a_right + only_b_right, min(only_a_right, only_b_right)
    if trials == 0:
        return 1.0
    log_half = -trials * math.log(2)
    tail = sum(
        math.exp(math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + log_half)
        for k in range(fewer + 1)
    )
    return min(1.0, 2 * tail)
