"""Whether a message answers the open question, and what it says beside the answer."""

from __future__ import annotations

import unicodedata

from tradewind.assistant.dialogue import read
from tradewind.assistant.dialogue.turn import Turn
from tradewind.assistant.dialogue.wishes import Message

SAID_BESIDE = 8
"""An answer with less beside it asks for nothing else, whatever the model makes of it; wide characters count twice."""


def beside_answer(turn: Turn, message: Message) -> str | None:
    """What a message says beside its answer to the open question, normalised; None where it does not answer it.

    An answer is a value of a type that the slot takes, the one option of which the message has a word, or the whole
    words of yes and no.
    """
    pending = turn.pending
    if pending is None or turn.frame is None or pending.kind == "intent":
        return None
    plain = read.normalised(message.text)
    slot = turn.flow.slots.get(pending.name) if pending.kind == "slot" else None
    if slot is None or "yes_no" in slot.takes:
        return "" if read.offered(pending, message.text, loosely=False) is not None else None
    entities = message.understanding.entities
    given = next((e for e in entities if e.type in slot.takes and e.value is not None), None)
    if given is not None:
        return read.rest(message.text, [given])
    chosen = read.by_words(plain, [(offer.payload, offer.words) for offer in pending.offers])
    return " ".join(plain.replace(chosen[0][1], " ").split()) if len(chosen) == 1 else None


def says_little(text: str) -> bool:
    """Whether normalised words are too few to ask for anything."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text) < SAID_BESIDE
