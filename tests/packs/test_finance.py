"""Laws that every pack of the product keeps, and what the finance pack promises."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest

from tradewind.packs import OUT_OF_SCOPE, Pack, available, load, normalised


@pytest.fixture(params=available(), scope="module")
def pack(request: pytest.FixtureRequest) -> Pack:
    return load(str(request.param))


def names(pack: Pack) -> set[str | None]:
    return set(pack.taught)


def test_a_pack_bears_the_name_of_its_folder(pack: Pack) -> None:
    assert pack.name == pack.folder.name


def test_a_pack_has_at_least_forty_intents(pack: Pack) -> None:
    assert len(pack.intents) >= 40


def test_every_intent_has_at_least_fifteen_examples_in_each_language(pack: Pack) -> None:
    for language in pack.languages:
        counts = Counter(example.label for example in pack.examples([language]))
        assert counts.keys() == names(pack) | {OUT_OF_SCOPE}
        assert min(counts.values()) >= 15


def test_every_language_has_a_hundred_messages_out_of_scope(pack: Pack) -> None:
    for language in pack.languages:
        assert sum(example.label == OUT_OF_SCOPE for example in pack.examples([language])) >= 100


def test_no_test_text_stands_in_training(pack: Pack) -> None:
    training = {normalised(example.text) for example in pack.examples()}
    tests = [example for language in pack.languages for example in pack.test(language)]
    assert [example.text for example in tests if normalised(example.text) in training] == []


def test_every_intent_and_messages_out_of_scope_are_tested(pack: Pack) -> None:
    for language in pack.languages:
        counts = Counter(example.label for example in pack.test(language))
        assert counts.keys() == names(pack) | {OUT_OF_SCOPE}
        assert min(counts.values()) >= 5


def test_messages_are_clean_single_lines(pack: Pack) -> None:
    messages = pack.examples() + tuple(e for language in pack.languages for e in pack.test(language))
    for example in messages:
        assert example.text == example.text.strip(), f"{example.file}:{example.line}"
        controls = [character for character in example.text if unicodedata.category(character) == "Cc"]
        assert controls == [], f"{example.file}:{example.line}"


def test_messages_are_written_and_not_filled_in(pack: Pack) -> None:
    """Templates betray themselves: many messages of an intent would begin with the same three words."""
    for language in pack.languages:
        openings = Counter(
            (example.label, tuple(words[:3]))
            for example in pack.examples([language])
            if example.label != OUT_OF_SCOPE and len(words := example.text.casefold().split()) >= 5
        )
        assert [opening for opening, count in openings.items() if count > 4] == []


def test_the_finance_pack_speaks_english_and_chinese() -> None:
    finance = load("finance")
    assert finance.languages == ("en", "zh")
    assert all(intent.title["zh"] != intent.title["en"] for intent in finance.intents)
