"""Punctuation beside a name is not part of it; the stop of an abbreviation is."""

from __future__ import annotations

import pytest

from tradewind.privacy.model import PiiSpan
from tradewind.privacy.names.edges import trimmed


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("Calle Mayor 15.", "Calle Mayor 15"),
        ("Anna Müller,", "Anna Müller"),
        ("Obras Pirineo S.L.", "Obras Pirineo S.L."),
        ("Acme Inc.", "Acme Inc."),
        ("Main St.", "Main St."),
        ("Zaragoza.", "Zaragoza"),
        ("「田中", "田中"),
        ("Unionville (Orange)", "Unionville (Orange)"),
        ("Orange)", "Orange"),
        ("> Lina", "Lina"),
        ("Jean-Luc", "Jean-Luc"),
        ("上海市。", "上海市"),
        ("Lina Artemova\nIrecycle", "Lina Artemova"),
    ],
)
def test_an_edge_is_where_the_name_is(found: str, kept: str) -> None:
    span = trimmed(PiiSpan("PERSON", 2, 2 + len(found), 0.9), f"x {found} y")

    assert span is not None
    assert f"x {found} y"[span.start : span.end] == kept


def test_punctuation_alone_is_no_name() -> None:
    assert trimmed(PiiSpan("PERSON", 0, 2, 0.9), "!!") is None


def test_an_address_goes_on_over_the_end_of_a_line() -> None:
    text = "5 Main St\nBoston"

    assert trimmed(PiiSpan("STREET_ADDRESS", 0, len(text), 0.9), text) == PiiSpan(
        "STREET_ADDRESS", 0, len(text), 0.9
    )
