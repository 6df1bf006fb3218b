"""What a person has done as a row of numbers, which every model starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewind.recommend.model import Interactions

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def histories(train: Interactions, rating_power: float = 0.0) -> csr_array:
    """float32 [people, items]: (rating / median rating) ** rating_power of each item done, 0 of the others.

    A power of 0 sees only that something was done; 0.5 lets five stars count 2.2 times as much as one. Where a pair
    has several ratings the last one holds. Data without ratings, or with a median that is not positive, gives ones.
    """
    matrix = train.matrix()
    if train.ratings is None or not rating_power:
        return matrix
    median = float(np.median(train.ratings))
    if median <= 0:
        return matrix
    order = np.arange(len(train)) if train.times is None else np.argsort(train.times, kind="stable")
    last = _last_of_each_pair(train, order)
    strength = (np.maximum(train.ratings[last], 0) / median) ** rating_power
    from scipy.sparse import csr_array

    return csr_array((strength.astype(np.float32), (train.users[last], train.items[last])), shape=train.shape)


def _last_of_each_pair(train: Interactions, order: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[
    tuple[int], np.dtype[np.int64]
]:  # fmt: skip
    pairs = (train.users.astype(np.int64) * train.shape[1] + train.items)[order][::-1]
    _, first = np.unique(pairs, return_index=True)
    return order[::-1][first]
