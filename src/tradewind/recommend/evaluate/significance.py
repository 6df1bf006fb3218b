"""Whether one model is really better than another for the same people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Difference:
    """Ours minus theirs, a mean over people.

    Attributes:
        mean: positive where ours is better.
        lower: lower bound of the 95 % interval.
        upper: upper bound of it.
        p: two-sided probability of a difference this large if there were none.
    """

    mean: float
    lower: float
    upper: float
    p: float


def paired(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> Difference:
    """Student's paired t-test over people: both arrays are of the same people in the same order.

    Fewer than two people, or the same difference for everybody, leave no doubt to measure: p is 1 where the
    difference is 0 and 0 elsewhere, and the interval has no width.
    """
    from scipy import stats

    differences = np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)
    n = len(differences)
    mean = float(differences.mean()) if n else 0.0
    error = float(differences.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
    if error < 1e-12:
        return Difference(mean, mean, mean, 1.0 if abs(mean) < 1e-12 else 0.0)
    reach = float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) * error
    p = float(2 * stats.t.sf(abs(mean) / error, n - 1))
    return Difference(mean, mean - reach, mean + reach, p)
