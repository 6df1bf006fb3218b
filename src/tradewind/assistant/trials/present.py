"""The outcome of conversation tests, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tradewind.assistant.trials.model import Coverage, Played, PlayedTurn

MOST_MISSED = 20
"""Steps that are named where none was reached; the rest is counted."""


def lines(played: Sequence[Played], coverage: Coverage, *, everything: bool = False) -> Iterator[str]:
    """The report, line by line: what differed and why, then how many passed, then what was not reached.

    Args:
        everything: tell every turn of every conversation, with the words that were said.
    """
    for each in played:
        mark = "ok  " if each.passed else "FAIL"
        if everything or not each.passed:
            yield f"{mark}  {each.case.conversation.name}  ({each.case.file.name}:{each.case.line})"
        for turn in each.turns:
            if everything or turn.differences:
                yield from _turn(turn, everything=everything)
    passed = sum(each.passed for each in played)
    yield f"{passed} of {len(played)} conversations passed"
    yield from _coverage(coverage)


def as_json(played: Sequence[Played], coverage: Coverage) -> dict[str, Any]:
    """The report as one JSON document."""
    return {
        "passed": sum(each.passed for each in played),
        "failed": sum(not each.passed for each in played),
        "conversations": [
            {
                "name": each.case.conversation.name,
                "file": str(each.case.file),
                "line": each.case.line,
                "language": each.case.conversation.language,
                "passed": each.passed,
                "turns": [_turn_json(turn) for turn in each.turns],
            }
            for each in played
        ],
        "coverage": {
            "flows": dict(coverage.flows),
            "steps": coverage.steps,
            "reached": coverage.steps - len(coverage.missed),
            "missed": [
                {"flow": s.flow, "step": s.path, "what": s.text, "file": s.file, "line": s.line}
                for s in coverage.missed
            ],
        },
    }


def _turn(turn: PlayedTurn, *, everything: bool) -> Iterator[str]:
    yield f"      turn {turn.number}, line {turn.line}: {turn.heard}"
    if everything:
        for number, key in enumerate(turn.says):
            words = f": {turn.texts[number]}" if turn.texts else ""
            yield f"        {key}{words}"
    for difference in turn.differences:
        for number, line in enumerate(difference.diff):
            yield f"        {difference.what if number == 0 else '':<10} {line}"
    if turn.differences:
        for decision in turn.trace:
            where = f" ({decision.flow} {decision.step})" if decision.step else ""
            yield f"          because {decision.what}: {decision.why}{where}"


def _coverage(coverage: Coverage) -> Iterator[str]:
    flows = sum(coverage.flows.values())
    reached = coverage.steps - len(coverage.missed)
    share = f" ({100 * reached / coverage.steps:.0f} %)" if coverage.steps else ""
    yield f"reached {flows} of {len(coverage.flows)} flows, {reached} of {coverage.steps} steps{share}"
    for step in coverage.missed[:MOST_MISSED]:
        yield f"  not reached: {step.file}:{step.line} {step.text}"
    if len(coverage.missed) > MOST_MISSED:
        yield f"  and {len(coverage.missed) - MOST_MISSED} more: --json names them all"


def _turn_json(turn: PlayedTurn) -> dict[str, Any]:
    return {
        "line": turn.line,
        "heard": turn.heard,
        "says": list(turn.says),
        "texts": list(turn.texts),
        "differences": [
            {"what": each.what, "expected": each.expected, "found": each.found} for each in turn.differences
        ],
        "trace": [
            {"what": each.what, "why": each.why, "flow": each.flow, "step": each.step} for each in turn.trace
        ],
    }
