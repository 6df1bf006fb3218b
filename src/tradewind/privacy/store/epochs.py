"""The epoch of a tenant, read so cheaply that every opening of a sealed field can ask for it.

A transaction through the pool costs ten times the query itself; here one connection is kept for it, outside any
transaction, and closed with the database.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from tradewind.core.errors import UnavailableError
from tradewind.core.ids import TenantId
from tradewind.journal.databases import Database, database_errors

_QUERY = {
    "sqlite": "SELECT epoch FROM privacy_epochs WHERE tenant = ?",
    "postgresql": "SELECT epoch FROM privacy_epochs WHERE tenant = %s",
}


class Epochs:
    """Reads the epochs of a region's tenants; for any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._query = _QUERY[database.dialect]
        self._lock = threading.Lock()
        self._kept: Any = None
        event.listen(database.engine, "engine_disposed", self._drop)

    def of(self, tenant: TenantId) -> int:
        """The epoch; 0 where nothing was destroyed yet.

        Raises:
            UnavailableError: the database cannot be reached.
        """
        with self._lock:
            try:
                rows = self._ask(tenant)
            except Exception as error:
                self._drop()
                if not _is_drivers(error):
                    raise
                try:  # the server may have restarted since
                    rows = self._ask(tenant)
                except Exception as again:
                    self._drop()
                    if not _is_drivers(again):
                        raise
                    raise UnavailableError(
                        f"whether a key was destroyed cannot be asked: {again}", hint="try again"
                    ) from again
        return int(rows[0][0]) if rows else 0

    def _ask(self, tenant: TenantId) -> list[Any]:
        if self._kept is None:
            with database_errors(self._database.engine):
                connection = self._database.engine.raw_connection()
            self._kept = connection.driver_connection
            connection.detach()
            if self._database.dialect == "postgresql":
                self._kept.autocommit = True
        found: list[Any] = self._kept.execute(self._query, (tenant,)).fetchall()
        return found

    def _drop(self, _engine: object = None) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def _is_drivers(error: Exception) -> bool:
    import psycopg

    return isinstance(error, sqlite3.Error | psycopg.Error | DBAPIError)
