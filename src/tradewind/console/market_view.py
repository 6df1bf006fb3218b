"""A market as its page shows it: examples instead of patterns, and what holds today. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tradewind.core.ids import MarketId
from tradewind.core.money import Money
from tradewind.markets import formats
from tradewind.markets.calendar import holidays_in, within_quiet_hours
from tradewind.markets.load import Markets
from tradewind.markets.model import DAYS, Market, Window
from tradewind.markets.present import NOON, says
from tradewind.markets.regulation import Regulation
from tradewind.privacy.retention import oldest_months

NAMES = {
    "ar": ("ليلى", "حداد"),
    "de": ("Anna", "Schneider"),
    "en": ("Alice", "Baker"),
    "es": ("Lucía", "García"),
    "fr": ("Camille", "Dubois"),
    "hi": ("आरती", "शर्मा"),
    "it": ("Giulia", "Rossi"),
    "ja": ("花子", "山田"),
    "ko": ("민지", "김"),
    "ms": ("Siti", "Rahman"),
    "nl": ("Sanne", "Visser"),
    "pt": ("Beatriz", "Souza"),
    "ta": ("மீனா", "குமார்"),
    "zh": ("小明", "王"),
}
"""A given and a family name to show the order of, by language."""

ADDRESS = formats.Address(
    street="Street 1", district="District", city="City", state="State", postcode="Postcode"
)
"""The name of each field in its place: an invented address would teach a postcode that nobody has."""

DAY_NAMES = dict(
    zip((*DAYS, "holiday"), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "holidays"), strict=True)
)


@dataclass(frozen=True)
class Duty:
    """A row of a law's table."""

    name: str
    says: str
    note: str | None
    article: str
    checked: date
    applies_from: date | None


@dataclass(frozen=True)
class Limit:
    """How long a kind of data is kept; `since` is the oldest month that can be read today."""

    kind: str
    most: str
    least: str
    since: str
    origin: str
    source: str


@dataclass(frozen=True)
class View:
    """Everything that a market's page shows.

    Args:
        examples: (what, one text for each language; one for all where they do not differ).
        holidays: (day, name in the market's language, name in English).
        quiet: people there are to be left alone at this moment.
    """

    market: Market
    languages: Sequence[tuple[str, str]]
    examples: Sequence[tuple[str, Sequence[str]]]
    year: int
    holidays: Sequence[tuple[date, str, str]]
    windows: Sequence[str]
    quiet: bool
    limits: Sequence[Limit]
    laws: Sequence[tuple[Regulation, Sequence[Duty]]]


def view_of(markets: Markets, name: MarketId, now: datetime) -> View:
    """What there is to show of a market; raises `NotFoundError` where there is none."""
    market = markets.get(name)
    year = formats.local_time(market, now).year
    return View(
        market=market,
        languages=[(code, language_name(code)) for code in market.languages],
        examples=_examples(market),
        year=year,
        holidays=_holidays(market, year),
        windows=[_window(window) for window in market.quiet_hours.contact],
        quiet=within_quiet_hours(market, now),
        limits=_limits(market, now),
        laws=[(law, _duties(law)) for law in markets.law_of(name)],
    )


def language_name(code: str) -> str:
    """A language in English."""
    from babel import Locale

    return str(Locale("en").languages.get(code.replace("-", "_"), code))


def _examples(market: Market) -> list[tuple[str, list[str]]]:
    spoken = market.languages
    money, number = Money.of(1234567, market.currency), Decimal("1234567.89")
    address = {each: "\n".join(formats.format_address(market, ADDRESS, each)) for each in spoken}
    return [
        ("Money", [formats.format_money(market, money, each) for each in spoken]),
        ("Number", [formats.format_number(market, number, each) for each in spoken]),
        ("Date", [formats.format_date(market, NOON, "long", each) for each in spoken]),
        ("Date and time", [formats.format_datetime(market, NOON, "short", each) for each in spoken]),
        ("Name", [formats.format_name(market, *NAMES.get(each, NAMES["en"]), each) for each in spoken]),
        ("Address", list(address.values())),
        ("Phone", [formats.format_phone(market, formats.example_phone(market))] * len(spoken)),
    ]


def _holidays(market: Market, year: int) -> list[tuple[date, str, str]]:
    english = {holiday.day: holiday.name for holiday in holidays_in(market, year, "en")}
    return [(each.day, each.name, english.get(each.day, "")) for each in holidays_in(market, year)]


def _window(window: Window) -> str:
    until = "24:00" if f"{window.until:%H:%M}" == "00:00" else f"{window.until:%H:%M}"
    return f"{', '.join(DAY_NAMES[day] for day in window.days)}: {window.since:%H:%M}–{until}"


def _limits(market: Market, now: datetime) -> list[Limit]:
    months = oldest_months(market, now)
    return [
        Limit(
            kind=kind,
            most=str(limits.most or "–"),
            least=str(limits.least or "–"),
            since=f"{months[kind] // 12}-{months[kind] % 12 + 1:02}" if kind in months else "–",
            origin=limits.origin,
            source=limits.source,
        )
        for kind, limits in market.retention.items()
    ]


def _duties(law: Regulation) -> list[Duty]:
    return [
        Duty(
            name=name.replace("_", " ").capitalize(),
            says=says(duty),
            note=duty.note,
            article=duty.article,
            checked=duty.checked,
            applies_from=duty.applies_from,
        )
        for name, duty in law.duties
    ]
