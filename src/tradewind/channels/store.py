"""Webhooks, threads and deliveries in each region's database: nothing leaves the region but to who was named there.

Addresses of customers are sealed before they come here; what is delivered is read from the conversation or the
journal when it is sent, so that no copy outlives an erasure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from tradewind.channels.model import Delivery, State, Thread, Webhook
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database, Scoped, migrate, one_at_a_time
from tradewind.journal.encode import microseconds as to_us
from tradewind.journal.encode import moment as from_us

MIGRATIONS = Path(__file__).parent / "migrations"
MAX_ERROR = 500
CLAIMED = 20
"""Deliveries that are taken at once: all of them must be tried before the lease ends."""

T = TypeVar("T")

METADATA = MetaData()
NO_TABLES = MetaData()
"""Of the reading that makes deliveries: it keeps them in tables that no rebuilding throws away."""

WEBHOOKS = Table(
    "channel_webhooks",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("id", String(32), nullable=False),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "id"),
)
THREADS = Table(
    "channel_threads",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("market", String(40), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("after", Integer, nullable=False),
    Column("peer", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "conversation"),
)
Index("channel_threads_subject", THREADS.c.tenant, THREADS.c.subject)

MARKS = Table(
    "channel_marks",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("channel", String(80), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("number", Integer),
    Column("at_us", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "channel", "digest"),
)
"""What the channel calls a message that came (`number` is None) or went out."""
Index("channel_marks_subject", MARKS.c.tenant, MARKS.c.subject)

DELIVERIES = Table(
    "channel_deliveries",
    METADATA,
    Column("tenant", String(63), nullable=False),
    Column("id", String(32), nullable=False),
    Column("route", String(80), nullable=False),
    Column("conversation", String(128), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("number", Integer),
    Column("reply", String(100)),
    Column("lane", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("order_us", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_us", BigInteger, nullable=False),
    Column("lease_us", BigInteger, nullable=False),
    Column("owner", String(32)),
    Column("error", String(MAX_ERROR)),
    PrimaryKeyConstraint("tenant", "id"),
)
Index("channel_deliveries_state", DELIVERIES.c.tenant, DELIVERIES.c.state, DELIVERIES.c.next_us)
Index("channel_deliveries_conversation", DELIVERIES.c.tenant, DELIVERIES.c.conversation)
Index("channel_deliveries_route", DELIVERIES.c.tenant, DELIVERIES.c.route, DELIVERIES.c.order_us)


def open_region(database: Database) -> None:
    """Bring a region's tables of this room to their newest version."""
    migrate(database, "channels", MIGRATIONS, METADATA)


def change(database: Database, tenant: TenantId, act: Callable[[Scoped], T]) -> T:
    """Change a tenant's rows; once more where another process was quicker to insert the same."""
    try:
        with database.write_as(tenant) as scoped:
            return act(scoped)
    except IntegrityError:
        with database.write_as(tenant) as scoped:
            return act(scoped)


# --- webhooks


def add_webhook(scoped: Scoped, webhook: Webhook) -> None:
    """Keep a webhook."""
    row = {"id": webhook.id, "url": webhook.url, "events": json.dumps(webhook.events)}
    scoped.insert(insert(WEBHOOKS), [{**row, "created_us": to_us(webhook.created)}])


def webhooks(scoped: Scoped, region: RegionId) -> list[Webhook]:
    """The tenant's webhooks of a region, oldest first."""
    found = scoped.select(select(WEBHOOKS).order_by(WEBHOOKS.c.id))
    return [
        Webhook(
            row.id, scoped.tenant, region, row.url, tuple(json.loads(row.events)), from_us(row.created_us)
        )
        for row in found
    ]


def remove_webhook(scoped: Scoped, webhook: str) -> bool:
    """Forget a webhook with its deliveries; False where there was none."""
    scoped.change(delete(DELIVERIES).where(DELIVERIES.c.route == f"webhook:{webhook}"))
    return scoped.change(delete(WEBHOOKS).where(WEBHOOKS.c.id == webhook)) > 0


# --- threads and marks


def put_thread(scoped: Scoped, thread: Thread) -> None:
    """Keep a thread, or where its customer is reached from now on."""
    same = THREADS.c.conversation == thread.conversation
    if scoped.change(update(THREADS).where(same).values(peer=thread.peer)):
        return
    row = {"conversation": thread.conversation, "channel": thread.channel, "market": thread.market}
    more = {"subject": thread.subject, "after": thread.after, "peer": thread.peer}
    scoped.insert(insert(THREADS), [row | more])


