"""How each market writes things. Spaces that do not break are shown as `_`, narrow ones as `'`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId
from tradewind.core.money import Money
from tradewind.markets import Market, formats, load_markets

MARKETS = load_markets()
EVENING = datetime(2026, 11, 25, 20, 5, tzinfo=UTC)

some_market = st.sampled_from(list(MARKETS))


def market(name: str) -> Market:
    return MARKETS.get(MarketId(name))


def plain(text: str) -> str:
    return (
        text.replace("\N{NO-BREAK SPACE}", "_")
        .replace("\N{NARROW NO-BREAK SPACE}", "'")
        .replace("\u200f", "")
    )


GOLDEN = {
    "ae": ("1,234,567.00_د.إ.", "26 نوفمبر 2026", "050 123 4567"),
    "au": ("$1,234,567.00", "26 November 2026", "0412 345 678"),
    "br": ("R$_1.234.567,00", "25 de novembro de 2026", "(11) 96123-4567"),
    "ca": ("$1,234,567.00", "November 25, 2026", "(506) 234-5678"),
    "cn": ("¥1,234,567.00", "2026年11月26日", "131 2345 6789"),
    "de": ("1.234.567,00_€", "25. November 2026", "01512 3456789"),
    "es": ("1.234.567,00_€", "25 de noviembre de 2026", "612 34 56 78"),
    "fr": ("1'234'567,00_€", "25 novembre 2026", "06 12 34 56 78"),
    "gb": ("£1,234,567.00", "25 November 2026", "07400 123456"),
    "hk": ("HK$1,234,567.00", "2026年11月26日", "5123 4567"),
    "in": ("₹12,34,567.00", "26 November 2026", "081234 56789"),
    "it": ("1.234.567,00_€", "25 novembre 2026", "312 345 6789"),
    "jp": ("￥1,234,567", "2026年11月26日", "090-1234-5678"),
    "kr": ("₩1,234,567", "2026년 11월 26일", "010-2000-0000"),
    "mx": ("$1,234,567.00", "25 de noviembre de 2026", "222 123 4567"),
    "nl": ("€_1.234.567,00", "25 november 2026", "06 12345678"),
    "sg": ("$1,234,567.00", "26 November 2026", "8123 4567"),
    "tw": ("$1,234,567.00", "2026年11月26日", "0912 345 678"),
    "us": ("$1,234,567.00", "November 25, 2026", "(201) 555-0123"),
}


def test_there_is_a_golden_line_for_every_market() -> None:
    assert set(GOLDEN) == {each.id for each in MARKETS}


@pytest.mark.parametrize("name", GOLDEN)
def test_a_market_writes_money_dates_and_telephone_numbers_its_own_way(name: str) -> None:
    own = market(name)
    money = formats.format_money(own, Money.of(1234567, own.currency))
    phone = formats.format_phone(own, formats.example_phone(own))
    assert (plain(money), plain(formats.format_date(own, EVENING, "long")), phone) == GOLDEN[name]


@pytest.mark.parametrize(
    ("name", "amount", "written"),
    [
        ("de", Money(5, "EUR"), "0,05_€"),
        ("de", Money(-5, "EUR"), "-0,05_€"),
        ("de", Money(1500, "JPY"), "1.500_¥"),
        ("us", Money(1234567, "KWD"), "KWD_1,234.567"),
        ("tw", Money(150, "TWD"), "$1.50"),  # to the minor unit, though the smallest coin is a dollar
        ("fr", Money(10**15, "EUR"), "10'000'000'000'000,00_€"),
    ],
)
def test_money_is_written_to_the_last_minor_unit(name: str, amount: Money, written: str) -> None:
    assert plain(formats.format_money(market(name), amount)) == written


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [("ca", "fr", "1_234,50_$"), ("ca", "en", "$1,234.50"), ("sg", "zh", "$1,234.50"), ("in", "hi", "$1,234.50")],
)  # fmt: skip
def test_a_language_of_the_market_may_write_otherwise(name: str, language: str, written: str) -> None:
    own = market(name)
    amount = Money.of("1234.50", own.currency)
    assert plain(formats.format_money(own, amount, language)).replace("₹", "$").replace("'", "_") == written


@pytest.mark.parametrize(
    ("name", "written"), [("de", "8,1_%"), ("us", "8.1%"), ("fr", "8,1_%"), ("ae", "8.1%"), ("in", "8.1%")]
)
def test_per_cents_keep_their_digits(name: str, written: str) -> None:
    assert plain(formats.format_percent(market(name), Decimal("8.1"))).replace("\u200e", "") == written


def test_a_time_is_shown_in_the_market_s_zone_or_in_the_person_s() -> None:
    us = market("us")
    assert plain(formats.format_time(us, EVENING)) == "3:05'PM"
    assert plain(formats.format_time(us, EVENING, zone="Pacific/Honolulu")) == "10:05'AM"
    assert plain(
        formats.format_datetime(market("de"), EVENING, "long")
    ) == "25. November 2026, 21:05:00_MEZ".replace("_", " ")
    assert formats.format_date(market("jp"), EVENING, "short") == "2026/11/26"
    assert formats.format_date(market("jp"), date(2026, 11, 25), "short") == "2026/11/25"


def test_a_time_without_a_zone_or_in_an_unknown_one_is_refused() -> None:
    with pytest.raises(InputError, match="has no time zone"):
        formats.format_time(market("de"), datetime(2026, 11, 25))  # noqa: DTZ001
    for zone in ("Mars/Olympus", "../etc/passwd", "/etc/passwd"):
        with pytest.raises(InputError, match="unknown time zone"):
            formats.local_time(market("de"), EVENING, zone)


@pytest.mark.parametrize(
    ("name", "given_name", "family", "written"),
    [
        ("de", "Anna", "Schmidt", "Anna Schmidt"),
        ("cn", "小明", "王", "王小明"),
        ("jp", "太郎", "山田", "山田太郎"),
        ("kr", "민수", "김", "김민수"),
        ("jp", "John", "Smith", "John Smith"),
        ("de", "小明", "王", "王小明"),
        ("ae", "محمد", "الهاشمي", "محمد الهاشمي"),
        ("br", "", "Silva", "Silva"),
        ("tw", "", "", ""),
    ],
)
def test_a_name_is_in_the_order_of_its_market_and_script(
    name: str, given_name: str, family: str, written: str
) -> None:
    assert formats.format_name(market(name), given_name, family) == written


ADDRESSES = [
    ("de", formats.Address("Anna Schmidt", "Hauptstr. 1", city="Berlin", postcode="10115"),
     ("Anna Schmidt", "Hauptstr. 1", "10115 Berlin")),
    ("us", formats.Address("J. Doe", "1 Main St", city="Springfield", state="IL", postcode="62701", country="USA"),
     ("J. Doe", "1 Main St", "Springfield, IL 62701", "USA")),
    ("us", formats.Address("J. Doe", "1 Main St", state="IL", postcode="62701"),
     ("J. Doe", "1 Main St", "IL 62701")),
    ("us", formats.Address("J. Doe", city="Springfield"), ("J. Doe", "Springfield")),
    ("jp", formats.Address("山田太郎 様", "1-1-2", "霞が関", "千代田区", "東京都", "100-8916"),
     ("〒100-8916", "東京都千代田区霞が関1-1-2", "山田太郎 様")),
    ("jp", formats.Address("山田太郎 様", city="千代田区"), ("千代田区", "山田太郎 様")),
    ("br", formats.Address("Ana Lima", "Rua A, 10", "Centro", "Recife", "PE", "50010-000"),
     ("Ana Lima", "Rua A, 10", "Centro", "Recife - PE", "50010-000")),
    ("br", formats.Address("Ana Lima", city="Recife"), ("Ana Lima", "Recife")),
    ("cn", formats.Address("王小明", "中山路1号", "黄浦区", "上海市", "", "200001"),
     ("200001", "上海市黄浦区中山路1号", "王小明")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "address", "lines"), ADDRESSES)
def test_an_address_has_the_layout_of_its_country(
    name: str, address: formats.Address, lines: tuple[str, ...]
) -> None:
    assert formats.format_address(market(name), address) == lines


def test_braces_in_an_address_are_only_braces() -> None:
    address = formats.Address("{street} {0}", "{recipient}", city="{city.__class__}")
    assert formats.format_address(market("de"), address) == (
        "{street} {0}",
        "{recipient}",
        "{city.__class__}",
    )


def test_a_telephone_number_of_another_country_is_written_internationally() -> None:
    assert formats.format_phone(market("de"), "+33612345678") == "+33 6 12 34 56 78"
    assert formats.format_phone(market("fr"), "+33612345678") == "06 12 34 56 78"
    assert formats.parse_phone(market("cn"), "138 0013 8000") == "+8613800138000"


@pytest.mark.parametrize("text", ["", "12", "call me", "+999 123 456", "0" * 40, "+"])
def test_what_cannot_be_called_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match=r"no telephone number in Germany \(such as \+49"):
        formats.parse_phone(market("de"), text)


@pytest.mark.parametrize(("name", "text"), [("de", "1,234.5"), ("us", "1.234,5"), ("us", "one"), ("de", "")])
def test_a_number_written_another_market_s_way_is_refused_not_misread(name: str, text: str) -> None:
    with pytest.raises(InputError, match="is no number in"):
        formats.parse_number(market(name), text)


def test_a_language_that_the_market_has_not_is_refused() -> None:
    with pytest.raises(InputError, match=r"Germany has no language 'fr' \(it has de\)"):
        formats.format_number(market("de"), 1, "fr")


@given(some_market, st.decimals(-(10**12), 10**12, allow_nan=False, places=4))
def test_a_number_is_read_as_it_was_written(own: Market, number: Decimal) -> None:
    for language in own.languages:
        assert formats.parse_number(own, formats.format_number(own, number, language), language) == number


@given(some_market, st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD", "TWD", "IQD"]))
def test_no_minor_unit_is_lost_in_writing_money(own: Market, amount_minor: int, currency: str) -> None:
    written = formats.format_money(own, Money(amount_minor, currency))
    digits = "".join(filter(str.isdecimal, written))
    assert int(digits) == abs(amount_minor)


@given(some_market, st.text(max_size=30), st.text(max_size=30))
def test_a_name_loses_no_letter(own: Market, given_name: str, family: str) -> None:
    written = formats.format_name(own, given_name, family)
    letters = sorted("".join((given_name + family).split()))
    assert sorted("".join(written.split())) == letters


@given(some_market, st.text(max_size=20))
def test_any_text_is_a_telephone_number_or_a_clear_refusal(own: Market, text: str) -> None:
    try:
        number = formats.parse_phone(own, text)
    except InputError:
        return
    assert formats.parse_phone(own, formats.format_phone(own, number)) == number
