"""How many entries of each kind a tenant recorded on each day: the reading behind `tradewind journal stats`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from tradewind.core.ids import RegionId
from tradewind.journal.databases import Scoped
from tradewind.journal.model import Entry
from tradewind.journal.store import counts as store


class Counts:
    """Entries by kind and day (of recording, UTC)."""

    name = "journal-counts"
    version = 1
    kinds: Collection[str] | None = None
    tables = store.METADATA

    def apply(self, scoped: Scoped, region: RegionId, entries: Sequence[Entry]) -> None:
        """Add a batch."""
        store.add(scoped, Counter((entry.kind, entry.recorded.date().isoformat()) for entry in entries))


def by_kind_and_day(scoped: Scoped) -> dict[str, dict[date, int]]:
    """How many entries there are, by kind and day."""
    found: dict[str, dict[date, int]] = {}
    for kind, day, count in store.all_counts(scoped):
        found.setdefault(kind, {})[date.fromisoformat(day)] = count
    return found
