"""The inbox as it is read: who waits, how long they still may, and how a message looks. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tradewind.assistant.conversations.model import Conversation, Status
from tradewind.assistant.model import Author, Message

SOON = timedelta(minutes=2)
REASONS = {
    "requested": "asked for a person",
    "not_understood": "was not understood",
    "anger": "is angry",
    "risk": "speaks of a risk",
    "rule": "a rule of the business",
    "failure": "something failed",
}
PRIORITIES = ("can wait", "normal", "urgent", "at once")
WAITING, YOURS, OTHERS, ASSISTANT, DONE = (
    "Waiting",
    "Yours",
    "With others",
    "With the assistant",
    "Resolved",
)


@dataclass(frozen=True)
class Row:
    """A conversation in the queue.

    Args:
        clock: how long somebody may still take; empty where nobody waits. `look` is its colour.
    """

    conversation: Conversation
    who: str
    why: str
    clock: str = ""
    look: str = ""


@dataclass(frozen=True)
class Heard:
    """What was understood of a message; nothing of it is personal.

    Args:
        intents: with their probabilities, in the order of the text.
        sentiment: from -1 to 1. urgency: from 0 to 1.
    """

    number: int
    language: str
    intents: tuple[tuple[str, float], ...]
    sentiment: float
    urgency: float


Groups = list[tuple[str, list[Row]]]


def groups(conversations: Iterable[Conversation], agent: str, now: datetime) -> Groups:
    """The queue: those who wait first, the most urgent at the top; groups without anybody are left out."""
    found: dict[str, list[Conversation]] = {name: [] for name in (WAITING, YOURS, OTHERS, ASSISTANT, DONE)}
    for each in conversations:
        found[_group(each, agent)].append(each)
    found[WAITING].sort(key=lambda each: (-each.priority, each.due or each.updated))
    return [(name, [row(each, now) for each in those]) for name, those in found.items() if those]


def row(conversation: Conversation, now: datetime) -> Row:
    """One line of the queue."""
    who = f"{conversation.channel} …{conversation.id[-5:]}"
    reason = REASONS.get(conversation.reason or "", conversation.reason or "")
    if conversation.status is Status.QUEUED and conversation.due is not None:
        left = conversation.due - now
        look = "failed" if left < timedelta() else "soon" if left < SOON else "idle"
        why = ", ".join(filter(None, (PRIORITIES[conversation.priority], reason, conversation.skill)))
        return Row(conversation, who, why, left_text(left), look)
    if conversation.status is Status.TAKEN:
        return Row(conversation, who, f"{conversation.agent} · {reason}".strip(" ·"))
    if conversation.rating is not None:
        return Row(conversation, who, "★" * conversation.rating)
    count = conversation.last
    return Row(conversation, who, f"{count} message{'' if count == 1 else 's'}")


def left_text(left: timedelta) -> str:
    """A time that is left, or by how much it is over: "4 min", "late 2 min"."""
    seconds = abs(left.total_seconds())
    if seconds < 60:
        size = f"{seconds:.0f} s"
    elif seconds < 3600:
        size = f"{seconds // 60:.0f} min"
    elif seconds < 172_800:
        size = f"{seconds // 3600:.0f} h"
    else:
        size = f"{seconds // 86_400:.0f} days"
    return f"late {size}" if left < timedelta() else size


def look_of(message: Message) -> str:
    """The classes of a message."""
    if message.note:
        return "ours note"
    return {
        Author.CUSTOMER: "customer",
        Author.ASSISTANT: "ours assistant",
        Author.AGENT: "ours agent",
        Author.SYSTEM: "system",
    }[message.author]


def author_of(message: Message) -> str:
    """Who wrote it, for an agent's eyes."""
    if message.author is Author.AGENT:
        return f"{message.agent or 'agent'}{' · note, not sent' if message.note else ''}"
    return str(message.author)


def safe_link(link: str | None) -> str | None:
    """An address to be clicked: https only, whatever a document says."""
    return link if link is not None and urlsplit(link).scheme == "https" else None


def heard_text(understood: Heard) -> str:
    """What was understood of a message, in a line."""
    parts = [f"{name} {probability:.0%}" for name, probability in understood.intents[:2]]
    return " · ".join([*(parts or ["out of scope"]), mood(understood.sentiment)])


def mood(sentiment: float) -> str:
    """A sentiment from -1 to 1 in a word."""
    if sentiment <= -0.5:
        return "angry"
    return "unhappy" if sentiment < -0.15 else "pleased" if sentiment > 0.3 else "calm"


def _group(conversation: Conversation, agent: str) -> str:
    if conversation.status is Status.QUEUED:
        return WAITING
    if conversation.status is Status.TAKEN:
        return YOURS if conversation.agent == agent else OTHERS
    return DONE if conversation.status is Status.RESOLVED else ASSISTANT


def last_of_customer(messages: Sequence[Message]) -> Message | None:
    """The newest message of the customer that is words, no button."""
    said = (m for m in reversed(messages) if m.author is Author.CUSTOMER and not m.text.startswith("/"))
    return next(said, None)
