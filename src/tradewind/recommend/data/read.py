"""From a folder or a file to what people did and what the items are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.recommend.data.columns import Columns, find_columns, find_item, text_columns
from tradewind.recommend.data.rows import ATOMIC, FORMATS, read_table
from tradewind.recommend.data.table import Table
from tradewind.recommend.model import Behaviour, Catalogue, Interactions, Ints

ITEM_FILES = ("items", "item", "catalogue", "catalog", "products")


def read(path: Path | str, columns: Columns | None = None) -> Behaviour:
    """Read interactions, and items where a file of them lies beside.

    Args:
        path: one file of interactions, or a folder: RecBole's `NAME.inter` with `NAME.item`, or one CSV, TSV,
            JSON Lines or Parquet file, beside which `items.*` may say what the items are called.
        columns: names of the columns, where they are not usual ones.

    Raises:
        DataError: a file is broken or lacks a column; says file, line and column.
        InputError: the folder holds several files of interactions, or none.
        NotFoundError: nothing is there.
    """
    events, items = _files(Path(path))
    table = read_table(events)
    found = find_columns(table.columns, columns or Columns(), table.file)
    catalogue = read_table(items) if items is not None else None
    notes: tuple[str, ...] = ()
    if "history" in found:
        interactions = _histories(table, found)
    else:
        interactions, notes = _events(table, found)
    if not len(interactions):
        raise DataError("no row can be used", file=table.file, hint="; ".join(notes) or None)
    interactions, texts = _with_catalogue(interactions, catalogue)
    return Behaviour(interactions, texts, str(path), notes)


def _files(path: Path) -> tuple[Path, Path | None]:
    """The file of interactions, and that of items or None."""
    if not path.exists():
        raise NotFoundError(f"there is no file or folder {path}")
    folder = path if path.is_dir() else path.parent
    here = sorted(each for each in folder.iterdir() if each.suffix.lower() in FORMATS and each.is_file())
    items = [each for each in here if each.suffix.lower() == ".item" or each.stem.lower() in ITEM_FILES]
    if not path.is_dir():
        beside = [each for each in items if each != path and each.suffix == ".item"]
        return path, next(iter(beside), None) if path.suffix == ".inter" else None
    events = [each for each in here if each not in items and each.suffix.lower() != ".user"]
    if len(events) != 1:
        names = ", ".join(each.name for each in events) or "none"
        raise InputError(
            f"{path}: expected one file of interactions, found {names}",
            hint=f"name the file itself; {', '.join(s for s in FORMATS if s not in ATOMIC[1:])} are read",
        )
    return events[0], next(iter(items), None)


def _events(table: Table, found: Mapping[str, str]) -> tuple[Interactions, tuple[str, ...]]:
    """One row an event; rows without a person or an item, and returns, are passed over and counted."""
    people, things = table.names(found["user"]), table.names(found["item"])
    named = np.array([bool(user) for user in people]) & np.array([bool(item) for item in things])
    notes = _note(int((~named).sum()), "without a person or an item")
    if "quantity" in found:
        returned = np.array(table.numbers(found["quantity"])) <= 0
        notes += _note(int((returned & named).sum()), "that take goods back")
        named &= ~returned
    rows = np.flatnonzero(named)
    users, user_ids = _factorised([people[row] for row in rows])
    items, item_ids = _factorised([things[row] for row in rows])
    ratings = np.array(table.numbers(found["rating"]), np.float32)[rows] if "rating" in found else None
    times = np.array(table.seconds(found["time"]), np.float64)[rows] if "time" in found else None
    markets: Ints | None = None
    market_ids: tuple[str, ...] = ()
    if "market" in found:
        where = table.names(found["market"])
        markets, market_ids = _factorised([where[row] for row in rows])
    return (
        Interactions(
            users, items, user_ids, item_ids, ratings, times, times is not None, markets, market_ids
        ),
        notes,
    )


def _note(rows: int, what: str) -> tuple[str, ...]:
    return (f"{rows:,} rows {what} are passed over",) if rows else ()


def _histories(table: Table, found: Mapping[str, str]) -> Interactions:
    """One row a person: a list of items in order, and the one that came next."""
    people, nexts = table.names(found["user"]), table.names(found["item"])
    users: list[str] = []
    items: list[str] = []
    places: list[int] = []
    for row, (person, following) in enumerate(zip(people, nexts, strict=True)):
        value = table.columns[found["history"]][row]
        parts = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
        history = [str(part) for part in parts]
        if not person or not following or not history:
            raise table.error(
                row, found["history"], "a person, a history and a next item are needed", "17 → 3 8 5 → 9"
            )
        sequence = [*history, following]
        users += [person] * len(sequence)
        items += sequence
        places += range(len(sequence))
    user_codes, user_ids = _factorised(users)
    item_codes, item_ids = _factorised(items)
    return Interactions(user_codes, item_codes, user_ids, item_ids, times=np.array(places, np.float64))


def _factorised(names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """Positions in order of first appearance."""
    position: dict[str, int] = {}
    codes = np.fromiter((position.setdefault(name, len(position)) for name in names), np.int32, len(names))
    return codes, tuple(position)


def _with_catalogue(interactions: Interactions, table: Table | None) -> tuple[Interactions, Catalogue]:
    """Add the items that nobody has touched, and what all of them are called."""
    if table is None:
        return interactions, Catalogue(("",) * len(interactions.item_ids))
    column = find_item(table.columns, table.file)
    names = table.names(column)
    said = [table.names(each) for each in text_columns(table.columns) if each != column]
    texts = (
        (" ".join(filter(None, values)) for values in zip(*said, strict=True)) if said else [""] * len(names)
    )
    text_of = dict(zip(names, texts, strict=True))
    known = set(interactions.item_ids)
    item_ids = (*interactions.item_ids, *(name for name in text_of if name and name not in known))
    return replace(interactions, item_ids=item_ids), Catalogue(tuple(text_of.get(n, "") for n in item_ids))
