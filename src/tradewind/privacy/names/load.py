"""Reading cultures and languages from the files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, cast

import yaml
from babel import Locale

from tradewind.privacy.names.model import Culture, Language

LISTS = (
    "before", "after", "stems", "trades", "known", "cities", "regions", "streetnames", "floors", "districts", "estates",
    "foreign", "kana", "nicknames", "duties",
)  # fmt: skip
PATTERNS = ("organisations", "streets", "barestreets", "addresses", "postcodes")
SENTENCES = ("sentences", "frames", "negatives", "openers", "closers", "fields", "asks")
WORDS = ("product", "job", "month", "weekday", "nobody", "nowhere", "nothing", "spot")
NO_COUNTRIES = {"ZZ", "EZ", "UN", "XA", "XB", "QO", "EU"}
OFTEN = (
    "US GB DE FR IT ES PT CN JP KR IN BR MX CA AU CH AT NL BE PL CZ SE NO DK FI RU UA TR EG MA ZA NG KE TH VN ID MY SG "
    "PH SA AE IL GR IE HU RO AR CL CO PE NZ TW HK"
)
OFTENER = 8
WORLD_ADDRESSES = (
    "{street}, {city}",
    "{street}, {postcode} {city}",
    "{street}, {city} {postcode}",
    "{street}",
    "{street}",
    "{street}, {city}, {country}",
    "{street}{nl}{postcode} {city}{nl}{country}",
    "{street}{nl}{city}, {country}",
    "{n} {street} <Apt.|Suite|Unit> {n}, {city}, {country}",
    "{n} {street} <Apt.|Suite> {n}{nl}{city}{nl}{country} {postcode}",
)


@cache
def cultures() -> Mapping[str, Culture]:
    """Every culture by code; `world/…` are the smaller ones that share a file."""
    found = {}
    for file in sorted((files(__package__) / "cultures").iterdir(), key=lambda file: file.name):
        raw = _read(file)
        code = file.name.removesuffix(".yaml")
        blocks = {f"world/{name}": block for name, block in raw.items()} if code == "world" else {code: raw}
        found.update({name: _culture(name, block) for name, block in blocks.items()})
    return found


@cache
def languages() -> Mapping[str, Language]:
    """Every language by code."""
    found = {}
    for file in sorted((files(__package__) / "languages").iterdir(), key=lambda file: file.name):
        code = file.name.removesuffix(".yaml")
        found[code] = _language(code, _read(file))
    return found


def _read(file: Traversable) -> Any:
    # The C loader is ten times as fast.
    return yaml.load(file.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _culture(code: str, raw: Mapping[str, Any]) -> Culture:
    patterns = {name: _patterns(raw[name]) for name in PATTERNS if name in raw}
    patterns.setdefault("addresses", WORLD_ADDRESSES)
    patterns.setdefault("barestreets", patterns["streets"])
    if "given_characters" in raw:
        given = list(dict.fromkeys("".join(raw["given_characters"].split())))
    else:
        given = [*_words(raw["female"]), *_words(raw["male"])]
    return Culture(
        code=code,
        countries=_words(raw["country"]),
        given=given,
        family=_words(raw["family"]),
        joined=bool(raw.get("joined")),
        double=bool(raw.get("double")),
        words={name: _words(raw[name]) for name in LISTS if name in raw},
        patterns=patterns,
    )


def _language(code: str, raw: Mapping[str, Any]) -> Language:
    territories = cast(Mapping[str, str], Locale.parse(code).territories)
    return Language(
        code=code,
        cultures=raw["cultures"],
        spaced=raw.get("spaced", True),
        conjunction=raw["conjunction"],
        turns=_words(raw["turns"]),
        patterns={name: _patterns(raw[name]) for name in SENTENCES},
        words={name: _words(raw[name]) for name in WORDS},
        countries=(
            *(
                name
                for key, name in territories.items()
                if len(key) == 2 and key.isalpha() and key not in NO_COUNTRIES and "(" not in name
            ),
            *(name for key, name in territories.items() if key in OFTEN.split() for _ in range(OFTENER)),
            *_words(raw.get("countries", "")) * OFTENER,
        ),
    )


def _words(value: str | list[str]) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(value)
    return tuple(word.strip() for word in value.split(",") if word.strip())


def _patterns(value: str) -> tuple[str, ...]:
    """One a line; on a single line without choices they are parted by `|`."""
    lines = value.splitlines() if "\n" in value else value.split("|")
    return tuple(line.strip() for line in lines if line.strip())
