"""How good lists of items are: per person what was found, over all people what is shown of the catalogue.

With h_r = 1 where the item at rank r (from 1) is one of the person's n held-out items:

    recall@k = Σ h_r / n
    hit@k    = 1 if Σ h_r > 0
    mrr@k    = 1 / the first r with h_r = 1, 0 if there is none
    ndcg@k   = Σ h_r / log2(r + 1), divided by its value if the first min(k, n) items were all hits

Relevance is binary: so compute Microsoft Recommenders (`ndcg_at_k` with its default `binary`; its natural logarithm
cancels) and RecBole. People without a held-out item are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.model import Bools, Interactions, Ints

PerPerson = Mapping[str, NDArray[np.float64]]
ACCURACY = ("ndcg", "recall", "mrr", "hit")
PAIRS_SAMPLED = 2_000


def hits(lists: Ints, users: Ints, test: Interactions) -> Bools:
    """bool [people, k]: whether each item of a list is one of that person's held-out ones."""
    items = test.shape[1]
    relevant = np.unique(test.users.astype(np.int64) * items + test.items)
    offered = users[:, None].astype(np.int64) * items + lists
    return (lists >= 0) & np.isin(offered, relevant, kind="sort")


def per_person(lists: Ints, users: Ints, test: Interactions) -> PerPerson:
    """float64 [people] of each measure in `ACCURACY`, for people who have held-out items."""
    found = hits(lists, users, test)
    k = found.shape[1]
    counts = np.bincount(np.unique(test.users.astype(np.int64) * test.shape[1] + test.items) // test.shape[1],
                         minlength=test.shape[0])[users]  # fmt: skip
    discounts = 1 / np.log2(np.arange(2, k + 2))
    ideal = np.cumsum(discounts)[np.minimum(counts, k) - 1]
    first = np.where(found.any(axis=1), found.argmax(axis=1), -1)
    return {
        "ndcg": (found @ discounts) / ideal,
        "recall": found.sum(axis=1) / counts,
        "mrr": np.where(first >= 0, 1 / (first + 1.0 + (first < 0)), 0.0),
        "hit": found.any(axis=1).astype(np.float64),
    }


@dataclass(frozen=True, slots=True)
class Beyond:
    """What lists are like apart from being right.

    Attributes:
        coverage: share of the catalogue that is offered to anybody.
        novelty: mean -log2 of the share of people who know an offered item, in bits.
        diversity: mean over lists of 1 - cosine of two of its items' audiences.
        popularity: mean share of the catalogue less popular than an offered item: .5 if popularity did not matter.
        gini: inequality of how often items are offered: 0 all alike, 1 one item only.
    """

    coverage: float
    novelty: float
    diversity: float
    popularity: float
    gini: float


def beyond(lists: Ints, train: Interactions, seed: int = 0) -> Beyond:
    """Measure the lists against the training part; diversity on a sample of `PAIRS_SAMPLED` lists."""
    people, items = train.shape
    offered = lists[lists >= 0]
    exposure = np.bincount(offered, minlength=items)
    popularity = train.popularity()
    known = np.maximum(popularity, 1) / max(people, 1)
    below = np.searchsorted(np.sort(popularity), popularity, "left")
    ties = np.searchsorted(np.sort(popularity), popularity, "right") - below
    percentile = (below + 0.5 * (ties - 1)) / max(items - 1, 1)
    return Beyond(
        coverage=float((exposure > 0).mean()),
        novelty=float(-np.log2(known[offered]).mean()) if len(offered) else 0.0,
        diversity=_diversity(lists, train, seed),
        popularity=float(percentile[offered].mean()) if len(offered) else 0.0,
        gini=gini(exposure),
    )


def gini(counts: NDArray[np.integer]) -> float:
    """Gini coefficient of non-negative counts: 0 all alike, towards 1 all in one place."""
    ordered = np.sort(counts).astype(np.float64)
    n, total = len(ordered), ordered.sum()
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total)) if total else 0.0


def _diversity(lists: Ints, train: Interactions, seed: int) -> float:
    from scipy.sparse import diags_array

    full = lists[(lists >= 0).all(axis=1)]
    if not len(full) or full.shape[1] < 2:
        return 0.0
    if len(full) > PAIRS_SAMPLED:
        full = full[np.random.default_rng(seed).choice(len(full), PAIRS_SAMPLED, replace=False)]
    audiences = train.matrix()
    norms = np.sqrt(np.maximum(audiences.sum(axis=0), 1))
    items = (audiences @ diags_array(1 / norms)).T.tocsr()
    k = full.shape[1]
    # |Σ unit vectors|² is the sum of all cosines of a list; its diagonal counts items with an audience.
    alike = 0.0
    for row in full:
        chosen = items[row]
        alike += float((np.asarray(chosen.sum(axis=0)) ** 2).sum() - (chosen.data**2).sum())
    return float(1 - alike / (len(full) * k * (k - 1)))
