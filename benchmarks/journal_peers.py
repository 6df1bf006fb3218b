"""What the journal is measured against: the same rows written plainly, without chains, keys, receipts or waiting.

The limit is a batched INSERT into the same tables and indexes, a commit each `batch` rows: as many rows as there are
writers can wait for one commit at most. The other end is a commit for each entry.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]
NAMES = (
    "tenant", "lane", "sequence", "recorded", "id", "kind", "version", "market", "subject", "key", "at", "body", "hash"
)  # fmt: skip


def rows(count: int, body: bytes, *, lane: int) -> list[Row]:
    """Entries as the journal would have them, made beforehand."""
    now = time.time_ns() // 1000
    return [
        (
            "acme",
            lane,
            n + 1,
            now,
            os.urandom(16),
            "bench.event",
            1,
            "de",
            None,
            None,
            now,
            body,
            sha256(body).digest(),
        )
        for n in range(count)
    ]


def insert_sqlite(file: Path, given: Sequence[Row], batch: int, seconds: float) -> float:
    """Rows a second, `batch` of them a commit, for so long."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    statement = f"INSERT INTO journal_entries VALUES ({', '.join('?' * len(NAMES))})"

    def write(part: Sequence[Row]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(statement, part)
        connection.execute("COMMIT")

    try:
        return _paced(write, given, batch, seconds)
    finally:
        connection.close()


def insert_postgres(url: str, given: Sequence[Row], batch: int, seconds: float) -> float:
    """Rows a second, `batch` of them in one INSERT and commit, for so long."""
    import psycopg

    one = f"({', '.join(['%s'] * len(NAMES))})"

    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:

        def write(part: Sequence[Row]) -> None:
            statement = (
                f"INSERT INTO journal_entries ({', '.join(NAMES)}) VALUES {', '.join([one] * len(part))}"
            )
            cursor.execute(statement, [value for row in part for value in row])

        return _paced(write, given, batch, seconds)


def _paced(write: Callable[[Sequence[Row]], None], given: Sequence[Row], batch: int, seconds: float) -> float:
    started, done = time.perf_counter(), 0
    while (taken := time.perf_counter() - started) < seconds and done + batch <= len(given):
        write(given[done : done + batch])
        done += batch
    return done / taken
