"""What is kept of threads and deliveries, and what a channel must do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId

EVENTS = (
    "conversation.began",
    "conversation.message",
    "conversation.handed_off",
    "conversation.taken",
    "conversation.released",
    "conversation.resolved",
    "conversation.rated",
)
"""Kinds of entries that webhooks tell."""


class State(StrEnum):
    """Of a delivery: it waits (or is being tried), it arrived, or it was given up: a dead letter."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program that is told what happens in the conversations of one region.

    Args:
        url: where it is told. events: kinds of entries, see `EVENTS`.
        created: it is told what was recorded from then on.
    """

    id: str
    tenant: TenantId
    region: RegionId
    url: str
    events: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation that is carried on over a channel: whatever is said in it goes out there.

    Args:
        channel: kind and account: `email:support`.
        after: messages with a higher number go out; those before were said before anybody wrote.
        peer: sealed: where the customer is reached, as JSON that the channel reads.
    """

    conversation: str
    channel: str
    market: MarketId
    subject: SubjectId
    after: int
    peer: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Something that must reach somebody.

    Args:
        id: the same whenever it is tried: receivers tell repetitions by it.
        route: `webhook:ID`, or the channel of a thread.
        conversation: deliveries of one route and conversation go out one after the other.
        number: of the message; None for what is no message.
        reply: key of a reply that is sent in place of a message.
        lane, sequence: the journal's entry that it tells of; 0 for none.
        attempts: how often it was tried.
        order_us: when what it tells of was recorded, microseconds since 1970.
        next: when it is tried again, while it waits. error: why it failed last.
    """

    id: str
    route: str
    conversation: str
    kind: str
    number: int | None
    reply: str | None
    lane: int
    sequence: int
    order_us: int
    state: State = State.WAITING
    attempts: int = 0
    next: datetime | None = None
    error: str | None = None


class GivenUp(Exception):
    """It cannot be delivered, however often it is tried. Nobody but the outbox sees this."""


class Later(Exception):
    """It cannot be delivered now; `after_s` says when the receiver would like to be asked again."""

    def __init__(self, message: str, *, after_s: float | None = None) -> None:
        self.after_s = after_s
        super().__init__(message)


class Sender(Protocol):
    """Brings deliveries of its routes to their receivers."""

    def serves(self, route: str) -> bool:
        """Whether the route is one of its own."""
        ...

    def send(
        self, tenant: TenantId, region: RegionId, deliveries: Sequence[Delivery]
    ) -> AsyncIterator[Delivery]:
        """Deliver in the order given, all of one route and one conversation; yields each that has arrived.

        Raises:
            GivenUp: the first of them that was not delivered cannot be at all. Later: it cannot be now.
        """
        ...
