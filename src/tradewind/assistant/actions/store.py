"""What was done in the invented business: one row a call that changed something, in the region of its market."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
)

from tradewind.assistant.actions.model import Call, Result
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.journal.databases import Database, Scoped, migrate

ROOM = "sandbox"
MIGRATIONS = Path(__file__).parent / "migrations"

METADATA = MetaData()
CALLS = Table(
    "sandbox_calls",
    METADATA,
    Column("tenant", String(63), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("market", String(40), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked", String(16), nullable=False),
    Column("failure", String(60)),
    Column("given", Text, nullable=False),
    Column("effect", Text, nullable=False),
    UniqueConstraint("tenant", "market", "subject", "number", name="sandbox_calls_number"),
)

Effect = Mapping[str, Any]
"""What a call changed, as plain JSON, without anything that the customer wrote."""


def open_store(database: Database) -> None:
    """Bring the tables to their newest version.

    Raises:
        StorageError, UnavailableError: the database refused.
    """
    migrate(database, ROOM, MIGRATIONS, METADATA)


def effects(database: Database, tenant: TenantId, market: MarketId, subject: SubjectId) -> list[Effect]:
    """What was changed for a customer, in order."""
    with database.read_as(tenant) as rows:
        return _effects(rows, market, subject)


def once(
    database: Database,
    call: Call,
    subject: SubjectId,
    asked: str,
    do: Callable[[Sequence[Effect]], tuple[Result, Effect]],
) -> Result | None:
    """Do a call and remember it in one transaction; the remembered result where its key was used before.

    Args:
        asked: a hash of action and arguments.
        do: given what was changed before, says what comes of the call; not called for a key that was used.

    Returns:
        None where the key was used for something else.
    """
    with database.write_as(call.tenant) as rows:
        found = rows.select(select(CALLS).where(CALLS.c.key == call.key))
        if found:
            known = found[0]
            if known.asked != asked:
                return None
            return Result(json.loads(known.given), known.failure)
        before = _effects(rows, call.market, subject)
        result, effect = do(before)
        row = {
            "key": call.key,
            "market": call.market,
            "subject": subject,
            "number": len(before) + 1,
            "asked": asked,
            "failure": result.failure,
            "given": json.dumps(dict(result.values), ensure_ascii=False),
            "effect": json.dumps(dict(effect), ensure_ascii=False),
        }
        rows.insert(insert(CALLS), [row])
        return result


def forget(database: Database, tenant: TenantId, subject: SubjectId) -> int:
    """Remove what was done for a customer; returns how many calls."""
    with database.write_as(tenant) as rows:
        return rows.change(delete(CALLS).where(CALLS.c.subject == subject))


def _effects(rows: Scoped, market: MarketId, subject: SubjectId) -> list[Effect]:
    found = rows.select(
        select(CALLS.c.effect)
        .where(CALLS.c.market == market, CALLS.c.subject == subject)
        .order_by(CALLS.c.number)
    )
    return [json.loads(row.effect) for row in found]
