"""Values of entities: what a market writes is read back; what people say is understood."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.understanding.numerals import read_east_asian, read_words
from tradewind.assistant.understanding.values import find_values, read_value
from tradewind.core.ids import MarketId
from tradewind.core.money import Money, minor_digits
from tradewind.markets import Market, load_markets
from tradewind.markets.formats import example_phone, format_date, format_money, format_phone

TODAY = date(2026, 11, 25)
"""A Wednesday."""
MARKETS = load_markets(None)
PLACES = [
    ("us", "en"),
    ("gb", "en"),
    ("cn", "zh-Hans"),
    ("de", "de"),
    ("es", "es"),
    ("jp", "ja"),
    ("mx", "es"),
]

minor_units = st.integers(min_value=1, max_value=10**11)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
places = st.sampled_from(PLACES)


def market_of(name: str) -> Market:
    return MARKETS.get(MarketId(name))


def language_in(market: Market, language: str) -> str:
    """The market's own tag of a language: `zh` in China may be `zh-Hans`."""
    return next(tag for tag in market.languages if tag.partition("-")[0] == language.partition("-")[0])


def values(market: str, language: str, text: str) -> dict[str, Any]:
    return {each.type: each.value for each in find_values(text, market_of(market), language, TODAY)}


@given(places, minor_units, st.sampled_from(["EUR", "USD", "CNY", "JPY", "GBP"]))
def test_money_that_a_market_writes_is_read_back(place: tuple[str, str], minor: int, currency: str) -> None:
    market = market_of(place[0])
    language = language_in(market, place[1])
    written = format_money(market, Money(minor, currency), language)
    found = find_values(written, market, language, TODAY)
    assert [(each.type, each.value) for each in found] == [("amount", {"minor": minor, "currency": currency})]


@given(places, days, st.sampled_from(["medium", "long"]))
def test_dates_that_a_market_writes_are_read_back(place: tuple[str, str], day: date, style: Any) -> None:
    market = market_of(place[0])
    language = language_in(market, place[1])
    written = format_date(market, day, style, language)
    found = find_values(written, market, language, TODAY)
    assert [(each.type, each.value) for each in found] == [("date", day.isoformat())]


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert read_east_asian(in_chinese(number)) == number


@given(places, st.text(max_size=200))
def test_any_text_is_read_without_an_error_and_spans_are_its_own(place: tuple[str, str], text: str) -> None:
    found = find_values(text, market_of(place[0]), place[1], TODAY)
    assert [each.text for each in found] == [text[each.start : each.end] for each in found]
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    ("market", "language", "text", "minor", "currency"),
    [
        ("us", "en", "send $1,234.56 to Anna", 123456, "USD"),
        ("us", "en", "five hundred dollars please", 50000, "USD"),
        ("us", "en", "I want to borrow 5k", 500000, None),
        ("gb", "en", "it was 20 quid", 2000, "GBP"),
        ("cn", "zh", "转五百块", 50000, "CNY"),
        ("cn", "zh", "贷三万", 3000000, None),
        ("cn", "zh", "三块五", 350, "CNY"),
        ("cn", "zh", "1.5万元", 1500000, "CNY"),
        ("cn", "zh", "一百二十元", 12000, "CNY"),
        ("cn", "zh", "￥12", 1200, "CNY"),
        ("jp", "ja", "5万円振り込みたい", 50000, "JPY"),
        ("jp", "ja", "¥2,500", 2500, "JPY"),
        ("de", "de", "1.234,56 €", 123456, "EUR"),
        ("de", "de", "zweihundertfünfzig Euro", 25000, "EUR"),
        ("de", "en", "1.500 euros", 150000, "EUR"),
        ("es", "es", "doscientos euros", 20000, "EUR"),
        ("es", "es", "12,50 €", 1250, "EUR"),
        ("us", "es", "quiero enviar 80 dólares", 8000, "USD"),
    ],
)
def test_amounts_as_people_write_them(
    market: str, language: str, text: str, minor: int, currency: str | None
) -> None:
    assert values(market, language, text)["amount"] == {"minor": minor, "currency": currency}


