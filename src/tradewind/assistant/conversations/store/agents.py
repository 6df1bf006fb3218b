"""Agents and their canned replies in the control database: they are about no customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from tradewind.assistant.conversations.model import Agent
from tradewind.assistant.conversations.store import MIGRATIONS, text_of
from tradewind.assistant.model import Language
from tradewind.journal.databases import Database, Scoped, migrate

METADATA = MetaData()

AGENTS = Table(
    "conversation_agents",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("id", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("languages", Text, nullable=False),
    Column("skills", Text, nullable=False),
    Column("seen", String(32)),
    PrimaryKeyConstraint("tenant", "id"),
)
CANNED = Table(
    "conversation_canned",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("name", String(64), nullable=False),
    Column("texts", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "name"),
)


def open_control(database: Database) -> None:
    """Bring the control database's tables of this room to their newest version."""
    migrate(database, "conversations", MIGRATIONS / "control", METADATA)


def put_agent(tables: Scoped, agent: Agent) -> None:
    """Keep an agent as given."""
    row = {
        "name": agent.name,
        "languages": json.dumps(sorted(agent.languages)),
        "skills": json.dumps(sorted(agent.skills)),
        "seen": None if agent.seen is None else text_of(agent.seen),
    }
    if not tables.change(update(AGENTS).where(AGENTS.c.id == agent.id).values(**row)):
        tables.insert(insert(AGENTS), [{"id": agent.id, **row}])


def agents(tables: Scoped) -> list[Agent]:
    """All agents of the tenant, by name."""
    return [_agent(row) for row in tables.select(select(AGENTS).order_by(AGENTS.c.name))]


def agent(tables: Scoped, id: str) -> Agent | None:
    """One of them."""
    found = tables.select(select(AGENTS).where(AGENTS.c.id == id))
    return _agent(found[0]) if found else None


def put_canned(tables: Scoped, name: str, texts: Mapping[str, str]) -> None:
    """Keep a canned reply: its texts by language."""
    content = json.dumps(dict(texts), ensure_ascii=False)
    if not tables.change(update(CANNED).where(CANNED.c.name == name).values(texts=content)):
        tables.insert(insert(CANNED), [{"name": name, "texts": content}])


def forget_canned(tables: Scoped, name: str) -> bool:
    """Drop a canned reply; whether there was one."""
    return tables.change(delete(CANNED).where(CANNED.c.name == name)) > 0


def canned(tables: Scoped) -> dict[str, dict[str, str]]:
    """All canned replies by name, their texts by language."""
    rows = tables.select(select(CANNED).order_by(CANNED.c.name))
    return {row.name: json.loads(row.texts) for row in rows}


def _agent(row: Any) -> Agent:
    return Agent(
        row.id,
        row.name,
        frozenset(Language(each) for each in json.loads(row.languages)),
        frozenset(json.loads(row.skills)),
        None if row.seen is None else datetime.fromisoformat(row.seen),
    )
