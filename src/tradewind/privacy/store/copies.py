"""Copies of a database: SQLite by its online backup, PostgreSQL by `pg_dump`; and putting one in another's place."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL

from tradewind.core.errors import StorageError, UnavailableError
from tradewind.core.files import storage_errors
from tradewind.journal.databases import Database

SUFFIX = {"sqlite": ".db", "postgresql": ".dump"}


def copy(database: Database, file: Path) -> None:
    """Copy a database into a file while it is in use, as it is at one moment.

    Raises:
        StorageError: the disk refused. UnavailableError: it cannot be reached, or `pg_dump` is not installed.
    """
    if database.dialect == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={file}", _render(database.engine.url))
        return
    source = database.engine.raw_connection()
    try:
        driver = source.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        with closing(sqlite3.connect(file)) as target:
            driver.backup(target)  # in one step, else each write from outside would begin it anew
    except sqlite3.Error as error:
        raise StorageError(f"{file}: {error}", hint="free some space and try again") from error
    finally:
        source.close()


def stage(database: Database, file: Path) -> Database:
    """A copy as a database of its own, beside the one that it is of: a file, or a database, of another name."""
    if database.dialect == "postgresql":
        url = database.engine.url
        name = _staged_name(database)
        _run("dropdb", "--if-exists", f"--maintenance-db={_render(url)}", name)
        _run("createdb", f"--maintenance-db={_render(url)}", name)
        staged = _render(url.set(database=name))
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={staged}", str(file))
        return Database(staged)
    path = _path(database)
    staged_path = path.with_name(f".{path.name}.restoring")
    with storage_errors(staged_path):
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in _files(staged_path):
            old.unlink(missing_ok=True)
        shutil.copyfile(file, staged_path)
    return Database(f"sqlite:///{staged_path}")


def put_in_place(staged: Database, database: Database) -> None:
    """Let a staged copy be the database from now on; nobody may use either."""
    database.close()
    if database.dialect == "postgresql":
        _swap(database, _staged_name(database))
        return
    path, staged_path = _path(database), _path(staged)
    with storage_errors(path):
        with closing(sqlite3.connect(staged_path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for extra in _files(path)[
            1:
        ]:  # the log of the file that goes must not be taken for that of the new one
            extra.unlink(missing_ok=True)
        staged_path.replace(path)


def drop_stage(database: Database, staged: Database) -> None:
    """Remove what is left of a staged copy; nothing happens where it has been put in place."""
    staged.close()
    if database.dialect == "postgresql":
        url = _render(database.engine.url)
        _run("dropdb", "--if-exists", f"--maintenance-db={url}", _staged_name(database))
        return
    for file in _files(_path(staged)):
        file.unlink(missing_ok=True)


def _swap(database: Database, staged: str) -> None:
    """From the server's own `postgres`, for a database that somebody is in cannot be renamed."""
    import psycopg
    from psycopg import sql

    url = database.engine.url
    name, before = sql.Identifier(str(url.database)), sql.Identifier(f"{url.database}_before_restore")
    with psycopg.connect(_render(url.set(database="postgres")), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)",
            ([url.database, staged],),
        )
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(before))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(name, before))
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(staged), name))
        connection.execute(sql.SQL("DROP DATABASE {}").format(before))


def _staged_name(database: Database) -> str:
    return f"{database.engine.url.database}_restoring"


def _render(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _path(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _files(path: Path) -> list[Path]:
    return [path, Path(f"{path}-wal"), Path(f"{path}-shm")]


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)),
        None,
    )
    if found is None:
        raise UnavailableError(
            f"{program} is not installed", hint="install the client programs of PostgreSQL"
        )
    done = subprocess.run([found, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode:
        text = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise UnavailableError(f"{program}: {text}", hint="may the user of the database's URL do this?")
