"""What tests of the dialogue arrange with: a bank in memory, one conversation, and short ways to say things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tradewind.assistant.actions.model import Call, Result
from tradewind.assistant.dialogue.dialogue import Dialogue
from tradewind.assistant.dialogue.model import (
    Event,
    Heard,
    Outcome,
    Scene,
    State,
    is_payload,
)
from tradewind.assistant.dialogue.reader import value_reader
from tradewind.assistant.flows.book import Book, load_book
from tradewind.assistant.model import (
    Answer,
    ConversationId,
    Entity,
    Intent,
    Language,
    Party,
    Passage,
    Suggestion,
    Understanding,
)
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.markets import load_markets
from tradewind.nlp.model import Floats
from tradewind.packs import load

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MARKETS = load_markets(Path("no-markets-of-ones-own"))


def finance() -> Book:
    """The flows of the finance pack."""
    return load_book(load("finance"))


def usd(dollars: float) -> dict[str, Any]:
    """An amount without a currency, as a customer says it."""
    return {"minor": round(dollars * 100), "currency": None}


class Ledger:
    """A bank that does everything and remembers every call; `fails` says what goes wrong, by action."""

    def __init__(self, **fails: str) -> None:
        self.calls: list[Call] = []
        self.fails = dict(fails)
        self.done: dict[str, Result] = {}

    def call(self, call: Call) -> Result:
        self.calls.append(call)
        if call.key in self.done:
            return self.done[call.key]
        failure = self.fails.get(call.action)
        result = Result(failure=failure) if failure else Result(_GIVES.get(call.action, {}))
        if failure is None:
            self.done[call.key] = result
        return result

    def changed(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The calls that changed something, each key once."""
        found = {call.key: (call.action, call.arguments) for call in self.calls if call.action in CHANGES}
        return list(found.values())


CHANGES = ("make_transfer", "freeze_card", "replace_card", "dispute_fee", "book_appointment")
_CENT = {"minor": 1, "currency": "USD"}
_GIVES: dict[str, dict[str, Any]] = {
    "check_balance": {
        "accounts": [
            {"value": "current", "text": "Everyday ··1", "words": ["everyday"]},
            {"value": "savings", "text": "Savings ··2", "words": ["savings"]},
        ],
        "current": {"minor": 100000, "currency": "USD"},
        "savings": {"minor": 900000, "currency": "USD"},
    },
    "find_cards": {
        "cards": [
            {"value": {"last4": "1111", "kind": "debit"}, "text": "Debit ··1111", "words": ["debit"]},
            {"value": {"last4": "2222", "kind": "credit"}, "text": "Credit ··2222", "words": ["credit"]},
        ]
    },
    "make_transfer": {"reference": "T-1", "balance": {"minor": 50000, "currency": "USD"}},
    "freeze_card": {"last4": "1111", "state": "frozen"},
    "replace_card": {"last4": "3333", "arrives_on": "2026-12-02", "free": True, "fee": {"minor": 0, "currency": "USD"}},
    "find_fee": {
        "count": 2,
        "fees": [{"value": "account", "text": "Account 4.90"}, {"value": "paper", "text": "Paper 1.50"}],
        "amount": {"minor": 490, "currency": "USD"},
        "date": "2026-11-01",
    },
    "dispute_fee": {"case": "F-1", "amount": _CENT, "answer_by": "2026-12-09", "refunded": False},
    "search_transactions": {"count": 1, "first_merchant": "Volt", "first_amount": _CENT, "first_date": "2026-11-02"},
    "quote_loan": {"eligible": True, "monthly": _CENT, "total": _CENT, "rate": "7.9"},
    "find_appointments": {
        "times": [
            {"value": "2026-11-26T09:30", "text": "Thu 09:30", "words": ["09:30"]},
            {"value": "2026-11-26T11:00", "text": "Thu 11:00", "words": ["11:00"]},
        ]
    },
    "book_appointment": {"reference": "A-1", "day": "2026-11-26", "time": "09:30"},
}  # fmt: skip


class Documents:
    """Answers what it knows, word for word."""

    def __init__(self, **known: str) -> None:
        self.known = {question.replace("_", " "): text for question, text in known.items()}

    def answer(
        self, question: str, market: MarketId, language: Language, *, vector: Floats | None = None
    ) -> Answer | None:
        text = self.known.get(question)
        return None if text is None else Answer(Passage("doc-1", "Title", text, language), 0.9)


class Shelf:
    """Suggests one product, and remembers for whom."""

    def __init__(self) -> None:
        self.profile: Mapping[str, Any] | None = None

    def match(
        self,
        need: str,
        profile: Mapping[str, Any],
        market: MarketId,
        *,
        vector: Floats | None = None,
        limit: int = 3,
    ) -> list[Suggestion]:
        self.profile = profile
        return [Suggestion("bond-fund", 0.8)] if need else []


@dataclass
class Talk:
    """One conversation with the finance pack's dialogue; every state goes through JSON, as between two messages."""

    bank: Ledger = field(default_factory=Ledger)
    documents: Documents = field(default_factory=Documents)
    shelf: Shelf = field(default_factory=Shelf)
    book: Book = field(default_factory=finance)
    language: str = "en"
    market: str = "us"
    profile: Mapping[str, Any] = field(default_factory=dict)
    state: State = field(default_factory=State)
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        party = Party(TenantId("acme"), MarketId(self.market), SubjectId("anna"), Language(self.language))
        currency = MARKETS.get(MarketId(self.market)).currency
        self.scene = Scene(party, ConversationId("c-1"), NOON, currency, self.profile)
        self.dialogue = Dialogue(
            self.book, self.bank, self.documents, self.shelf, reader=value_reader(MARKETS)
        )

    def hear(
        self,
        text: str,
        *intents: str,
        probability: float = 0.9,
        sentiment: float = 0.0,
        language: str | None = None,
        **entities: Any,
    ) -> list[str]:
        """Says something; returns the keys of the replies. A list of values is several entities of a type."""
        if is_payload(text):
            return self.happen(Heard(text))
        found = tuple(
            Entity(kind, "", 0, 0, value)
            for kind, values in entities.items()
            for value in (values if isinstance(values, list) else [values])
        )
        understanding = Understanding(
            Language(language or self.language),
            tuple(Intent(intent, probability) for intent in intents),
            in_scope=bool(intents),
            scope_score=0.5,
            entities=found,
            sentiment=sentiment,
        )
        return self.happen(Heard(text, understanding))

    def happen(self, event: Event) -> list[str]:
        """Something happens; returns the keys of the replies."""
        self.outcome = self.dialogue.turn(self.state, event, self.scene)
        self.state = State.model_validate_json(self.outcome.state.model_dump_json())
        assert self.state == self.outcome.state
        return [say.key for say in self.outcome.says]

    def flow(self) -> str | None:
        """The flow that is talked about."""
        return self.state.frames[-1].flow if self.state.frames else None

    def slots(self) -> Mapping[str, Any]:
        """What the flow in hand knows."""
        return self.state.frames[-1].slots if self.state.frames else {}

    def reason(self) -> str | None:
        """Why a person takes over, if one does."""
        return self.outcome.hand_off.reason if self.outcome and self.outcome.hand_off else None
