"""How a market writes money, numbers, dates, names, addresses and telephone numbers.

Locale data is CLDR's, through Babel; numbering plans are libphonenumber's. A `language` is one of the market's,
the first when None.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from tradewind.core.errors import InputError
from tradewind.core.money import Money, minor_digits
from tradewind.markets.locales import find_locale
from tradewind.markets.model import Market, NameFormat

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

Style = Literal["short", "medium", "long", "full"]

EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL"})
"""Scripts whose names have the family name first, and no space."""

_MISSING = re.compile(r"(^[\s,\-–·]+)|([\s,\-–·]+$)")
"""Separators that are left at the ends of a line where a field is empty."""


_TOUCHING = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
"""Where a currency's letters touch its digits: CLDR wants a space there, which Babel leaves out."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; what a country does not use stays empty, `country` too within the country."""

    recipient: str = ""
    street: str = ""
    district: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""


def format_money(market: Market, money: Money, language: str | None = None) -> str:
    """An amount with its currency, to the last minor unit: `Money(123450, "EUR")` is `1.234,50 €` in Germany."""
    locale = _locale(market, language)
    # to the minor units of ISO 4217: CLDR rounds some currencies to the coins in use
    pattern = _with_digits(locale.currency_formats["standard"], minor_digits(money.currency))
    written = pattern.apply(money.amount, locale, currency=money.currency, currency_digits=False)
    return _TOUCHING.sub("\N{NO-BREAK SPACE}", written)


def format_number(
    market: Market, number: Decimal | int, language: str | None = None, *, digits: int | None = None
) -> str:
    """A number, grouped.

    Args:
        market: whose separators.
        number: exact.
        language: one of the market's.
        digits: after the decimal sign, rounded half to even; all there are when None.
    """
    locale = _locale(market, language)
    pattern = locale.decimal_formats[None]
    if digits is None:
        return str(pattern.apply(number, locale, decimal_quantization=False))
    return str(_with_digits(pattern, digits).apply(number, locale))


def parse_number(market: Market, text: str, language: str | None = None) -> Decimal:
    """The number that a text of the market stands for.

    Raises:
        InputError: it is none, or its separators are another market's.
    """
    from babel.numbers import NumberFormatError, parse_decimal

    try:
        return parse_decimal(text.strip(), locale=_locale(market, language), strict=True)
    except (NumberFormatError, ArithmeticError) as error:
        example = format_number(market, Decimal("1234.5"), language)
        raise InputError(f"{text!r:.40} is no number in {market.name}", hint=f"such as {example}") from error


def format_percent(market: Market, per_cent: Decimal, language: str | None = None) -> str:
    """Per cents with their sign, every digit of them: `Decimal("8.1")` is `8,1 %` in Germany."""
    locale = _locale(market, language)
    pattern = locale.percent_formats[None]
    return str(pattern.apply(per_cent.scaleb(-2), locale, decimal_quantization=False))


def local_time(market: Market, at: datetime, zone: str | None = None) -> datetime:
    """A time in a zone of the market, its first when None.

    Raises:
        InputError: the time has no zone, or the zone is none.
    """
    if at.tzinfo is None:
        raise InputError(f"{at.isoformat()} has no time zone", hint="times are UTC inside")
    try:
        return at.astimezone(ZoneInfo(zone or market.time_zones[0]))
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"unknown time zone {zone!r:.60}", hint=f"such as {market.time_zones[0]}") from error


def format_date(
    market: Market, day: date | datetime, style: Style = "medium", language: str | None = None
) -> str:
    """A date; of a time, the date that it has in the market's zone. Raises as `local_time` does."""
    from babel import dates

    if isinstance(day, datetime):
        day = local_time(market, day).date()
    return dates.format_date(day, style, _locale(market, language))


def format_time(
    market: Market,
    at: datetime,
    style: Style = "short",
    language: str | None = None,
    *,
    zone: str | None = None,
) -> str:
    """The time of day in the market's zone. Raises as `local_time` does."""
    from babel import dates

    local = local_time(market, at, zone)
    return dates.format_time(local, style, local.tzinfo, _locale(market, language))


