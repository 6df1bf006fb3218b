"""Writing: one transaction for everything that waits, whatever tenants it belongs to.

Rows of several tenants share a commit, so they do not go through `Scoped`: each carries its own tenant, and the
head of each stream is moved by compare-and-swap in the same transaction.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, func, select, text, tuple_
from sqlalchemy.exc import IntegrityError

from tradewind.core.errors import ConflictError, TradewindError, UnavailableError
from tradewind.core.ids import TenantId
from tradewind.journal.chain import GENESIS
from tradewind.journal.databases import Database, database_errors, refusal
from tradewind.journal.model import Lane
from tradewind.journal.store.read import COLUMNS
from tradewind.journal.store.tables import ENTRIES, HEADS

NAMES = tuple(column.name for column in ENTRIES.columns)
ROWS_A_STATEMENT = 64
LOCK_SPACE = 0x7261
"""Sets our advisory locks apart from those of others in the same database."""
_INTO = f"INSERT INTO journal_entries ({', '.join(NAMES)}) VALUES "
_ONE_ROW = f"({', '.join('?' * len(NAMES))})"
_COPY = f"COPY journal_entries ({', '.join(NAMES)}) FROM STDIN (FORMAT BINARY)"
_COPY_TYPES = (
    "text", "int4", "int8", "int8", "bytea", "text", "int2", "text", "text", "text", "int8", "bytea", "bytea",
)  # fmt: skip
_NEW_HEAD = {
    "sqlite": "INSERT INTO journal_heads (sequence, recorded, hash, tenant, lane) VALUES (?, ?, ?, ?, ?)",
    "postgresql": "INSERT INTO journal_heads (sequence, recorded, hash, tenant, lane) VALUES (%s, %s, %s, %s, %s)",
}
_MOVE_HEAD = {
    "sqlite": "UPDATE journal_heads SET sequence = ?, recorded = ?, hash = ? "
    "WHERE tenant = ? AND lane = ? AND sequence = ? AND hash = ?",
    "postgresql": "UPDATE journal_heads SET sequence = %s, recorded = %s, hash = %s "
    "WHERE tenant = %s AND lane = %s AND sequence = %s AND hash = %s",
}

EntryRow = tuple[Any, ...]
"""An entry in the order of the table's columns."""


class Head(NamedTuple):
    """Where a stream stands; sequence 0 before its first entry."""

    sequence: int
    recorded_us: int
    hash: bytes


NO_HEAD = Head(0, 0, GENESIS)


class Beside(Protocol):
    """Writes rows of another room in the transaction of the entries that they belong to: both stand, or neither.

    A batch holds rows of several tenants, so each row bears its own.
    """

    def refused(self, connection: Connection, rows: Sequence[Any]) -> list[TradewindError | None]:
        """Look, with locks that hold until the commit, which rows no longer fit; their entries are left out."""
        ...

    def write(self, connection: Connection, rows: Sequence[Any]) -> None:
        """Write the others, in few statements: at each the driver gives up the interpreter."""
        ...


class RepeatedKey(Exception):
    """A key of these rows is recorded already, or another process records it at this moment.

    Args:
        deadlock: two processes waited for each other's keys, and the server chose this one to give way.
    """

    def __init__(self, *, deadlock: bool = False) -> None:
        super().__init__()
        self.deadlock = deadlock


class UnknownOutcome(Exception):
    """The connection broke while committing: the transaction may or may not stand."""


def two_writers(lane: Lane) -> ConflictError:
    """The error of finding one's own stream written by another."""
    return ConflictError(
        f"another writer holds lane {lane} too; nothing was written",
        hint="every process of one database must use the same folder of locks",
    )


