"""What the journal holds of conversations: each message, understanding, decision, action call and hand-off."""

from __future__ import annotations

from typing import Annotated, Any

from tradewind.journal.model import Body, Personal


class Began(Body, kind="conversation.began"):
    """The entry's subject began a conversation."""

    conversation: str
    channel: str
    language: str


class Said(Body, kind="conversation.message"):
    """A message, in the order of its number.

    Args:
        author: `customer`, `assistant`, `agent` or `system`; `agent` says which agent.
        reply: key of the pack's reply, or `document` that was quoted, where the assistant speaks.
        note: for agents only.
    """

    conversation: str
    number: int
    author: str
    text: Annotated[str | None, Personal] = None
    language: str | None = None
    client_id: str | None = None
    reply: str | None = None
    document: str | None = None
    agent: str | None = None
    note: bool = False


class Understood(Body, kind="conversation.understood"):
    """What the model said of message `number`: intents with probabilities; `entities` is JSON."""

    conversation: str
    number: int
    language: str
    intents: list[tuple[str, float]]
    in_scope: bool
    scope_score: float
    sentiment: float
    urgency: float
    entities: Annotated[str | None, Personal] = None


class Decided(Body, kind="conversation.decided"):
    """What the dialogue did with message `number`, or with `event`, step by step; `values` is JSON, a value a step."""

    conversation: str
    number: int
    event: str
    steps: list[dict[str, Any]]
    values: Annotated[str | None, Personal] = None


class Acted(Body, kind="conversation.action"):
    """The assistant called an action of the business; `values` is JSON: what was given and what came back.

    Args:
        failure: a word of the action, or `unavailable`; None where it was done. attempts: how often it was tried.
    """

    conversation: str
    number: int
    action: str
    flow: str | None = None
    step: str | None = None
    why: str = ""
    failure: str | None = None
    attempts: int = 1
    values: Annotated[str | None, Personal] = None


class HandedOff(Body, kind="conversation.handed_off"):
    """A person must take over: why, with which skill, how urgently, and by when one should have answered."""

    conversation: str
    reason: str
    skill: str | None
    priority: int
    due: str
    language: str


class Taken(Body, kind="conversation.taken"):
    """An agent took the conversation, so many seconds after it was handed off."""

    conversation: str
    agent: str
    waited_s: float


class Released(Body, kind="conversation.released"):
    """An agent gave the conversation back: to the queue (`to: queue`, perhaps for a `skill`) or to the assistant."""

    conversation: str
    agent: str
    to: str
    skill: str | None = None


class Resolved(Body, kind="conversation.resolved"):
    """The matter is done, by an agent or by the assistant."""

    conversation: str
    by: str
    agent: str | None = None


class Rated(Body, kind="conversation.rated"):
    """How satisfied the customer was, 1 to 5."""

    conversation: str
    rating: int
    agent: str | None = None
