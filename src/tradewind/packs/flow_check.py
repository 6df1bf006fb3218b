"""The flows of a pack held against one another, its intents, its actions and its texts: every fault by line."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.errors import DataError
from tradewind.core.yaml_document import Where, YamlDocument
from tradewind.packs.dialogue_file import (
    DIALOGUE_INTENTS,
    ActionsFile,
    DialogueFile,
    read_actions_file,
    read_dialogue_file,
)
from tradewind.packs.flow_file import Flow, Slot, Step, read_flows
from tradewind.packs.flow_paths import Paths, uses, walk
from tradewind.packs.model import Pack
from tradewind.packs.reply_files import REFERENCE, ReplyFile, read_reply_file, reply_files

DIALOGUE_REPLIES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "dialogue_greeting", "dialogue_greet", "dialogue_thanks", "dialogue_goodbye", "dialogue_go_ahead",
            "dialogue_anything_else", "dialogue_rephrase", "dialogue_not_understood", "dialogue_choose_one",
            "dialogue_button_gone", "dialogue_corrected", "dialogue_done_already", "dialogue_why",
            "dialogue_nothing_to_cancel", "dialogue_reminder", "dialogue_closed", "dialogue_failure",
            "dialogue_yes", "dialogue_no", "dialogue_human", "dialogue_no_answer", "dialogue_no_suggestion",
            "dialogue_hand_off_requested", "dialogue_hand_off_not_understood", "dialogue_hand_off_anger",
            "dialogue_hand_off_risk", "dialogue_hand_off_rule", "dialogue_hand_off_failure",
        ),
        frozenset(),
    ),
    **dict.fromkeys(
        ("dialogue_next", "dialogue_back_to", "dialogue_cancel_question", "dialogue_cancelled"),
        frozenset({"flow"}),
    ),
    "dialogue_answer": frozenset({"title", "quote"}),
    "product_suggestion": frozenset({"product", "reasons", "disclosures"}),
}  # fmt: skip
"""What the dialogue says by itself, with the values that it gives: a pack with flows has all of these texts."""


@dataclass(frozen=True)
class _Pack:
    """A pack's files as the checks see them."""

    folder: Path
    intents: frozenset[str]
    flows: Mapping[str, Flow]
    documents: Mapping[str, YamlDocument]
    paths: Mapping[str, Paths]
    actions: ActionsFile
    replies: ReplyFile | None


def check_flows(pack: Pack) -> tuple[DataError, ...]:
    """Every fault of a pack's flows, `dialogue.yaml` and `actions.yaml`; none for a pack without flows.

    Missing translations are not among them, see `missing_titles` and `missing_replies`.
    """
    read, problems = read_flows(pack.folder)
    actions, _, found = read_actions_file(pack.folder)
    settings, settings_document, more = read_dialogue_file(pack.folder)
    problems += [*found, *more]
    if not read:
        return tuple(problems)
    flows = {flow.id: flow for flow, _ in read.values()}
    whole = _Pack(
        pack.folder,
        frozenset({*(intent.name for intent in pack.intents), *DIALOGUE_INTENTS, *pack.taught}),
        flows,
        {flow.id: document for flow, document in read.values()},
        {name: walk(flow) for name, flow in flows.items()},
        actions,
        _reference(pack.folder),
    )
    problems += _starts(whole)
    for name in flows:
        for check in (_order, _slots, _calls, _links, _texts):
            problems += check(whole, flows[name], whole.documents[name])
    problems += _circles(whole)
    problems += _settings(whole, settings, settings_document)
    problems += _own_texts(whole)
    return tuple({str(problem): problem for problem in problems}.values())


def missing_titles(pack: Pack) -> tuple[DataError, ...]:
    """The titles of flows that lack a language in which the pack has texts."""
    languages = [found.language for found in reply_files(pack.folder)]
    read, _ = read_flows(pack.folder)
    return tuple(
        document.error(("title",), f"no title in {language!r}", "customers see it on buttons")
        for flow, document in read.values()
        for language in languages
        if language not in flow.title
    )


def _reference(folder: Path) -> ReplyFile | None:
    files = sorted((folder / "replies").glob("*.ftl"), key=lambda file: (file.stem != REFERENCE, file.name))
    try:
        return read_reply_file(files[0]) if files else None
    except DataError:
        return None


# --- how flows begin and go on


def _starts(whole: _Pack) -> Iterator[DataError]:
    first: dict[str, str] = {}
    for name, flow in whole.flows.items():
        document = whole.documents[name]
        for index, intent in enumerate(flow.starts_on):
            where: Where = ("starts_on", index) if len(flow.starts_on) > 1 else ("starts_on",)
            if intent not in whole.intents:
                yield document.error(where, f"no intent {intent!r}", "one of the intents of pack.yaml")
            elif intent in DIALOGUE_INTENTS:
                yield document.error(where, f"{intent!r} is about the conversation itself", "another intent")
            if intent in first:
                yield document.error(where, f"intent {intent!r} starts flow {first[intent]!r} already")
            first.setdefault(intent, name)
    linked = {step.link for flow in whole.flows.values() for _, step in flow.walk() if step.link}
    for name, flow in whole.flows.items():
        if not flow.starts_on and name not in linked:
            hint = "add starts_on, or link to it from another flow"
            yield whole.documents[name].error(("id",), f"nothing starts flow {name!r}", hint)


