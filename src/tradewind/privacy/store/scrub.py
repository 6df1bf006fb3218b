"""Getting what was deleted out of a database's files, and looking whether it is."""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import OperationalError

from tradewind.core.errors import StorageError, UnavailableError
from tradewind.journal.databases import Database

SEARCH_AT_MOST = 64


def scrub(database: Database, gone: Sequence[bytes] | None) -> None:
    """Make sure that deleted bytes are in no file of a database.

    SQLite: the write-ahead log is written back and cut to nothing; `secure_delete` has overwritten deleted rows, yet
    a page that was split may hold an old copy, so the file is searched, and rebuilt where something is found.
    PostgreSQL: the table of keys is rewritten; its own log (WAL) keeps them until it is recycled or archived.

    Args:
        gone: what must not be there any more; None where that is not known, which rebuilds in any case.

    Raises:
        UnavailableError: somebody reads without end, try again. StorageError: there is no space to rebuild.
    """
    if database.dialect == "postgresql":
        _execute(database, "VACUUM (FULL) privacy_subject_keys")
        return
    _write_back(database)
    if gone is None or len(gone) > SEARCH_AT_MOST or holds(database, gone):
        _execute(database, "VACUUM")
        _write_back(database)
        if gone is not None and len(gone) <= SEARCH_AT_MOST and holds(database, gone):
            raise StorageError("a destroyed key is still in the file of its database", hint="try again")


def holds(database: Database, gone: Sequence[bytes]) -> bool:
    """Whether one of these is anywhere in the files of an SQLite database."""
    return any(_occurs(path, gone) for path in files(database))


def files(database: Database) -> list[Path]:
    """The files of an SQLite database that are there: itself, its write-ahead log, its index of that."""
    path = database.engine.url.database
    if path is None:
        return []
    return [file for file in (Path(path), Path(f"{path}-wal"), Path(f"{path}-shm")) if file.exists()]


def _occurs(path: Path, gone: Sequence[bytes]) -> bool:
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(one) >= 0 for one in gone)


def _write_back(database: Database) -> None:
    busy = _execute(database, "PRAGMA wal_checkpoint(TRUNCATE)")
    if busy is not None and busy[0]:
        raise UnavailableError(
            "the write-ahead log is still being read", hint="it is tried again: nothing is lost"
        )


def _execute(database: Database, statement: str) -> Sequence[int] | None:
    """One statement outside any transaction, which only the driver's own connection has on SQLite."""
    try:
        if database.dialect == "sqlite":
            connection = database.engine.raw_connection()
            try:
                found: Sequence[int] | None = connection.execute(statement).fetchone()
                return found
            finally:
                connection.close()
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            session.exec_driver_sql(statement)
            return None
    except (OperationalError, sqlite3.OperationalError) as error:
        text = str(error).partition("\n")[0]
        raise UnavailableError(f"{statement}: {text}", hint="it is tried again: nothing is lost") from error
