"""Taking validation data away: the right share of each class, nothing on both sides, the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InputError
from tradewind.nlp.data import Dataset, Example, split
from tradewind.nlp.data.normalise import normalised
from tradewind.nlp.model import Span

Labelled = Callable[[list[tuple[str, str]]], Dataset]


def test_every_class_gives_its_share(labelled: Labelled) -> None:
    data = labelled([(f"text {n}", "abc"[n % 3]) for n in range(300)])
    train, validation = split(data, 0.2, seed=1)
    assert Counter(e.label for e in validation.examples) == {"a": 20, "b": 20, "c": 20}
    assert len(train) == 240


def test_small_classes_together_give_the_share_of_the_whole(labelled: Labelled) -> None:
    data = labelled([(f"text {n}", f"class {n % 50}") for n in range(250)])
    assert len(split(data, 0.1, seed=1)[1]) == 25


def test_the_same_seed_gives_the_same_split(labelled: Labelled) -> None:
    data = labelled([(f"text {n}", "ab"[n % 2]) for n in range(100)])
    assert split(data, 0.3, seed=7) == split(data, 0.3, seed=7)
    assert split(data, 0.3, seed=7) != split(data, 0.3, seed=8)


def test_a_class_of_one_stays_in_training(labelled: Labelled) -> None:
    data = labelled([("only", "rare"), *((f"text {n}", "a") for n in range(9))])
    for seed in range(10):
        assert "rare" not in {e.label for e in split(data, 0.5, seed=seed)[1].examples}


def test_a_stratum_may_be_chosen(labelled: Labelled) -> None:
    data = labelled([(f"{'long ' * (n % 2)}{n}", "a") for n in range(100)])
    validation = split(data, 0.1, seed=1, by=lambda example: example.text.startswith("long"))[1]
    assert sum(e.text.startswith("long") for e in validation.examples) == 5


def test_tags_and_label_sets_are_spread_by_their_rarest_label() -> None:
    spans = tuple(
        Example(f"text {n}", spans=(Span("common", 0, 1), *([Span("rare", 2, 3)] if n % 10 == 0 else [])))
        for n in range(100)
    )
    _, validation = split(Dataset(spans), 0.2, seed=1)
    assert sum(any(s.type == "rare" for s in e.spans or ()) for e in validation.examples) == 2


@pytest.mark.parametrize("fraction", [0.0, 1.0, -0.1, 2.0])
def test_a_share_outside_zero_and_one_is_refused(labelled: Labelled, fraction: float) -> None:
    with pytest.raises(InputError, match="is not between 0 and 1"):
        split(labelled([("a", "x"), ("b", "y")]), fraction, seed=1)


texts = st.sampled_from(
    ["Hello", "hello ", "HELLO!", "hi", "Hi.", "？", "yo", "Ｙｏ", "a b", "a  b", *"cdefghijk"]
)


@given(
    st.lists(st.tuples(texts, st.sampled_from("xyz")), min_size=1), st.floats(0.05, 0.95), st.integers(0, 99)
)
def test_nothing_is_lost_and_equal_texts_stay_together(
    rows: list[tuple[str, str]], fraction: float, seed: int
) -> None:
    examples = tuple(Example(text, label=label, line=n) for n, (text, label) in enumerate(rows))
    train, validation = split(Dataset(examples), fraction, seed=seed)
    assert sorted(train.examples + validation.examples, key=lambda e: e.line) == list(examples)
    sides = [{normalised(e.text) for e in side.examples} for side in (train, validation)]
    assert not sides[0] & sides[1]
    assert train.examples
    assert len(validation) <= len(examples) * fraction + 1
