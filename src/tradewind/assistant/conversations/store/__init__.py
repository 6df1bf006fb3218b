"""Conversations and messages in each region's database, and how they are reached.

What a turn changes is written in the transaction of its journal entries (`ROWS`), never without them. Personal words
are sealed before they come here. Times are ISO 8601 text in UTC, so that they sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    tuple_,
)

from tradewind.assistant.conversations.model import Conversation, Status
from tradewind.assistant.model import ConversationId, Language
from tradewind.core.errors import BusyError, TradewindError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database, Scoped, migrate

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MESSAGES_A_STATEMENT = 64
CONVERSATIONS_A_STATEMENT = 32

METADATA = MetaData()

CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("id", String(128), nullable=False),
    Column("market", String(40), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("created", String(32), nullable=False),
    Column("updated", String(32), nullable=False),
    Column("status", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("key", String(255)),
    Column("reason", String(64)),
    Column("skill", String(64)),
    Column("priority", Integer, nullable=False),
    Column("queued", String(32)),
    Column("due", String(32)),
    Column("answered", String(32)),
    Column("agent", String(64)),
    Column("rating", Integer),
    Column("wake", String(32)),
    Column("memory", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "id"),
)
Index("conversations_key", CONVERSATIONS.c.tenant, CONVERSATIONS.c.key, unique=True)
Index("conversations_subject", CONVERSATIONS.c.tenant, CONVERSATIONS.c.subject)
Index(
    "conversations_status", CONVERSATIONS.c.tenant, CONVERSATIONS.c.status, CONVERSATIONS.c.updated
)  # fmt: skip
Index("conversations_wake", CONVERSATIONS.c.wake)

MESSAGES = Table(
    "conversation_messages",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("number", Integer, nullable=False),
    Column("id", String(32), nullable=False),
    Column("author", String(16), nullable=False),
    Column("at", String(32), nullable=False),
    Column("language", String(35)),
    Column("client_id", String(128)),
    Column("agent", String(64)),
    Column("note", Boolean, nullable=False),
    Column("until", Integer, nullable=False),
    Column("content", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "conversation", "number"),
)
Index(
    "conversation_messages_client",
    MESSAGES.c.tenant,
    MESSAGES.c.conversation,
    MESSAGES.c.author,
    MESSAGES.c.client_id,
    unique=True,
)

_OF_CONVERSATION = tuple(column.name for column in CONVERSATIONS.columns)
_OF_MESSAGE = tuple(column.name for column in MESSAGES.columns)


def open_region(database: Database) -> None:
    """Bring a region's tables of this room to their newest version."""
    migrate(database, "conversations", MIGRATIONS / "region", METADATA)


