"""Slots: holding a value against its rules, and asking where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewind.assistant.dialogue import tell
from tradewind.assistant.dialogue.model import Pending
from tradewind.assistant.dialogue.turn import Turn
from tradewind.assistant.model import Choice
from tradewind.core.yaml_document import Where
from tradewind.packs.flow_file import YES_NO, Slot

MOST_BUTTONS = 10
CHOOSE_ONE = "dialogue_choose_one"
CHOSEN = "chosen"
"""A slot holds `{"chosen": 2}` from the press of a button until its flow comes to it."""

Found = tuple[Any, Any] | tuple[()]
"""A value, which may be None for what is left out, and how a reply writes it; nothing where the customer was asked."""


def collect(turn: Turn, name: str, where: Where, names: Mapping[str, Any]) -> Found:
    """The value of a slot; where it has none that is valid, the question is put."""
    slot, frame = turn.flow.slots[name], turn.frames[-1]
    options = _options(turn, slot, names)
    if name in frame.slots:
        value, complaint = _checked(turn, name, frame.slots[name], names, options)
        if complaint is None:
            if value != frame.slots[name]:
                turn.fill({name: value})
            return value, _label(value, options)
        turn.change(slots={other: held for other, held in frame.slots.items() if other != name})
        if complaint != CHOOSE_ONE or _was_asked(turn, name):
            return _reject(turn, name, where, complaint, names, options)
        turn.note("rejected", "no longer one of what may be chosen", step=where, slot=name)
    if name in frame.skipped:
        return None, None
    if name not in frame.fresh and (known := _known(turn, name, where, names, options)):
        return known
    if slot.ask is None or not _may_be_asked(turn, name, names):
        return None, None
    _question(turn, name, options)
    turn.note("asked", "not known yet", step=where, slot=name)
    return ()


def _question(turn: Turn, name: str, options: list[Option]) -> None:
    """Put a slot's question, with its buttons."""
    slot = turn.flow.slots[name]
    choices = tuple(option.choice for option in options[:MOST_BUTTONS])
    words = {option.choice.payload: option.words for option in options}
    if YES_NO in slot.takes:
        choices, words = tell.yes_or_no(), tell.yes_or_no_words(turn)
    turn.pending = Pending(kind="slot", name=name, offers=tell.offers(choices, words))
    key = slot.again if turn.rephrases and slot.again else slot.ask
    turn.say(str(key), turn.frames[-1].slots, choices)


class Option:
    """Something that a slot may be: its value, its button, and the words that mean it."""

    def __init__(self, value: Any, choice: Choice, words: tuple[str, ...] = ()) -> None:
        self.value = value
        self.choice = choice
        self.words = words


def _options(turn: Turn, slot: Slot, names: Mapping[str, Any]) -> list[Option]:
    found = [
        Option(option.value, Choice(f"/choose {number}", option.title), option.words)
        for number, option in enumerate(slot.options, 1)
    ]
    if slot.options_from is not None:
        listed = slot.options_from.value(names, turn.scene.now.date())
        for number, item in enumerate(listed if isinstance(listed, list) else [], len(found) + 1):
            value = item.get("value") if isinstance(item, Mapping) else item
            text = str(item.get("text", value) if isinstance(item, Mapping) else item)
            words = tuple(map(str, item.get("words", ()))) if isinstance(item, Mapping) else ()
            found.append(Option(value, Choice(f"/choose {number}", text=text), words))
    return found


def _was_asked(turn: Turn, name: str) -> bool:
    """Whether the message answers the question for this slot."""
    pending = turn.before.pending
    return pending is not None and pending.kind == "slot" and pending.name == name


def _may_be_asked(turn: Turn, name: str, names: Mapping[str, Any]) -> bool:
    rule = turn.flow.slots[name].ask_if
    return rule is None or name in turn.frames[-1].fresh or rule.holds(names, turn.scene.now.date())


def _label(value: Any, options: list[Option]) -> Any:
    """What a reply shows of a choice: the words of its button."""
    chosen = next((option.choice for option in options if option.value == value), None)
    if chosen is None:
        return value
    return chosen.text or {"reply": chosen.title}


def _checked(
    turn: Turn, name: str, value: Any, names: Mapping[str, Any], options: list[Option]
) -> tuple[Any, str | None]:
    """The value as the slot has it, and the key of the reply that says what is wrong with it."""
    slot = turn.flow.slots[name]
    if isinstance(value, Mapping) and "minor" in value and value.get("currency") is None:
        value = {**value, "currency": turn.scene.currency}
    if slot.options or slot.options_from is not None:
        option = _chosen(value, options)
        if option is None:
            return value, CHOOSE_ONE
        value = option.value
    for validity in slot.valid:
        if not validity.rule.holds({**names, name: value}, turn.scene.now.date()):
            return value, validity.say
    return value, None


def _chosen(value: Any, options: list[Option]) -> Option | None:
    """The option with this value or number, or the only one that the value is about."""
    if isinstance(value, Mapping) and isinstance(number := value.get(CHOSEN), int):
        return options[number - 1] if 0 < number <= len(options) else None
    for option in options:
        if option.value == value:
            return option
    asked = {
        str(part).casefold() for part in (value.values() if isinstance(value, Mapping) else [value]) if part
    }
    about = [
        option
        for option in options
        if asked & {word.casefold() for word in option.words} or asked & _parts(option.value)
    ]
    return about[0] if len(about) == 1 else None


def _parts(value: Any) -> set[str]:
    return (
        {str(part).casefold() for part in value.values()}
        if isinstance(value, Mapping)
        else {str(value).casefold()}
    )


def _known(turn: Turn, name: str, where: Where, names: Mapping[str, Any], options: list[Option]) -> Found:
    """A value that need not be asked for: known from an earlier flow, by default, or the only one there is."""
    slot = turn.flow.slots[name]
    if slot.keep and name in turn.kept:
        value, complaint = _checked(turn, name, turn.kept[name], names, options)
        if complaint is None:
            turn.fill({name: value})
            turn.note("filled", "known from earlier in the conversation", step=where, slot=name, value=value)
            return value, _label(value, options)
    if slot.default is not None:
        value = slot.default.value({**names}, turn.scene.now.date())
        if value is not None and value != "":
            return value, _label(value, options)
    if slot.options_from is not None and len(options) == 1:
        return options[0].value, _label(options[0].value, options)
    return ()


def _reject(
    turn: Turn, name: str, where: Where, complaint: str, names: Mapping[str, Any], options: list[Option]
) -> Found:
    turn.tries += 1
    turn.note("rejected", complaint, step=where, slot=name)
    if turn.tries >= turn.book.settings.tries:
        turn.say("dialogue_hand_off_not_understood")
        turn.to_a_person("not_understood", f"{turn.tries} answers in a row were not valid")
        return ()
    turn.say(
        complaint,
        {key: value for key, value in names.items() if key in turn.flow.slots and value is not None},
    )
    if turn.flow.slots[name].ask is None:
        return None, None
    _question(turn, name, options)
    return ()
