"""What CLDR knows, as Babel carries it: locales, currencies, countries, the countries of time zones."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale


@cache
def find_locale(language: str, country: str) -> Locale | None:
    """The locale of a language in a country; the language's own where CLDR has none for the country.

    Returns:
        None where CLDR does not know the language.
    """
    from babel import Locale, UnknownLocaleError

    parts = language.replace("-", "_")
    for name in (f"{parts}_{country}", parts):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return None


@cache
def known_currencies() -> frozenset[str]:
    """ISO 4217 codes of the money that somewhere is legal tender today."""
    from babel.core import get_global

    return frozenset(
        code
        for periods in get_global("territory_currencies").values()
        for code, _, end, tender in periods
        if tender and end is None
    )


@cache
def known_territories() -> frozenset[str]:
    """ISO 3166 codes."""
    from babel import Locale

    return frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


def territory_of_zone(name: str) -> str | None:
    """The country of an IANA time zone; None where CLDR does not say."""
    from babel.core import get_global

    country: str | None = get_global("zone_territories").get(name)
    return country
