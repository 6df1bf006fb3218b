"""Keys, subjects, consents, requests and lineage of a region."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "privacy_secrets",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("key_id", sa.String(128), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name"),
    )
    op.create_table(
        "privacy_subject_keys",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("period", sa.Integer, nullable=False),
        sa.Column("key_id", sa.String(128), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject", "category"),
    )
    op.create_table(
        "privacy_subjects",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("market", sa.String(40), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject", "market"),
    )
    op.create_table(
        "privacy_erased",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("request", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("keys", sa.Integer, nullable=False),
        sa.Column("rows", sa.Text, nullable=False),
        sa.Column("scrubbed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject"),
    )
    op.create_table(
        "privacy_epochs",
        sa.Column("tenant", sa.String(63), primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("unscrubbed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "privacy_consents",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(64), nullable=False),
        sa.Column("market", sa.String(40), nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject", "purpose"),
    )
    op.create_table(
        "privacy_requests",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("market", sa.String(40), nullable=False),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("regulation", sa.String(64), nullable=False),
        sa.Column("article", sa.String(128), nullable=True),
        sa.Column("received", sa.String(32), nullable=False),
        sa.Column("due", sa.String(32), nullable=True),
        sa.Column("done", sa.String(32), nullable=True),
        sa.Column("targets", sa.Text, nullable=False),
        sa.Column("receipt", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("tenant", "id"),
        sa.UniqueConstraint("tenant", "key"),
    )
    op.create_table(
        "privacy_lineage",
        sa.Column("tenant", sa.String(63), nullable=False),
        sa.Column("model", sa.String(128), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "model", "version", "subject"),
    )
    op.create_index("privacy_lineage_subject", "privacy_lineage", ["tenant", "subject"])
