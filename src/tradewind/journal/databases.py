"""Databases: one for each region, one for who may do what; and the one way to reach a tenant's rows.

SQLite needs no set-up (WAL, `synchronous=FULL`); PostgreSQL by URL. Tables belong to their room's `store.py`.
A statement that touches a tenant's rows goes through `Scoped`, which adds the tenant to it: a store that forgot
could not read another tenant's rows.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Alias,
    Connection,
    CursorResult,
    Delete,
    Engine,
    Insert,
    MetaData,
    Select,
    Table,
    Update,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.sql import visitors

from tradewind.core.errors import (
    ConfigError,
    ForbiddenError,
    NotFoundError,
    StorageError,
    TradewindError,
    UnavailableError,
)
from tradewind.core.ids import RegionId, TenantId

BUSY_TIMEOUT_MS = 30_000
BUSY_PAUSE_S = 0.01
POOL_SIZE = 10
TENANT = "tenant"
"""The column that every table of tenants' rows has."""

REACH: ContextVar[frozenset[RegionId] | None] = ContextVar("reach", default=None)
"""The regions whose records may be touched on behalf of whoever asks; all when None. The door sets it."""

Row = Mapping[str, Any]


class Database:
    """An engine with the pragmas and the transactions that the stores rely on.

    Args:
        url: `sqlite:///path` or `postgresql://user@host/name`.

    Raises:
        ConfigError: the URL is none, or of another kind of database.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.dialect = self.engine.dialect.name

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, rolled back on an error.

        Raises:
            UnavailableError: the database cannot be reached. StorageError: its disk refused.
        """
        with database_errors(self.engine), self.engine.connect() as connection:
            connection.info["begin"] = "BEGIN IMMEDIATE"
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that reads one consistent state.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        with database_errors(self.engine), self.engine.connect() as connection:
            connection.info["begin"] = "BEGIN"
            if self.dialect == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield connection

    @contextlib.contextmanager
    def write_as(self, tenant: TenantId) -> Iterator[Scoped]:
        """`write`, for the rows of one tenant."""
        with self.write() as connection:
            yield Scoped(connection, tenant)

    @contextlib.contextmanager
    def read_as(self, tenant: TenantId) -> Iterator[Scoped]:
        """`read`, for the rows of one tenant."""
        with self.read() as connection:
            yield Scoped(connection, tenant)

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


class Scoped:
    """A connection that reaches one tenant's rows: each statement is narrowed to them, inserts are stamped."""

    def __init__(self, connection: Connection, tenant: TenantId) -> None:
        self._connection = connection
        self.tenant = tenant

    def select(self, statement: Select[Any]) -> Sequence[Any]:
        """The rows that a SELECT finds among the tenant's. One level: join instead of nesting.

        Raises:
            TypeError: a table without a `tenant` column, or a nested SELECT (a mistake of the store's author).
        """
        for table in _tables(statement):
            statement = statement.where(table.c[TENANT] == self.tenant)
        return self._connection.execute(statement).fetchall()

    def insert(self, statement: Insert, rows: Sequence[Row]) -> None:
        """Insert rows as the tenant's, whatever tenant they name."""
        _tables(statement)
        if rows:
            self._connection.execute(statement, [{**row, TENANT: self.tenant} for row in rows])

    def change(self, statement: Update | Delete) -> int:
        """Update or delete among the tenant's rows; returns how many."""
        for table in _tables(statement):
            statement = statement.where(table.c[TENANT] == self.tenant)
        result: CursorResult[Any] = self._connection.execute(statement)
        return result.rowcount


class Databases:
    """The databases of an installation.

    Args:
        control: who may do what: tenants, members, keys, sessions. No person outside the company is in it.
        regions: what is recorded about people, each region's in a database of its own.
    """

    def __init__(self, control: Database, regions: Mapping[RegionId, Database]) -> None:
        self.control = control
        self.regions = dict(regions)

    def region(self, region: RegionId) -> Database:
        """A region's database.

        Raises:
            NotFoundError: no database is set for this region.
            ForbiddenError: who asks is not of this region.
        """
        reach = REACH.get()
        if reach is not None and region not in reach:
            raise ForbiddenError(
                f"this key reaches no records of region {region!r:.80}",
                hint=f"it is of {', '.join(sorted(reach))}",
            )
        try:
            return self.regions[region]
        except KeyError:
            known = ", ".join(sorted(self.regions)) or "none"
            raise NotFoundError(
                f"region {region!r} has no database", hint=f"there are: {known}; set [regions.{region}]"
            ) from None

    def close(self) -> None:
        """Close them all."""
        for database in (self.control, *self.regions.values()):
            database.close()


