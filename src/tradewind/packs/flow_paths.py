"""What may be known where in a flow: its steps walked along every path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tradewind.core.yaml_document import Where
from tradewind.packs.expression import Expression
from tradewind.packs.flow_file import RESERVED, Flow, Slot, Step

ENDS = frozenset({"link", "hand_off", "ask_again", "end"})
"""Steps that nothing in their block comes after."""


@dataclass(frozen=True)
class Point:
    """A place on the way.

    Args:
        known: names that a step on some path before gave.
        confirmed: whether every path here asked for a confirmation. asked: the same for any question.
    """

    known: frozenset[str] = frozenset()
    confirmed: bool = False
    asked: bool = False

    def meets(self, other: Point | None) -> Point:
        """Where two paths come together."""
        if other is None:
            return self
        return Point(self.known | other.known, self.confirmed and other.confirmed, self.asked and other.asked)


@dataclass
class Paths:
    """What a walk found: the point before each step that can be reached, by place."""

    before: dict[Where, Point] = field(default_factory=dict)
    steps: dict[Where, Step] = field(default_factory=dict)


def walk(flow: Flow) -> Paths:
    """Walk every path of a flow."""
    paths = Paths()
    _Walk(flow, paths).block(("steps",), flow.steps, Point(frozenset(RESERVED)))
    return paths


class _Walk:
    def __init__(self, flow: Flow, paths: Paths) -> None:
        self.flow = flow
        self.paths = paths

    def block(self, where: Where, steps: tuple[Step, ...], point: Point | None) -> Point | None:
        """The point after a block; None where nothing comes after it."""
        for index, step in enumerate(steps):
            if point is None:
                return None
            here = (*where, index)
            self.paths.before[here] = point
            self.paths.steps[here] = step
            point = self._after(here, step, point)
        return point

    def _after(self, here: Where, step: Step, point: Point) -> Point | None:
        if step.verb in ENDS:
            return None
        if step.verb == "if":
            then = self.block((*here, "then"), step.then, point)
            other = self.block((*here, "else"), step.else_, point)
            return other if then is None else then.meets(other)
        if step.verb == "confirm":
            refused = self.block((*here, "on_no"), step.on_no, point) if step.on_no else None
            return Point(point.known, True, True).meets(refused)
        if step.verb == "call":
            point = Point(point.known | {step.result, "failure"}, point.confirmed, point.asked)
            failed = self.block((*here, "on_failure"), step.on_failure, point) if step.on_failure else None
            return point.meets(failed)
        if step.verb in ("answer", "suggest"):
            return point.meets(self.block((*here, "else"), step.else_, point) if step.else_ else None)
        if step.verb == "collect":
            slot = self.flow.slots.get(str(step.collect))
            asks = slot is not None and must_be_asked(slot)
            return Point(point.known | {str(step.collect)}, point.confirmed, point.asked or asks)
        return Point(point.known | set(step.set or ()), point.confirmed, point.asked)


def must_be_asked(slot: Slot) -> bool:
    """Whether a slot's question is put wherever its value is not known."""
    return slot.ask is not None and slot.default is None and slot.ask_if is None


def uses(flow: Flow, where: Where, step: Step) -> Iterator[tuple[Where, Expression]]:
    """The expressions of a step, and of the slot that it collects, with their places."""
    for key, rule in (("if", step.if_), ("answer", step.answer), ("suggest", step.suggest)):
        if rule is not None:
            yield (*where, key), rule
    for key, given in (("with", step.with_), ("set", step.set or {})):
        for name, rule in given.items():
            yield (*where, key, name), rule
    slot = flow.slots.get(step.collect) if step.collect else None
    if slot is not None:
        place: Where = ("slots", str(step.collect))
        for index, validity in enumerate(slot.valid):
            yield (*place, "valid", index, "rule"), validity.rule
        rules = (("options_from", slot.options_from), ("default", slot.default), ("ask_if", slot.ask_if))
        for key, rule in rules:
            if rule is not None:
                yield (*place, key), rule
