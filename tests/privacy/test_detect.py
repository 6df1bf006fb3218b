"""Detection: what stands around a number decides, names come from a model, nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tradewind.core.ids import MarketId
from tradewind.markets import load_markets
from tradewind.privacy.context import vocabulary
from tradewind.privacy.detect import Detector
from tradewind.privacy.fold import fold
from tradewind.privacy.model import PII_TYPES, STRUCTURED_TYPES, PiiSpan
from tradewind.privacy.overlap import resolve
from tradewind.privacy.structured import Structured


def values(market: str, text: str) -> list[tuple[str, str]]:
    return [(span.type, text[span.start : span.end]) for span in Structured(MarketId(market)).find(text)]


def types(market: str, text: str) -> list[str]:
    return [type for type, _ in values(market, text)]


def score(market: str, text: str) -> float:
    (span,) = Structured(MarketId(market)).find(text)
    return span.score


class TestContext:
    @pytest.mark.parametrize(
        ("market", "plain", "named"),
        [
            ("us", "it is 4111111111111111", "my card is 4111111111111111"),
            ("cn", "是4111111111111111", "卡号是4111111111111111"),
            ("jp", "621498320257です", "マイナンバーは621498320257です"),
            ("de", "es ist 36574261809", "meine Steuer-ID ist 36574261809"),
            ("br", "é 52998224725", "meu CPF é 52998224725"),
            ("fr", "voici 295109912611193", "numéro de sécurité sociale 295109912611193"),
        ],
    )
    def test_a_word_in_the_language_of_the_market_raises_the_score(
        self, market: str, plain: str, named: str
    ) -> None:
        assert score(market, named) > score(market, plain)

    def test_a_word_for_something_else_lowers_it(self) -> None:
        assert score("br", "pedido 529.982.247-25") < score("br", "é 529.982.247-25")
        assert types("au", "order 123456782") == []
        assert types("us", "version 1.2.3.4") == []

    def test_the_nearer_word_counts(self) -> None:
        text = "order 17, and my TFN is 123456782"
        assert values("au", text) == [("AU_TFN", "123456782")]

    def test_of_two_types_the_one_with_the_nearer_word_wins(self) -> None:
        text = "card 4111 1111 1111 1111, Aadhaar 2341 2341 2346"
        assert values("in", text) == [
            ("CREDIT_CARD", "4111 1111 1111 1111"),
            ("IN_AADHAAR", "2341 2341 2346"),
        ]

    def test_a_number_that_is_weak_elsewhere_needs_no_word_at_home(self) -> None:
        assert types("au", "it is 123 456 782") == ["AU_TFN"]
        assert types("us", "it is 123 456 782") == []
        assert types("us", "my tax file number is 123 456 782") == ["AU_TFN"]

    def test_every_type_that_has_words_is_a_type(self) -> None:
        assert set(vocabulary()) <= set(STRUCTURED_TYPES)


class TestPhones:
    @pytest.mark.parametrize(
        ("market", "text", "number"),
        [
            ("us", "ring (212) 555-0187 x33 today", "(212) 555-0187 x33"),
            ("us", "it is +44 20 7946 0018.", "+44 20 7946 0018"),
            ("gb", "it is 020 7946 0018.", "020 7946 0018"),
            ("cn", "我的13800138000谢谢", "13800138000"),
            ("jp", "電話は０３−１２３４−５６７８です", "０３−１２３４−５６７８"),
            ("kr", "010-1234-5678로 주세요", "010-1234-5678"),
            ("br", "ligue (11) 91234-5678", "(11) 91234-5678"),
            ("in", "call 98765 43210", "98765 43210"),
            ("ae", "اتصل ٠٥٠ ١٢٣ ٤٥٦٧", "٠٥٠ ١٢٣ ٤٥٦٧"),
            ("us", "call +41 (0)62 585 51 90 now", "+41 (0)62 585 51 90"),
            ("us", "please call 668 5702", "668 5702"),
        ],
    )
    def test_a_number_as_the_market_writes_it_is_found(self, market: str, text: str, number: str) -> None:
        assert values(market, text) == [("PHONE_NUMBER", number)]

    @pytest.mark.parametrize(
        "text",
        [
            "call me on 2015-12-22",
            "I paid 5 300 200",
            "55470 72 Acheron Road",
            "10 000 000 units",
            "at 2018-06-2610:12:15",
            "net profit 25.1 25.4 14 4.0 office",
            "sold 3/4 502.50 calls",
        ],
    )
    def test_dates_amounts_and_addresses_are_none(self, text: str) -> None:
        assert types("us", text) == []

    @pytest.mark.parametrize("market", [market.id for market in load_markets()])
    def test_a_number_of_the_market_needs_no_word(self, market: str) -> None:
        rules, country = Structured(MarketId(market)), market.upper()
        for type in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
            number = phonenumbers.example_number_for_type(country, type)
            for form in (
                phonenumbers.PhoneNumberFormat.NATIONAL,
                phonenumbers.PhoneNumberFormat.INTERNATIONAL,
                phonenumbers.PhoneNumberFormat.E164,
            ):
                written = phonenumbers.format_number(number, form)
                text = f"it is {written}, ok"
                found = [(span.type, text[span.start : span.end]) for span in rules.find(text)]
                assert found == [("PHONE_NUMBER", written)]

    def test_a_postcode_before_a_number_is_left_out(self) -> None:
        assert values("us", "NY 10001 (212) 555-0187") == [("PHONE_NUMBER", "(212) 555-0187")]


class TestOnline:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("write to a.b+c@example.co.uk.", ("EMAIL_ADDRESS", "a.b+c@example.co.uk")),
            ("邮箱zhang@qq.com谢谢", ("EMAIL_ADDRESS", "zhang@qq.com")),
            ("メールはａｂｃ＠ｅｘａｍｐｌｅ．ｊｐです", ("EMAIL_ADDRESS", "ａｂｃ＠ｅｘａｍｐｌｅ．ｊｐ")),
            ("почта@пример.рф", ("EMAIL_ADDRESS", "почта@пример.рф")),
            ("see https://example.com/a?b=c.", ("URL", "https://example.com/a?b=c")),
            ("请看https://a.cn/路径", ("URL", "https://a.cn/")),
            ("ip 48.90.248.226", ("IP_ADDRESS", "48.90.248.226")),
            ("from 2001:db8:85a3::8a2e:370:7334!", ("IP_ADDRESS", "2001:db8:85a3::8a2e:370:7334")),
        ],
    )
    def test_addresses_are_found(self, text: str, found: tuple[str, str]) -> None:
        assert values("us", text) == [found]

    @pytest.mark.parametrize(
        "text", ["@home", "a@b", "12:34:56", "std::vector::size", "1.2.3", "256.1.1.1", "e.g. and/or", "@"]
    )
    def test_what_only_resembles_one_is_not(self, text: str) -> None:
        assert types("us", text) == []

    def test_a_url_is_kept_whole_with_what_it_contains(self) -> None:
        assert values("us", "https://x.com/?mail=a@b.com&c=4111111111111111") == [
            ("URL", "https://x.com/?mail=a@b.com&c=4111111111111111")
        ]


class TestBirthsAndPlates:
    @pytest.mark.parametrize(
        ("market", "text", "date"),
        [
            ("us", "DOB: 10/23/1951", "10/23/1951"),
            ("gb", "I was born on 3rd March 1985", "3rd March 1985"),
            ("fr", "né le 12 mars 1985 à Lyon", "12 mars 1985"),
            ("de", "geboren am 01.02.1990", "01.02.1990"),
            ("cn", "出生日期：1985年3月12日", "1985年3月12日"),
            ("jp", "生年月日は昭和60年3月12日です", "昭和60年3月12日"),
            ("kr", "생년월일 1990년 1월 2일", "1990년 1월 2일"),
            ("ae", "تاريخ الميلاد ١٩٩٠/٠١/٠٢", "١٩٩٠/٠١/٠٢"),
        ],
    )
    def test_a_date_beside_birth_is_one_of_birth(self, market: str, text: str, date: str) -> None:
        assert values(market, text) == [("DATE_OF_BIRTH", date)]

    @pytest.mark.parametrize("text", ["delivered on 10/23/2021", "born in 1985", "born 45/99/1985"])
    def test_other_dates_are_not(self, text: str) -> None:
        assert types("us", text) == []

    @pytest.mark.parametrize(
        ("market", "text", "plate"),
        [
            ("cn", "京A12345停在门口", "京A12345"),
            ("gb", "number plate AB12 CDE", "AB12 CDE"),
            ("de", "Kennzeichen B-AB 1234", "B-AB 1234"),
            ("fr", "immatriculation AB-123-CD", "AB-123-CD"),
            ("it", "targa AB123CD", "AB123CD"),
            ("br", "placa ABC1D23", "ABC1D23"),
            ("kr", "차량번호는 12가 3456입니다", "12가 3456"),
        ],
    )
    def test_a_plate_beside_its_word_is_found(self, market: str, text: str, plate: str) -> None:
        assert values(market, text) == [("LICENSE_PLATE", plate)]

    def test_without_a_word_it_may_be_anything(self) -> None:
        assert types("gb", "model AB12 CDE") == []


class Marked:
    """A model of names that marks one word."""

    def __init__(self, word: str, type: str = "PERSON") -> None:
        self.word, self.type = word, type
        self.languages: Sequence[str] = ()

    def names(self, texts: Sequence[str], languages: Sequence[str] = ()) -> list[list[PiiSpan]]:
        self.languages = languages
        return [
            [PiiSpan(self.type, at, at + len(self.word), 0.9)] if (at := text.find(self.word)) >= 0 else []
            for text in texts
        ]


class TestNames:
    def test_names_and_identifiers_come_in_the_order_of_the_text(self) -> None:
        detector = Detector(MarketId("us"), Marked("Alice"))
        (spans,) = detector.detect(["call (212) 555-0187 for Alice or a@b.com"])
        assert [span.type for span in spans] == ["PHONE_NUMBER", "PERSON", "EMAIL_ADDRESS"]

    def test_an_identifier_wins_over_a_name_that_a_model_saw_in_it(self) -> None:
        detector = Detector(MarketId("us"), Marked("alice"))
        (spans,) = detector.detect(["write to alice@example.com"])
        assert [span.type for span in spans] == ["EMAIL_ADDRESS"]

    def test_a_guess_does_not_break_an_address(self) -> None:
        address = "call at 3536 1659 Hoog St"
        detector = Detector(MarketId("us"), Marked("3536 1659 Hoog St", "STREET_ADDRESS"))
        (spans,) = detector.detect([address])
        assert [span.type for span in spans] == ["STREET_ADDRESS"]

    def test_the_model_is_told_the_languages_of_the_market(self) -> None:
        model = Marked("x")
        Detector(MarketId("ca"), model, languages=("en", "fr")).detect(["x"])
        assert tuple(model.languages) == ("en", "fr")

    def test_what_a_model_found_already_can_be_given(self) -> None:
        given_spans = [[PiiSpan("PERSON", 0, 5, 0.9)]]
        assert Detector(MarketId("us")).detect(["Alice"], given_spans) == given_spans

    def test_no_texts_no_answers(self) -> None:
        assert Detector(MarketId("us"), Marked("x")).detect([]) == []


ANY_TEXT = some.text(
    alphabet=some.one_of(some.sampled_from("0123456789 -./()+@:%abXYZ卡号né０１٣"), some.characters()),
    max_size=80,
)


class TestLaws:
    @settings(max_examples=300, deadline=None)
    @given(text=ANY_TEXT)
    def test_spans_are_in_order_within_the_text_and_do_not_overlap(self, text: str) -> None:
        spans = Structured(MarketId("us")).find(text)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert {span.type for span in spans} <= set(PII_TYPES)
        assert all(0 < span.score < 1 for span in spans)

    @settings(max_examples=200, deadline=None)
    @given(
        text=some.text("0123456789ABCDEFGHKLMPRSTXYZabkst\u017f\u212a\u0130 -./", min_size=9, max_size=34),
        market=some.sampled_from(["it", "es", "in", "sg", "gb", "br", "fr", "cn", "kr", "de"]),
    )
    def test_letters_that_only_look_like_those_of_identifiers_do_no_harm(
        self, text: str, market: str
    ) -> None:
        assert isinstance(Structured(MarketId(market)).find(text), list)

    @given(text=some.text())
    def test_folding_keeps_every_offset(self, text: str) -> None:
        assert len(fold(text)) == len(text)

    @given(
        spans=some.lists(
            some.builds(
                lambda type, start, length, score: PiiSpan(type, start, start + length, score),
                some.sampled_from(PII_TYPES), some.integers(0, 30), some.integers(1, 9), some.floats(0, 1),
            ),
            max_size=12,
        )
    )  # fmt: skip
    def test_of_overlapping_spans_the_best_is_among_those_kept(self, spans: list[PiiSpan]) -> None:
        kept = resolve(spans)
        assert all(one.end <= other.start for one, other in pairwise(kept))
        assert set(kept) <= set(spans)
        urls = [span for span in spans if span.type == "URL"]
        if spans and not urls:
            sure = [s for s in spans if s.type in STRUCTURED_TYPES and s.score >= 0.6] or spans
            assert max(span.score for span in sure) in {span.score for span in kept}

    @pytest.mark.timeout(60)
    @pytest.mark.parametrize("piece", ["1 ", "4111 ", "a@", "@", "1.", "(", "+1 ", "::", "A1", "1-", "x.y/"])
    def test_a_long_text_of_anything_takes_time_in_proportion(self, piece: str) -> None:
        Structured(MarketId("us")).find(piece * (100_000 // len(piece)))