def threads(scoped: Scoped, conversations: Collection[str]) -> dict[str, Thread]:
    """Those of the conversations that are carried on over a channel."""
    wanted = select(THREADS).where(THREADS.c.conversation.in_(sorted(conversations)))
    return {
        row.conversation: Thread(
            row.conversation, row.channel, MarketId(row.market), SubjectId(row.subject), row.after, row.peer
        )
        for row in scoped.select(wanted)
    }


def add_mark(
    scoped: Scoped, channel: str, digest: bytes, thread: Thread, number: int | None, now: datetime
) -> None:
    """Remember what the channel calls a message; nothing happens where it is known."""
    if mark(scoped, channel, [digest]) is None:
        row = {"channel": channel, "digest": digest, "conversation": thread.conversation}
        scoped.insert(
            insert(MARKS), [{**row, "subject": thread.subject, "number": number, "at_us": to_us(now)}]
        )


def mark(scoped: Scoped, channel: str, digests: Sequence[bytes]) -> tuple[str, int | None] | None:
    """Conversation and number of the last of the messages that is known."""
    wanted = select(MARKS).where(MARKS.c.channel == channel, MARKS.c.digest.in_(digests))
    known = {bytes(row.digest): row for row in scoped.select(wanted)}
    found = next((known[digest] for digest in reversed(digests) if digest in known), None)
    return None if found is None else (found.conversation, found.number)


def came(scoped: Scoped, channel: str, subject: SubjectId, since: datetime) -> int:
    """How many messages of a person came over a channel since then."""
    wanted = select(func.count()).select_from(MARKS).where(
        MARKS.c.channel == channel,
        MARKS.c.subject == subject,
        MARKS.c.number.is_(None),
        MARKS.c.at_us >= to_us(since),
    )  # fmt: skip
    return int(scoped.select(wanted)[0][0])


def of_subject(scoped: Scoped, subject: SubjectId) -> list[Thread]:
    """A person's threads."""
    ids = scoped.select(select(THREADS.c.conversation).where(THREADS.c.subject == subject))
    return list(threads(scoped, [row.conversation for row in ids]).values())


def forget(scoped: Scoped, subject: SubjectId) -> int:
    """Delete a person's threads, marks and deliveries; how many rows."""
    gone = 0
    for thread in of_subject(scoped, subject):
        gone += scoped.change(delete(DELIVERIES).where(DELIVERIES.c.conversation == thread.conversation))
    gone += scoped.change(delete(MARKS).where(MARKS.c.subject == subject))
    return gone + scoped.change(delete(THREADS).where(THREADS.c.subject == subject))


# --- deliveries


