"""What a message asks for, and starting it."""

from __future__ import annotations

from dataclasses import replace

from tradewind.assistant.dialogue import read, tell
from tradewind.assistant.dialogue.model import Frame, Heard, Waiting
from tradewind.assistant.dialogue.turn import LONGEST_SAID, Turn
from tradewind.assistant.model import Intent, Understanding
from tradewind.packs.dialogue_file import DIALOGUE_INTENTS

MEANT = 0.5
"""Least probability of what leads the conversation elsewhere at once: leaving, a person, yes or no."""


class Message:
    """A message with what was understood of it, and how sure one has to be of an intent now."""

    def __init__(self, turn: Turn, heard: Heard, understanding: Understanding) -> None:
        self.text = heard.text
        self.understanding = understanding
        settings = turn.book.settings
        waits = turn.pending is not None and turn.pending.kind != "intent"
        self.sure = settings.sure if waits else settings.confidence
        self.intents = tuple(i for i in understanding.intents if i.probability >= settings.confidence)
        if turn.frame is None:
            self.intents = _with_named(turn, self.text, self.intents)

    def means(self, *names: str, least: float = MEANT) -> bool:
        """Whether one of these intents is at least so probable."""
        return any(intent.name in names and intent.probability >= least for intent in self.intents)

    def wishes(self) -> tuple[Intent, ...]:
        """What is asked for beside the conversation itself, sure enough for where it is said."""
        return tuple(i for i in self.intents if i.name not in DIALOGUE_INTENTS and i.probability >= self.sure)


def _with_named(turn: Turn, text: str, intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    """Intents, led by that of the flow which the text names, where the model is not sure of anything else.

    A flow that is named in several words goes before a rule of the business too, as where both are asked for: the
    same verb may complain and claim back. A risk stays what it is.
    """
    kept = tuple(intent for intent in intents if intent.name in turn.book.hand_offs)
    unsure = all(intent.probability < MEANT for intent in intents)
    if not unsure and len(kept) < len(intents):
        return intents
    named = read.named(text, turn.book.flows.values(), least=1 if unsure else 2)
    if named is None or any(turn.book.starts.get(intent.name) == named.id for intent in intents):
        return intents
    return (Intent(named.starts_on[0], MEANT), *kept)


def other_wishes(turn: Turn, message: Message) -> tuple[Intent, ...]:
    """Wishes that are not about a flow in progress: neither what it starts on nor what one of its options means."""
    under_way = {frame.flow for frame in turn.frames}
    answers = {
        intent
        for name in under_way
        for slot in turn.book.flows[name].slots.values()
        for option in slot.options
        for intent in option.intents
    }
    return tuple(
        wish
        for wish in message.wishes()
        if turn.book.starts.get(wish.name) not in under_way and wish.name not in answers
    )


def turn_to(turn: Turn, message: Message, *, later: bool = False) -> bool:
    """Start what is asked for: answers at once, the first flow now, the others after it.

    Args:
        later: all flows after the one in hand, which has just been told to go on.
    """
    wishes = other_wishes(turn, message)
    flows = list(
        dict.fromkeys(turn.book.starts[wish.name] for wish in wishes if wish.name in turn.book.starts)
    )
    questions = [wish for wish in wishes if wish.name not in turn.book.starts]
    answered = bool(questions) and tell.answer(turn, message.text, message.understanding.vector)
    left = message.understanding
    if flows and not later:
        why = "asked for" if turn.frame is None else "asked for in between; the open question comes back"
        start(turn, flows[0], message.text, left, why)
        taken = list(turn.frames[-1].slots.values())
        left = replace(left, entities=tuple(each for each in left.entities if each.value not in taken))
    for flow in flows if later else flows[1:]:
        _queue(turn, flow, message.text, left)
    named = read.named(message.text, turn.book.flows.values()) if turn.frame is None else None
    if questions and not answered and not flows and named is not None:
        start(turn, named.id, message.text, left, "named, and no document answers")
    elif questions and not answered and not flows:
        turn.say("dialogue_no_answer", choices=tell.person())
        turn.note(
            "answered", "understood, but no document is sure enough", intents=[w.name for w in questions]
        )
    return bool(wishes)


def _queue(turn: Turn, flow: str, said: str, understanding: Understanding) -> None:
    """Have a flow done when the others are, with what the message gives for it."""
    if flow in {waiting.flow for waiting in turn.queue}:
        return
    slots = read.values(turn.book.flows[flow], Frame(flow=flow, run=0), understanding, said)
    turn.queue.append(Waiting(flow=flow, said=said[:LONGEST_SAID], slots=slots))
    turn.note("queued", "asked for in the same message", flow_waiting=flow)


def start(turn: Turn, flow: str, said: str, understanding: Understanding | None, why: str) -> None:
    was_in = turn.frame is not None
    turn.queue[:] = [waiting for waiting in turn.queue if waiting.flow != flow]
    turn.tries = 0
    frame = turn.start(flow, said)
    if understanding is not None:
        turn.fill(read.values(turn.flow, frame, understanding, said))
    turn.note("digressed" if was_in else "started", why, slots=dict(turn.frames[-1].slots))
