"""Tags agree within a word, and an inside tag continues something of its type."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.nlp.data.spans import tag_labels, tags_to_spans
from tradewind.nlp.data.words import agreed_tags

LABELS = tag_labels(["org", "person"])
OUT, B_ORG, I_ORG, B_PERSON, I_PERSON = range(5)


def _rows(*likely: dict[int, float]) -> np.ndarray:
    rows = np.full((len(likely), len(LABELS)), 0.01, dtype=np.float32)
    for row, tags in zip(rows, likely, strict=True):
        for tag, probability in tags.items():
            row[tag] = probability
    return rows / rows.sum(axis=1, keepdims=True)


def test_the_pieces_of_a_rare_name_share_its_type() -> None:
    text = "ask Rodolphe"
    offsets = [(0, 3), (4, 6), (6, 9), (9, 12)]
    rows = _rows({OUT: 0.9}, {B_PERSON: 0.9}, {I_ORG: 0.5, I_PERSON: 0.4}, {I_PERSON: 0.8})

    tags = agreed_tags(rows, offsets, text)

    assert [(s.type, s.start, s.end) for s in tags_to_spans(tags, offsets, text, LABELS)] == [
        ("person", 4, 12)
    ]


def test_a_fragment_of_an_ordinary_word_is_nothing() -> None:
    rows = _rows({OUT: 0.95}, {B_ORG: 0.6, OUT: 0.4}, {OUT: 0.95})

    assert agreed_tags(rows, [(0, 3), (3, 6), (6, 9)], "flohmarkt") == [OUT, OUT, OUT]


def test_scripts_without_spaces_keep_their_own_edges() -> None:
    rows = _rows({B_PERSON: 0.9}, {OUT: 0.9})

    assert agreed_tags(rows, [(0, 2), (2, 4)], "田中です") == [B_PERSON, OUT]


def test_an_inside_tag_after_another_type_is_put_right() -> None:
    rows = _rows({B_PERSON: 0.9}, {I_ORG: 0.5, I_PERSON: 0.45}, {I_PERSON: 0.9})

    assert agreed_tags(rows, [(0, 1), (2, 3), (4, 5)], "a b c") == [B_PERSON, I_PERSON, I_PERSON]


def test_hyphens_part_words() -> None:
    rows = _rows({B_ORG: 0.9}, {OUT: 0.9}, {OUT: 0.9})

    assert agreed_tags(rows, [(0, 3), (3, 4), (4, 9)], "IBM-Aktie") == [B_ORG, OUT, OUT]


@settings(deadline=None)
@given(st.data())
def test_no_inside_tag_is_left_that_continues_nothing(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=9))
    text, offsets = "", []
    for length, gap in lengths:
        text += " " if gap else ""
        offsets.append((len(text), len(text) + length))
        text += "x" * length
    seed = data.draw(st.integers(0, 2**32 - 1))
    rows = np.random.default_rng(seed).dirichlet(np.ones(len(LABELS)), len(offsets)).astype(np.float32)

    tags = agreed_tags(rows, offsets, text)

    for before, tag in zip([OUT, *tags], tags, strict=False):
        assert tag not in (I_ORG, I_PERSON) or before in (tag, tag - 1)
