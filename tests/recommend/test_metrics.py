"""Measures against the plainest way to compute them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tradewind.recommend.candidates.fitted import SameForAll
from tradewind.recommend.evaluate.metrics import beyond, gini, per_person
from tradewind.recommend.evaluate.rank import recommend, top_k
from tradewind.recommend.evaluate.significance import paired
from tradewind.recommend.model import Interactions

SCORES = arrays.arrays(
    np.float32,
    st.tuples(st.integers(1, 6), st.integers(1, 12)),
    elements=st.sampled_from([-np.inf, -1.0, 0.0, 0.5, 0.5000001, 2.0]),
)


@given(SCORES, st.integers(1, 15))
def test_the_best_items_are_those_of_a_full_sort(scores, k):
    for row, found in zip(scores, top_k(scores, k), strict=True):
        ranked = sorted(range(len(row)), key=lambda item: (-row[item], item))
        expected = [item for item in ranked if row[item] > -np.inf][:k]
        assert found.tolist() == expected + [-1] * (k - len(expected))


@given(
    st.lists(st.permutations(range(7)), min_size=1, max_size=5),
    st.data(),
)
def test_measures_are_those_of_their_definitions(orders, data):
    k = data.draw(st.integers(1, 7))
    relevant = [data.draw(st.sets(st.integers(0, 6), min_size=1)) for _ in orders]
    lists = np.array([order[:k] for order in orders], np.int32)
    rows = [(person, item) for person, items in enumerate(relevant) for item in items]
    users, items = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    test = Interactions(users, items, tuple(map(str, range(len(orders)))), tuple("abcdefg"))
    found = per_person(lists, np.arange(len(orders), dtype=np.int32), test)
    for person, wanted in enumerate(relevant):
        hits = [item in wanted for item in lists[person]]
        gains = sum(1 / math.log2(rank + 2) for rank, hit in enumerate(hits) if hit)
        ideal = sum(1 / math.log2(rank + 2) for rank in range(min(k, len(wanted))))
        assert found["ndcg"][person] == pytest.approx(gains / ideal)
        assert found["recall"][person] == pytest.approx(sum(hits) / len(wanted))
        assert found["hit"][person] == float(any(hits))
        assert found["mrr"][person] == (1 / (hits.index(True) + 1) if any(hits) else 0)


def test_an_empty_place_in_a_list_is_no_hit():
    test = Interactions(np.array([0], np.int32), np.array([2], np.int32), ("u",), ("a", "b", "c"))
    found = per_person(np.array([[1, -1, -1]], np.int32), np.array([0], np.int32), test)
    assert found["hit"].tolist() == [0.0]


def test_what_is_known_is_not_offered_again(tastes):
    fitted = SameForAll(tastes.popularity())
    users = np.arange(tastes.shape[0], dtype=np.int32)
    lists = recommend(fitted, users, 40, 40, tastes)
    for user, offered in zip(users, lists, strict=True):
        done = set(tastes.items[tastes.users == user].tolist())
        shown = [item for item in offered.tolist() if item >= 0]
        assert len(shown) == 30
        assert len(set(shown)) == 30
        assert not done & set(shown)


def test_one_list_for_all_covers_little_and_repeats_itself(tastes):
    few = beyond(np.zeros((50, 1), np.int32), tastes)
    many = beyond(np.arange(40, dtype=np.int32)[:, None], tastes)
    assert few.coverage == 1 / 40
    assert many.coverage == 1
    assert few.gini > 0.9 > many.gini == 0
    assert many.popularity == pytest.approx(0.5)


def test_diversity_is_one_minus_the_mean_cosine_of_pairs(tastes):
    lists = np.array([[0, 1, 25], [3, 30, 8]], np.int32)
    seen = tastes.matrix().toarray()
    unit = seen / np.linalg.norm(seen, axis=0)
    cosines = [unit[:, a] @ unit[:, b] for row in lists for a in row for b in row if a != b]
    assert beyond(lists, tastes).diversity == pytest.approx(1 - np.mean(cosines), abs=1e-6)


def test_gini_of_textbook_cases():
    assert gini(np.array([3, 3, 3, 3])) == 0
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)


def test_a_difference_is_as_sure_as_scipy_says():
    from scipy import stats

    rng = np.random.default_rng(0)
    ours, theirs = rng.random(50), rng.random(50) - 0.1
    expected = stats.ttest_rel(ours, theirs)
    bounds = expected.confidence_interval()
    found = paired(ours, theirs)
    assert found.p == pytest.approx(expected.pvalue)
    assert (found.lower, found.upper) == pytest.approx((bounds.low, bounds.high))


def test_no_difference_is_no_evidence():
    same = np.array([0.1, 0.5, 0.7])
    assert paired(same, same).p == 1
