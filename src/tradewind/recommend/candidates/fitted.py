"""What fitting leaves behind: arrays that give scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.model import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True, slots=True, eq=False)
class ItemWeights:
    """scores = histories · weights.

    Attributes:
        histories: float32 [people, items], what each person has done.
        weights: float32 [items, items], sparse or dense: how much having done row i speaks for column j.
    """

    histories: csr_array
    weights: NDArray[np.float32] | csr_array

    def scores(self, users: Ints) -> Floats:
        product = self.histories[users] @ self.weights
        return np.asarray(product if isinstance(product, np.ndarray) else product.toarray(), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """scores = people · itemsᵀ, with float32 [people, rank] and float32 [items, rank]."""

    people: Floats
    items: Floats

    def scores(self, users: Ints) -> Floats:
        return self.people[users] @ self.items.T


@dataclass(frozen=True, slots=True, eq=False)
class SameForAll:
    """One score an item, float32 [items], whoever asks."""

    items: Floats

    def scores(self, users: Ints) -> Floats:
        return np.broadcast_to(self.items, (len(users), len(self.items)))
