"""Holidays, business days, deadlines and quiet hours of a market. Dates are the market's own; times are UTC."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tradewind.core.errors import InputError
from tradewind.markets.formats import local_time
from tradewind.markets.locales import find_locale
from tradewind.markets.model import DAYS, Calendar, Day, Market
from tradewind.markets.period import Period

DAY = timedelta(days=1)
LOOK_AHEAD_DAYS = 60
"""How far ahead a time to write to somebody is looked for; no calendar has as many holidays in a row."""


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """A public holiday."""

    day: date
    name: str


def holidays_in(market: Market, year: int, language: str | None = None) -> tuple[Holiday, ...]:
    """The public holidays of a year, in order.

    Args:
        market: whose.
        year: those that depend on the moon are estimates until they are proclaimed, and some are not known yet
            for years that are far off.
        language: of the names: one of the market's or `en`; where there are no names in it, those of the country.
    """
    year_of = _year(market.calendar, year, _names_in(market, language or market.languages[0]))
    return tuple(Holiday(day, name) for day, name in sorted(year_of.names.items()))


def is_holiday(market: Market, day: date) -> bool:
    """Whether a date is a public holiday."""
    return day in _year(market.calendar, day.year).names


def is_business_day(market: Market, day: date) -> bool:
    """Neither weekend nor holiday; also a weekend day that the government made a working day instead."""
    year = _year(market.calendar, day.year)
    if day in year.names:
        return False
    return day.weekday() not in _weekend(market.country) or day in year.worked_weekends


def next_business_day(market: Market, day: date) -> date:
    """The first business day after a date."""
    day += DAY
    while not is_business_day(market, day):
        day += DAY
    return day


def due(market: Market, period: Period, since: datetime) -> datetime:
    """The moment at which a period is over, in UTC.

    Hours run from the moment. Everything longer runs from the end of the day, as it is in the market's zone: the
    30th day, or the day of the same number a month on (the month's last where there is none), still counts whole.
    A period that ends on a holiday is not made longer, though some laws would.

    Raises:
        InputError: `since` has no time zone.
    """
    local = local_time(market, since)
    if period.unit == "hours":
        return since.astimezone(UTC) + timedelta(hours=period.value)
    day = local.date()
    if period.unit == "days":
        day += timedelta(days=period.value)
    elif period.unit == "business-days":
        for _ in range(period.value):
            day = next_business_day(market, day)
    else:
        day = _months_later(day, period.value * (12 if period.unit == "years" else 1))
    return datetime.combine(day + DAY, time(), ZoneInfo(market.time_zones[0])).astimezone(UTC)


def within_quiet_hours(market: Market, at: datetime, zone: str | None = None) -> bool:
    """Whether people are to be left alone at a time.

    Args:
        market: whose rule.
        at: with a time zone.
        zone: where the person is. None where that is not known: quiet if it is in any of the market's zones.

    Raises:
        InputError: `at` has no time zone, or the zone is none.
    """
    zones = (zone,) if zone else market.time_zones
    return any(_is_quiet(market, local_time(market, at, each)) for each in zones)


def next_contact(market: Market, at: datetime, zone: str | None = None) -> datetime:
    """The first moment from `at` on that is not within quiet hours, in UTC; raises as `within_quiet_hours`.

    Raises:
        InputError: also where the market's zones have no hour in common: then the person's zone is needed.
    """
    if not within_quiet_hours(market, at, zone):
        return at.astimezone(UTC)
    zones = (zone,) if zone else market.time_zones
    starts = sorted(start for each in zones for start in _contact_starts(market, at, each))
    for start in starts:
        if start > at and not within_quiet_hours(market, start, zone):
            return start
    raise InputError(
        f"no time of day suits all of {market.name}'s time zones", hint="say in which one the person is"
    )


def _contact_starts(market: Market, at: datetime, zone: str) -> Iterator[datetime]:
    first = local_time(market, at, zone).date()
    for number in range(LOOK_AHEAD_DAYS):
        day = first + number * DAY
        for window in market.quiet_hours.contact:
            if _day(market, day) in window.days:
                yield datetime.combine(day, window.since, ZoneInfo(zone)).astimezone(UTC)


def _is_quiet(market: Market, local: datetime) -> bool:
    day = _day(market, local.date())
    return not any(
        day in window.days
        and window.since <= local.time()
        and (window.until == time(0) or local.time() < window.until)
        for window in market.quiet_hours.contact
    )


def _day(market: Market, day: date) -> Day:
    return "holiday" if is_holiday(market, day) else DAYS[day.weekday()]


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY
    return first.replace(day=min(day.day, last.day))


@cache
def _weekend(country: str) -> frozenset[int]:
    """Days of the week, Monday is 0; CLDR's, because the holidays library takes Saturday and Sunday for most."""
    locale = find_locale("und", country)
    if locale is None:
        return frozenset({5, 6})
    first, last = locale.weekend_start, locale.weekend_end
    return frozenset((first + offset) % 7 for offset in range((last - first) % 7 + 1))


@dataclass(frozen=True)
class _Year:
    names: Mapping[date, str]
    worked_weekends: frozenset[date]


@cache
def _year(calendar: Calendar, year: int, language: str | None = None) -> _Year:
    """A snapshot: the library's own object grows while it is asked, which threads must not share."""
    import holidays

    with warnings.catch_warnings():
        # of feasts by the moon in years that are too far off to be known
        warnings.simplefilter("ignore", UserWarning)
        known = holidays.country_holidays(
            calendar.country,
            subdiv=calendar.subdivision,
            years=year,
            expand=False,
            categories=calendar.categories,
            language=language,
        )
    return _Year(dict(known), frozenset(known.weekend_workdays))


def _names_in(market: Market, language: str) -> str | None:
    """What the library calls a language; None where it has no names in it."""
    import holidays

    languages = holidays.country_holidays(market.calendar.country).supported_languages
    for name in (f"{language}_{market.country}", language, f"{language}_US"):
        if name in languages:
            return name
    return next((name for name in languages if name.partition("_")[0] == language), None)
