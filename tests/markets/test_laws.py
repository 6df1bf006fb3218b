"""What every market and every regulation must obey, run over all that are found."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args

import pytest

from tradewind.core.money import Money
from tradewind.markets import Market, Regulation, RetentionKind, calendar, formats, load_markets
from tradewind.markets.check import ADDRESS_FIELDS
from tradewind.markets.locales import find_locale
from tradewind.markets.period import Period

MARKETS = load_markets()
PROMISED = [
    "cn",
    "hk",
    "tw",
    "sg",
    "jp",
    "kr",
    "in",
    "us",
    "ca",
    "gb",
    "de",
    "fr",
    "es",
    "it",
    "br",
    "mx",
    "ae",
    "au",
]
CORE = {
    "lawful_bases",
    "consent",
    "access",
    "correction",
    "erasure",
    "portability",
    "objection",
    "breach_notice",
    "transfers",
    "localisation",
    "children",
    "records",
}
"""What the general law on personal data of a market speaks of, be it to say that there is no such duty."""

every_market = pytest.mark.parametrize("market", MARKETS, ids=lambda market: market.id)
every_regulation = pytest.mark.parametrize(
    "regulation", MARKETS.regulations.values(), ids=lambda regulation: regulation.id
)


def test_the_promised_markets_are_there() -> None:
    assert set(PROMISED) <= {market.id for market in MARKETS}


def test_every_regulation_and_region_is_used() -> None:
    assert set(MARKETS.regulations) == {name for market in MARKETS for name in market.regulations}
    assert set(MARKETS.regions) == {market.region for market in MARKETS}


@every_market
def test_its_region_holds_its_country_and_no_other_region_does(market: Market) -> None:
    holding = [name for name, region in MARKETS.regions.items() if market.country in region.countries]
    assert holding == [market.region]
    assert MARKETS.region_of(market.id) == market.region


@every_market
def test_its_law_says_all_that_the_products_ask(market: Market) -> None:
    laws = MARKETS.law_of(market.id)
    assert {name for name, _ in laws[0].duties} >= CORE
    said = {name for law in laws for name, _ in law.duties}
    assert said >= {"machine_disclosure", "automated_decisions"}
    assert MARKETS.regulation(market.transfer.law).duties.transfers is not None


@every_market
def test_its_age_of_consent_is_not_below_what_its_law_says(market: Market) -> None:
    ages = [law.duties.children.age for law in MARKETS.law_of(market.id) if law.duties.children]
    lowest = min((age for age in ages if age is not None), default=7)
    assert market.age_of_consent >= (13 if market.regulation == "gdpr" else lowest)


@every_market
def test_its_languages_are_known_to_cldr(market: Market) -> None:
    for language in market.languages:
        locale = find_locale(language, market.country)
        assert locale is not None
        assert (locale.language, locale.territory) == (language, market.country)


@every_market
def test_every_kind_of_data_has_a_limit(market: Market) -> None:
    assert set(market.retention) == set(get_args(RetentionKind))
    for kind, limit in market.retention.items():
        assert limit.least is not None if kind == "invoice" else limit.most is not None


@every_market
@pytest.mark.parametrize("year", [2026, 2027])
def test_it_has_holidays_in_order_and_within_the_year(market: Market, year: int) -> None:
    holidays = calendar.holidays_in(market, year)
    assert len(holidays) >= 5
    assert list(holidays) == sorted(holidays)
    assert all(holiday.day.year == year and holiday.name.strip() for holiday in holidays)
    assert all(calendar.is_holiday(market, holiday.day) for holiday in holidays)


@every_market
def test_every_format_works_in_every_language(market: Market) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    address = formats.Address(**{name: name.upper() for name in ADDRESS_FIELDS})
    for language in market.languages:
        money = formats.format_money(market, Money.of(1234567, market.currency), language)
        digits = "".join(filter(str.isdigit, money))
        assert digits.startswith("1234567")
        assert "2026" in formats.format_date(market, now, "long", language)
        assert formats.format_time(market, now, "short", language)
        assert formats.format_datetime(market, now, "medium", language)
        assert formats.format_name(market, "Ada", "Lovelace", language)
        written = " ".join(formats.format_address(market, address, language))
        assert all(word in written for word in ("RECIPIENT", "STREET", "COUNTRY"))
        assert formats.parse_number(
            market, formats.format_number(market, Decimal("-1234567.891"), language), language
        ) == Decimal("-1234567.891")


@every_market
def test_its_telephone_numbers_are_read_as_they_are_written(market: Market) -> None:
    number = formats.example_phone(market)
    for international in (False, True):
        written = formats.format_phone(market, number, international=international)
        assert formats.parse_phone(market, written) == number


@every_market
def test_people_can_be_reached_within_a_week_from_any_zone(market: Market) -> None:
    start = datetime(2026, 12, 24, 23, 30, tzinfo=UTC)
    for zone in (None, *market.time_zones):
        contact = calendar.next_contact(market, start, zone)
        assert contact >= start
        assert (contact - start).days < 7
        assert not calendar.within_quiet_hours(market, contact, zone)


@every_regulation
def test_every_duty_names_its_article_and_when_it_was_checked(regulation: Regulation) -> None:
    duties = dict(regulation.duties)
    assert duties
    for duty in duties.values():
        assert duty.article.strip()
        assert date(2026, 1, 1) <= duty.checked <= date(2026, 12, 31)
        assert duty.applies_from is None or duty.applies_from > regulation.in_force
    assert regulation.source.startswith("https://")


@every_regulation
def test_deadlines_are_positive_and_in_known_units(regulation: Regulation) -> None:
    for _, duty in regulation.duties:
        for name in type(duty).model_fields:
            value = getattr(duty, name)
            if isinstance(value, Period):
                assert value.value > 0
                assert value.rough_days() <= 10 * 365


@every_regulation
def test_where_no_number_is_set_the_note_says_how_long(regulation: Regulation) -> None:
    for name in ("access", "correction", "erasure", "portability", "objection"):
        right = getattr(regulation.duties, name)
        if right is not None and right.right and right.deadline is None:
            assert right.note, name
