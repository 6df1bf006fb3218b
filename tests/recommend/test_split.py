"""Every protocol parts the data as it says, the same way for a seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InputError
from tradewind.recommend.model import Interactions
from tradewind.recommend.split import PROTOCOLS, split


def pairs(part):
    return list(zip(part.users.tolist(), part.items.tolist(), strict=True))


def build(rows, people=6, items=8):
    users, things = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    return Interactions(
        users,
        things,
        tuple(map(str, range(people))),
        tuple(map(str, range(items))),
        times=np.arange(len(rows), dtype=np.float64),
        dated=True,
    )


ROWS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 7)), min_size=1, max_size=80)


@given(ROWS, st.sampled_from(PROTOCOLS), st.integers(0, 3))
def test_no_row_is_lost_or_in_two_parts(rows, protocol, seed):
    data = build(rows)
    try:
        parts = split(data, protocol, seed)
    except InputError:
        return
    whole = pairs(parts.known) + pairs(parts.test)
    once = protocol in ("stratified75", "random811")
    assert sorted(whole) == sorted(set(pairs(data)) if once else pairs(data))
    for fold in parts.folds:
        inside = sorted(pairs(fold.train) + pairs(fold.valid))
        assert inside == sorted(pairs(parts.known))
        assert len(fold.valid)
    if once:
        assert not set(pairs(parts.known)) & set(pairs(parts.test))


@given(ROWS, st.sampled_from(PROTOCOLS))
def test_the_same_seed_gives_the_same_parts(rows, protocol):
    data = build(rows)
    try:
        one, other = split(data, protocol, 3), split(data, protocol, 3)
    except InputError:
        return
    assert pairs(one.test) == pairs(other.test)
    assert [pairs(fold.valid) for fold in one.folds] == [pairs(fold.valid) for fold in other.folds]


def test_another_seed_gives_other_parts(tastes):
    assert pairs(split(tastes, "stratified75", 0).test) != pairs(split(tastes, "stratified75", 1).test)


def test_stratified75_keeps_a_quarter_of_each_persons(tastes):
    parts = split(tastes, "stratified75")
    assert set(np.bincount(parts.test.users)) == {2}  # rint(2.5)
    assert len(parts.folds) == 3
    assert len(set(pairs(parts.folds[0].valid)) & set(pairs(parts.folds[1].valid))) == 0


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1, (1, 0, 0)),
        (2, (1, 0, 1)),
        (3, (1, 1, 1)),
        (9, (7, 1, 1)),
        (10, (8, 1, 1)),
        (19, (17, 1, 1)),
        (30, (24, 3, 3)),
    ],
)
def test_random811_counts_as_recbole_does(size, expected):
    data = build([(0, n) for n in range(size)] + [(1, n) for n in range(10)], items=40)
    parts = split(data, "random811")
    found = [(part.users == 0).sum() for part in (parts.folds[0].train, parts.folds[0].valid, parts.test)]
    assert tuple(found) == expected
    assert pairs(parts.fit) == pairs(parts.folds[0].train)


def test_temporal_learns_from_nothing_that_came_later(tastes):
    parts = split(tastes, "temporal")
    fold = parts.folds[0]
    assert fold.train.times.max() < fold.valid.times.min()
    assert parts.fit.times.max() < parts.test.times.min()
    assert len(parts.test) == pytest.approx(0.1 * len(tastes), abs=2)


def test_leave_one_out_holds_back_the_last(chain):
    parts = split(chain, "leave-one-out")
    assert (parts.test.times == 5).all()
    assert (parts.folds[0].valid.times == 4).all()
    assert len(parts.test) == 100


def test_a_protocol_that_needs_times_says_so():
    data = build([(0, 1), (0, 2)])
    data = Interactions(data.users, data.items, data.user_ids, data.item_ids)
    with pytest.raises(InputError, match="the data says no time"):
        split(data, "temporal")
    with pytest.raises(InputError, match="the data says no order"):
        split(data, "leave-one-out")


def test_too_little_data_says_what_is_left():
    with pytest.raises(
        InputError, match="1 interactions of 6 people leave 1 to learn from and 0 to judge by"
    ):
        split(build([(0, 1)]), "random811")
