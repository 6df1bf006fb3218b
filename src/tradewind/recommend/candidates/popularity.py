"""What everybody likes: the least that a model must beat."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.recommend.candidates.fitted import SameForAll
from tradewind.recommend.model import Interactions


@dataclass(frozen=True, slots=True)
class Popularity:
    """Items by how many people have done something with them."""

    name: str = "popularity"

    def fit(self, train: Interactions, seed: int) -> SameForAll:
        return SameForAll(train.popularity())
