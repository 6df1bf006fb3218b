"""Spans as tags over tokens and back: the laws, and what happens where tokens and spans disagree."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InputError
from tradewind.nlp.data import IGNORE, spans_to_tags, tag_labels, tags_to_spans
from tradewind.nlp.model import Span

TYPES = ("city", "day")
LABELS = tag_labels(TYPES)
Offsets = list[tuple[int, int]]


def plain(spans: tuple[Span, ...]) -> list[tuple[str, int, int]]:
    return [(span.type, span.start, span.end) for span in spans]


def test_tags_are_numbered_by_type() -> None:
    assert LABELS == ("O", "B-city", "I-city", "B-day", "I-day")


def test_a_span_over_several_tokens_begins_once() -> None:
    offsets = [(0, 0), (0, 3), (4, 8), (9, 14), (0, 0)]  # <s> New York today </s>
    assert spans_to_tags([Span("city", 0, 8), Span("day", 9, 14)], offsets, TYPES) == [
        IGNORE,
        1,
        2,
        3,
        IGNORE,
    ]


def test_a_span_inside_a_token_takes_the_whole_token() -> None:
    offsets = [(0, 9), (10, 16)]
    tags = spans_to_tags([Span("city", 3, 12)], offsets, TYPES)
    assert tags == [1, 2]
    assert plain(tags_to_spans(tags, offsets, "in-Berlin-Mitte!", LABELS)) == [("city", 0, 16)]


def test_where_two_spans_meet_in_a_token_the_first_has_it() -> None:
    offsets = [(0, 4), (4, 6)]
    assert spans_to_tags([Span("city", 0, 2), Span("day", 2, 6)], offsets, TYPES) == [1, 3]


def test_a_type_that_the_head_lacks_is_refused() -> None:
    with pytest.raises(InputError, match="span type 'person' is not one of: city, day"):
        spans_to_tags([Span("person", 0, 1)], [(0, 1)], TYPES)


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ([2, 2, 0], [("city", 0, 8)]),
        ([0, 0, 4], [("day", 9, 14)]),
        ([1, 4, 4], [("city", 0, 3), ("day", 4, 14)]),
        ([1, 1, 1], [("city", 0, 3), ("city", 4, 8), ("city", 9, 14)]),
        ([1, IGNORE, 2], [("city", 0, 14)]),
        ([0, 0, 0], []),
    ],
)
def test_tags_that_break_the_rules_are_repaired(tags: list[int], spans: list[tuple[str, int, int]]) -> None:
    assert plain(tags_to_spans(tags, [(0, 3), (4, 8), (9, 14)], "New York today", LABELS)) == spans


def test_white_space_at_the_edges_is_trimmed_and_alone_is_dropped() -> None:
    assert plain(tags_to_spans([1, 2, 3], [(0, 4), (4, 10), (10, 12)], "in \u3000Paris  ", LABELS)) == [
        ("city", 0, 9)
    ]


def test_tokens_that_share_characters_never_give_overlapping_spans() -> None:
    # A lone word mark of some tokenizers stands for the first character of the word that follows it.
    assert plain(tags_to_spans([1, 3], [(0, 1), (0, 2)], "今天", LABELS)) == [("city", 0, 1), ("day", 1, 2)]


def test_the_score_is_the_mean_probability_of_the_tokens() -> None:
    offsets, chosen = [(0, 3), (4, 8)], [0.5, 1.0]
    (span,) = tags_to_spans([1, 2], offsets, "New York", LABELS, chosen)
    assert span.score == 0.75
    table = np.zeros((2, len(LABELS)))
    table[[0, 1], [1, 2]] = chosen
    assert tags_to_spans(np.array([1, 2]), offsets, "New York", LABELS, table) == (span,)


@st.composite
def tokenised(draw: st.DrawFn) -> tuple[str, Offsets]:
    """A text of words and the offsets of pieces of them, with special tokens at both ends."""
    words = draw(st.lists(st.text("abé北👍", min_size=1, max_size=6), min_size=1, max_size=8))
    text, offsets = "", [(0, 0)]
    for word in words:
        cuts = sorted(draw(st.sets(st.integers(1, max(1, len(word) - 1)), max_size=2)))
        edges = [0, *(cut for cut in cuts if cut < len(word)), len(word)]
        offsets += [(len(text) + a, len(text) + b) for a, b in pairwise(edges)]
        text += word + " "
    return text, [*offsets, (0, 0)]


@given(tokenised(), st.data())
def test_spans_on_token_edges_come_back_as_they_were(made: tuple[str, Offsets], data: st.DataObject) -> None:
    text, offsets = made
    tokens = offsets[1:-1]
    edges = sorted(data.draw(st.sets(st.integers(0, len(tokens)), max_size=6)))
    kinds = data.draw(st.lists(st.sampled_from(TYPES), min_size=len(edges), max_size=len(edges)))
    spans = [
        Span(kind, tokens[a][0], tokens[b - 1][1])
        for kind, a, b in list(zip(kinds, edges, edges[1:], strict=False))[::2]
    ]
    tags = spans_to_tags(spans, offsets, TYPES)
    assert plain(tags_to_spans(tags, offsets, text, LABELS)) == plain(tuple(spans))


@given(tokenised(), st.data())
def test_any_span_is_covered_by_what_its_tags_say(made: tuple[str, Offsets], data: st.DataObject) -> None:
    text, offsets = made
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 1, len(text)))
    found = tags_to_spans(spans_to_tags([Span("day", start, end)], offsets, TYPES), offsets, text, LABELS)
    covered = {place for span in found for place in range(span.start, span.end)}
    assert {place for place in range(start, end) if not text[place].isspace()} <= covered
    assert len(found) <= 1


@given(tokenised(), st.data())
def test_any_tags_give_sorted_spans_inside_the_text(made: tuple[str, Offsets], data: st.DataObject) -> None:
    text, offsets = made
    numbers = st.integers(0, len(LABELS) - 1)
    tags = data.draw(st.lists(numbers, min_size=len(offsets), max_size=len(offsets)))
    spans = tags_to_spans(tags, offsets, text, LABELS)
    edges = [place for span in spans for place in (span.start, span.end)]
    assert edges == sorted(edges)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in spans)
    # What was read once reads the same again, unless two spans of a type touched.
    again = tags_to_spans(spans_to_tags(spans, offsets, TYPES), offsets, text, LABELS)
    assert again == spans