def add_deliveries(scoped: Scoped, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Have deliveries made, each once."""
    ids = [each.id for each in deliveries]
    known = {row.id for row in scoped.select(select(DELIVERIES.c.id).where(DELIVERIES.c.id.in_(ids)))}
    rows = {
        each.id: {
            "id": each.id, "route": each.route, "conversation": each.conversation, "kind": each.kind,
            "number": each.number, "reply": each.reply, "lane": each.lane, "sequence": each.sequence,
            "order_us": each.order_us, "state": str(State.WAITING), "attempts": 0, "next_us": to_us(now),
            "lease_us": 0,
        }
        for each in deliveries
        if each.id not in known
    }  # fmt: skip
    scoped.insert(insert(DELIVERIES), list(rows.values()))


def waiting_tenants(database: Database) -> list[TenantId]:
    """Who has deliveries that wait."""
    wanted = select(DELIVERIES.c.tenant).where(DELIVERIES.c.state == str(State.WAITING)).distinct()
    with database.read() as connection:
        return [TenantId(row.tenant) for row in connection.execute(wanted)]


def due(scoped: Scoped, now: datetime, limit: int) -> list[tuple[str, str]]:
    """Routes and conversations of which a delivery is due, and none before it waits for later or is being tried."""
    at = to_us(now)
    table = DELIVERIES.c
    wanted = (
        select(table.route, table.conversation)
        .where(table.state == str(State.WAITING))
        .group_by(table.route, table.conversation)
        .having(func.max(table.next_us) <= at, func.max(table.lease_us) <= at)
        .order_by(func.min(table.order_us))
        .limit(limit)
    )
    return [(row.route, row.conversation) for row in scoped.select(wanted)]


def claim(
    database: Database,
    tenant: TenantId,
    route: str,
    conversation: str,
    owner: str,
    now: datetime,
    until: datetime,
) -> list[Delivery]:
    """Take the first of what waits of a route and conversation until then, in its order.

    Nothing is taken while another process holds any of it: what was made meanwhile must not overtake that.
    """
    table = DELIVERIES.c
    waits = (table.route == route, table.conversation == conversation, table.state == str(State.WAITING))
    with database.write() as connection:
        one_at_a_time(connection, f"deliver-{tenant}-{route}-{conversation}")
        scoped = Scoped(connection, tenant)
        if scoped.select(select(table.id).where(*waits, table.lease_us > to_us(now)).limit(1)):
            return []
        first = select(DELIVERIES).where(*waits).order_by(table.order_us, table.sequence).limit(CLAIMED)
        found = [_delivery(row) for row in scoped.select(first)]
        taken = update(DELIVERIES).where(table.id.in_([each.id for each in found]))
        scoped.change(taken.values(owner=owner, lease_us=to_us(until)))
        return found


def sent(scoped: Scoped, owner: str, ids: Collection[str]) -> None:
    """These arrived."""
    _settle(scoped, owner, ids, state=str(State.SENT), error=None)


def failed(
    scoped: Scoped, owner: str, delivery: Delivery, error: str, again: datetime | None, now: datetime
) -> None:
    """One did not arrive: it is tried again then, or given up when None."""
    state = State.DEAD if again is None else State.WAITING
    _settle(
        scoped,
        owner,
        [delivery.id],
        state=str(state),
        attempts=delivery.attempts + 1,
        next_us=to_us(again or now),
        error=error[:MAX_ERROR],
    )


def release(scoped: Scoped, owner: str) -> None:
    """Give back what was taken and is not settled."""
    held = (DELIVERIES.c.owner == owner) & (DELIVERIES.c.state == str(State.WAITING))
    scoped.change(update(DELIVERIES).where(held).values(owner=None, lease_us=0))


def deliveries(
    scoped: Scoped, route: str, state: State | None, *, limit: int, conversation: str | None = None
) -> list[Delivery]:
    """Deliveries of a route, the newest first."""
    wanted = select(DELIVERIES).where(DELIVERIES.c.route == route)
    if state is not None:
        wanted = wanted.where(DELIVERIES.c.state == str(state))
    if conversation is not None:
        wanted = wanted.where(DELIVERIES.c.conversation == conversation)
    order = (DELIVERIES.c.order_us.desc(), DELIVERIES.c.sequence.desc())
    return [_delivery(row) for row in scoped.select(wanted.order_by(*order).limit(limit))]


def revive(scoped: Scoped, route: str, delivery: str | None, now: datetime) -> int:
    """Have dead letters of a route tried again, one or all; how many."""
    dead = (DELIVERIES.c.route == route) & (DELIVERIES.c.state == str(State.DEAD))
    if delivery is not None:
        dead &= DELIVERIES.c.id == delivery
    fresh = {"state": str(State.WAITING), "attempts": 0, "next_us": to_us(now), "lease_us": 0, "owner": None}
    return scoped.change(update(DELIVERIES).where(dead).values(**fresh))


def forget_sent(scoped: Scoped, before: datetime) -> None:
    """Drop deliveries that arrived before then."""
    old = (DELIVERIES.c.state == str(State.SENT)) & (DELIVERIES.c.order_us < to_us(before))
    scoped.change(delete(DELIVERIES).where(old))


def _settle(scoped: Scoped, owner: str, ids: Collection[str], **values: object) -> None:
    held = (DELIVERIES.c.owner == owner) & DELIVERIES.c.id.in_(sorted(ids))
    scoped.change(update(DELIVERIES).where(held).values(owner=None, lease_us=0, **values))


def _delivery(row: Any) -> Delivery:
    return Delivery(
        row.id, row.route, row.conversation, row.kind, row.number, row.reply, row.lane, row.sequence, row.order_us,
        State(row.state), row.attempts, from_us(row.next_us), row.error,
    )  # fmt: skip
