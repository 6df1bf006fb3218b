"""What a conversation test has shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tradewind.assistant.dialogue.model import Decision
from tradewind.packs.conversation_file import Case


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that did not come out as expected.

    Args:
        what: `says`, `never_says`, `calls`, `slots`, `flow`, `hand_off`, `document` or `press`.
        expected, found: plain JSON.
        diff: lines that begin with "-" for what is missing, "+" for what came in its place, " " for what is right.
    """

    what: str
    expected: Any
    found: Any
    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlayedTurn:
    """A turn as it was played.

    Args:
        number: from 1. line: in the file.
        heard: what the customer did.
        says: keys of what the assistant said. texts: the same in words, where there are texts.
        trace: why.
    """

    number: int
    line: int
    heard: str
    says: tuple[str, ...]
    texts: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    trace: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """A conversation test as it was played."""

    case: Case
    turns: tuple[PlayedTurn, ...]

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not any(turn.differences for turn in self.turns)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a flow, with its place in the file."""

    flow: str
    path: str
    text: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the tests have reached.

    Args:
        flows: by name, whether any step of it was.
        missed: the steps that none was.
    """

    flows: Mapping[str, bool] = field(default_factory=dict)
    steps: int = 0
    missed: tuple[Step, ...] = ()
