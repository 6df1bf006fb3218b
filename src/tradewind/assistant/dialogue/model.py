"""What the dialogue knows of a conversation, what it is told, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from tradewind.assistant.model import ConversationId, HandOff, Language, Party, Say, Understanding

# --- state


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Done(_Frozen):
    """A step that was done, so that it is not done again while `inputs` (a hash of what it was done with) stay.

    Args:
        count: how often it was done in this run of the flow.
        changed: whether it changed something in the systems of the business.
        under: the confirmation that allowed it, with its number.
    """

    inputs: str
    count: int = 1
    failure: str | None = None
    values: Any = None
    changed: bool = False
    under: str = ""


class Frame(_Frozen):
    """A run of a flow.

    Args:
        run: its number in the conversation, from 1.
        slots: what the customer gave, checked; plain JSON.
        derived: values of slots that nobody was asked for: by default, or the only choice.
        skipped: optional slots that the customer did not want to give.
        fresh: slots that must be asked, whatever is known. again: how often each was asked once more by the flow.
        done: by the name of the step.
        said: the words that started it.
    """

    flow: str
    run: int
    slots: Mapping[str, Any] = {}
    derived: Mapping[str, Any] = {}
    skipped: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    again: Mapping[str, int] = {}
    done: Mapping[str, Done] = {}
    said: str = ""

    @property
    def changed(self) -> bool:
        """Whether something was done that cancelling does not undo."""
        return any(done.changed and done.failure is None for done in self.done.values())


class Offer(_Frozen):
    """A button that was shown: what pressing it sends, and words that choose it too."""

    payload: str
    words: tuple[str, ...] = ()


class Pending(_Frozen):
    """What the customer was asked last.

    Args:
        kind: `slot`, `confirm` (a step of the flow), `cancel` (really?), `intent` (which of these?).
        name: of the slot or the confirmation.
        inputs: what a confirmation is for.
    """

    kind: Literal["slot", "confirm", "cancel", "intent"]
    name: str = ""
    inputs: str = ""
    offers: tuple[Offer, ...] = ()


class Waiting(_Frozen):
    """A flow that was asked for and is not begun: the words, and what they give for its slots."""

    flow: str
    said: str = ""
    slots: Mapping[str, Any] = {}


class State(_Frozen):
    """All that the dialogue knows of a conversation. Holds personal data: slots, and the words that began a flow.

    Args:
        frames: flows in progress, the one that is talked about last.
        queue: flows to start when the others are done.
        kept: slots that later flows know.
        misses: messages in a row that were not understood. tries: answers in a row that were not valid.
        silences: reminders since the last message. angry: angry messages in a row.
        handed_off: a person has it.
    """

    frames: tuple[Frame, ...] = ()
    queue: tuple[Waiting, ...] = ()
    pending: Pending | None = None
    kept: Mapping[str, Any] = {}
    language: str | None = None
    runs: int = 0
    misses: int = 0
    tries: int = 0
    silences: int = 0
    angry: int = 0
    handed_off: bool = False
    closed: bool = False


# --- events


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the customer; pressing a button sends its payload as the text.

    Args:
        understanding: may be None for a payload (`is_payload`).
    """

    text: str
    understanding: Understanding | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came for a while after the assistant had spoken."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The customer opened the conversation and said nothing yet."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The person who had taken over gives the conversation back."""


Event = Heard | Silence | Opened | Returned


# --- outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that the dialogue decided, and why: one line of the trace of a turn.

    Args:
        what: `started`, `filled`, `rejected`, `corrected`, `asked`, `called`, `confirmed`, `denied`, `said`,
            `answered`, `suggested`, `linked`, `digressed`, `returned`, `queued`, `finished`, `cancelled`,
            `explained`, `not_understood`, `handed_off`, `reminded`, `closed`.
        why: in a few words of English, for whoever asks later.
        step: where in the flow, such as `steps.2.then.0`.
        values: plain JSON; may hold what the customer said.
    """

    what: str
    why: str = ""
    flow: str | None = None
    step: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a turn happens.

    Args:
        now: UTC, or the market's time where that is known; its date is `today` in conditions.
        currency: of the market, for amounts that name none.
        profile: what is known of the customer, as `customer.…` in conditions and for product matching.
    """

    party: Party
    conversation: ConversationId
    now: datetime
    currency: str | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of an event: the state afterwards, what is said, whether a person takes over, and why."""

    state: State
    says: tuple[Say, ...] = ()
    hand_off: HandOff | None = None
    trace: tuple[Decision, ...] = ()
    closed: bool = False


def is_payload(text: str) -> bool:
    """Whether a text is what a button sends, which needs no understanding."""
    return text.startswith("/") and text[1:].partition(" ")[0] in PAYLOADS


PAYLOADS = ("intent", "choose", "yes", "no", "cancel", "human", "why")
"""First words of payloads, after a slash."""


def language_of(state: State, scene: Scene, default: Language) -> Language:
    """In which language the customer is answered."""
    return Language(state.language or scene.party.language or default)