def _order(whole: _Pack, flow: Flow, document: YamlDocument) -> Iterator[DataError]:
    """Steps that nothing leads to; conditions on what no step before gives."""
    paths = whole.paths[flow.id]
    for where, _ in flow.walk():
        if where not in paths.before and _parent(where, paths):
            yield document.error(where, "nothing leads to this step", "the step before it ends the block")
    for where, step in paths.steps.items():
        before = paths.before[where]
        own = {step.collect} if step.collect else set()
        for place, expression in uses(flow, where, step):
            known = before.known | (own if "rule" in place[-1:] else set())
            for name in sorted(expression.names - known):
                if name in flow.slots or any(name in point.known for point in paths.before.values()):
                    yield document.error(
                        place, f"{name!r} is not known yet at this step", f"collect {name} before"
                    )
        if step.ask_again:
            for name in step.ask_again:
                slot = flow.slots.get(name)
                if name not in before.known:
                    yield document.error((*where, "ask_again"), f"{name!r} is not asked before this step")
                elif slot is not None and slot.ask is None:
                    yield document.error((*where, "ask_again"), f"slot {name!r} has no question", "ask: KEY")


def _parent(where: Where, paths: Paths) -> bool:
    """Whether a step is the first of its block that cannot be reached, so that one fault is told once."""
    index = where[-1]
    assert isinstance(index, int)
    return index > 0 and (*where[:-1], index - 1) in paths.before


def _slots(whole: _Pack, flow: Flow, document: YamlDocument) -> Iterator[DataError]:
    collected = {step.collect for _, step in flow.walk()}
    for name, slot in flow.slots.items():
        if name not in collected:
            yield document.error(("slots", name), f"slot {name!r} is never used", f"collect: {name}")
        for index, option in enumerate(slot.options):
            for intent in option.intents:
                if intent not in whole.intents:
                    where = ("slots", name, "options", index, "intents")
                    yield document.error(where, f"no intent {intent!r}", "one of the intents of pack.yaml")


def _calls(whole: _Pack, flow: Flow, document: YamlDocument) -> Iterator[DataError]:
    actions = whole.actions.by_name
    gives: dict[str, set[str]] = {}
    for where, step in flow.walk():
        if step.call is None:
            continue
        action = actions.get(step.call)
        if action is None:
            known = ", ".join(actions) or "none: add actions.yaml"
            yield document.error((*where, "call"), f"no action {step.call!r}", f"there are: {known}")
            continue
        gives.setdefault(step.result, set()).update(action.gives)
        for name in step.with_:
            if name not in action.takes:
                takes = ", ".join(action.takes) or "nothing"
                yield document.error(
                    (*where, "with", name), f"{step.call} takes no {name!r}", f"it takes {takes}"
                )
        point = whole.paths[flow.id].before.get(where)
        if action.changes and point is not None and not point.confirmed:
            hint = "put a confirm step before it on every path"
            yield document.error(
                (*where, "call"), f"{step.call} changes something that nobody confirmed", hint
            )
    yield from _parts(flow, document, gives)


def _parts(flow: Flow, document: YamlDocument, gives: Mapping[str, set[str]]) -> Iterator[DataError]:
    """Parts of results that no action gives."""
    for where, step in flow.walk():
        for place, expression in uses(flow, where, step):
            for node in ast.walk(expression.tree):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    parts = gives.get(node.value.id)
                    if parts is not None and node.attr not in parts and node.value.id not in flow.slots:
                        hint = f"it gives {', '.join(sorted(parts)) or 'nothing'}"
                        yield document.error(place, f"{node.value.id!r} has no {node.attr!r}", hint)


def _links(whole: _Pack, flow: Flow, document: YamlDocument) -> Iterator[DataError]:
    for where, step in flow.walk():
        if step.link is None:
            continue
        goal = whole.flows.get(step.link)
        if goal is None:
            there = ", ".join(sorted(whole.flows))
            yield document.error((*where, "link"), f"no flow {step.link!r}", f"there are: {there}")
            continue
        for name in step.with_:
            if name not in goal.slots:
                there = ", ".join(goal.slots) or "none"
                yield document.error(
                    (*where, "with", name), f"flow {goal.id!r} has no slot {name!r}", f"slots: {there}"
                )


