"""A flow of a pack: how one thing that customers want is done, written in YAML by whoever knows the business.

docs/flows.md describes the language. A file is read here on its own; `flow_check` holds the flows against the rest
of the pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tradewind.core.errors import DataError, InputError
from tradewind.core.yaml_document import Where, YamlDocument, read_yaml
from tradewind.packs.expression import Expression, parse

FOLDER = "flows"
ENTITIES = (
    "amount", "date", "time", "number", "card", "account", "person", "product", "merchant", "phone", "email",
)  # fmt: skip
"""Types of entities that a slot may take its value from."""

TEXT, CHOICE, YES_NO = "text", "choice", "yes_no"
VERBS = (
    "collect", "if", "call", "confirm", "say", "set", "ask_again", "link", "hand_off", "answer", "suggest", "end",
)  # fmt: skip
_COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "if": ("then", "else"),
    "call": ("with", "as", "on_failure"),
    "confirm": ("with", "on_no"),
    "say": ("with",),
    "link": ("with",),
    "hand_off": ("priority", "reason", "say"),
    "answer": ("else",),
    "suggest": ("with", "else"),
}
"""What may stand beside each verb."""

RESERVED = ("failure", "customer", "market", "language", "said", "true", "false", "none")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _expression(value: object) -> Expression:
    if isinstance(value, Expression):
        return value
    try:
        return parse(value)
    except InputError as error:
        raise ValueError(str(error)) from error


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-zA-Z0-9_-]*$", max_length=100)]
Rule = Annotated[Expression, BeforeValidator(_expression)]
Names = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class Part(BaseModel):
    """What all parts of a flow's file have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Validity(Part):
    """A rule that a value must meet, and what is said when it does not."""

    rule: Rule
    say: Key


class Option(Part):
    """One of the values that a slot may have.

    Args:
        title: key of the reply that stands on its button.
        words: any of these in a message chooses it, in whatever language.
        intents: any of these chooses it.
    """

    value: str | int | bool
    title: Key
    words: Names = ()
    intents: Names = ()


class Slot(Part):
    """Something that has to be known.

    Args:
        takes: types of entities whose value it takes; or `text`, `choice`, `yes_no`.
        ask: key of the question; a slot without one is filled only by what the customer says unasked.
        again: key of the question put differently, after an answer that was not understood; `ask` when absent.
        why: key of what answers "why do you ask?".
        valid: rules, in order; the slot's own name stands for its value.
        options: what may be chosen.
        options_from: a list of results with `value` and `text`, offered as buttons; only they may be chosen.
        optional: whether "no" or "skip" is an answer.
        keep: whether later flows of the conversation know it under the same name.
        default: its value where the customer has not given one; it is then not asked.
        ask_if: it is asked only where this holds; otherwise it is taken where the customer gives it unasked.
    """

    takes: Names = Field(min_length=1)
    ask: Key | None = None
    again: Key | None = None
    why: Key | None = None
    valid: tuple[Validity, ...] = ()
    options: tuple[Option, ...] = ()
    options_from: Rule | None = None
    optional: bool = False
    keep: bool = False
    default: Rule | None = None
    ask_if: Rule | None = None


class Step(Part):
    """One step: exactly one of its verbs, and what belongs to it."""

    collect: Name | None = None
    if_: Rule | None = Field(None, alias="if")
    then: tuple[Step, ...] = ()
    else_: tuple[Step, ...] = Field((), alias="else")
    call: Name | None = None
    with_: Mapping[Name, Rule] = Field(default_factory=dict, alias="with")
    as_: Name | None = Field(None, alias="as")
    on_failure: tuple[Step, ...] = ()
    confirm: Key | None = None
    on_no: tuple[Step, ...] = ()
    say: Key | None = None
    set: Mapping[Name, Rule] | None = None
    ask_again: Names | None = None
    link: Name | None = None
    hand_off: str | None = Field(None, pattern=r"^[a-z][a-z0-9_-]*$")
    priority: int = Field(1, ge=0, le=3)
    reason: Literal["rule", "risk", "failure", "requested"] = "rule"
    answer: Rule | None = None
    suggest: Rule | None = None
    end: Literal[True] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_verb(cls, value: Any) -> Any:
        if value == "end":
            return {"end": True}
        if not isinstance(value, dict):
            raise ValueError(f"a step is one of {', '.join(VERBS)}")
        verbs = [verb for verb in VERBS if verb in value]
        if "hand_off" in verbs and "say" in verbs:
            verbs.remove("say")
        if len(verbs) != 1:
            raise ValueError(f"a step has exactly one of {', '.join(VERBS)}")
        allowed = (verbs[0], *_COMPANIONS.get(verbs[0], ()))
        for key in value:
            if key not in allowed and key in _FIELDS:
                raise ValueError(f"{key!r} does not belong to {verbs[0]!r}")
        return value

    @property
    def verb(self) -> str:
        """Which kind of step it is."""
        if self.hand_off is not None:
            return "hand_off"
        return next(verb for verb in VERBS if getattr(self, f"{verb}_" if verb == "if" else verb) is not None)

    @property
    def result(self) -> str:
        """Under which name a call's results are known."""
        return self.as_ or self.call or ""

    def blocks(self) -> Iterator[tuple[str, tuple[Step, ...]]]:
        """The blocks of steps inside it, by name."""
        for name, steps in (
            ("then", self.then),
            ("else", self.else_),
            ("on_failure", self.on_failure),
            ("on_no", self.on_no),
        ):
            if steps:
                yield name, steps


