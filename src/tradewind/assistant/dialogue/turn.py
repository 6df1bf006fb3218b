"""One turn while it is worked out: the state in parts that change, what is said, and the trace."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tradewind.assistant.actions.model import Actions
from tradewind.assistant.dialogue.model import (
    Decision,
    Done,
    Frame,
    Outcome,
    Pending,
    Scene,
    State,
    Waiting,
    language_of,
)
from tradewind.assistant.flows.book import DEFAULT_LANGUAGE, Book
from tradewind.assistant.model import Choice, HandOff, Knowledge, Language, Products, Say
from tradewind.core.yaml_document import Where
from tradewind.packs.flow_file import Flow

LONGEST_SAID = 500

Observer = Callable[[str, Where], None]
"""Told of each step that is passed: the flow and the place."""


class ValueReader(Protocol):
    """Reads an answer as a type of entity: "500" is an amount where an amount was asked for."""

    def __call__(self, type: str, text: str, scene: Scene, language: Language, /) -> Any:
        """The value; None where the words do not say one."""
        ...


@dataclass(frozen=True)
class Services:
    """What the dialogue asks and lets do. Knowledge and products may be absent: nothing is answered or suggested."""

    actions: Actions
    knowledge: Knowledge | None = None
    products: Products | None = None
    reader: ValueReader | None = None
    observer: Observer | None = None


@dataclass
class Turn:
    """The working copy of a state. `begin` makes one, `outcome` what comes of it."""

    book: Book
    services: Services
    scene: Scene
    before: State
    frames: list[Frame]
    queue: list[Waiting]
    pending: Pending | None
    kept: dict[str, Any]
    language: Language
    runs: int
    misses: int
    tries: int
    silences: int = 0
    angry: int = 0
    handed_off: bool = False
    closed: bool = False
    hand_off: HandOff | None = None
    rephrases: bool = False
    says: list[Say] = field(default_factory=list)
    trace: list[Decision] = field(default_factory=list)

    @classmethod
    def begin(cls, book: Book, services: Services, scene: Scene, state: State) -> Turn:
        return cls(
            book,
            services,
            scene,
            state,
            frames=[frame for frame in state.frames if frame.flow in book.flows],
            queue=[waiting for waiting in state.queue if waiting.flow in book.flows],
            pending=state.pending,
            kept=dict(state.kept),
            language=language_of(state, scene, DEFAULT_LANGUAGE),
            runs=state.runs,
            misses=state.misses,
            tries=state.tries,
            silences=state.silences,
            angry=state.angry,
            handed_off=state.handed_off,
            closed=state.closed,
        )

    def outcome(self) -> Outcome:
        state = State(
            frames=tuple(self.frames),
            queue=tuple(self.queue),
            pending=self.pending,
            kept=self.kept,
            language=self.language,
            runs=self.runs,
            misses=self.misses,
            tries=self.tries,
            silences=self.silences,
            angry=self.angry,
            handed_off=self.handed_off,
            closed=self.closed,
        )
        return Outcome(state, tuple(self.says), self.hand_off, tuple(self.trace), self.closed)

    # --- the flow in hand

    @property
    def frame(self) -> Frame | None:
        """The run of a flow that is talked about."""
        return self.frames[-1] if self.frames else None

    @property
    def flow(self) -> Flow:
        """The flow of `frame`."""
        return self.book.flows[self.frames[-1].flow]

    def change(self, **changes: Any) -> Frame:
        """Replace parts of the frame in hand."""
        self.frames[-1] = self.frames[-1].model_copy(update=changes)
        return self.frames[-1]

    def fill(self, slots: Mapping[str, Any]) -> None:
        """Put values into slots of the frame in hand; they are checked when the flow comes to them."""
        frame = self.frames[-1]
        left = tuple(name for name in frame.fresh if name not in slots)
        skipped = tuple(name for name in frame.skipped if name not in slots)
        self.change(slots={**frame.slots, **slots}, fresh=left, skipped=skipped)

    def did(self, name: str, done: Done) -> None:
        """Remember that a step of the frame in hand was done."""
        self.change(done={**self.frames[-1].done, name: done})

    def start(self, flow: str, said: str, slots: Mapping[str, Any] | None = None) -> Frame:
        """Begin a flow on top of those in progress."""
        self.runs += 1
        frame = Frame(flow=flow, run=self.runs, slots=dict(slots or {}), said=said[:LONGEST_SAID])
        self.frames.append(frame)
        self.pending = None
        return frame

    # --- what comes of it

    def say(
        self, key: str, values: Mapping[str, Any] | None = None, choices: tuple[Choice, ...] = ()
    ) -> None:
        self.says.append(Say(key, dict(values or {}), choices))

    def note(self, what: str, why: str = "", *, step: Where | None = None, **values: Any) -> None:
        """Add a line to the trace."""
        flow = self.frames[-1].flow if self.frames else None
        path = ".".join(map(str, step)) if step is not None else None
        self.trace.append(Decision(what, why, flow, path, values))

    def to_a_person(self, reason: str, why: str, *, skill: str | None = None, priority: int = 1) -> None:
        """A person takes over; what the customer reads is said by whoever asks for it."""
        self.note("handed_off", why, reason=reason, skill=skill, priority=priority)
        self.hand_off = HandOff(reason, skill or self.book.settings.skill, priority)
        self.handed_off = True


def fingerprint(value: object) -> str:
    """A short hash of plain JSON: equal for equal values."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
