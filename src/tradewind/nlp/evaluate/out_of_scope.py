"""Does the verdict keep strangers out without turning customers away?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.scope import auroc
from tradewind.nlp.scope.roc import false_positive_rate_at

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ScopeScores:
    """`recall`: share of out-of-scope rows that were rejected; `rejected`: share of in-scope rows that were.

    `auroc` and `fpr95` judge the score without its threshold; FPR95 is the share of out-of-scope rows
    accepted when 95 % of the in-scope rows are.
    """

    auroc: float
    fpr95: float
    recall: float
    rejected: float
    rows: int

    def as_json(self) -> dict[str, object]:
        """The public form."""
        return {
            "auroc": round(self.auroc, 4),
            "fpr95": round(self.fpr95, 4),
            "recall": round(self.recall, 4),
            "false_rejection_rate": round(self.rejected, 4),
            "rows": self.rows,
        }


def score_scope(scores: NDArray[np.float64], accepted: Flags, is_oos: Flags) -> ScopeScores:
    """Judge the verdict on rows in and out of scope (both must occur).

    Args:
        scores: [n], higher = further out of scope.
        accepted: [n], the verdict "in scope".
        is_oos: [n], the truth.
    """
    inside, outside = scores[~is_oos], scores[is_oos]
    return ScopeScores(
        auroc=auroc(inside, outside),
        fpr95=false_positive_rate_at(inside, outside),
        recall=float((~accepted[is_oos]).mean()),
        rejected=float((~accepted[~is_oos]).mean()),
        rows=int(is_oos.sum()),
    )