_FIELDS = frozenset(field.alias or name for name, field in Step.model_fields.items())


class Flow(Part):
    """How one thing is done.

    Args:
        title: by language; what customers see on buttons and when the conversation comes back to it.
        starts_on: intents that start it; none for a flow that only others link to.
        words: name what it does, in any language, where the model is not sure of any intent: each is the beginnings of
            words that must all be in the message, such as "reclam comisión". The longest decides between flows.
    """

    id: Name
    title: Mapping[str, str] = Field(min_length=1)
    description: str = ""
    starts_on: Names = ()
    words: Names = ()
    slots: Mapping[Name, Slot] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(min_length=1)

    def walk(self) -> Iterator[tuple[Where, Step]]:
        """Every step with its place in the file, in the order of the file."""
        yield from _walk(("steps",), self.steps)


def _walk(where: Where, steps: tuple[Step, ...]) -> Iterator[tuple[Where, Step]]:
    for index, step in enumerate(steps):
        here = (*where, index)
        yield here, step
        for name, block in step.blocks():
            yield from _walk((*here, name), block)


def read_flow(file: Path) -> tuple[Flow | None, YamlDocument | None, list[DataError]]:
    """Read a flow's file.

    Returns:
        The flow and the document, None where they cannot be used, and every fault of the file by itself.
    """
    try:
        document = read_yaml(file, first_key="id")
    except DataError as error:
        return None, None, [error]
    flow, problems = document.read_as(Flow)
    if flow is not None:
        problems += _faults(document, flow)
    return flow, document, problems


def read_flows(folder: Path) -> tuple[dict[Path, tuple[Flow, YamlDocument]], list[DataError]]:
    """The flows of a pack's folder by file, and every fault of a file by itself."""
    flows: dict[Path, tuple[Flow, YamlDocument]] = {}
    problems: list[DataError] = []
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        flow, document, found = read_flow(file)
        problems += found
        if flow is not None and document is not None:
            flows[file] = flow, document
    return flows, problems


def _faults(document: YamlDocument, flow: Flow) -> Iterator[DataError]:
    if document.file.stem != flow.id:
        yield document.error(("id",), f"the file is {document.file.name}", f"name it {flow.id}.yaml")
    for name, slot in flow.slots.items():
        yield from _slot_faults(document, ("slots", name), name, slot)
    for where, step in flow.walk():
        for name in (*((step.collect,) if step.collect else ()), *(step.ask_again or ())):
            if name not in flow.slots:
                known = ", ".join(flow.slots) or "none"
                yield document.error((*where, step.verb), f"no slot {name!r}", f"slots: {known}")
    yield from _unknown_names(document, flow)


def _slot_faults(document: YamlDocument, where: Where, name: str, slot: Slot) -> Iterator[DataError]:
    if name in RESERVED:
        yield document.error(where, f"{name!r} has a meaning of its own", "another name")
    for index, kind in enumerate(slot.takes):
        if kind not in (*ENTITIES, TEXT, CHOICE, YES_NO):
            known = ", ".join((*ENTITIES, TEXT, CHOICE, YES_NO))
            yield document.error((*where, "takes", index), f"no type of entity {kind!r}", f"one of {known}")
    has_choices = bool(slot.options) or slot.options_from is not None
    if CHOICE in slot.takes and not has_choices:
        yield document.error((*where, "takes"), "nothing to choose from", "add options or options_from")
    if slot.options and CHOICE not in slot.takes:
        yield document.error((*where, "options"), "this slot takes no choice", "takes: choice")
    values = [option.value for option in slot.options]
    for index, value in enumerate(values):
        if value in values[:index]:
            yield document.error((*where, "options", index, "value"), f"{value!r} stands twice")


def _unknown_names(document: YamlDocument, flow: Flow) -> Iterator[DataError]:
    """Expressions that ask for what no step gives."""
    known = {*flow.slots, *RESERVED}
    for _, step in flow.walk():
        known |= {*(step.set or ()), *((step.result,) if step.call else ())}
    for where, expression in expressions(flow):
        for name in sorted(expression.names - known):
            yield document.error(
                where, f"nothing is called {name!r}", f"there are: {', '.join(sorted(known))}"
            )


def expressions(flow: Flow) -> Iterator[tuple[Where, Expression]]:
    """Every expression of a flow with its place."""
    for name, slot in flow.slots.items():
        for index, validity in enumerate(slot.valid):
            yield ("slots", name, "valid", index, "rule"), validity.rule
        rules = (("options_from", slot.options_from), ("default", slot.default), ("ask_if", slot.ask_if))
        for key, rule in rules:
            if rule is not None:
                yield ("slots", name, key), rule
    for where, step in flow.walk():
        for key, rule in (("if", step.if_), ("answer", step.answer), ("suggest", step.suggest)):
            if rule is not None:
                yield (*where, key), rule
        for key, given in (("with", step.with_), ("set", step.set or {})):
            for name, rule in given.items():
                yield (*where, key, name), rule
