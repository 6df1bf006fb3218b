"""What a message gives: values for slots, choices, corrections, whatever words were used for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from tradewind.assistant.dialogue.ask import CHOSEN
from tradewind.assistant.dialogue.model import Frame, Pending
from tradewind.assistant.dialogue.turn import Turn
from tradewind.assistant.model import Entity, Understanding
from tradewind.packs.flow_file import CHOICE, ENTITIES, TEXT, YES_NO, Flow, Slot

LOOSE = ("person", "merchant", "product")
"""Types that are names: an answer that the model found none in is taken as it stands."""

LONGEST_NAME = 60
LONGEST_TEXT = 1000
T = TypeVar("T")
AFFIRM, DENY, CORRECTION = "affirm", "deny", "correction"


def normalised(text: str) -> str:
    """Words without case, width and punctuation, for comparing."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c if unicodedata.category(c)[0] not in "PZC" else " " for c in folded)
    return " ".join(kept.split())


def holds_word(text: str, word: str) -> bool:
    """Whether a normalised text has a word: between spaces, or anywhere in scripts that write none."""
    wanted = normalised(word)
    if not wanted:
        return False
    if any(ord(character) >= 0x2E80 for character in wanted):
        return wanted in text
    return f" {wanted} " in f" {text} "


def by_words(plain: str, words: Iterable[tuple[T, Iterable[str]]]) -> list[tuple[T, str]]:
    """Those of which a normalised text has a word, each with the longest of them.

    A word that is only part of another's longer word does not count: 住宅ローン is no ローン.
    """
    held = [
        (each, max(found, key=len))
        for each, known in words
        if (found := [normalised(word) for word in known if holds_word(plain, word)])
    ]
    return [
        (each, word)
        for each, word in held
        if not any(word != other and holds_word(other, word) for _, other in held)
    ]


def named(text: str, flows: Iterable[Flow], *, least: int = 1) -> Flow | None:
    """The flow that a text names by the longest of its `words`; None where it names none, or two equally.

    Args:
        least: fewest words of a name.
    """
    plain = normalised(text)
    found = [
        (len(words), flow)
        for flow in flows
        for words in flow.words
        if flow.starts_on
        and len(stems := normalised(words).split()) >= least
        and all(_holds_stem(plain, stem) for stem in stems)
    ]
    longest = max((length for length, _ in found), default=0)
    best = {flow.id: flow for length, flow in found if length == longest}
    return next(iter(best.values())) if len(best) == 1 else None


def _holds_stem(text: str, stem: str) -> bool:
    """Whether a word of a normalised text begins so; anywhere in scripts that write no spaces."""
    wide = any(ord(character) >= 0x2E80 for character in stem)
    return stem in text if wide else f" {stem}" in f" {text}"


def offered(pending: Pending, text: str, *, loosely: bool) -> str | None:
    """The payload of the button that a text stands for: its number, its words, or `loosely` words with others."""
    plain = normalised(text)
    if plain.isdecimal() and 0 < int(plain[:9]) <= len(pending.offers):
        return pending.offers[int(plain[:9]) - 1].payload
    exact = [o.payload for o in pending.offers if plain in map(normalised, o.words)]
    within = [offer.payload for offer, _ in by_words(plain, [(o, o.words) for o in pending.offers])]
    for found in (exact, within if loosely else []):
        if len(set(found)) == 1:
            return found[0]
    return None


def values(
    flow: Flow,
    frame: Frame,
    understanding: Understanding,
    text: str,
    *,
    without: tuple[Entity | None, str | None] = (None, None),
) -> dict[str, Any]:
    """Values of a message for the slots of a flow that have none yet, in the order of the flow's file.

    Args:
        without: an entity and a slot that are dealt with already.
    """
    found: dict[str, Any] = {}
    left = [e for e in understanding.entities if e.value is not None and e is not without[0]]
    for name, slot in flow.slots.items():
        if name in frame.slots or name == without[1]:
            continue
        entity = next((entity for entity in left if entity.type in slot.takes), None)
        if entity is not None:
            found[name] = entity.value
            left.remove(entity)
        elif (value := _choice(slot, understanding, text)) is not None:
            found[name] = value
    return found