def migrate(database: Database, room: str, migrations: Path, metadata: MetaData) -> None:
    """Bring a room's tables in one database to their newest version; nothing happens where they are.

    Args:
        room: names the version table `alembic_version_<room>`: rooms move independently.
        migrations: the room's folder of Alembic revisions: `NNNN_what.py` has revision `NNNN`.
        metadata: the room's tables; a new database gets them through the same revisions.

    Raises:
        StorageError, UnavailableError: the database refused; it is then as it was before.
    """
    if _is_newest(database, room, migrations):
        return
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(migrations), version_locations=[str(migrations)])
    with database.write() as connection:
        one_at_a_time(connection, f"migrate-{room}")

        def upgrade(revision: Any, _context: Any) -> Any:
            return scripts._upgrade_revs("head", revision)

        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": f"alembic_version_{room}",
                "fn": upgrade,
                "target_metadata": metadata,
                "transactional_ddl": True,
                "render_as_batch": database.dialect == "sqlite",
            },
        )
        with Operations.context(context):
            context.run_migrations()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            "a database URL cannot be read", hint="sqlite:///var/name.db or postgresql://user@host/name"
        ) from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, pool_size=POOL_SIZE, pool_pre_ping=True)
    raise ConfigError(
        f"{parsed.get_backend_name()} is not a database that is supported here",
        hint="sqlite:///var/name.db or postgresql://user@host/name",
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Transactions begin where SQLAlchemy says, not where the driver guesses."""
    connection.isolation_level = None
    _become_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _become_wal(connection: Any) -> None:
    """SQLite does not wait, whatever its time-out, where two processes turn one new file to WAL at the same time."""
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
        time.sleep(BUSY_PAUSE_S)


def _begin_sqlite(connection: Connection) -> None:
    """`BEGIN IMMEDIATE` takes the write lock at once: a read that turned into a write could not wait for it."""
    connection.exec_driver_sql(connection.info.get("begin", "BEGIN"))


def _is_newest(database: Database, room: str, migrations: Path) -> bool:
    """Whether nothing needs to be done: every command asks, so it must not take the time to load Alembic."""
    newest = max(file.name for file in migrations.glob("[0-9]*_*.py")).partition("_")[0]
    with database.read() as connection:
        if not inspect(connection).has_table(f"alembic_version_{room}"):
            return False
        found = connection.exec_driver_sql(f"SELECT version_num FROM alembic_version_{room}").scalars().all()
    return found == [newest]


def one_at_a_time(connection: Connection, what: str) -> None:
    """Let one transaction do `what` at a time (two servers that start together must not migrate together).

    SQLite's write lock sees to it already.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"tradewind-{what}",))


def _tables(statement: Select[Any] | Insert | Update | Delete) -> list[Table]:
    found: dict[str, Table] = {}
    for element in visitors.iterate(statement):
        if isinstance(element, Select) and element is not statement:
            raise TypeError("a nested SELECT cannot be narrowed to one tenant: join instead")
        if isinstance(element, Alias):
            raise TypeError("an alias cannot be narrowed to one tenant: read twice instead")
        if isinstance(element, Table):
            if TENANT not in element.c:
                raise TypeError(f"table {element.name} has no column {TENANT!r}")
            found[element.name] = element
    if isinstance(statement, Insert | Update | Delete) and isinstance(statement.table, Table):
        if TENANT not in statement.table.c:
            raise TypeError(f"table {statement.table.name} has no column {TENANT!r}")
        found[statement.table.name] = statement.table
    return list(found.values())


@contextlib.contextmanager
def database_errors(engine: Engine) -> Iterator[None]:
    """Turn the refusals of a database into `StorageError` and `UnavailableError`."""
    try:
        yield
    except OperationalError as error:
        raise refusal(engine, error.orig or error) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise refusal(engine, error.orig or error) from error
        raise


def refusal(engine: Engine, error: BaseException) -> TradewindError:
    """What a database's error means to who asked: its disk refused, or it is not to be reached."""
    where = engine.url.render_as_string(hide_password=True)
    text = str(error).strip().partition("\n")[0]
    if any(word in text for word in ("full", "No space", "disk I/O", "readonly", "read-only")):
        return StorageError(f"{where}: {text}", hint="free some space; what was recorded before is untouched")
    return UnavailableError(f"{where}: {text}", hint="is the database running and reachable?")