def format_datetime(
    market: Market,
    at: datetime,
    style: Style = "medium",
    language: str | None = None,
    *,
    zone: str | None = None,
) -> str:
    """Date and time of day in the market's zone. Raises as `local_time` does."""
    from babel import dates

    local = local_time(market, at, zone)
    return dates.format_datetime(local, style, local.tzinfo, _locale(market, language))


def format_name(market: Market, given: str, family: str, language: str | None = None) -> str:
    """A full name in the market's order, without any title.

    The script decides where it disagrees: a name in Latin letters keeps its space and its Western order in Tokyo,
    where nobody is `SmithJohn`, and one in Chinese, Japanese or Korean script is written its own way in Berlin.
    """
    layout = market.formats.names.get(_language(market, language), NameFormat())
    parts = [part for part in (given.strip(), family.strip()) if part]
    if layout.between == "" and any(_script(part) == "LATIN" for part in parts):
        layout = NameFormat()
    elif parts and all(_script(part) in EAST_ASIAN for part in parts):
        layout = NameFormat(order="family-first", between="")
    if layout.order == "family-first":
        parts.reverse()
    return layout.between.join(parts)


def format_address(market: Market, address: Address, language: str | None = None) -> tuple[str, ...]:
    """The lines of an address as the post of the market wants them; the first language's where one has none."""
    layouts = market.formats.addresses
    layout = layouts.get(_language(market, language)) or layouts[market.languages[0]]
    fields = {name: value.strip() for name, value in asdict(address).items()}
    lines = []
    for line in layout:
        if any(value and f"{{{name}}}" in line for name, value in fields.items()):
            lines.append(_MISSING.sub("", " ".join(line.format_map(fields).split())))
    return tuple(lines)


def parse_phone(market: Market, text: str) -> str:
    """A telephone number in E.164 form, of a text that may be national or international.

    Raises:
        InputError: it is none that could be called.
    """
    import phonenumbers

    number = _phone(market, text)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def format_phone(market: Market, text: str, *, international: bool = False) -> str:
    """A telephone number with its usual spaces; one of another country is always written internationally.

    Raises:
        InputError: it is none that could be called.
    """
    import phonenumbers

    number = _phone(market, text)
    home = phonenumbers.country_code_for_region(market.formats.phone_country) == number.country_code
    national = home and not international
    form = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, form.NATIONAL if national else form.INTERNATIONAL))


def example_phone(market: Market) -> str:
    """A mobile number of the market in E.164 form, to show what one looks like."""
    import phonenumbers

    number = phonenumbers.example_number_for_type(
        market.formats.phone_country, phonenumbers.PhoneNumberType.MOBILE
    )
    assert number is not None, "the numbering plan was checked when the market was loaded"
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _phone(market: Market, text: str) -> Any:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, market.formats.phone_country)
        if phonenumbers.is_valid_number(number):
            return number
    except phonenumbers.NumberParseException:
        pass
    raise InputError(
        f"{text!r:.40} is no telephone number in {market.name}", hint=f"such as {example_phone(market)}"
    )


def _with_digits(pattern: NumberPattern, digits: int) -> NumberPattern:
    """A pattern that writes so many digits after the decimal sign."""
    own = copy.copy(pattern)
    own.frac_prec = (digits, digits)
    return own


def _script(text: str) -> str:
    """The first word of the Unicode name of the first letter."""
    letter = next((character for character in text if character.isalpha()), "")
    return unicodedata.name(letter, "").partition(" ")[0] if letter else ""


def _language(market: Market, language: str | None) -> str:
    if language is None:
        return market.languages[0]
    if language not in market.languages:
        raise InputError(
            f"{market.name} has no language {language!r:.20}", hint=f"it has {', '.join(market.languages)}"
        )
    return language


def _locale(market: Market, language: str | None) -> Locale:
    locale = find_locale(_language(market, language), market.country)
    assert locale is not None, "a market's languages were checked when it was loaded"
    return locale
