"""People of whom nothing is known, and items that say nothing about one another: what is popular then decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tradewind.recommend.model import Fitted, Floats, Interactions, Ints

NUDGE = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A model's scores plus a ten-thousandth of popularity: it orders what the model leaves level.

    Attributes:
        fitted: the model.
        popularity: float32 [items], 0 to 1.
    """

    fitted: Fitted
    popularity: Floats

    def scores(self, users: Ints) -> Floats:
        scores = self.fitted.scores(users)
        reach = np.abs(scores).max(axis=1, keepdims=True)
        return scores + np.where(reach > 0, NUDGE * reach, 1).astype(np.float32) * self.popularity


def filled(fitted: Fitted, train: Interactions) -> Filled:
    """Let the training part's popularity decide where the model does not."""
    counts = train.popularity()
    return Filled(fitted, counts / max(float(counts.max(initial=0)), 1.0))
