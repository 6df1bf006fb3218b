"""The tables of this room: in each region's database what is about persons, in the control database what is not.

Times are ISO 8601 text in UTC, so that they sort.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

REGION = MetaData()
CONTROL = MetaData()

SECRETS = Table(
    "privacy_secrets",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("name", String(40), nullable=False),
    Column("key_id", String(128), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant", "name"),
)
KEYS = Table(
    "privacy_subject_keys",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("category", String(20), nullable=False),
    Column("period", Integer, nullable=False),
    Column("key_id", String(128), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant", "subject", "category"),
)
SUBJECTS = Table(
    "privacy_subjects",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("market", String(40), nullable=False),
    Column("since", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "subject", "market"),
)
ERASED = Table(
    "privacy_erased",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("request", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Column("keys", Integer, nullable=False),
    Column("rows", Text, nullable=False),
    Column("scrubbed", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant", "subject"),
)
EPOCHS = Table(
    "privacy_epochs",
    REGION,
    Column("tenant", String(63), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("unscrubbed", Boolean, nullable=False),
)
CONSENTS = Table(
    "privacy_consents",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("purpose", String(64), nullable=False),
    Column("market", String(40), nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("version", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "subject", "purpose"),
)
REQUESTS = Table(
    "privacy_requests",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("id", String(32), nullable=False),
    Column("key", String(255), nullable=True),
    Column("kind", String(20), nullable=False),
    Column("market", String(40), nullable=False),
    Column("language", String(35), nullable=False),
    Column("regulation", String(64), nullable=False),
    Column("article", String(128), nullable=True),
    Column("received", String(32), nullable=False),
    Column("due", String(32), nullable=True),
    Column("done", String(32), nullable=True),
    Column("targets", Text, nullable=False),
    Column("receipt", Text, nullable=True),
    PrimaryKeyConstraint("tenant", "id"),
)
LINEAGE = Table(
    "privacy_lineage",
    REGION,
    Column("tenant", String(63), nullable=False),
    Column("model", String(128), nullable=False),
    Column("version", String(64), nullable=False),
    Column("subject", String(64), nullable=False),
    PrimaryKeyConstraint("tenant", "model", "version", "subject"),
)
ERASURES = Table(
    "privacy_erasures",
    CONTROL,
    Column("tenant", String(63), nullable=False),
    Column("region", String(63), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("market", String(40), nullable=False),
    Column("request", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "region", "subject"),
)
RETRAINING = Table(
    "privacy_retraining",
    CONTROL,
    Column("tenant", String(63), nullable=False),
    Column("model", String(128), nullable=False),
    Column("version", String(64), nullable=False),
    Column("request", String(32), nullable=False),
    Column("since", String(32), nullable=False),
    PrimaryKeyConstraint("tenant", "model", "version", "request"),
)
