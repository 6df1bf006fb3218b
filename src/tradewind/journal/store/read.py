"""Reading entries, streams and heads, always of one tenant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Select, func, select

from tradewind.core.ids import RegionId, SubjectId, TenantId
from tradewind.journal.chain import GENESIS
from tradewind.journal.databases import Database, Scoped
from tradewind.journal.encode import microseconds, moment
from tradewind.journal.model import Entry, Lane, Place, Stream
from tradewind.journal.store.tables import CHECKPOINTS, ENTRIES, HEADS

PAGE = 1_000
COLUMNS = tuple(ENTRIES.columns)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted; None means any."""

    kinds: Collection[str] | None = None
    market: str | None = None
    subject: SubjectId | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        """The statement, for these entries only."""
        if self.kinds is not None:
            statement = statement.where(ENTRIES.c.kind.in_(list(self.kinds)))
        if self.market is not None:
            statement = statement.where(ENTRIES.c.market == self.market)
        if self.subject is not None:
            statement = statement.where(ENTRIES.c.subject == self.subject)
        return statement


def entry_of(region: RegionId, row: Sequence[Any], previous: bytes) -> Entry:
    """An entry of its row (all columns, in the table's order)."""
    (tenant, lane, sequence, recorded, identity, kind, version, market, subject, key, at, body, digest) = row
    return Entry(
        id=bytes(identity).hex(),
        stream=Stream(tenant, region, lane),
        sequence=sequence,
        kind=kind,
        version=version,
        market=market,
        subject=subject,
        key=key,
        at=moment(at),
        recorded=moment(recorded),
        body=orjson.loads(body),
        previous=previous,
        hash=bytes(digest),
    )


def streams(scoped: Scoped) -> dict[Lane, tuple[int, bytes]]:
    """Sequence and hash of the head of each of the tenant's streams."""
    found = scoped.select(select(HEADS.c.lane, HEADS.c.sequence, HEADS.c.hash).order_by(HEADS.c.lane))
    return {Lane(row[0]): (row[1], bytes(row[2])) for row in found}


def tenants(database: Database) -> list[TenantId]:
    """Every tenant that has a stream in this database."""
    with database.read() as connection:
        return list(connection.execute(select(HEADS.c.tenant).distinct().order_by(HEADS.c.tenant)).scalars())


def every_tenant(database: Database) -> list[TenantId]:
    """Every tenant that has a stream or an entry: what verification looks at, should a head have vanished."""
    with database.read() as connection:
        heads = connection.execute(select(HEADS.c.tenant).distinct()).scalars()
        signed = connection.execute(select(CHECKPOINTS.c.tenant).distinct()).scalars()
        return sorted({*heads, *signed, *_tenants_of_entries(connection)})


def _tenants_of_entries(connection: Connection) -> Iterator[TenantId]:
    """One look into the index for each, where DISTINCT would read every entry."""
    tenant = ""
    while True:
        following = select(func.min(ENTRIES.c.tenant)).where(ENTRIES.c.tenant > tenant)
        if (found := connection.execute(following).scalar()) is None:
            return
        tenant = found
        yield TenantId(tenant)


def page(
    scoped: Scoped,
    region: RegionId,
    lane: Lane,
    wanted: Filter,
    *,
    first: int,
    last: int,
    newest_first: bool = False,
    limit: int = PAGE,
) -> list[Entry]:
    """Up to `limit` entries of a stream with `first` <= sequence <= `last`, in order."""
    sequence = ENTRIES.c.sequence
    statement = (
        select(*COLUMNS)
        .where(ENTRIES.c.lane == lane, sequence >= first, sequence <= last)
        .order_by(sequence.desc() if newest_first else sequence)
        .limit(limit)
    )
    rows = scoped.select(wanted.narrow(statement))
    hashes = _hashes_before(scoped, lane, {row.sequence: bytes(row.hash) for row in rows})
    return [entry_of(region, row, hashes.get(row.sequence - 1, GENESIS)) for row in rows]


def rows(scoped: Scoped, lane: Lane, first: int, last: int) -> Sequence[Any]:
    """Whole rows, in the table's order of columns: what verification and export hash."""
    sequence = ENTRIES.c.sequence
    return scoped.select(
        select(*COLUMNS).where(ENTRIES.c.lane == lane, sequence >= first, sequence <= last).order_by(sequence)
    )


def _hashes_before(scoped: Scoped, lane: Lane, known: dict[int, bytes]) -> dict[int, bytes]:
    """The hashes of these entries and of the ones before them."""
    missing = [sequence - 1 for sequence in known if sequence > 1 and sequence - 1 not in known]
    if not missing:
        return known
    found = scoped.select(
        select(ENTRIES.c.sequence, ENTRIES.c.hash).where(
            ENTRIES.c.lane == lane, ENTRIES.c.sequence.in_(missing)
        )
    )
    return known | {row[0]: bytes(row[1]) for row in found}


def first_since(scoped: Scoped, lane: Lane, last: int, recorded_us: int) -> int:
    """The first sequence that was recorded at that time or later; `last` + 1 where none was.

    The time of recording never decreases within a stream, so a binary search over the primary key finds it.
    """
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        found = scoped.select(
            select(ENTRIES.c.recorded).where(ENTRIES.c.lane == lane, ENTRIES.c.sequence == middle)
        )
        if found and found[0][0] >= recorded_us:
            high = middle
        else:
            low = middle + 1
    return low


def beyond(
    scoped: Scoped, lane: Lane, first: int, last: int, place: Place, newest_first: bool
) -> tuple[int, int]:
    """The part of a stream's range that comes after a place, in the order of recording over all lanes."""
    at = microseconds(place.recorded)
    if newest_first:
        if lane == place.lane:
            return first, min(last, place.sequence - 1)
        bound = at + 1 if lane < place.lane else at
        return first, min(last, first_since(scoped, lane, last, bound) - 1)
    if lane == place.lane:
        return max(first, place.sequence + 1), last
    bound = at if lane > place.lane else at + 1
    return max(first, first_since(scoped, lane, last, bound)), last


def pages(
    database: Database,
    tenant: TenantId,
    region: RegionId,
    lane: Lane,
    wanted: Filter,
    *,
    first: int,
    last: int,
    newest_first: bool = False,
) -> Iterator[Entry]:
    """Entries of a stream, read page by page, so that no transaction stays open while they are used."""
    size = 64
    while first <= last:
        with database.read_as(tenant) as scoped:
            found = page(
                scoped,
                region,
                lane,
                wanted,
                first=first,
                last=last,
                newest_first=newest_first,
                limit=size,
            )
        yield from found
        if len(found) < size:
            return
        if newest_first:
            last = found[-1].sequence - 1
        else:
            first = found[-1].sequence + 1
        size = PAGE
