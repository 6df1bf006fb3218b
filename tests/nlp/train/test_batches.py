"""Batches: every text once an epoch, alike in length, the same order for the same seed."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tradewind.nlp.train.batches import MOST_TOKENS, order, pad

lengths_lists = st.lists(st.integers(1, 600), min_size=1, max_size=300)


@given(lengths_lists, st.integers(1, 64), st.integers(0, 5), st.integers(0, 3))
def test_an_epoch_holds_every_text_once(lengths: list[int], size: int, seed: int, epoch: int) -> None:
    batches = order(lengths, size, seed, epoch)

    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    assert all(len(batch) <= size for batch in batches)


@given(lengths_lists, st.integers(1, 64))
def test_no_batch_holds_more_tokens_than_the_limit(lengths: list[int], size: int) -> None:
    for batch in order(lengths, size, 0, 0):
        assert len(batch) == 1 or len(batch) * max(lengths[index] for index in batch) <= MOST_TOKENS


def test_the_order_is_the_seeds_and_the_epochs() -> None:
    lengths = list(range(1, 200))

    assert order(lengths, 8, seed=1, epoch=2) == order(lengths, 8, seed=1, epoch=2)
    assert order(lengths, 8, seed=1, epoch=2) != order(lengths, 8, seed=1, epoch=3)
    assert order(lengths, 8, seed=1, epoch=2) != order(lengths, 8, seed=2, epoch=2)


def test_neighbours_in_length_share_a_batch_so_that_little_is_padding() -> None:
    lengths = np.random.default_rng(0).integers(5, 80, size=4000).tolist()

    computed = sum(len(batch) * max(lengths[index] for index in batch) for batch in order(lengths, 32, 0, 0))

    assert computed / sum(lengths) < 1.05


def test_no_mask_is_made_where_nothing_is_padded() -> None:
    same, mask = pad([np.array([2, 5, 3], np.int32), np.array([2, 6, 3], np.int32)])
    assert same.shape == (2, 3)
    assert mask is None

    _, mask = pad([np.array([2, 5, 3], np.int32), np.array([2, 3], np.int32)])
    assert mask is not None
    assert mask.tolist() == [[1, 1, 1], [1, 1, 0]]
