"""Packing: every sequence once, inside its row, in a slot that is there, in few shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.nlp.runtime.batches import plan

lengths_lists = st.lists(
    st.one_of(st.integers(3, 8), st.integers(3, 80), st.integers(3, 512)), min_size=1, max_size=200
)


@pytest.mark.parametrize("packed", [True, False])
@given(lengths=lengths_lists)
def test_every_sequence_has_a_place_of_its_own(packed: bool, lengths: list[int]) -> None:
    seen: list[int] = []
    for batch in plan(lengths, packed=packed):
        taken = np.zeros((batch.rows, batch.width), dtype=bool)
        slots = set()
        for member, row, start, slot in zip(
            batch.members.tolist(),
            batch.row_of.tolist(),
            batch.starts.tolist(),
            batch.slot_of.tolist(),
            strict=True,
        ):
            end = start + lengths[member]
            assert row < batch.rows
            assert end <= batch.width
            assert slot < batch.slots
            assert not taken[row, start:end].any()
            taken[row, start:end] = True
            assert (row, slot) not in slots
            slots.add((row, slot))
            seen.append(member)
    assert sorted(seen) == list(range(len(lengths)))


def test_texts_of_every_length_meet_the_graph_in_few_shapes() -> None:
    random = np.random.default_rng(0)
    shapes = set()
    for _ in range(300):
        lengths = random.integers(3, 120, size=int(random.integers(1, 200))).tolist()
        shapes |= {(batch.rows, batch.width) for batch in plan(lengths)}

    assert len(shapes) <= 24


def test_hardly_any_padding_is_computed_for_many_short_texts() -> None:
    lengths = np.random.default_rng(0).integers(5, 30, size=2000).tolist()

    computed = sum(batch.rows * batch.width for batch in plan(lengths))

    assert computed / sum(lengths) < 1.1
