"""The tables, in each region's database. The order of the primary key is the order of commits in a stream."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)

METADATA = MetaData()

ENTRIES = Table(
    "journal_entries",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("recorded", BigInteger, nullable=False),
    Column("id", LargeBinary, nullable=False),
    Column("kind", String, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("market", String),
    Column("subject", String),
    Column("key", String),
    Column("at", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "journal_entries_key",
    ENTRIES.c.tenant,
    ENTRIES.c.key,
    unique=True,
    sqlite_where=ENTRIES.c.key.is_not(None),
    postgresql_where=ENTRIES.c.key.is_not(None),
)
Index(
    "journal_entries_subject",
    ENTRIES.c.tenant,
    ENTRIES.c.subject,
    sqlite_where=ENTRIES.c.subject.is_not(None),
    postgresql_where=ENTRIES.c.subject.is_not(None),
)

HEADS = Table(
    "journal_heads",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("recorded", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

TREES = Table(
    "journal_trees",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

CHECKPOINTS = Table(
    "journal_checkpoints",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

READINGS = Table(
    "journal_readings",
    METADATA,
    Column("reading", String, primary_key=True),
    Column("version", Integer, nullable=False),
)

POSITIONS = Table(
    "journal_positions",
    METADATA,
    Column("tenant", String, primary_key=True),
    Column("reading", String, primary_key=True),
    Column("lane", Integer, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
