"""What the recommender reads and hands on: interactions, items, fitted scores, lists of items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Interactions:
    """Who did something with what: one row an event, all arrays of one length.

    Attributes:
        users: int32 [n], positions in `user_ids`.
        items: int32 [n], positions in `item_ids`.
        user_ids: the people's names in the data.
        item_ids: the items' names in the data.
        ratings: float32 [n], or None where the data has none.
        times: float64 [n], seconds since 1970, or the place in the person's history where `dated` is False;
            None where the data has no order.
        dated: whether `times` can be compared between people.
        markets: int32 [n], positions in `market_ids`; None where the data names no market.
        market_ids: the markets' names in the data.
    """

    users: Ints
    items: Ints
    user_ids: Sequence[str]
    item_ids: Sequence[str]
    ratings: Floats | None = None
    times: NDArray[np.float64] | None = None
    dated: bool = False
    markets: Ints | None = None
    market_ids: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.users)

    @property
    def shape(self) -> tuple[int, int]:
        """How many people and items there are, those without any interaction included."""
        return len(self.user_ids), len(self.item_ids)

    def take(self, rows: NDArray[np.integer] | Bools) -> Interactions:
        """These rows alone, in this order; people and items keep their positions."""
        return replace(
            self,
            users=self.users[rows],
            items=self.items[rows],
            ratings=None if self.ratings is None else self.ratings[rows],
            times=None if self.times is None else self.times[rows],
            markets=None if self.markets is None else self.markets[rows],
        )

    def matrix(self) -> csr_array:
        """float32 [people, items]: 1 where a person has done something with an item, however often."""
        from scipy.sparse import csr_array

        seen = csr_array(
            (np.ones(len(self), np.float32), (self.users, self.items)), shape=self.shape, dtype=np.float32
        )
        seen.sum_duplicates()
        seen.data[:] = 1
        return seen

    def popularity(self) -> Floats:
        """float32 [items]: how many different people have done something with each item."""
        pairs = np.unique(self.users.astype(np.int64) * len(self.item_ids) + self.items)
        counts = np.bincount(pairs % max(len(self.item_ids), 1), minlength=len(self.item_ids))
        return counts.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is said of the items, the title first: by position in `Interactions.item_ids`, empty where nothing is."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """A folder's content: what people did, what the items are called, and what was passed over in reading."""

    interactions: Interactions
    catalogue: Catalogue
    source: str
    notes: tuple[str, ...] = field(default=())


@runtime_checkable
class Fitted(Protocol):
    """A model that has seen the training part."""

    def scores(self, users: Ints) -> Floats:
        """float32 [len(users), items]: higher is better; -inf where an item must not be offered."""
        ...


class Candidates(Protocol):
    """A way to find items for people: its fields are its hyper-parameters."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    def fit(self, train: Interactions, seed: int) -> Fitted:
        """Learn from the training part; the same seed gives the same scores."""
        ...
