"""Identifiers of the markets: every valid one is found, one wrong digit is not."""

from __future__ import annotations

import unicodedata
from ipaddress import ip_address

import identifiers
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some
from identifiers import KINDS, Kind
from stdnum.kr import rrn

from tradewind.core.ids import MarketId
from tradewind.privacy import checks
from tradewind.privacy.structured import Structured

SENTENCES = ("{}", "It is {}.", "number:{}, thanks", "号码是{}，谢谢", "番号は{}です", "({})")
FULL_WIDTH = str.maketrans("0123456789 -", "０１２３４５６７８９　－")
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type)
RULES = {kind.market: Structured(MarketId(kind.market)) for kind in KINDS}


def found(kind: Kind, text: str, type: str | None = None) -> list[str]:
    spans = RULES[kind.market].find(text)
    return [text[span.start : span.end] for span in spans if span.type == (type or kind.type)]


def is_address(written: str) -> bool:
    """59.247.238.106 is a Steuer-ID with points, and an IP address: nobody could tell."""
    try:
        return bool(ip_address(unicodedata.normalize("NFKC", written)))
    except ValueError:
        return False


def with_wrong_digit(number: str, place: int, step: int) -> str:
    places = [index for index, character in enumerate(number) if character.isdigit()]
    index = places[place % len(places)]
    return number[:index] + str((int(number[index]) + step) % 10) + number[index + 1 :]


@each_kind
@settings(max_examples=40, deadline=None)
@given(data=some.data())
def test_every_valid_one_is_found_however_it_is_written(kind: Kind, data: some.DataObject) -> None:
    number = data.draw(kind.drawn)
    for way in kind.ways:
        written = way(number)
        assume(not is_address(written))
        for sentence in SENTENCES:
            assert found(kind, sentence.format(written)) == [written], sentence.format(written)


@each_kind
@settings(max_examples=15, deadline=None)
@given(data=some.data())
def test_digits_of_other_scripts_are_digits(kind: Kind, data: some.DataObject) -> None:
    number = data.draw(kind.drawn)
    for table in (FULL_WIDTH, ARABIC_INDIC):
        written = kind.ways[-1](number).translate(table)
        assume(not is_address(written))
        assert found(kind, f"号码{written}。") == [written]


@each_kind
@settings(max_examples=40, deadline=None)
@given(data=some.data(), place=some.integers(0, 40), step=some.integers(1, 9))
def test_one_wrong_digit_is_not_found(kind: Kind, data: some.DataObject, place: int, step: int) -> None:
    number = with_wrong_digit(data.draw(kind.drawn), place, step)
    assume(not kind.valid(number))
    for way in kind.ways:
        assert found(kind, f"It is {way(number)}.") == []


@pytest.mark.parametrize("kind", [k for k in KINDS if k.sees_every_error], ids=lambda kind: kind.type)
@settings(max_examples=20, deadline=None)
@given(data=some.data())
def test_the_check_sees_every_single_wrong_digit(kind: Kind, data: some.DataObject) -> None:
    number = data.draw(kind.drawn)
    count = sum(character.isdigit() for character in number)
    wrong = [with_wrong_digit(number, place, step) for place in range(count) for step in range(1, 10)]
    assert [each for each in wrong if kind.valid(each)] == []


BOTH_VALID = {
    "BR_CPF": ("27706084108", "37706084108"),
    "BR_CNPJ": ("65078347000100", "65078347200100"),
    "JP_MY_NUMBER": ("054585473220", "054585473270"),
    "KR_RRN": ("7212172079131", "7212172079151"),
}
"""Numbers of one wrong digit that are valid themselves: nobody can tell, and docs/privacy.md says how often."""


@pytest.mark.parametrize("kind", [k for k in KINDS if not k.sees_every_error], ids=lambda kind: kind.type)
def test_a_wrong_digit_that_the_check_cannot_see_leaves_another_valid_number(kind: Kind) -> None:
    one, other = BOTH_VALID[kind.type]
    assert sum(a != b for a, b in zip(one, other, strict=True)) == 1
    assert kind.valid(one)
    assert kind.valid(other)
    assert found(kind, f"It is {one} or {other}.") == [one, other]


class TestRules:
    """Numbers without a check digit."""

    @pytest.mark.parametrize("number", ["536-90-4399", "001-01-0001", "899-99-9999"])
    def test_an_ssn_in_its_form_is_found_anywhere(self, number: str) -> None:
        for market in ("us", "de"):
            spans = Structured(MarketId(market)).find(f"it is {number}")
            assert [span.type for span in spans] == ["US_SSN"]

    @pytest.mark.parametrize(
        "number", ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "078-05-1120"]
    )
    def test_an_ssn_that_was_never_given_out_is_none(self, number: str) -> None:
        assert Structured(MarketId("us")).find(f"my SSN is {number}") == []

    def test_nine_digits_are_an_ssn_only_where_a_word_says_so(self) -> None:
        us = Structured(MarketId("us"))
        assert us.find("it is 536904399") == []
        assert [span.type for span in us.find("my social security number is 536904399")] == ["US_SSN"]

    @settings(max_examples=40, deadline=None)
    @given(number=identifiers.ninos())
    def test_a_national_insurance_number_is_found(self, number: str) -> None:
        spaced = f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:8]} {number[8]}"
        for written in (number, spaced):
            spans = Structured(MarketId("gb")).find(f"It is {written}, thanks")
            assert [(span.type, span.end - span.start) for span in spans] == [("UK_NINO", len(written))]

    @pytest.mark.parametrize("number", ["BG123456A", "DA123456A", "AO123456A", "AB123456E"])
    def test_a_prefix_that_is_not_given_out_is_none(self, number: str) -> None:
        assert not checks.uk_nino(number)

    def test_a_pan_needs_a_holder_that_exists(self) -> None:
        india = Structured(MarketId("in"))
        assert [span.type for span in india.find("it is ACUPA7085R")] == ["IN_PAN"]
        assert india.find("it is ACUXA7085R") == []
        assert india.find("it is ACUPA0000R") == []

    def test_a_resident_number_of_korea_since_the_reform_needs_a_word(self) -> None:
        """Since October 2020 they end in random digits: no check digit, so a word must say what it is."""
        born_since = "2101013123456"
        assert not rrn.is_valid(born_since)
        korea = Structured(MarketId("kr"))
        assert korea.find(f"it is {born_since}") == []
        assert [s.type for s in korea.find(f"주민등록번호는 {born_since[:6]}-{born_since[6:]}")] == ["KR_RRN"]
        assert korea.find(f"주민등록번호는 990101-{born_since[6:]}") == []

    def test_a_business_number_of_brazil_may_have_letters(self) -> None:
        spans = Structured(MarketId("br")).find("CNPJ 12.ABC.345/01DE-35")
        assert [span.type for span in spans] == ["BR_CNPJ"]
        assert Structured(MarketId("br")).find("CNPJ 12.ABC.345/01DE-36") == []
