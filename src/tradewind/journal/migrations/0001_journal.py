"""Entries, heads of streams, trees and checkpoints, positions of readings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "journal_entries",
        sa.Column("tenant", sa.String, primary_key=True),
        sa.Column("lane", sa.Integer, primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        sa.Column("recorded", sa.BigInteger, nullable=False),
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("market", sa.String),
        sa.Column("subject", sa.String),
        sa.Column("key", sa.String),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    for name, unique in (("key", True), ("subject", False)):
        present = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"journal_entries_{name}",
            "journal_entries",
            ["tenant", name],
            unique=unique,
            sqlite_where=present,
            postgresql_where=present,
        )
    op.create_table(
        "journal_heads",
        sa.Column("tenant", sa.String, primary_key=True),
        sa.Column("lane", sa.Integer, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("recorded", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_trees",
        sa.Column("tenant", sa.String, primary_key=True),
        sa.Column("lane", sa.Integer, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("frontier", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_checkpoints",
        sa.Column("tenant", sa.String, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_readings",
        sa.Column("reading", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "journal_positions",
        sa.Column("tenant", sa.String, primary_key=True),
        sa.Column("reading", sa.String, primary_key=True),
        sa.Column("lane", sa.Integer, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
