"""Training sentences are exact, varied, the same for the same seed, and hold every type in every language."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from tradewind.core.errors import InputError
from tradewind.privacy.model import NAME_TYPES
from tradewind.privacy.names.generate import SHARES, assembled, generate
from tradewind.privacy.names.load import cultures, languages
from tradewind.privacy.names.model import Piece, Sentence

COUNT = 4_000


@pytest.fixture(scope="module")
def sentences() -> list[Sentence]:
    return generate(COUNT, seed=7)


def test_spans_are_sorted_apart_and_tight(sentences: list[Sentence]) -> None:
    for sentence in sentences:
        for span in sentence.spans:
            covered = sentence.text[span.start : span.end]
            assert covered
            assert covered == covered.strip(), sentence
        assert all(before.end <= after.start for before, after in pairwise(sentence.spans)), sentence


def test_no_mark_of_a_template_is_left(sentences: list[Sentence]) -> None:
    assert not [sentence.text for sentence in sentences if "{" in sentence.text or "}" in sentence.text]
    assert not [s.text for s in sentences if "<" in s.text and "@" not in s.text]


def test_the_same_seed_gives_the_same_sentences(sentences: list[Sentence]) -> None:
    assert generate(300, seed=7) == sentences[:300]
    assert generate(300, seed=8) != sentences[:300]


def test_every_language_has_every_type_and_texts_without_any(sentences: list[Sentence]) -> None:
    assert set(SHARES) == set(languages())
    for code in languages():
        own = [sentence for sentence in sentences if sentence.language == code]
        assert {span.type for sentence in own for span in sentence.spans} == set(NAME_TYPES), code
        assert 0.1 < sum(not sentence.spans for sentence in own) / len(own) < 0.5, code


def test_texts_hardly_repeat(sentences: list[Sentence]) -> None:
    named = Counter(sentence.text for sentence in sentences if sentence.spans)
    assert len(named) > 0.9 * named.total()


def test_an_honorific_is_no_part_of_a_name() -> None:
    for sentence in generate(2_000, seed=3, only=["ja"]):
        for span in sentence.spans:
            if span.type == "PERSON":
                assert not sentence.text[span.start : span.end].endswith(("さん", "様", "先生", "部長"))


def test_white_space_at_the_edges_belongs_to_neither_text_nor_span() -> None:
    sentence = assembled([Piece(" \n"), Piece("Hi "), Piece(" Ann ", "PERSON"), Piece("! ")], "en")

    assert sentence.text == "Hi  Ann !"
    assert [(s.start, s.end) for s in sentence.spans] == [(4, 7)]


def test_only_the_languages_that_are_asked_for() -> None:
    assert {sentence.language for sentence in generate(50, seed=1, only=["pt", "it"])} <= {"pt", "it"}


def test_a_language_without_templates_is_refused() -> None:
    with pytest.raises(InputError, match=r"no sentences in xx .*zh"):
        generate(1, seed=1, only=["xx"])


def test_every_culture_that_a_language_weighs_is_there() -> None:
    weighed = {code for language in languages().values() for code in language.cultures}
    assert weighed <= {*cultures(), "world"}
