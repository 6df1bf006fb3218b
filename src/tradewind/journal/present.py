"""Entries as JSON, for the doors: sealed fields are named, never shown."""

from __future__ import annotations

from typing import Any

from tradewind.journal.encode import SEALED
from tradewind.journal.model import Entry


def sealed_fields(entry: Entry) -> list[str]:
    """The names of an entry's personal fields."""
    return [name for name, value in entry.body.items() if isinstance(value, dict) and SEALED in value]


def entry_as_json(entry: Entry) -> dict[str, Any]:
    """An entry as a JSON object. `sealed` names the personal fields; they are null in `body`."""
    sealed = sealed_fields(entry)
    return {
        "id": entry.id,
        "region": entry.stream.region,
        "lane": entry.stream.lane,
        "sequence": entry.sequence,
        "kind": entry.kind,
        "version": entry.version,
        "market": entry.market,
        "subject": entry.subject,
        "key": entry.key,
        "at": entry.at.isoformat(),
        "recorded": entry.recorded.isoformat(),
        "body": {name: None if name in sealed else value for name, value in entry.body.items()},
        "sealed": sealed,
        "previous": entry.previous.hex(),
        "hash": entry.hash.hex(),
    }
