"""What passes between the assistant's parts: understandings, answers, what is to be said, and who said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType, Protocol

from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.nlp.model import Floats

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
Language = NewType("Language", str)
"""A language tag as markets and packs write it: "en", "zh", "pt-BR"."""


class Author(StrEnum):
    """Who wrote a message. `SYSTEM` tells both sides what is happening: "an agent has joined"."""

    CUSTOMER = "customer"
    ASSISTANT = "assistant"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Intent:
    """Something that the customer may want, with its calibrated probability."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a message that names something.

    Args:
        type: `amount`, `date`, `card`, `account`, `person`, `product` … as the pack names it.
        start, end: characters of the text, end excluded.
        value: what it means, as plain JSON: an amount is `{"minor": 12000, "currency": "EUR"}`, a date "2026-11-25".
            None where the words could not be read.
    """

    type: str
    text: str
    start: int
    end: int
    value: Any = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one pass of the model says of a message.

    Args:
        intents: all that are asked for, in the order of the text; empty where the message is out of scope.
        sentiment: from -1 (angry) to 1 (pleased).
        urgency: from 0 to 1.
        vector: float32 [H]; None where the model was asked for none.
    """

    language: Language
    intents: tuple[Intent, ...]
    in_scope: bool
    scope_score: float
    entities: tuple[Entity, ...] = ()
    sentiment: float = 0.0
    urgency: float = 0.0
    vector: Floats | None = field(default=None, repr=False, compare=False)

    @property
    def confidence(self) -> float:
        """The probability of the first intent; 0 without one."""
        return self.intents[0].probability if self.intents else 0.0


class Understander(Protocol):
    """Reads messages. Synchronous and safe to call from several threads."""

    def understand(
        self, texts: Sequence[str], market: MarketId, *, languages: Sequence[Language | None] = ()
    ) -> list[Understanding]:
        """One understanding a text, in order; `languages` are what is known of each already."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document of the business, word for word.

    Args:
        document: its id; `language` is the passage's own.
        link: where a reader finds it.
    """

    document: str
    title: str
    text: str
    language: Language
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A passage that answers a question, with the probability that it does."""

    passage: Passage
    probability: float


class Knowledge(Protocol):
    """Answers from the documents of the business."""

    def answer(
        self, question: str, market: MarketId, language: Language, *, vector: Floats | None = None
    ) -> Answer | None:
        """The best passage, or None where no document is sure enough to answer."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product that suits, why, and what the law of the market wants said with it.

    Args:
        reasons, disclosures: keys of replies with their values, see `Say`.
    """

    product: str
    score: float
    reasons: tuple[Say, ...] = ()
    disclosures: tuple[Say, ...] = ()

    @property
    def say(self) -> Say:
        """The suggestion in one text, `product_suggestion`, so that nothing parts it from its disclosures."""
        return Say(
            "product_suggestion",
            {
                "product": self.product,
                "reasons": [reason.value for reason in self.reasons],
                "disclosures": [disclosure.value for disclosure in self.disclosures],
            },
        )


class Recommender(Protocol):
    """What people like this one took up, learned from behaviour."""

    def score(self, subject: SubjectId, products: Sequence[str], market: MarketId) -> Sequence[float] | None:
        """How much each product suits the person, from 0 to 1; None where nothing is known of them."""
        ...


class Products(Protocol):
    """Matches the catalogue to a need."""

    def match(
        self,
        need: str,
        profile: Mapping[str, Any],
        market: MarketId,
        *,
        vector: Floats | None = None,
        limit: int = 3,
    ) -> list[Suggestion]:
        """The products that the person may have, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: `title` is a key of a reply, or words in `text`; pressing it sends `payload`."""

    payload: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Something to be said: the key of a reply of the pack with its values, or a quoted passage.

    Args:
        key: message id in the pack's Fluent files.
        values: plain JSON; money, dates and the like are written as entities' values are and formatted by market;
            `{"reply": key, "values": {…}}` is another reply within this one. `link` is where the reply leads.
        quote: words of a document, said as they stand.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    quote: Passage | None = None

    @property
    def value(self) -> Mapping[str, Any]:
        """This as a value of another reply."""
        return {"reply": self.key, "values": self.values}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the customer reads.

    Args:
        language: the language in which the words were found, after the chain of fallbacks.
    """

    key: str
    text: str
    language: Language
    choices: tuple[tuple[str, str], ...] = ()
    link: str | None = None
    link_title: str | None = None


class Replies(Protocol):
    """Turns what is to be said into words."""

    def render(self, say: Say, market: MarketId, language: Language) -> Reply:
        """The reply in the language, or in the next of the chain that has it."""
        ...


@dataclass(frozen=True, slots=True)
class HandOff:
    """That a person must take over.

    Args:
        reason: `requested`, `not_understood`, `anger`, `risk`, `rule` or `failure`.
        skill: which agents may take it; any when None.
        priority: 0 (can wait) to 3 (at once).
    """

    reason: str
    skill: str | None = None
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Args:
        number: its place in the conversation, from 1, without a gap.
        client_id: what the sender called it: sending it again changes nothing.
        choices: buttons, as (payload, title).
        note: seen by agents only.
    """

    id: MessageId
    conversation: ConversationId
    number: int
    author: Author
    text: str
    at: datetime
    language: Language | None = None
    client_id: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    link: str | None = None
    link_title: str | None = None
    agent: str | None = None
    note: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Whose conversation it is, and where."""

    tenant: TenantId
    market: MarketId
    subject: SubjectId | None
    language: Language | None = None
