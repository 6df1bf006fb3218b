"""How far each reading has read each stream: a tenant's row, moved in the transaction that moves the reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, MetaData, delete, func, insert, select, update

from tradewind.core.ids import TenantId
from tradewind.journal.databases import Database, Scoped, one_at_a_time
from tradewind.journal.model import Lane
from tradewind.journal.store.tables import HEADS, POSITIONS, READINGS


def prepare(database: Database, name: str, version: int, tables: MetaData, *, anew: bool = False) -> bool:
    """See that a reading's tables are there in this version; True where they had to be made.

    Args:
        anew: throw them away even if the version is the same.
    """
    with database.read() as connection:
        if not anew and _version(connection, name) == version:
            return False
    with _one(database, name) as connection:
        known = _version(connection, name)
        if known == version and not anew:
            return False
        if known is not None:
            tables.drop_all(connection)
            connection.execute(delete(POSITIONS).where(POSITIONS.c.reading == name))
            connection.execute(delete(READINGS).where(READINGS.c.reading == name))
        tables.create_all(connection)
        connection.execute(insert(READINGS).values(reading=name, version=version))
        return True


def behind(database: Database, name: str) -> list[tuple[TenantId, Lane, int, int]]:
    """The streams that a reading has not read to their end: tenant, lane, its position, the head."""
    linked = HEADS.outerjoin(
        POSITIONS,
        (POSITIONS.c.tenant == HEADS.c.tenant)
        & (POSITIONS.c.lane == HEADS.c.lane)
        & (POSITIONS.c.reading == name),
    )
    position = func.coalesce(POSITIONS.c.sequence, 0)
    statement = (
        select(HEADS.c.tenant, HEADS.c.lane, position, HEADS.c.sequence)
        .select_from(linked)
        .where(position < HEADS.c.sequence)
        .order_by(HEADS.c.tenant, HEADS.c.lane)
    )
    with database.read() as connection:
        return [(TenantId(t), Lane(lane), at, head) for t, lane, at, head in connection.execute(statement)]


def move(scoped: Scoped, name: str, lane: Lane, old: int, new: int) -> bool:
    """Move a position from where it was found; False where another process moved it meanwhile."""
    if old == 0:
        present = select(POSITIONS.c.sequence).where(POSITIONS.c.reading == name, POSITIONS.c.lane == lane)
        if scoped.select(present):
            return False
        scoped.insert(insert(POSITIONS), [{"reading": name, "lane": lane, "sequence": new}])
        return True
    statement = update(POSITIONS).where(
        POSITIONS.c.reading == name, POSITIONS.c.lane == lane, POSITIONS.c.sequence == old
    )
    return scoped.change(statement.values(sequence=new)) == 1


def _version(connection: Connection, name: str) -> int | None:
    return connection.execute(select(READINGS.c.version).where(READINGS.c.reading == name)).scalar()


@contextmanager
def _one(database: Database, name: str) -> Iterator[Connection]:
    with database.write() as connection:
        one_at_a_time(connection, f"reading-{name}")
        yield connection
