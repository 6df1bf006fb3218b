"""What was done in the invented business."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "sandbox_calls",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("market", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("asked", sa.String(16), nullable=False),
        sa.Column("failure", sa.String(60)),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("effect", sa.Text, nullable=False),
        sa.UniqueConstraint("tenant", "market", "subject", "number", name="sandbox_calls_number"),
    )