def _circles(whole: _Pack) -> Iterator[DataError]:
    """Flows that lead back to themselves before anybody is asked anything."""
    silent: dict[str, dict[str, Where]] = {}
    for name, paths in whole.paths.items():
        silent[name] = {
            str(step.link): where
            for where, step in paths.steps.items()
            if step.link in whole.flows and not paths.before[where].asked
        }
    for name in whole.flows:
        waiting, seen = list(silent[name]), set[str]()
        while waiting:
            goal = waiting.pop()
            if goal == name:
                where = next(iter(silent[name].values()))
                message = f"flow {name!r} leads back to itself without a question"
                yield whole.documents[name].error((*where, "link"), message, "ask something on the way")
                break
            if goal not in seen:
                seen.add(goal)
                waiting.extend(silent[goal])


# --- texts


def _texts(whole: _Pack, flow: Flow, document: YamlDocument) -> Iterator[DataError]:
    for slot_name, slot in flow.slots.items():
        for place, reply in _slot_keys(slot_name, slot):
            yield from _text(whole, document, place, reply, set(flow.slots))
    paths = whole.paths[flow.id]
    for where, step in paths.steps.items():
        for verb, key in (("say", step.say), ("confirm", step.confirm)):
            if key is not None:
                given = _shown(whole, flow, paths.before[where].known) | set(step.with_)
                yield from _text(whole, document, (*where, verb), key, given)


def _slot_keys(name: str, slot: Slot) -> Iterator[tuple[Where, str]]:
    for part, key in (("ask", slot.ask), ("again", slot.again), ("why", slot.why)):
        if key is not None:
            yield ("slots", name, part), key
    for index, validity in enumerate(slot.valid):
        yield ("slots", name, "valid", index, "say"), validity.say
    for index, option in enumerate(slot.options):
        yield ("slots", name, "options", index, "title"), option.title


def _shown(whole: _Pack, flow: Flow, known: frozenset[str]) -> set[str]:
    """What a reply may show at a place: slots, the words of what was chosen, parts of results."""
    shown = {*known, *(f"{name}_text" for name in known & flow.slots.keys())}
    for _, step in flow.walk():
        action = whole.actions.by_name.get(str(step.call))
        if action is not None and step.result in known:
            shown |= {f"{step.result}_{part}" for part in action.gives}
    for name in known & flow.slots.keys():
        if "card" in flow.slots[name].takes:
            shown |= {f"{name}_last4", f"{name}_kind"}
    return shown


def _text(
    whole: _Pack, document: YamlDocument, where: Where, key: str, given: set[str]
) -> Iterator[DataError]:
    if whole.replies is None:
        return
    needs = whole.replies.variables.get(key)
    if needs is None:
        yield document.error(where, f"no reply {key!r}", f"add it to {whole.replies.file.name}")
        return
    for name in sorted(each for each in needs if "." not in each and each not in given):
        hint = f"there are: {', '.join(sorted(given)) or 'none'}"
        yield document.error(where, f"reply {key!r} asks for ${name}, which is not known here", hint)


def _own_texts(whole: _Pack) -> Iterator[DataError]:
    if whole.replies is None:
        hint = "replies/en.ftl holds what the assistant says"
        yield DataError("the pack has flows but no texts", file=whole.folder / "replies", hint=hint)
        return
    for key, given in DIALOGUE_REPLIES.items():
        needs = whole.replies.variables.get(key)
        if needs is None:
            yield DataError(
                f"no reply {key!r}", file=whole.replies.file, hint="the dialogue says it by itself"
            )
            continue
        for name in sorted(each for each in needs if "." not in each and each not in given):
            hint = f"it is given {', '.join(sorted(given)) or 'nothing'}"
            line = whole.replies.messages[key].line
            yield DataError(f"{key!r} asks for ${name}", file=whole.replies.file, line=line, hint=hint)


# --- settings


def _settings(whole: _Pack, settings: DialogueFile, document: YamlDocument | None) -> Iterator[DataError]:
    if document is None:
        return
    for index, name in enumerate(settings.menu):
        if name not in whole.flows:
            there = ", ".join(sorted(whole.flows))
            yield document.error(("menu", index), f"no flow {name!r}", f"there are: {there}")
        elif not whole.flows[name].starts_on:
            yield document.error(("menu", index), f"no intent starts flow {name!r}", "it cannot be offered")
    for index, intent in enumerate(settings.human):
        if intent not in whole.intents:
            yield document.error(("human", index), f"no intent {intent!r}", "one of the intents of pack.yaml")
    starts = {intent: flow.id for flow in whole.flows.values() for intent in flow.starts_on}
    for number, rule in enumerate(settings.hand_offs):
        for intent in rule.intents:
            where = ("hand_offs", number, "intents")
            if intent not in whole.intents:
                yield document.error(where, f"no intent {intent!r}", "one of the intents of pack.yaml")
            elif intent in starts:
                hint = f"flow {starts[intent]!r} starts on it and comes first"
                yield document.error(where, f"the rule for {intent!r} is never used", hint)


def steps_of(flow: Flow) -> dict[str, Step]:
    """Every step of a flow by its place, as traces and coverage write it: `steps.2.then.0`."""
    return {".".join(map(str, where)): step for where, step in flow.walk()}