@pytest.mark.parametrize(
    ("market", "language", "text", "day"),
    [
        ("us", "en", "next Tuesday", "2026-12-01"),
        ("us", "en", "last friday", "2026-11-20"),
        ("us", "en", "on 12/05/2026", "2026-12-05"),
        ("gb", "en", "on 12/05/2026", "2026-05-12"),
        ("us", "en", "I was charged on March 5th", "2026-03-05"),
        ("us", "en", "three days ago", "2026-11-22"),
        ("us", "en", "in 2 weeks", "2026-12-09"),
        ("cn", "zh", "下周二", "2026-12-01"),
        ("cn", "zh", "昨天", "2026-11-24"),
        ("cn", "zh", "上个礼拜天", "2026-11-22"),
        ("cn", "zh", "11月3号扣的", "2026-11-03"),
        ("cn", "zh", "三天后", "2026-11-28"),
        ("de", "de", "morgen", "2026-11-26"),
        ("de", "de", "nächsten Dienstag", "2026-12-01"),
        ("de", "de", "am 3.11. abgebucht", "2026-11-03"),
        ("de", "de", "vor zwei Wochen", "2026-11-11"),
        ("es", "es", "el próximo martes", "2026-12-01"),
        ("es", "es", "el lunes pasado", "2026-11-23"),
        ("es", "es", "mañana", "2026-11-26"),
        ("es", "es", "hace tres días", "2026-11-22"),
        ("jp", "ja", "来週の火曜日", "2026-12-01"),
        ("jp", "ja", "明後日", "2026-11-27"),
        ("jp", "ja", "11月20日", "2026-11-20"),
    ],
)
def test_days_as_people_say_them(market: str, language: str, text: str, day: str) -> None:
    assert values(market, language, text)["date"] == day


@pytest.mark.parametrize(
    ("market", "language", "text", "type", "value"),
    [
        ("us", "en", "at 2:30 pm", "time", "14:30"),
        ("cn", "zh", "下午三点半", "time", "15:30"),
        ("de", "de", "um 14 Uhr", "time", "14:00"),
        ("es", "es", "a las 3 de la tarde", "time", "15:00"),
        ("jp", "ja", "午後3時", "time", "15:00"),
        ("us", "en", "the card ending 4432", "card", {"last4": "4432"}),
        ("cn", "zh", "尾号4410", "card", {"last4": "4410"}),
        ("jp", "ja", "下4桁は1234", "card", {"last4": "1234"}),
        ("us", "en", "4111 1111 1111 1111", "card", {"last4": "1111"}),
        ("es", "es", "mi tarjeta de crédito", "card", {"kind": "credit"}),
        ("de", "de", "vom Sparkonto", "account", "savings"),
        ("de", "de", "DE89 3704 0044 0532 0130 00", "account", "DE89370400440532013000"),
        ("us", "en", "mail me at Ann.B@example.com", "email", "ann.b@example.com"),
        ("us", "en", "over 24 months", "number", 24),
        ("cn", "zh", "分24期", "number", 24),
    ],
)
def test_other_entities(market: str, language: str, text: str, type: str, value: Any) -> None:
    assert values(market, language, text)[type] == value


@pytest.mark.parametrize(("market", "language"), [("us", "en"), ("cn", "zh"), ("de", "de"), ("jp", "ja")])
def test_telephone_numbers_are_written_in_one_way(market: str, language: str) -> None:
    wanted = example_phone(market_of(market))
    written = format_phone(market_of(market), wanted)
    assert values(market, language, f"call me: {written}")["phone"] == wanted


def test_a_bare_number_answers_a_question_for_an_amount_and_for_a_card() -> None:
    market = market_of("us")
    assert read_value("amount", "500", market, "en", TODAY) == {"minor": 50000, "currency": None}
    assert read_value("card", "4410", market, "en", TODAY) == {"last4": "4410"}
    assert read_value("amount", "I do not know", market, "en", TODAY) is None
    assert read_value("person", " Anna ", market, "en", TODAY) == "Anna"


def test_the_first_of_a_month_is_not_money_and_five_ten_is_no_day() -> None:
    assert values("de", "de", "5.10 € am 5.10.") == {
        "amount": {"minor": 510, "currency": "EUR"},
        "date": "2026-10-05",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [("two thousand five hundred", 2500), ("dreihundert", 300), ("mil doscientos", 1200), ("maybe", None)],
)
def test_numbers_in_words(text: str, number: int | None) -> None:
    assert read_words(text) == number


def test_every_day_of_a_week_is_named_relative_to_today() -> None:
    for ahead in range(1, 8):
        day = TODAY + timedelta(days=ahead)
        name = "一二三四五六日"[day.weekday()]
        assert values("cn", "zh", f"星期{name}见")["date"] == day.isoformat()


def in_chinese(number: int) -> str:
    """The usual numeral: 10,305 is 一万零三百零五."""
    if number == 0:
        return "零"
    if number >= 10**8:
        head, rest = divmod(number, 10**8)
        return in_chinese(head) + "亿" + _rest(rest, 10**7)
    if number >= 10**4:
        head, rest = divmod(number, 10**4)
        return in_chinese(head) + "万" + _rest(rest, 10**3)
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            return "零一二三四五六七八九"[head] + name + _rest(rest, unit // 10)
    return "零一二三四五六七八九"[number]


def _rest(rest: int, least: int) -> str:
    if not rest:
        return ""
    return ("零" if rest < least else "") + in_chinese(rest)


def test_minor_units_follow_the_currency() -> None:
    assert minor_digits("JPY") == 0
    assert values("us", "en", "1,000 JPY")["amount"] == {"minor": 1000, "currency": "JPY"}