def text_of(moment: datetime) -> str:
    """A moment as it is stored: 2026-11-25T03:10:00.000000+00:00."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class MessageRow(NamedTuple):
    """A message as it is stored; `content` is sealed. `until` is the last message of its turn."""

    number: int
    id: str
    author: str
    at: str
    language: str | None
    client_id: str | None
    agent: str | None
    note: bool
    until: int
    content: str


class Change(NamedTuple):
    """What a turn writes. `before` is the version that it was made from, 0 for a new conversation."""

    conversation: Conversation
    memory: str
    messages: Sequence[MessageRow]
    before: int


class StaleError(BusyError):
    """The conversation went on meanwhile, in another process: read it again."""


class Rows:
    """Writes changes in the journal's transaction; the journal's `Beside`."""

    def refused(self, connection: Connection, rows: Sequence[Change]) -> list[TradewindError | None]:
        """Those whose conversation went on since it was read."""
        names = sorted({(change.conversation.tenant, change.conversation.id) for change in rows})
        table = CONVERSATIONS.c
        wanted = select(table.tenant, table.id, table.version).where(
            tuple_(table.tenant, table.id).in_(names)
        )
        if connection.dialect.name == "postgresql":
            wanted = wanted.order_by(table.tenant, table.id).with_for_update()
        versions = {(row.tenant, row.id): row.version for row in connection.execute(wanted)}
        taken = _taken_keys(connection, rows)
        answers: list[TradewindError | None] = []
        for change in rows:
            own = change.conversation
            name, key = (own.tenant, own.id), (own.tenant, own.key)
            is_new = change.before == 0 and own.key is not None
            if versions.get(name, 0) != change.before or (is_new and key in taken):
                answers.append(StaleError("the conversation went on meanwhile", hint="read it again"))
                continue
            versions[name] = own.version
            taken.add(key)
            answers.append(None)
        return answers

    def write(self, connection: Connection, rows: Sequence[Change]) -> None:
        """Few statements for all: at each the driver gives up the interpreter."""
        conversations = [_conversation_row(change) for change in rows]
        messages = [
            (change.conversation.tenant, change.conversation.id, *message)
            for change in rows
            for message in change.messages
        ]
        changed = [name for name in _OF_CONVERSATION if name not in ("tenant", "id")]
        settled = ", ".join(f"{_quoted(name)} = excluded.{_quoted(name)}" for name in changed)
        _insert(
            connection,
            "conversations",
            _OF_CONVERSATION,
            conversations,
            CONVERSATIONS_A_STATEMENT,
            f" ON CONFLICT (tenant, id) DO UPDATE SET {settled}",
        )
        _insert(connection, "conversation_messages", _OF_MESSAGE, messages, MESSAGES_A_STATEMENT, "")


ROWS = Rows()


def _taken_keys(connection: Connection, rows: Sequence[Change]) -> set[tuple[str, str | None]]:
    """Which keys of new conversations belong to others already."""
    table = CONVERSATIONS.c
    keys = [
        (each.conversation.tenant, each.conversation.key)
        for each in rows
        if each.before == 0 and each.conversation.key is not None
    ]
    if not keys:
        return set()
    if connection.dialect.name == "postgresql":  # a row that is not there yet cannot be locked
        for tenant, key in sorted(keys):
            connection.execute(
                select(func.pg_advisory_xact_lock(func.hashtext(f"conversation {tenant} {key}")))
            )
    wanted = select(table.tenant, table.key).where(tuple_(table.tenant, table.key).in_(keys))
    return {(row.tenant, row.key) for row in connection.execute(wanted)}


def _quoted(name: str) -> str:
    return f'"{name}"'


def _insert(
    connection: Connection,
    table: str,
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    a_statement: int,
    then: str,
) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    one = f"({', '.join([mark] * len(names))})"
    into = f"INSERT INTO {table} ({', '.join(map(_quoted, names))}) VALUES "
    for start in range(0, len(rows), a_statement):
        part = rows[start : start + a_statement]
        values = tuple(value for row in part for value in row)
        connection.exec_driver_sql(into + ", ".join([one] * len(part)) + then, values)


def _conversation_row(change: Change) -> tuple[Any, ...]:
    own = change.conversation
    return (
        own.tenant, own.id, own.market, own.subject, own.language, own.channel, text_of(own.created),
        text_of(own.updated), str(own.status), own.version, own.last, own.key, own.reason, own.skill, own.priority,
        _text(own.queued), _text(own.due), _text(own.answered), own.agent, own.rating, _text(own.wake), change.memory,
    )  # fmt: skip


# --- reading


def conversation(tables: Scoped, region: RegionId, id: str) -> tuple[Conversation, str] | None:
    """A conversation and its sealed memory; None where the tenant has none of this id."""
    found = tables.select(select(CONVERSATIONS).where(CONVERSATIONS.c.id == id))
    return (_conversation(found[0], region), found[0].memory) if found else None


def of_key(tables: Scoped, region: RegionId, key: str) -> Conversation | None:
    """The conversation that a channel calls so."""
    found = tables.select(select(CONVERSATIONS).where(CONVERSATIONS.c.key == key))
    return _conversation(found[0], region) if found else None


def of_subject(tables: Scoped, region: RegionId, subject: SubjectId) -> list[tuple[Conversation, str]]:
    """A person's conversations with their sealed memories, oldest first."""
    wanted = select(CONVERSATIONS).where(CONVERSATIONS.c.subject == subject).order_by(CONVERSATIONS.c.created)
    return [(_conversation(row, region), row.memory) for row in tables.select(wanted)]


