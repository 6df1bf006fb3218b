"""What is kept of a conversation, what is to be written of a turn, and what a turn needs of the other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from tradewind.assistant.dialogue.model import Event, Outcome, Scene, State
from tradewind.assistant.model import ConversationId, Language, Message, Party
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.model import Body

MAX_TEXT = 4_000
"""Characters of a message: more is no message but a document."""


class Status(StrEnum):
    """Whose turn it is: the assistant's, nobody's yet, a person's; or it is done until the customer writes again."""

    OPEN = "open"
    QUEUED = "queued"
    TAKEN = "taken"
    RESOLVED = "resolved"


class Talker(Protocol):
    """Carries a conversation on. Called in a worker thread; several at once."""

    def turn(self, state: State, event: Event, scene: Scene) -> Outcome:
        """What comes of an event, in a state, at a scene."""
        ...


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it stands.

    Args:
        version: rises with each change; who changes an older one is refused.
        last: number of its newest message; 0 before the first.
        channel: where the customer writes: `web`, `email`, `terminal`, …
        key: what the channel calls it; one conversation a key.
        reason, skill, priority: of the hand-off that is open; see `HandOff`.
        queued, due: since when it waits for a person, and by when one should have answered, UTC.
        answered: when a person first answered since it was queued.
        agent: who has taken it.
        rating: how satisfied the customer was, 1 to 5.
        wake: when a silence should be noticed.
    """

    id: ConversationId
    tenant: TenantId
    region: RegionId
    market: MarketId
    subject: SubjectId
    language: Language
    channel: str
    created: datetime
    updated: datetime
    status: Status = Status.OPEN
    version: int = 0
    last: int = 0
    key: str | None = None
    reason: str | None = None
    skill: str | None = None
    priority: int = 0
    queued: datetime | None = None
    due: datetime | None = None
    answered: datetime | None = None
    agent: str | None = None
    rating: int | None = None
    wake: datetime | None = None

    @property
    def party(self) -> Party:
        """Whose it is."""
        return Party(self.tenant, self.market, self.subject, self.language)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of a conversation beyond its messages. Personal: kept sealed.

    Args:
        profile: what the business says of the customer, for conditions and product matching.
    """

    state: State = field(default_factory=State)
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A conversation with its memory, as read.

    Args:
        memory: None where the keys of the customer were destroyed.
        repeated: messages that came of the message with the same client's id, if it was received before.
    """

    conversation: Conversation
    memory: Memory | None
    repeated: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A change to be written: the conversation afterwards, its new messages in order, and what is recorded."""

    conversation: Conversation
    memory: Memory
    messages: tuple[Message, ...]
    bodies: tuple[Body, ...]


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who takes conversations.

    Args:
        id: of the member or key.
        name: as customers read it.
        languages, skills: of which conversations they take; all where empty.
        seen: when they last looked at the inbox; None once they said that they are away.
    """

    id: str
    name: str
    languages: frozenset[Language] = frozenset()
    skills: frozenset[str] = frozenset()
    seen: datetime | None = None

    def may_take(self, conversation: Conversation) -> bool:
        """Whether they speak its language and have the skill that it needs."""
        language = conversation.language.partition("-")[0]
        speaks = not self.languages or any(each.partition("-")[0] == language for each in self.languages)
        return speaks and (conversation.skill is None or not self.skills or conversation.skill in self.skills)
