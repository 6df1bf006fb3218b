"""Several models' scores added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradewind.recommend.model import Candidates, Fitted, Floats, Interactions, Ints


@dataclass(frozen=True, slots=True)
class Blend:
    """The weighted sum of its members' scores, each brought to mean 0 and deviation 1 a person.

    Attributes:
        members: the models.
        weights: as many numbers; what counts is their proportion.
    """

    members: tuple[Candidates, ...]
    weights: tuple[float, ...]
    name: str = "blend"

    def fit(self, train: Interactions, seed: int) -> BlendedScores:
        pairs = zip(self.members, self.weights, strict=True)
        return BlendedScores([(member.fit(train, seed), weight) for member, weight in pairs if weight])


@dataclass(frozen=True, slots=True, eq=False)
class BlendedScores:
    """Fitted members and their weights."""

    members: Sequence[tuple[Fitted, float]]

    def scores(self, users: Ints) -> Floats:
        parts = [np.float32(weight) * standardised(member.scores(users)) for member, weight in self.members]
        return np.asarray(sum(parts), np.float32)


def standardised(scores: Floats) -> Floats:
    """Each row at mean 0 and deviation 1, so that models of different scales can be added."""
    centred = scores - scores.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(scores.std(axis=1, keepdims=True), 1e-12), np.float32)
