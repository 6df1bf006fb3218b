"""Playing conversation tests: the pack's dialogue, with the invented business behind it, on a day that stands still."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tradewind.assistant.actions.model import Actions, Call, Result
from tradewind.assistant.actions.sandbox import Bank
from tradewind.assistant.dialogue.dialogue import Dialogue
from tradewind.assistant.dialogue.model import (
    Event,
    Heard,
    Opened,
    Outcome,
    Scene,
    Silence,
    State,
    is_payload,
)
from tradewind.assistant.dialogue.reader import value_reader
from tradewind.assistant.flows.book import Book
from tradewind.assistant.model import (
    ConversationId,
    Entity,
    Intent,
    Knowledge,
    Language,
    Party,
    Products,
    Replies,
    Understander,
    Understanding,
)
from tradewind.assistant.trials.judge import judge
from tradewind.assistant.trials.model import Coverage, Difference, Played, PlayedTurn, Step
from tradewind.assistant.understanding.values import find_values
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.core.money import minor_digits
from tradewind.journal.databases import Database
from tradewind.markets import Markets
from tradewind.packs.conversation_file import Case, Turn
from tradewind.packs.flow_file import read_flows

PROBABILITY = 0.95
"""Of an intent that a test gives."""

Seen = set[tuple[str, str]]


@dataclass(frozen=True)
class Stage:
    """What tests are played on.

    Args:
        understander: reads every message; without it a message means the intent that its test gives.
        knowledge, products: as the dialogue takes them.
        replies: for the words of what is said; only keys are told without them.
        keys: of the replies that there are.
    """

    book: Book
    markets: Markets
    understander: Understander | None = None
    knowledge: Knowledge | None = None
    products: Products | None = None
    replies: Replies | None = None
    keys: frozenset[str] = frozenset()


def play(stage: Stage, cases: Iterable[Case], pack: Path) -> tuple[list[Played], Coverage]:
    """Play tests, each with a bank of its own, and say how much of the flows in a pack's folder they reach.

    Raises:
        NotFoundError: a test names a market that is not there.
    """
    seen: Seen = set()
    with _bank() as bank:
        played = [_Game(stage, case, number, bank, seen).play() for number, case in enumerate(cases, 1)]
    return played, coverage(pack, seen)


def coverage(pack: Path, seen: Seen) -> Coverage:
    """Which flows and steps were reached."""
    flows: dict[str, bool] = {}
    missed: list[Step] = []
    steps = 0
    for file, (flow, document) in read_flows(pack)[0].items():
        places = {".".join(map(str, where)): (where, step) for where, step in flow.walk()}
        steps += len(places)
        flows[flow.id] = any((flow.id, path) in seen for path in places)
        for path, (where, step) in places.items():
            if (flow.id, path) not in seen:
                missed.append(Step(flow.id, path, describe(step), file.name, document.line(where)))
    return Coverage(flows, steps, tuple(missed))


def describe(step: Any) -> str:
    """A step in a few words: its verb and what it is about."""
    about = {
        "collect": step.collect, "if": step.if_.source if step.if_ else "", "call": step.call, "confirm": step.confirm,
        "say": step.say, "link": step.link, "hand_off": step.hand_off,
        "answer": step.answer.source if step.answer else "", "suggest": step.suggest.source if step.suggest else "",
        "ask_again": ", ".join(step.ask_again or ()), "set": ", ".join(step.set or ()),
    }  # fmt: skip
    return f"{step.verb} {about.get(step.verb, '')}".strip()


@contextmanager
def _bank() -> Iterator[Actions]:
    with tempfile.TemporaryDirectory(prefix="tradewind-test-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bank.db'}")
        try:
            yield Bank(lambda market: database)
        finally:
            database.close()


class Unbound:
    """Of a pack without a sandbox: every action is done and gives nothing."""

    def call(self, call: Call) -> Result:
        """Done."""
        return Result()


class _Game:
    """One conversation."""

    def __init__(self, stage: Stage, case: Case, number: int, bank: Actions, seen: Seen) -> None:
        self.stage = stage
        self.case = case
        test = case.conversation
        self.market = stage.markets.get(MarketId(test.market))
        self.now = datetime.fromisoformat(test.today).replace(hour=12, tzinfo=UTC)
        actions = bank if stage.book.sandbox else Unbound()
        tenant = TenantId(f"test-{number}")
        subject = SubjectId(test.subject)
        profile = test.profile
        if profile is None and isinstance(bank, Bank) and stage.book.sandbox:
            profile = bank.profile(tenant, self.market.id, subject, self.now.date())
        party = Party(tenant, self.market.id, subject, Language(test.language))
        self.scene = Scene(
            party, ConversationId(f"test-{number}"), self.now, self.market.currency, profile or {}
        )
        observer: Callable[..., None] = lambda flow, where: seen.add((flow, ".".join(map(str, where))))  # noqa: E731
        self.dialogue = Dialogue(
            stage.book,
            actions,
            stage.knowledge,
            stage.products,
            reader=value_reader(stage.markets),
            observer=observer,
        )

    def play(self) -> Played:
        """Play every turn, also after a difference: later ones show what follows from it."""
        state = State()
        turns = []
        changes = frozenset(name for name, action in self.stage.book.actions.items() if action.changes)
        shown: tuple[str, ...] = ()
        for number, (turn, line) in enumerate(
            zip(self.case.conversation.turns, self.case.lines, strict=True), 1
        ):
            event, heard = self._event(turn, shown)
            if event is None:
                turns.append(
                    PlayedTurn(number, line, heard, (), differences=(_no_button(turn.press, shown),))
                )
                continue
            outcome = self.dialogue.turn(state, event, self.scene)
            # as it is stored between two messages
            state = State.model_validate_json(outcome.state.model_dump_json())
            shown = tuple(choice.payload for say in outcome.says for choice in say.choices) or shown
            turns.append(
                PlayedTurn(
                    number,
                    line,
                    heard,
                    tuple(say.key for say in outcome.says),
                    self._texts(outcome),
                    judge(turn, outcome, changes, self.stage.keys),
                    outcome.trace,
                )
            )
        return Played(self.case, tuple(turns))

    def _texts(self, outcome: Outcome) -> tuple[str, ...]:
        if self.stage.replies is None:
            return ()
        language = Language(outcome.state.language or self.case.conversation.language)
        return tuple(self.stage.replies.render(say, self.market.id, language).text for say in outcome.says)

    def _event(self, turn: Turn, shown: tuple[str, ...]) -> tuple[Event | None, str]:
        """What happens, and how the report calls it; None where a button is not there to be pressed."""
        if turn.opens:
            return Opened(), "(opens the conversation)"
        if turn.silence:
            return Silence(), "(silence)"
        if isinstance(turn.press, int):
            there = 0 < turn.press <= len(shown)
            payload = shown[turn.press - 1] if there else f"(button {turn.press})"
            return Heard(payload) if there else None, payload
        text = str(turn.user if turn.press is None else turn.press)
        return Heard(text, None if is_payload(text) else self._understanding(turn, text)), text

    def _understanding(self, turn: Turn, text: str) -> Understanding:
        language = Language(turn.language or self.case.conversation.language)
        if self.stage.understander is not None:
            known = (language,) if turn.language else ()
            return self.stage.understander.understand([text], self.market.id, languages=known)[0]
        intents = tuple(Intent(name, PROBABILITY) for name in turn.intent or ())
        return Understanding(
            language,
            intents,
            in_scope=bool(intents),
            scope_score=0.0 if intents else 1.0,
            entities=tuple(self._entities(turn, text, language)),
            sentiment=turn.sentiment,
        )

    def _entities(self, turn: Turn, text: str, language: Language) -> Iterator[Entity]:
        """Those that the test gives, and of other types those that rules find."""
        given = turn.entities or {}
        for kind, values in given.items():
            for value in values if isinstance(values, list) else [values]:
                words = str(value)
                start = max(text.find(words), 0)
                end = start + len(words) if words in text else start
                yield Entity(kind, text[start:end], start, end, self._value(kind, value))
        for entity in find_values(text, self.market, language, self.now.date()):
            if entity.type not in given:
                yield entity

    def _value(self, kind: str, value: Any) -> Any:
        """A value as entities have it, of how a test may write it: `50` or `50.00` for an amount, `1234` for a card."""
        if kind == "amount" and not isinstance(value, Mapping):
            number = Decimal(str(value)).scaleb(minor_digits(self.market.currency))
            return {"minor": int(number), "currency": None}
        if kind == "card" and not isinstance(value, Mapping):
            return {"last4": str(value)} if str(value).isdigit() else {"kind": str(value)}
        if kind == "date":
            return str(value)
        return value


def _no_button(press: object, shown: tuple[str, ...]) -> Difference:
    buttons = list(shown)
    return Difference(
        "press", press, buttons, (f"- button {press}", f"+ {', '.join(buttons) or 'no buttons'}")
    )