class LaneConnection:
    """The connection that one thread writes a lane with.

    Raises:
        UnavailableError: the database cannot be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect
        with database_errors(database.engine):
            self.connection: Connection = database.engine.connect()
        self.connection.info["begin"] = "BEGIN IMMEDIATE"

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Committed at the end, rolled back on an error.

        Raises:
            UnknownOutcome: it broke in the commit itself.
            RepeatedKey, UnavailableError, StorageError: it did not happen.
        """
        with database_errors(self._database.engine):
            transaction = self.connection.begin()
            try:
                yield
            except BaseException as error:
                with contextlib.suppress(Exception):
                    transaction.rollback()
                if isinstance(error, IntegrityError):
                    raise RepeatedKey() from error
                raise
            try:
                transaction.commit()
            except Exception as error:
                with contextlib.suppress(Exception):
                    transaction.rollback()
                raise UnknownOutcome from error

    def heads(self, lane: Lane, tenants: Sequence[TenantId]) -> dict[TenantId, Head]:
        """The heads of the lane's streams."""
        found = self.connection.execute(
            select(HEADS.c.tenant, HEADS.c.sequence, HEADS.c.recorded, HEADS.c.hash).where(
                HEADS.c.lane == lane, HEADS.c.tenant.in_(tenants)
            )
        )
        return {row[0]: Head(row[1], row[2], bytes(row[3])) for row in found}

    def insert(self, rows: Sequence[EntryRow]) -> None:
        """Insert entries."""
        if self.dialect == "postgresql":
            self._copy(rows)
            return
        # One statement for many rows: the driver gives up the interpreter at each statement, and a thread that
        # is busy encoding then keeps it for up to five milliseconds.
        for start in range(0, len(rows), ROWS_A_STATEMENT):
            part = rows[start : start + ROWS_A_STATEMENT]
            values = tuple(value for row in part for value in row)
            self.connection.exec_driver_sql(_INTO + ", ".join([_ONE_ROW] * len(part)), values)

    def move_head(self, tenant: TenantId, lane: Lane, old: Head, new: Head) -> None:
        """Move a stream's head, if it still is where we left it.

        Raises:
            ConflictError: another writer moved it.
        """
        if old.sequence == 0:
            self.connection.exec_driver_sql(_NEW_HEAD[self.dialect], (*new, tenant, lane))
            return
        moved = self.connection.exec_driver_sql(
            _MOVE_HEAD[self.dialect], (*new, tenant, lane, old.sequence, old.hash)
        )
        if moved.rowcount != 1:
            raise two_writers(lane)

    def by_keys(self, wanted: Sequence[tuple[TenantId, str]]) -> dict[tuple[TenantId, str], EntryRow]:
        """The entries that have these keys already."""
        found: dict[tuple[TenantId, str], EntryRow] = {}
        with database_errors(self._database.engine), self.connection.begin():
            for start in range(0, len(wanted), ROWS_A_STATEMENT):
                some = wanted[start : start + ROWS_A_STATEMENT]
                statement = select(*COLUMNS).where(tuple_(ENTRIES.c.tenant, ENTRIES.c.key).in_(some))
                for row in self.connection.execute(statement):
                    found[row.tenant, row.key] = tuple(row)
        return found

    def stands(self, row: EntryRow) -> bool:
        """Whether exactly this entry is recorded."""
        tenant, lane, sequence = row[:3]
        statement = select(ENTRIES.c.hash).where(
            ENTRIES.c.tenant == tenant, ENTRIES.c.lane == lane, ENTRIES.c.sequence == sequence
        )
        with database_errors(self._database.engine), self.connection.begin():
            found = self.connection.execute(statement).scalar()
        return found is not None and bytes(found) == row[-1]

    def lock_lowest_lane(self, lanes: int) -> tuple[Lane, int]:
        """Take the lowest free lane for this session of a PostgreSQL server; the lane and the session's process.

        Raises:
            UnavailableError: every lane is held.
        """
        with database_errors(self._database.engine), self.connection.begin():
            # A server may be set to answer before its disk has the commit: what we call durable must be.
            if self.connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off":
                self.connection.exec_driver_sql("SET synchronous_commit TO on")
            for lane in range(lanes):
                held = self.connection.execute(
                    select(func.pg_try_advisory_lock(LOCK_SPACE, lane), func.pg_backend_pid())
                ).one()
                if held[0]:
                    return Lane(lane), held[1]
        raise UnavailableError(f"{lanes} processes write to this database already")

    def end_session(self, session: int, lane: Lane) -> bool:
        """End a session that we lost, if it still holds our lane; True once it is gone.

        Only then is it certain whether its last transaction stands.
        """
        statement = text(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid = :session "
            "AND classid = :space AND objid = :lane AND granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        given = {"session": session, "space": LOCK_SPACE, "lane": lane}
        with database_errors(self._database.engine), self.connection.begin():
            return not self.connection.execute(statement, given).fetchall()

    def close(self) -> None:
        """Give the connection up for good: what a session of the server held goes with it."""
        with contextlib.suppress(Exception):
            self.connection.invalidate()
        with contextlib.suppress(Exception):
            self.connection.close()

    def _copy(self, rows: Sequence[EntryRow]) -> None:
        driver: Any = self.connection.connection.driver_connection
        import psycopg

        try:
            with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
                copy.set_types(_COPY_TYPES)
                for row in rows:
                    copy.write_row(row)
        except psycopg.errors.IntegrityError as error:
            raise RepeatedKey() from error
        except psycopg.errors.DeadlockDetected as error:
            raise RepeatedKey(deadlock=True) from error
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise refusal(self._database.engine, error) from error
