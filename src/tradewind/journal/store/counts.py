"""The table of the reading `counts`."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import BigInteger, Column, MetaData, String, Table, insert, select, update

from tradewind.journal.databases import Scoped

METADATA = MetaData()

COUNTS = Table(
    "journal_counts",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)


def add(scoped: Scoped, counted: Mapping[tuple[str, str], int]) -> None:
    """Add counts by kind and day."""
    for (kind, day), count in counted.items():
        row = (COUNTS.c.kind == kind) & (COUNTS.c.day == day)
        if not scoped.change(update(COUNTS).where(row).values(count=COUNTS.c.count + count)):
            scoped.insert(insert(COUNTS), [{"kind": kind, "day": day, "count": count}])


def all_counts(scoped: Scoped) -> list[tuple[str, str, int]]:
    """Kind, day and count, in that order."""
    statement = select(COUNTS.c.kind, COUNTS.c.day, COUNTS.c.count).order_by(COUNTS.c.kind, COUNTS.c.day)
    return [(kind, day, count) for kind, day, count in scoped.select(statement)]
