"""Webhooks, threads, what channels call messages, deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _tenant() -> sa.Column[str]:
    return sa.Column("tenant", sa.String(63), nullable=False)


def upgrade() -> None:
    op.create_table(
        "channel_webhooks",
        _tenant(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_table(
        "channel_threads",
        _tenant(),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("market", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("peer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "conversation"),
    )
    op.create_index("channel_threads_subject", "channel_threads", ["tenant", "subject"])
    op.create_table(
        "channel_marks",
        _tenant(),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "channel", "digest"),
    )
    op.create_index("channel_marks_subject", "channel_marks", ["tenant", "subject"])
    _deliveries()


def _deliveries() -> None:
    op.create_table(
        "channel_deliveries",
        _tenant(),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("route", sa.String(80), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("number", sa.Integer),
        sa.Column("reply", sa.String(100)),
        sa.Column("lane", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("order_us", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_us", sa.BigInteger, nullable=False),
        sa.Column("lease_us", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("error", sa.String(500)),
        sa.PrimaryKeyConstraint("tenant", "id"),
    )
    op.create_index("channel_deliveries_state", "channel_deliveries", ["tenant", "state", "next_us"])
    op.create_index("channel_deliveries_conversation", "channel_deliveries", ["tenant", "conversation"])
    op.create_index("channel_deliveries_route", "channel_deliveries", ["tenant", "route", "order_us"])