def with_status(
    tables: Scoped, region: RegionId, statuses: Sequence[Status], *, limit: int, newest_first: bool = False
) -> list[Conversation]:
    """Conversations of some statuses, in the order in which they last changed."""
    order = CONVERSATIONS.c.updated.desc() if newest_first else CONVERSATIONS.c.updated
    wanted = select(CONVERSATIONS).where(CONVERSATIONS.c.status.in_([str(each) for each in statuses]))
    return [_conversation(row, region) for row in tables.select(wanted.order_by(order).limit(limit))]


def messages(
    tables: Scoped, id: str, *, after: int = 0, until: int | None = None, notes: bool = True, limit: int
) -> list[MessageRow]:
    """A conversation's messages in their order, those after a number."""
    wanted = _messages(id).where(MESSAGES.c.number > after)
    if until is not None:
        wanted = wanted.where(MESSAGES.c.number <= until)
    if not notes:
        wanted = wanted.where(MESSAGES.c.note.is_(False))
    return [_message(row) for row in tables.select(wanted.order_by(MESSAGES.c.number).limit(limit))]


def of_client(tables: Scoped, id: str, author: str, client_id: str) -> MessageRow | None:
    """The message that its sender called so."""
    wanted = _messages(id).where(MESSAGES.c.author == author, MESSAGES.c.client_id == client_id)
    found = tables.select(wanted)
    return _message(found[0]) if found else None


def versions(tables: Scoped, ids: Sequence[str]) -> dict[str, int]:
    """The versions of conversations, for those who follow them."""
    wanted = select(CONVERSATIONS.c.id, CONVERSATIONS.c.version).where(CONVERSATIONS.c.id.in_(ids))
    return {row.id: int(row.version) for row in tables.select(wanted)}


def waking(database: Database, now: datetime, limit: int) -> list[tuple[TenantId, ConversationId]]:
    """Conversations of all tenants in which a silence should be noticed by now: their names, nothing else."""
    wanted = select(CONVERSATIONS.c.tenant, CONVERSATIONS.c.id).where(CONVERSATIONS.c.wake <= text_of(now))
    with database.read() as connection:
        rows = connection.execute(wanted.order_by(CONVERSATIONS.c.wake).limit(limit))
        return [(TenantId(row.tenant), ConversationId(row.id)) for row in rows]


def forget(tables: Scoped, subject: SubjectId) -> int:
    """Delete a person's conversations with all messages; how many rows."""
    ids = [
        row.id for row in tables.select(select(CONVERSATIONS.c.id).where(CONVERSATIONS.c.subject == subject))
    ]
    gone = sum(tables.change(delete(MESSAGES).where(MESSAGES.c.conversation == id)) for id in ids)
    return gone + tables.change(delete(CONVERSATIONS).where(CONVERSATIONS.c.subject == subject))


def _messages(id: str) -> Select[Any]:
    return select(MESSAGES).where(MESSAGES.c.conversation == id)


def _message(row: Any) -> MessageRow:
    return MessageRow(
        row.number, row.id, row.author, row.at, row.language, row.client_id, row.agent, bool(row.note), row.until,
        row.content,
    )  # fmt: skip


def _conversation(row: Any, region: RegionId) -> Conversation:
    return Conversation(
        id=ConversationId(row.id),
        tenant=TenantId(row.tenant),
        region=region,
        market=MarketId(row.market),
        subject=SubjectId(row.subject),
        language=Language(row.language),
        channel=row.channel,
        created=datetime.fromisoformat(row.created),
        updated=datetime.fromisoformat(row.updated),
        status=Status(row.status),
        version=row.version,
        last=row.last,
        key=row.key,
        reason=row.reason,
        skill=row.skill,
        priority=row.priority,
        queued=_moment(row.queued),
        due=_moment(row.due),
        answered=_moment(row.answered),
        agent=row.agent,
        rating=row.rating,
        wake=_moment(row.wake),
    )


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else text_of(moment)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
