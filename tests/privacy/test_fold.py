"""Digits and separators are folded, words are not."""

from __future__ import annotations

import pytest

from tradewind.privacy.fold import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("０３ー１２３４ー５６７８", "03-1234-5678"),
        ("デビットカードーー", "デビットカードーー"),
        ("ユーロ１００ー２００", "ユーロ100-200"),
        ("１２‐３４", "12-34"),
    ],
)
def test_the_long_vowel_is_a_hyphen_between_digits_alone(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert len(fold(text)) == len(text)
