"""Whether what markets, regions and regulations say of one another and of the world is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Generic, TypeVar, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import Where, YamlDocument
from tradewind.markets.locales import find_locale, known_currencies, known_territories, territory_of_zone
from tradewind.markets.model import Market, Region, RetentionKind
from tradewind.markets.regulation import Regulation

ADDRESS_FIELDS = ("recipient", "street", "district", "city", "state", "postcode", "country")

Value = TypeVar("Value", Market, Region, Regulation)


@dataclass(frozen=True)
class Found(Generic[Value]):
    """A value, and the file that it stands in."""

    value: Value
    document: YamlDocument


def check_region(found: Found[Region], taken: Mapping[str, str]) -> Iterator[DataError]:
    """Problems of a region; `taken` says which other region has a country already."""
    region, document = found.value, found.document
    yield from _named_as_its_file(found)
    for index, country in enumerate(region.countries):
        where = ("countries", index)
        if country not in known_territories():
            yield document.error(where, f"unknown country {country!r}", "an ISO 3166 code such as DE")
        elif country in taken:
            yield document.error(
                where,
                f"{country} is in region {taken[country]!r} already",
                "one region's data is nowhere else",
            )


def check_regulation(found: Found[Regulation]) -> Iterator[DataError]:
    """Problems of a regulation."""
    regulation, document = found.value, found.document
    yield from _named_as_its_file(found)
    if not any(True for _ in regulation.duties):
        yield document.error(("duties",), "no duty", "a regulation has at least one")
    for index, code in enumerate(regulation.jurisdiction):
        if code.partition("-")[0] not in known_territories():
            yield document.error(("jurisdiction", index), f"unknown country {code!r}", "such as DE or CA-QC")
    transfers = regulation.duties.transfers
    for index, code in enumerate(transfers.adequate if transfers else ()):
        if code not in known_territories():
            where = ("duties", "transfers", "adequate", index)
            yield document.error(where, f"unknown country {code!r}", "an ISO 3166 code such as JP")


def check_market(
    found: Found[Market], regions: Mapping[str, Region], regulations: Mapping[str, Regulation]
) -> Iterator[DataError]:
    """Problems of a market beside its region and its laws."""
    yield from _named_as_its_file(found)
    yield from _place(found, regions)
    yield from _law(found, regulations)
    yield from _retention(found)


def check_against_world(found: Found[Market]) -> Iterator[DataError]:
    """Problems of a market beside languages, holidays and numbers as the libraries know them."""
    yield from _languages(found)
    yield from _holidays(found)
    yield from _formats(found)


def _named_as_its_file(found: Found[Value]) -> Iterator[DataError]:
    stem = found.document.file.stem
    if found.value.id != stem:
        yield found.document.error(
            ("id",), f"{found.value.id!r} stands in {stem}.yaml", "a file is named by its id"
        )


def _place(found: Found[Market], regions: Mapping[str, Region]) -> Iterator[DataError]:
    market, document = found.value, found.document
    if market.country not in known_territories():
        yield document.error(
            ("country",), f"unknown country {market.country!r}", "an ISO 3166 code such as DE"
        )
    region = regions.get(market.region)
    if region is None:
        yield document.error(("region",), f"unknown region {market.region!r}", _known(regions))
    elif market.country not in region.countries:
        hint = f"it has {', '.join(region.countries)}"
        yield document.error(("region",), f"region {region.id!r} does not hold {market.country}", hint)
    if market.currency not in known_currencies():
        yield document.error(
            ("currency",), f"unknown currency {market.currency!r}", "an ISO 4217 code such as EUR"
        )
    for index, zone in enumerate(market.time_zones):
        where = ("time_zones", index)
        if zone in market.time_zones[:index]:
            yield document.error(where, f"time zone {zone!r} is listed twice")
        elif not _zone_exists(zone):
            yield document.error(where, f"unknown time zone {zone!r}", "an IANA name such as Europe/Berlin")
        elif territory_of_zone(zone) not in (None, market.country):
            yield document.error(where, f"time zone {zone!r} is not in {market.country}")


def _law(found: Found[Market], regulations: Mapping[str, Regulation]) -> Iterator[DataError]:
    market, document = found.value, found.document
    for index, name in enumerate(market.regulations):
        where = ("regulations", index)
        regulation = regulations.get(name)
        if regulation is None:
            yield document.error(where, f"unknown regulation {name!r}", _known(regulations))
        elif market.country not in {code.partition("-")[0] for code in regulation.jurisdiction}:
            hint = f"it is law in {', '.join(regulation.jurisdiction)}"
            yield document.error(where, f"regulation {name!r} is not law in {market.country}", hint)
        elif name in market.regulations[:index]:
            yield document.error(where, f"regulation {name!r} is listed twice")
    law = market.transfer.law
    if law not in market.regulations:
        hint = f"one of {', '.join(market.regulations)}"
        yield document.error(("transfer", "law"), f"{law!r} is not among the market's regulations", hint)
    elif law in regulations and regulations[law].duties.transfers is None:
        yield document.error(("transfer", "law"), f"regulation {law!r} says nothing of transfers")


def _languages(found: Found[Market]) -> Iterator[DataError]:
    market, document = found.value, found.document
    for index, language in enumerate(market.languages):
        if language in market.languages[:index]:
            yield document.error(("languages", index), f"language {language!r} is listed twice")
        elif find_locale(language, market.country) is None:
            yield document.error(
                ("languages", index), f"unknown language {language!r}", "a code such as de or zh"
            )
    listed: list[tuple[Where, Mapping[str, object]]] = [
        (("formats", "names"), market.formats.names),
        (("formats", "addresses"), market.formats.addresses),
        (("tone", "address"), market.tone.address),
    ]
    for where, by_language in listed:
        for language in by_language:
            if language not in market.languages:
                hint = f"it has {', '.join(market.languages)}"
                yield document.error((*where, language), "not one of the market's languages", hint)


def _holidays(found: Found[Market]) -> Iterator[DataError]:
    import holidays

    calendar, document = found.value.calendar, found.document
    try:
        known = holidays.country_holidays(calendar.country)
    except NotImplementedError:
        hint = "an ISO 3166 code that the holidays library has"
        yield document.error(("calendar", "country"), f"no holidays are known of {calendar.country!r}", hint)
        return
    if calendar.subdivision is not None and calendar.subdivision not in known.subdivisions:
        hint = f"it has {', '.join(known.subdivisions) or 'none'}"
        yield document.error(
            ("calendar", "subdivision"), f"{calendar.country} has no {calendar.subdivision!r}", hint
        )
    for index, category in enumerate(calendar.categories):
        if category not in known.supported_categories:
            hint = f"it has {', '.join(known.supported_categories)}"
            yield document.error(
                ("calendar", "categories", index), f"{calendar.country} has no holidays of {category!r}", hint
            )


def _formats(found: Found[Market]) -> Iterator[DataError]:
    import phonenumbers

    market, document = found.value, found.document
    where: Where
    if market.formats.phone_country not in phonenumbers.SUPPORTED_REGIONS:
        where = ("formats", "phone_country")
        yield document.error(where, f"no telephone numbers are known of {market.formats.phone_country!r}")
    if market.languages[0] not in market.formats.addresses:
        where = ("formats", "addresses", market.languages[0])
        yield document.error(where, "missing", "the market's first language has a layout")
    for language, lines in market.formats.addresses.items():
        for index, line in enumerate(lines):
            where = ("formats", "addresses", language, index)
            try:
                fields = [name for _, name, _, _ in Formatter().parse(line) if name is not None]
            except ValueError as error:
                yield document.error(where, f"{line!r} is no layout: {error}")
                continue
            for name in fields:
                if name not in ADDRESS_FIELDS:
                    yield document.error(
                        where, f"unknown field {{{name}}}", f"known: {', '.join(ADDRESS_FIELDS)}"
                    )


def _retention(found: Found[Market]) -> Iterator[DataError]:
    for kind in get_args(RetentionKind):
        if kind not in found.value.retention:
            yield found.document.error(("retention", kind), "missing", "every kind of data has a limit")


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _known(names: Mapping[str, object]) -> str:
    return f"there are: {', '.join(sorted(names)) or 'none'}"
