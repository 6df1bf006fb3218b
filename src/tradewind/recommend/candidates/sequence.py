"""What comes next: models that know the order in which a person did things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.candidates.fitted import ItemWeights
from tradewind.recommend.model import Interactions, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

REACH = 12
"""Steps back that a transition is counted over; a decay of .8 leaves 7 % there."""


@dataclass(frozen=True, slots=True)
class Transitions:
    """How often item j follows item i, the nearer the more, divided by powers of how often each takes part.

    score_j = Σ_i forget^age(i) · T_ij / (out_i ^ from_power · in_j ^ to_power), T_ij = Σ nearness^(steps - 1), the
    pairs in reverse order counting `backward` of those in order.

    Attributes:
        nearness: weight of a pair for each further step between the two; 0 to 1.
        backward: share of a pair's weight that counts in the other direction; 0 to 1.
        forget: weight of a person's item for each item done since; 0 to 1.
        from_power: 1 makes the transitions of an item sum to 1.
        to_power: how much items that follow everything are held back.
    """

    nearness: float = 0.8
    backward: float = 0.7
    forget: float = 0.8
    from_power: float = 0.5
    to_power: float = 0.3
    name: str = "transitions"

    def fit(self, train: Interactions, seed: int) -> ItemWeights:
        users, items, ages = in_order(train)
        counts = transitions(users, items, train.shape[1], self.nearness, self.backward)
        outgoing, incoming = (np.asarray(counts.sum(axis=axis)).ravel() + 1 for axis in (1, 0))
        weights = counts.tocoo()
        scaled = weights.data / (
            outgoing[weights.row] ** self.from_power * incoming[weights.col] ** self.to_power
        )
        from scipy.sparse import csr_array

        table = csr_array((scaled.astype(np.float32), (weights.row, weights.col)), shape=counts.shape)
        return ItemWeights(recent(users, items, ages, train.shape, self.forget), table)


def in_order(train: Interactions) -> tuple[Ints, Ints, NDArray[np.int64]]:
    """People, items and how many things a person has done since, sorted by person and time."""
    assert train.times is not None
    order = np.lexsort((np.arange(len(train)), train.times, train.users))
    users, items = train.users[order], train.items[order]
    counts = np.bincount(users, minlength=train.shape[0])
    ends = np.cumsum(counts)
    return users, items, ends[users] - 1 - np.arange(len(users))


def transitions(users: Ints, items: Ints, count: int, nearness: float, backward: float) -> csr_array:
    """float32 [items, items]: weighted number of times that j came after i, up to `REACH` steps later."""
    from scipy.sparse import csr_array

    total = csr_array((count, count), dtype=np.float32)
    for step in range(1, REACH + 1):
        same = users[:-step] == users[step:]
        before, after = items[:-step][same], items[step:][same]
        weight = np.full(len(before), nearness ** (step - 1), np.float32)
        total = total + csr_array((weight, (before, after)), shape=(count, count))
    total = total + backward * total.T if backward else total
    total.setdiag(0)
    total.eliminate_zeros()
    return total.tocsr()


def recent(
    users: Ints, items: Ints, ages: NDArray[np.int64], shape: tuple[int, int], forget: float
) -> csr_array:
    """float32 [people, items]: forget ^ age, summed where an item was done again."""
    from scipy.sparse import csr_array

    return csr_array((np.float32(forget) ** ages.astype(np.float32), (users, items)), shape=shape)
