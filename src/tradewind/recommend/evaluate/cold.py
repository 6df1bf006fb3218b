"""Items without any interaction: how well their texts alone find the people whom they suit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tradewind.core.errors import InputError
from tradewind.recommend.candidates.text import Text, word_vectors
from tradewind.recommend.evaluate.metrics import ACCURACY, PerPerson, per_person
from tradewind.recommend.evaluate.rank import recommend
from tradewind.recommend.evaluate.significance import Difference, paired
from tradewind.recommend.model import Behaviour, Bools, Fitted, Floats, Ints
from tradewind.recommend.split import SplitProtocol, split


@dataclass(frozen=True, slots=True)
class Cold:
    """Means over seeds.

    Attributes:
        items: how many were held out.
        people: how many were judged, of the first seed.
        text: measure to value, by the items' texts.
        popularity: the same by popularity, which knows nothing of these items: a random order.
        gain: of the text's nDCG, over the people of the first seed.
    """

    items: int
    people: int
    text: Mapping[str, float]
    popularity: Mapping[str, float]
    gain: Difference

    def as_json(self, k: int) -> dict[str, Any]:
        return {
            "items": self.items,
            "people_judged": self.people,
            "text": {f"{name}@{k}": value for name, value in self.text.items()},
            "popularity": {f"{name}@{k}": value for name, value in self.popularity.items()},
            "gain": {f"ndcg@{k}": asdict(self.gain)},
        }

    def in_words(self, k: int) -> str:
        """One line for people."""
        return (
            f"{self.items:,} items that nobody had touched, {self.people:,} people: nDCG@{k} {self.text['ndcg']:.4f} "
            f"by text, {self.popularity['ndcg']:.4f} by popularity"
        )


def judge_cold(
    behaviour: Behaviour, protocol: SplitProtocol, k: int, seeds: Sequence[int], share: float
) -> Cold:
    """Hold a share of the items out of what is learnt from, and rank them among themselves.

    Raises:
        InputError: the items have no texts, or nobody meets a held-out one in the test part.
    """
    if not any(behaviour.catalogue.texts):
        raise InputError(
            "the items have no texts", hint="put a catalogue beside the interactions: NAME.item, items.csv"
        )
    vectors = word_vectors(behaviour.catalogue.texts)
    runs = [_one_seed(behaviour, Text(vectors), protocol, k, seed, share) for seed in seeds]
    text, popularity = (
        {name: float(np.mean([run[at][name].mean() for run in runs])) for name in ACCURACY} for at in (0, 1)
    )
    first = runs[0]
    items = int(share * len(behaviour.catalogue.texts))
    return Cold(items, len(first[0]["ndcg"]), text, popularity, paired(first[0]["ndcg"], first[1]["ndcg"]))


def _one_seed(
    behaviour: Behaviour, model: Text, protocol: SplitProtocol, k: int, seed: int, share: float
) -> tuple[PerPerson, PerPerson]:
    parts = split(behaviour.interactions, protocol, seed)
    count = parts.fit.shape[1]
    rng = np.random.default_rng(seed)
    cold = np.zeros(count, np.bool_)
    cold[rng.choice(count, int(share * count), replace=False)] = True
    warm = parts.fit.take(~cold[parts.fit.items])
    test = parts.test.take(cold[parts.test.items])
    users = np.unique(test.users).astype(np.int32)
    if not len(users) or not len(warm):
        raise InputError(
            f"{int(cold.sum())} items held out leave {len(users)} people to judge by",
            hint="hold out a larger share",
        )
    by_text, by_chance = (
        per_person(recommend(_Only(fitted, cold), users, k, count, parts.known), users, test)
        for fitted in (model.fit(warm, seed), _Chance(rng.permutation(count).astype(np.float32)))
    )
    return by_text, by_chance


@dataclass(frozen=True, slots=True, eq=False)
class _Only:
    """Another model's scores of some items."""

    fitted: Fitted
    allowed: Bools

    def scores(self, users: Ints) -> Floats:
        return np.asarray(np.where(self.allowed, self.fitted.scores(users), -np.inf), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class _Chance:
    """Each person gets another rotation of one random order."""

    order: Floats

    def scores(self, users: Ints) -> Floats:
        count = len(self.order)
        rotated: Floats = self.order[(np.arange(count) + users[:, None] * 7919) % count]
        return rotated
