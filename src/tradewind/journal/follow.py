"""Readings: projections of the journal that see each entry exactly once and can be made anew at any time.

A reading's position in a stream moves in the transaction that changes its tables, by compare-and-swap: a killed
follower repeats nothing, and two that follow at once share the work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import MetaData

from tradewind.core.ids import RegionId
from tradewind.journal.databases import Database, Scoped, one_at_a_time
from tradewind.journal.model import Entry
from tradewind.journal.store import positions, read

BATCH = 1_000

Progress = Callable[[int, int], None]
"""Told how many entries are done and how many there are."""


class Reading(Protocol):
    """A projection, kept in each region's database.

    Attributes:
        name: of the reading, for ever. version: a new one throws the tables away and makes them again.
        kinds: which kinds it reads; None for all.
        tables: its tables; each with a column `tenant`. They are made and dropped by the journal.
    """

    name: str
    version: int
    kinds: Collection[str] | None
    tables: MetaData

    def apply(self, scoped: Scoped, region: RegionId, entries: Sequence[Entry]) -> None:
        """Take entries of one stream of one tenant into the tables, in their order."""
        ...


@dataclass(slots=True)
class Pass:
    """What one pass over a region did."""

    entries: int = 0
    made: bool = False


def catch_up(
    database: Database,
    region: RegionId,
    reading: Reading,
    *,
    anew: bool = False,
    progress: Progress | None = None,
) -> Pass:
    """Read everything that is there now, stream by stream.

    Args:
        anew: throw away what the reading has first.
        progress: told after each batch.

    Raises:
        UnavailableError, StorageError: the database refused; what was read before stands.
    """
    done = Pass(made=positions.prepare(database, reading.name, reading.version, reading.tables, anew=anew))
    streams = positions.behind(database, reading.name)
    total = sum(head - position for _, _, position, head in streams)
    wanted = read.Filter(reading.kinds)
    for tenant, lane, position, head in streams:
        while position < head:
            with database.read_as(tenant) as scoped:
                found = read.page(scoped, region, lane, wanted, first=position + 1, last=head, limit=BATCH)
            reached = found[-1].sequence if len(found) == BATCH else head
            with database.write() as connection:
                # One tenant's rows of a reading are changed by one transaction at a time, so that `apply` can be
                # written as if it were alone.
                one_at_a_time(connection, f"follow-{reading.name}-{tenant}")
                scoped = Scoped(connection, tenant)
                if not positions.move(scoped, reading.name, lane, position, reached):
                    break  # another process follows too, and was quicker
                if found:
                    reading.apply(scoped, region, found)
            done.entries += reached - position
            position = reached
            if progress is not None:
                progress(done.entries, total)
    return done