def answer(
    turn: Turn, name: str, understanding: Understanding, text: str, *, as_it_stands: bool
) -> tuple[dict[str, Any], Entity | None]:
    """The value of a message for the slot that was asked for, and the entity that it is, if it is one.

    Args:
        as_it_stands: whether the words themselves may be the value.
    """
    slot = turn.flow.slots[name]
    for entity in understanding.entities:
        if entity.type in slot.takes and entity.value is not None:
            return {name: entity.value}, entity
    value = _choice(slot, understanding, text)
    if value is None and as_it_stands:
        value = _as_it_stands(turn, slot, understanding, text)
    return ({} if value is None else {name: value}), None


def corrections(
    flow: Flow, frame: Frame, understanding: Understanding, text: str, pending: str
) -> dict[str, Any]:
    """New values of a message for slots that have one: an entity or option that differs from what they hold."""
    found: dict[str, Any] = {}
    used: list[Entity] = []
    for name, held in frame.slots.items():
        if name not in flow.slots or name == pending:
            continue
        slot = flow.slots[name]
        fitting = [
            e
            for e in understanding.entities
            if e.type in slot.takes and e.value is not None and e not in used
        ]
        new = [entity for entity in fitting if not same(entity.value, held)]
        names_old = len(new) < len(fitting)
        takes_too = pending in flow.slots and any(e.type in flow.slots[pending].takes for e in new)
        if new and (names_old or not takes_too):
            found[name] = new[0].value
            used += fitting
        elif slot.options:
            other = _choice(slot, understanding, text, without=held)
            if other is not None:
                found[name] = other
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same; an amount without a currency may be of any."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and "minor" in one and "minor" in other:
        first, second = one.get("currency"), other.get("currency")
        if first is not None and second is not None:
            return bool(one["minor"] == other["minor"] and first == second)
        return bool(one["minor"] == other["minor"])
    return bool(one == other)


def _choice(slot: Slot, understanding: Understanding, text: str, *, without: Any = None) -> Any:
    """The one option that the message's words or intents choose."""
    if CHOICE not in slot.takes or not slot.options:
        return None
    plain = normalised(text)
    meant = {intent.name for intent in understanding.intents}
    by_word = [option.value for option, _ in by_words(plain, [(o, o.words) for o in slot.options])]
    by_intent = [o.value for o in slot.options if meant & set(o.intents)]
    for chosen in (by_word, by_intent):
        other = [value for value in chosen if value != without]
        if len(other) == 1:
            return other[0]
    return None


def _as_it_stands(turn: Turn, slot: Slot, understanding: Understanding, text: str) -> Any:
    """The words of an answer, where the slot that was asked for can take them."""
    words = " ".join(text.split())
    meant = {intent.name for intent in understanding.intents[:1]}
    if YES_NO in slot.takes and meant & {AFFIRM, DENY}:
        return AFFIRM in meant
    reader = turn.services.reader
    for kind in slot.takes:
        if kind in ENTITIES and kind not in LOOSE and reader is not None:
            value = reader(kind, words[:LONGEST_TEXT], turn.scene, turn.language)
            if value is not None:
                return value
    if TEXT in slot.takes and words:
        return words[:LONGEST_TEXT]
    loose = any(kind in slot.takes for kind in LOOSE)
    if loose and 0 < len(words) <= LONGEST_NAME and not meant & {DENY, CORRECTION} and _is_a_name(words):
        return words
    return None


def _is_a_name(words: str) -> bool:
    """Letters, no question, not a whole sentence."""
    if any(character in "?？!！;；/\\<>{}" for character in words):
        return False
    return any(character.isalpha() for character in words) and len(words.split()) <= 5


def rest(text: str, entities: Iterable[Entity]) -> str:
    """What a message says beside the entities in it."""
    kept, end = [], 0
    for entity in sorted(entities, key=lambda entity: entity.start):
        kept.append(text[end : entity.start])
        end = max(end, entity.end)
    return normalised("".join([*kept, text[end:]]))


def chosen(payload: str) -> dict[str, int] | None:
    """The value of a pressed option, until its flow comes to it."""
    number = payload.partition(" ")[2]
    return {CHOSEN: int(number[:4])} if number.isdecimal() else None
