"""Values of replies: plain JSON in, what a Fluent text can write or select by out.

A value is written as the market writes it, in the language of the text: an amount `{"minor": 123450, "currency":
"EUR"}` is `1.234,50 €` in Germany, in an English sentence too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list
from fluent.runtime.types import FluentNone, FluentType, fluent_number

from tradewind.core.errors import InputError
from tradewind.core.money import Money
from tradewind.markets import Market, formats
from tradewind.markets.locales import find_locale

GAP = "…"
"""What stands where a value is missing, so that no sentence shows the name of a variable."""

LONGEST = 1000
"""Characters of a text value; what a customer wrote may come back in a reply, but not all of a megabyte."""

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows them."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?")


class Written(FluentType):
    """A value in its usual form, and what it was made of for functions that write it in another."""

    def __init__(self, text: str, raw: object = None) -> None:
        self.text = text
        self.raw = raw

    def format(self, locale: object) -> str:
        return self.text


class Absent(FluentNone):
    """No value: selects the default, is written as a gap."""

    def format(self, locale: object) -> str:
        return GAP


@dataclass(frozen=True)
class Writer:
    """Writes values for a market in a language, which need not be one of the market's."""

    market: Market
    language: str

    @classmethod
    def of(cls, market: Market, language: str) -> Writer:
        """A writer; a language that CLDR does not know is written as the market's first."""
        if language not in market.languages and find_locale(language, market.country) is not None:
            market = market.model_copy(update={"languages": (*market.languages, language)})
        return cls(market, language if language in market.languages else market.languages[0])

    @property
    def locale(self) -> Any:
        """Babel's, for plural rules and lists."""
        return find_locale(self.language, self.market.country)

    def value(self, value: Any) -> Any:
        """A value for a Fluent text.

        Raises:
            InputError: it is an amount, a date or the like that cannot be one.
        """
        match value:
            case None:
                return Absent()
            case FluentType():
                return value
            case bool():
                return str(value).lower()
            case int():
                return fluent_number(value)
            case float() | Decimal():
                number = Decimal(str(value))
                return Written(self.number(number), number)
            case str():
                return self._text(value)
            case {"minor": _}:
                money = self.money(value)
                return Written(formats.format_money(self.market, money, self.language), money)
            case Mapping():
                return self._mapping(value)
            case list() | tuple():
                return self.several([self.plain(each) for each in value])
        raise InputError(f"{type(value).__name__} is no value of a reply", hint="give plain JSON")

    def plain(self, value: Any) -> str:
        """A value in words."""
        written = self.value(value)
        return str(written.format(self.locale) if isinstance(written, FluentType) else written)

    def several(self, texts: Iterable[str]) -> Written:
        """`a, b and c`."""
        found = list(texts)
        return Written(format_list(found, locale=self.locale) if found else "", found)

    def money(self, value: Any) -> Money:
        """An amount; one without a currency is in the market's."""
        if isinstance(value, Money):
            return value
        if not isinstance(value, Mapping) or "minor" not in value:
            raise InputError(
                f"{value!r:.60} is no amount", hint='such as {"minor": 12000, "currency": "EUR"}'
            )
        return Money(value["minor"], value.get("currency") or self.market.currency)

    def number(self, number: Decimal | int, digits: int | None = None) -> str:
        """A number, grouped."""
        return formats.format_number(self.market, number, self.language, digits=digits)

    def day(self, value: Any, style: formats.Style) -> str:
        """A date."""
        return formats.format_date(self.market, self._zoned(moment(value)), style, self.language)

    def clock(self, value: Any) -> str:
        """The time of day."""
        return formats.format_time(self.market, self._zoned(clock_of(value)), "short", self.language)

    def _zoned(self, at: Any) -> Any:
        """A time without a zone is the market's own."""
        if isinstance(at, datetime) and at.tzinfo is None:
            return at.replace(tzinfo=ZoneInfo(self.market.time_zones[0]))
        return at

    def _text(self, value: str) -> Any:
        if _DAY.fullmatch(value) and (day := _date(value)) is not None:
            return Written(self.day(day, "long"), day)
        if _MOMENT.fullmatch(value) and (at := _datetime(value)) is not None:
            written = f"{self.day(at, 'long')} {self.clock(at)}"
            return Written(written, at)
        text = clean(value)
        if any(unicodedata.bidirectional(character) in RIGHT_TO_LEFT for character in text):
            return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
        return text

    def _mapping(self, value: Mapping[str, Any]) -> Any:
        if "last4" in value:
            return Written(f"•••• {clean(str(value['last4']))}", value)
        words = value.get("title") or value.get("name") or value.get("kind") or value.get("id")
        return Written(clean(str(words)) if words else GAP, value)


def moment(value: Any) -> date | datetime:
    """The date or time of a value: one already, or ISO 8601.

    Raises:
        InputError: it is none.
    """
    raw = value.raw if isinstance(value, Written) else value
    if isinstance(raw, date):
        return raw
    found = (_date(raw) or _datetime(raw)) if isinstance(raw, str) else None
    if found is None:
        raise InputError(f"{raw!r:.60} is no date", hint="ISO 8601, such as 2026-11-25")
    return found


def clock_of(value: Any) -> datetime:
    """The time of a value: `14:30`, or a time with a date; without a zone where it has none.

    Raises:
        InputError: it is none.
    """
    raw = value.raw if isinstance(value, Written) else value
    if isinstance(raw, str) and _CLOCK.fullmatch(raw):
        hours, minutes = raw.split(":")[:2]
        return datetime.combine(date(2026, 1, 1), time(int(hours), int(minutes)))
    found = moment(value)
    if not isinstance(found, datetime):
        raise InputError(f"{raw!r:.60} is no time of day", hint="such as 14:30")
    return found


def clean(text: str) -> str:
    """A text without control, private and direction-turning characters, of a bearable length."""
    kept = "".join(" " if character in "\r\n\t" else character for character in text[: LONGEST + 1])
    kept = "".join(
        character
        for character in kept
        if character not in TURNING and unicodedata.category(character) not in ("Cc", "Co", "Cs")
    )
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1] + GAP


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _datetime(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
