"""Tenants, members, keys, sessions, providers, grants of models, remembered answers, entries to be recorded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("home", sa.String(63), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.String(255)),
        sa.Column("subject", sa.String(255)),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("tenant", "email", name="members_email"),
        sa.UniqueConstraint("tenant", "subject", name="members_subject"),
    )
    op.create_table(
        "keys",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("rights", sa.Text, nullable=False),
        sa.Column("regions", sa.Text),
        sa.Column("rate_per_s", sa.Float),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger),
        sa.Column("revoked_us", sa.BigInteger),
        sa.Column("last_used_us", sa.BigInteger),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("member", sa.String(32), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("used_us", sa.BigInteger, nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
    )
    op.create_index("sessions_member", "sessions", ["tenant", "member"])
    op.create_table(
        "providers",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("issuer", sa.String(500), nullable=False),
        sa.Column("client", sa.String(255), nullable=False),
        sa.Column("secret", sa.String(500)),
    )
    op.create_table(
        "flows",
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("goal", sa.String(500), nullable=False),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "model_grants",
        sa.Column("model", sa.String(128), primary_key=True),
        sa.Column("tenant", sa.String(63), primary_key=True),
    )
    op.create_table(
        "answers",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), primary_key=True),
        sa.Column("asked", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )
    op.create_index("answers_age", "answers", ["tenant", "created_us"])
    op.create_table(
        "unrecorded",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )
