"""The lock of the process that executes durable work: one at a time on a control database, and free when it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from tradewind.core.files import storage_errors
from tradewind.journal.databases import Database, database_errors


class ExecutorLock:
    """A lock on a file beside an embedded database, an advisory lock of a session on PostgreSQL.

    Args:
        database: the control database.
        folder: where the lock of an embedded one lies; all processes must use the same.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._path = folder / "durable.lock"
        self._handle = -1
        self._session: Connection | None = None

    def take(self) -> bool:
        """Take the lock; False where another process has it.

        Raises:
            UnavailableError: the database cannot be reached. StorageError: the folder cannot be written.
        """
        return self._take_session() if self._database.dialect == "postgresql" else self._take_file()

    def holds(self) -> bool:
        """Whether it is still ours: a server that restarted has forgotten its sessions."""
        if self._session is None:
            return self._handle >= 0
        try:
            self._session.exec_driver_sql("SELECT 1")
        except DBAPIError:
            return False
        return True

    def release(self) -> None:
        """Give it back; nothing happens the second time."""
        if self._session is not None:
            self._session.detach()  # closed, not pooled: the lock is the session's
            self._session.close()
            self._session = None
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _take_file(self) -> bool:
        with storage_errors(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(handle)
                return False
        self._handle = handle
        return True

    def _take_session(self) -> bool:
        with database_errors(self._database.engine):
            session = self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = session.exec_driver_sql(
                "SELECT pg_try_advisory_lock(hashtext('tradewind-durable'), hashtext(current_database()))"
            ).scalar()
        if not taken:
            session.close()
            return False
        self._session = session
        return True
