"""Which column of a file means what: named by the caller, or found under a usual name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from tradewind.core.errors import DataError

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "user": ("user_id", "customer_id", "customerid", "person_id", "visitor_id", "session_id", "userid"),
    "item": ("item_id", "product_id", "productid", "sku", "stockcode", "article_id", "itemid", "description"),
    "rating": ("rating", "stars"),
    "time": ("timestamp", "time", "invoicedate", "event_time", "datetime", "date"),
    "market": ("market", "country"),
    "quantity": ("quantity", "qty"),
    "history": ("item_id_list", "history"),
}
TITLES = ("title", "name", "product_name", "movie_title", "item_title")


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns; None is found by a usual name, upper or lower case."""

    user: str | None = None
    item: str | None = None
    rating: str | None = None
    time: str | None = None
    market: str | None = None
    quantity: str | None = None
    history: str | None = None


def find_columns(present: Iterable[str], wanted: Columns, file: str) -> dict[str, str]:
    """Meaning to column, for those that are there.

    Raises:
        DataError: a column that was named is not there, or there is none of people or items.
    """
    by_lower = {name.lower(): name for name in present}
    found: dict[str, str] = {}
    for each in fields(Columns):
        named: str | None = getattr(wanted, each.name)
        candidates = SYNONYMS[each.name] if named is None else (named.lower(),)
        match = next((by_lower[name] for name in (each.name, *candidates) if name in by_lower), None)
        if named is not None:
            match = by_lower.get(named.lower())
        if match is not None:
            found[each.name] = match
        elif named is not None or each.name in ("user", "item"):
            raise _missing(each.name, named, by_lower.values(), file)
    return found


def find_item(present: Iterable[str], file: str) -> str:
    """The column of a catalogue that names the item.

    Raises:
        DataError: there is none.
    """
    by_lower = {name.lower(): name for name in present}
    for name in ("item", *SYNONYMS["item"]):
        if name in by_lower:
            return by_lower[name]
    raise _missing("item", None, by_lower.values(), file)


def text_columns(present: Iterable[str]) -> list[str]:
    """All columns, the title's first."""
    return sorted(present, key=lambda name: name.lower() not in TITLES)


def _missing(meaning: str, named: str | None, present: Iterable[str], file: str) -> DataError:
    names = list(present)
    if named is not None:
        close = difflib.get_close_matches(named, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(names)}"
        return DataError(f"there is no column {named!r}", file=file, line=1, hint=hint)
    return DataError(
        f"no column says which {'person' if meaning == 'user' else 'item'} a row is about",
        file=file,
        line=1,
        hint=f"call it {SYNONYMS[meaning][0]}, or name it with --{meaning}; there are {', '.join(names)}",
    )
