"""Holding what came of a turn against what its test expects."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tradewind.assistant.dialogue.model import Outcome
from tradewind.assistant.trials.model import Difference
from tradewind.packs.conversation_file import Turn

NONE = "none"


def judge(
    turn: Turn, outcome: Outcome, changes: frozenset[str], replies: frozenset[str]
) -> tuple[Difference, ...]:
    """Every difference between what a turn expects and what came of it.

    Args:
        changes: actions that change something: one that is not expected is a difference.
        replies: keys that there are, so that Rasa's `utter_greet` finds `greet`.
    """
    return tuple(_differences(turn, outcome, changes, replies))


def _differences(
    turn: Turn, outcome: Outcome, changes: frozenset[str], replies: frozenset[str]
) -> Iterator[Difference]:
    said = [say.key for say in outcome.says]
    called = [str(each.values["action"]) for each in outcome.trace if each.what == "called"]
    expected = [_as_ours(key, replies) for key in turn.says]
    wanted = [key for key in expected if key not in called]
    if not _in_order(wanted, said):
        yield Difference("says", wanted, said, _diff(wanted, said))
    never = [key for key in turn.never_says if key in said]
    if never:
        yield Difference("never_says", list(turn.never_says), never, tuple(f"+ {key}" for key in never))
    if turn.calls is not None:
        counted = [name for name in called if name in turn.calls or name in changes]
        if counted != list(turn.calls):
            yield Difference("calls", list(turn.calls), counted, _diff(list(turn.calls), counted))
    yield from _slots(turn, outcome)
    frame = outcome.state.frames[-1] if outcome.state.frames else None
    flow = frame.flow if frame else NONE
    if turn.flow is not None and flow != turn.flow:
        yield _one("flow", turn.flow, flow)
    reason = outcome.hand_off.reason if outcome.hand_off else NONE
    if turn.hand_off is not None and reason != turn.hand_off:
        yield _one("hand_off", turn.hand_off, reason)
    documents = [say.quote.document for say in outcome.says if say.quote is not None]
    if turn.document is not None and turn.document not in documents:
        yield _one("document", turn.document, documents)


def _slots(turn: Turn, outcome: Outcome) -> Iterator[Difference]:
    """Expected values stand among the slots; of a mapping, the parts that the test names."""
    frame = outcome.state.frames[-1] if outcome.state.frames else None
    slots = {**frame.derived, **frame.slots} if frame is not None else {}
    wrong = {
        name: slots.get(name) for name, value in turn.slots.items() if not _meets(value, slots.get(name))
    }
    if wrong:
        expected = {name: turn.slots[name] for name in wrong}
        lines = [
            line
            for name in wrong
            for line in (f"- {name}: {_plain(expected[name])}", f"+ {name}: {_plain(wrong[name])}")
        ]
        yield Difference("slots", expected, wrong, tuple(lines))


def _meets(expected: Any, found: Any) -> bool:
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return all(_meets(value, found.get(name)) for name, value in expected.items())
    return bool(expected == found)


def _as_ours(key: str, replies: frozenset[str]) -> str:
    """A key of a reply or an action; Rasa puts `utter_` before the former."""
    return key if key in replies else key.removeprefix("utter_")


def _in_order(wanted: Sequence[str], found: Sequence[str]) -> bool:
    rest = iter(found)
    return all(key in rest for key in wanted)


def _diff(expected: Sequence[str], found: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.rstrip() for line in difflib.ndiff(expected, found) if not line.startswith("?"))


def _one(what: str, expected: Any, found: Any) -> Difference:
    return Difference(what, expected, found, (f"- {_plain(expected)}", f"+ {_plain(found)}"))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
