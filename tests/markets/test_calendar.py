"""Holidays, business days, deadlines and quiet hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId
from tradewind.markets import Market, Period, calendar, load_markets
from tradewind.markets.model import Calendar
from tradewind.markets.period import Unit

MARKETS = load_markets()

some_market = st.sampled_from(list(MARKETS))
some_day = st.dates(date(2020, 1, 1), date(2045, 12, 31))
some_moment = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def market(name: str) -> Market:
    return MARKETS.get(MarketId(name))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "day", "language", "called"),
    [
        ("de", date(2026, 10, 3), None, "Tag der Deutschen Einheit"),
        ("de", date(2026, 10, 3), "en", "German Unity Day"),
        ("us", date(2026, 11, 26), None, "Thanksgiving Day"),
        ("jp", date(2027, 5, 3), None, "憲法記念日"),
        ("fr", date(2027, 7, 14), None, "Fête nationale"),
        ("br", date(2026, 9, 7), None, "Independência do Brasil"),
        ("gb", date(2026, 12, 28), None, "Boxing Day (observed)"),
    ],
)
def test_holidays_are_named_in_the_language_asked_for(
    name: str, day: date, language: str | None, called: str
) -> None:
    names = {holiday.day: holiday.name for holiday in calendar.holidays_in(market(name), day.year, language)}
    assert names[day] == called


def test_a_working_weekend_is_a_business_day_and_its_substitute_is_none() -> None:
    china = market("cn")
    assert date(2026, 2, 14).strftime("%a") == "Sat"
    assert calendar.is_business_day(china, date(2026, 2, 14))
    assert not calendar.is_business_day(china, date(2026, 2, 20))
    assert not calendar.is_business_day(china, date(2026, 3, 14))


def test_weekends_are_the_country_s_own() -> None:
    saturday = date(2026, 11, 28)
    assert calendar.is_business_day(market("in"), saturday)
    assert not calendar.is_business_day(market("de"), saturday)
    assert not calendar.is_business_day(market("ae"), saturday)
    assert calendar.is_business_day(market("ae"), date(2026, 11, 27))
    arabia = market("gb").model_copy(update={"country": "SA", "calendar": Calendar(country="SA")})
    assert [calendar.is_business_day(arabia, date(2026, 11, 26 + day)) for day in range(4)] == [
        True,
        False,
        False,
        True,
    ]


def test_the_next_business_day_steps_over_holidays_and_weekends() -> None:
    assert calendar.next_business_day(market("de"), date(2026, 12, 24)) == date(2026, 12, 28)
    assert calendar.next_business_day(market("cn"), date(2026, 9, 30)) == date(2026, 10, 8)


@given(some_market, some_day, st.integers(0, 40))
def test_the_next_business_day_is_later_monotonic_and_has_none_before_it(
    own: Market, day: date, later: int
) -> None:
    following = calendar.next_business_day(own, day)
    assert following > day
    assert calendar.is_business_day(own, following)
    between = (day + timedelta(days=number) for number in range(1, (following - day).days))
    assert not any(calendar.is_business_day(own, each) for each in between)
    assert calendar.next_business_day(own, day + timedelta(days=later)) >= following


@pytest.mark.parametrize(
    ("name", "period", "since", "until"),
    [
        ("de", Period(value=72, unit="hours"), "2026-11-25T10:00", "2026-11-28T10:00"),
        ("de", Period(value=1, unit="months"), "2026-01-31T10:00", "2026-02-28T23:00"),
        ("de", Period(value=1, unit="months"), "2026-06-15T22:30", "2026-07-16T22:00"),  # the 16th in Berlin
        ("us", Period(value=45, unit="days"), "2026-01-01T12:00", "2026-02-16T05:00"),
        ("mx", Period(value=20, unit="business-days"), "2026-11-25T18:00", "2026-12-24T06:00"),
        ("kr", Period(value=3, unit="years"), "2024-02-29T00:00", "2027-02-28T15:00"),
    ],
)
def test_a_deadline_is_the_end_of_its_last_day_in_the_market_s_zone(
    name: str, period: Period, since: str, until: str
) -> None:
    assert calendar.due(market(name), period, utc(since)) == utc(until)


@given(
    some_market,
    some_moment,
    st.integers(1, 60),
    st.sampled_from(["hours", "days", "business-days", "months", "years"]),
    st.integers(0, 100),
)
def test_a_deadline_is_later_and_never_earlier_for_a_later_request(
    own: Market, since: datetime, value: int, unit: Unit, hours: int
) -> None:
    period = Period(value=value, unit=unit)
    until = calendar.due(own, period, since)
    assert until.tzinfo is UTC
    assert until > since
    assert calendar.due(own, period, since + timedelta(hours=hours)) >= until


@pytest.mark.parametrize(
    ("name", "at", "zone", "quiet"),
    [
        ("us", "2026-11-25T13:30", "America/New_York", False),  # 8:30
        ("us", "2026-11-25T12:59", "America/New_York", True),  # 7:59
        ("us", "2026-11-26T01:59", "America/New_York", False),  # 20:59
        ("us", "2026-11-26T02:00", "America/New_York", True),  # 21:00
        ("us", "2026-11-25T13:30", "America/Los_Angeles", True),
        ("us", "2026-11-25T13:30", None, True),  # somebody may be in Honolulu
        ("us", "2026-11-25T19:30", None, False),
        ("fr", "2026-11-25T12:30", None, True),  # lunch
        ("fr", "2026-11-25T13:30", None, False),
        ("fr", "2026-11-28T13:30", None, True),  # Saturday
        ("fr", "2027-07-14T13:30", None, True),  # holiday
        ("kr", "2026-11-25T12:30", None, True),
        ("ae", "2026-11-25T13:59", None, False),
        ("ae", "2026-11-25T14:00", None, True),
    ],
)
def test_quiet_hours_are_those_where_the_person_is(name: str, at: str, zone: str | None, quiet: bool) -> None:
    assert calendar.within_quiet_hours(market(name), utc(at), zone) is quiet


def test_the_next_contact_waits_for_the_end_of_a_holiday() -> None:
    assert calendar.next_contact(market("fr"), utc("2027-07-13T20:00")) == utc("2027-07-15T08:00")
    assert calendar.next_contact(market("fr"), utc("2026-11-25T13:30")) == utc("2026-11-25T13:30")


@given(some_market, some_moment, st.booleans())
def test_the_next_contact_is_the_first_moment_that_is_not_quiet(
    own: Market, at: datetime, known: bool
) -> None:
    zone = own.time_zones[-1] if known else None
    contact = calendar.next_contact(own, at, zone)
    assert contact >= at
    assert not calendar.within_quiet_hours(own, contact, zone)
    step = max((contact - at) / 20, timedelta(minutes=1))
    while at < contact:
        assert calendar.within_quiet_hours(own, at, zone)
        at += step


def test_zones_without_a_common_hour_need_the_person_s() -> None:
    us = market("us")
    short = us.quiet_hours.model_copy(
        update={
            "contact": (
                us.quiet_hours.contact[0].model_copy(
                    update={"until": us.quiet_hours.contact[0].since.replace(hour=9)}
                ),
            )
        }
    )
    narrow = us.model_copy(update={"quiet_hours": short})
    with pytest.raises(InputError, match=r"no time of day suits all .*say in which one the person is"):
        calendar.next_contact(narrow, utc("2026-11-25T00:00"))
    assert calendar.next_contact(narrow, utc("2026-11-25T00:00"), "America/New_York") == utc(
        "2026-11-25T13:00"
    )
