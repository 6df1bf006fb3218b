"""What a message means where it is said: an answer, a correction, another wish, a way out.

`listen` asks one question after the other, the most pressing first, and the first that says yes has dealt with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradewind.assistant.dialogue import read, tell
from tradewind.assistant.dialogue.fits import beside_answer, says_little
from tradewind.assistant.dialogue.model import Done, Heard, Pending
from tradewind.assistant.dialogue.read import AFFIRM, CORRECTION, DENY
from tradewind.assistant.dialogue.run import end_flow
from tradewind.assistant.dialogue.turn import Turn
from tradewind.assistant.dialogue.wishes import MEANT, Message, other_wishes, start, turn_to
from tradewind.assistant.model import Understanding
from tradewind.packs.dialogue_file import DIALOGUE_INTENTS

CANCEL, WHY, GREET, THANKS, GOODBYE = "cancel", "why", "greet", "thanks", "goodbye"
MOST_LIKELY = 3


def listen(turn: Turn, heard: Heard, understanding: Understanding) -> None:
    """Work out what a message means, and change the turn accordingly."""
    message = Message(turn, heard, understanding)
    if not any(deals_with(turn, message) for deals_with in _QUESTIONS):
        _missed(turn, message)
        return
    turn.misses = 0


def _least(turn: Turn, message: Message) -> float:
    """How probable what leads away from the open question has to be: more, where the message answers it."""
    return MEANT if beside_answer(turn, message) is None else max(MEANT, turn.book.settings.sure)


def _only_answers(turn: Turn, message: Message) -> bool:
    """Whether a message is an answer to the open question and hardly a word more."""
    beside = beside_answer(turn, message)
    return beside is not None and says_little(beside)


# --- a person is needed


def _wants_a_person(turn: Turn, message: Message) -> bool:
    if not message.means(*turn.book.settings.human, "human", least=_least(turn, message)):
        return False
    turn.say("dialogue_hand_off_requested")
    turn.to_a_person("requested", "the customer asks for a person", priority=1)
    return True


def _is_a_risk(turn: Turn, message: Message) -> bool:
    """A rule of the business waits where the message answers, or asks for what can be done; a risk does not."""
    wishes = message.wishes()
    for place, intent in enumerate(wishes):
        rule = turn.book.hand_offs.get(intent.name)
        if rule is None or intent.name in turn.book.starts:
            continue
        if rule.reason != "risk" and (intent.probability < MEANT or _only_answers(turn, message)):
            continue
        if rule.reason == "risk" or not any(wish.name in turn.book.starts for wish in wishes[:place]):
            turn.say(f"dialogue_hand_off_{rule.reason}")
            why = f"{intent.name} is for a person"
            turn.to_a_person(rule.reason, why, skill=rule.skill, priority=rule.priority)
            return True
    return False


def _is_angry(turn: Turn, message: Message) -> bool:
    """Whoever is upset and asks for, says or answers something is helped first; anger that goes on needs a person."""
    sentiment = message.understanding.sentiment
    if sentiment > turn.book.settings.anger:
        turn.angry = 0
        return False
    if _only_answers(turn, message):
        turn.note("said", f"sentiment {sentiment:.2f}, but it only answers")
        return False
    turn.angry += 1
    if turn.angry == 1 and _can_be_dealt_with(turn, message):
        turn.note("said", f"sentiment {sentiment:.2f}, but it can be dealt with")
        return False
    turn.say("dialogue_hand_off_anger")
    turn.to_a_person("anger", f"sentiment {sentiment:.2f}", priority=2)
    return True


def _can_be_dealt_with(turn: Turn, message: Message) -> bool:
    """Whether a message starts a flow, answers the open question, or steers the conversation: "I was wrong"."""
    if any(wish.name in turn.book.starts for wish in message.wishes()):
        return True
    steers = message.means(CORRECTION, CANCEL, WHY, AFFIRM, DENY)
    return steers or beside_answer(turn, message) is not None


# --- about the conversation


def _leaves(turn: Turn, message: Message) -> bool:
    if not message.means(CANCEL, least=_least(turn, message)) or (not turn.frames and message.wishes()):
        return False
    cancel(turn)
    return True


def cancel(turn: Turn) -> None:
    """Leave the flow in hand; where something was done already, ask first."""
    if turn.frame is None:
        turn.queue.clear()
        turn.say("dialogue_nothing_to_cancel")
        return
    title = turn.book.flow_title(turn.frame.flow, turn.language)
    if turn.frame.changed and (turn.pending is None or turn.pending.kind != "cancel"):
        choices = tell.yes_or_no()
        turn.pending = Pending(kind="cancel", offers=tell.offers(choices, tell.yes_or_no_words(turn)))
        turn.say("dialogue_cancel_question", {"flow": title}, choices)
        turn.note("asked", "something was done that cancelling does not undo")
        return
    turn.say("dialogue_cancelled", {"flow": title})
    end_flow(turn, "cancelled", "the customer wants out")


def _asks_why(turn: Turn, message: Message) -> bool:
    return message.means(WHY) and explain(turn)


def explain(turn: Turn) -> bool:
    """Say why the open question is asked."""
    if turn.pending is None or turn.frame is None:
        return False
    slot = turn.flow.slots.get(turn.pending.name) if turn.pending.kind == "slot" else None
    turn.say(slot.why if slot is not None and slot.why else "dialogue_why")
    turn.note("explained", "asked why", slot=turn.pending.name)
    return True


def _presses(turn: Turn, message: Message) -> bool:
    """A number or the words of a button stand for pressing it."""
    pending = turn.pending
    if pending is None or not pending.offers:
        return False
    slot = turn.flow.slots.get(pending.name) if pending.kind == "slot" and turn.frame else None
    if slot is not None and {"number", "amount"} & set(slot.takes):
        return False
    loosely = pending.kind == "slot" and not other_wishes(turn, message)
    payload = read.offered(pending, message.text, loosely=loosely)
    return payload is not None and press(turn, payload)


def press(turn: Turn, payload: str) -> bool:
    """Do what a button stands for; False where it is not to be had any more."""
    word, _, rest = payload[1:].partition(" ")
    pending = turn.pending
    if word == "human":
        turn.say("dialogue_hand_off_requested")
        turn.to_a_person("requested", "the customer asks for a person")
    elif word == "cancel":
        cancel(turn)
    elif word == "why":
        return explain(turn)
    elif word == "intent":
        return _wish(turn, rest)
    elif pending is None or turn.frame is None:
        return False
    elif word in ("yes", "no"):
        return _decide(turn, word == "yes")
    elif pending.kind == "slot" and (value := read.chosen(payload)) is not None:
        turn.fill({pending.name: value})
        turn.note("filled", "chosen", slot=pending.name, value=value)
    else:
        return False
    return True


def _wish(turn: Turn, intent: str) -> bool:
    """A button for an intent was pressed."""
    if intent in turn.book.starts:
        if turn.frame is None or turn.frame.flow != turn.book.starts[intent]:
            start(turn, turn.book.starts[intent], "", None, "chosen")
        return True
    if intent in turn.book.hand_offs:
        rule = turn.book.hand_offs[intent]
        turn.say(f"dialogue_hand_off_{rule.reason}")
        turn.to_a_person(rule.reason, f"{intent} is for a person", skill=rule.skill, priority=rule.priority)
        return True
    if intent not in turn.book.titles:
        return False
    if not tell.answer(turn, turn.book.intent_title(intent, turn.language), None):
        turn.say("dialogue_no_answer", choices=tell.person())
    return True


def _decide(turn: Turn, yes: bool) -> bool:
    """Yes or no to what was asked."""
    pending = turn.pending
    if pending is None or turn.frame is None:
        return False
    if pending.kind == "cancel":
        turn.pending = None
        if yes:
            title = turn.book.flow_title(turn.frame.flow, turn.language)
            turn.say("dialogue_cancelled", {"flow": title})
            end_flow(turn, "cancelled", "the customer wants out")
        return True
    if pending.kind == "confirm":
        done = turn.frame.done.get(f"confirm {pending.name}")
        count = (done.count if done else 0) + 1
        turn.did(f"confirm {pending.name}", Done(inputs=pending.inputs, count=count, values=yes))
        turn.note("confirmed" if yes else "denied", "the customer says so", key=pending.name)
        return True
    slot = turn.flow.slots.get(pending.name)
    if slot is None:
        return False
    if "yes_no" in slot.takes:
        turn.fill({pending.name: yes})
    elif slot.optional and not yes:
        turn.change(skipped=(*turn.frame.skipped, pending.name))
    else:
        return False
    turn.note("filled", "the customer says so", slot=pending.name, value=yes)
    return True


# --- about the flow in hand


def _corrects(turn: Turn, message: Message) -> bool:
    """Something said before was meant otherwise: the slot takes the new value, and what depends on it runs again."""
    if turn.frame is None:
        return False
    pending = turn.pending.name if turn.pending is not None and turn.pending.kind == "slot" else ""
    found = read.corrections(turn.flow, turn.frame, message.understanding, message.text, pending)
    if not found or not (message.means(CORRECTION, DENY) or _goes_on(turn, message)):
        return False
    beside = _answers(turn, message, {**found})
    turn.fill({**found, **beside})
    turn.note("corrected", "said otherwise before", slots=found)
    turn.say("dialogue_corrected")
    return True


def _answers(turn: Turn, message: Message, without: dict[str, Any]) -> dict[str, Any]:
    """Values of a correcting message for slots that have none yet."""
    assert turn.frame is not None
    left = tuple(e for e in message.understanding.entities if e.value not in without.values())
    types = {kind for name in without for kind in turn.flow.slots[name].takes}
    left = tuple(entity for entity in left if entity.type not in types)
    u = message.understanding
    rest = Understanding(u.language, u.intents, u.in_scope, u.scope_score, left)
    return read.values(turn.flow, turn.frame, rest, message.text)


def _goes_on(turn: Turn, message: Message) -> bool:
    """Whether a message asks for nothing but the flow in hand."""
    assert turn.frame is not None
    return all(turn.book.starts.get(wish.name) == turn.frame.flow for wish in message.wishes())


def _answers_yes_or_no(turn: Turn, message: Message) -> bool:
    if turn.pending is None or turn.pending.kind == "intent":
        return False
    # what is confirmed is done: a guess is not enough, while a "no" does no harm
    least = turn.book.settings.sure if turn.pending.kind in ("confirm", "cancel") else MEANT
    first = next((intent for intent in message.intents if intent.name in (AFFIRM, DENY)), None)
    if first is None or first.probability < (least if first.name == AFFIRM else MEANT):
        return False
    if not _decide(turn, first.name == AFFIRM):
        return False
    turn_to(turn, message, later=True)
    return True


def _answers_the_question(turn: Turn, message: Message) -> bool:
    if turn.frame is None:
        return False
    pending = turn.pending.name if turn.pending is not None and turn.pending.kind == "slot" else None
    slot = turn.flow.slots.get(pending) if pending else None
    wishes = other_wishes(turn, message)
    asks_for_all = slot is not None and "text" in slot.takes
    found: dict[str, Any] = {}
    used = None
    if pending is not None:
        as_it_stands = asks_for_all or _goes_on(turn, message)
        found, used = read.answer(
            turn, pending, message.understanding, message.text, as_it_stands=as_it_stands
        )
    found |= read.values(turn.flow, turn.frame, message.understanding, message.text, without=(used, pending))
    if pending is not None and pending not in found and wishes:
        return False
    if not found:
        return False
    turn.fill(found)
    turn.tries = turn.tries if pending in found else 0
    turn.note("filled", "the message says so", slots=found)
    beside = read.rest(message.text, message.understanding.entities)
    if wishes and not asks_for_all and used is not None and not says_little(beside):
        turn_to(turn, message)
    return True


# --- something else


def _wishes_something(turn: Turn, message: Message) -> bool:
    return turn_to(turn, message)


def _repeats_the_wish(turn: Turn, message: Message) -> bool:
    """The flow in hand was asked for once more: nothing new, but nothing to be puzzled about."""
    return turn.frame is not None and any(
        turn.book.starts.get(wish.name) in {frame.flow for frame in turn.frames} for wish in message.wishes()
    )


def _is_small_talk(turn: Turn, message: Message) -> bool:
    for name in (GOODBYE, THANKS, GREET):
        if message.means(name):
            turn.say(f"dialogue_{name}")
            turn.note("said", "small talk", key=f"dialogue_{name}")
            return True
    if turn.frame is None and message.means(AFFIRM, DENY):
        turn.say("dialogue_go_ahead" if message.means(AFFIRM) else "dialogue_goodbye")
        return True
    if turn.frame is None and message.means(CORRECTION):
        turn.say("dialogue_done_already", choices=tell.person())
        return True
    return False


def _is_answered_by_a_document(turn: Turn, message: Message) -> bool:
    return tell.answer(turn, message.text, message.understanding.vector)


def _missed(turn: Turn, message: Message) -> None:
    """Once: say it differently, with what may have been meant. Twice: a person takes over."""
    turn.misses += 1
    u = message.understanding
    turn.note(
        "not_understood",
        "no intent is sure enough, and it answers nothing",
        confidence=round(u.confidence, 4),
    )
    if turn.misses >= 2:
        turn.say("dialogue_hand_off_not_understood")
        turn.to_a_person("not_understood", "not understood twice in a row")
        return
    turn.rephrases = True
    if turn.frame is not None:
        turn.say("dialogue_rephrase")
        return
    likely = tuple(i.name for i in u.intents if i.name not in DIALOGUE_INTENTS and i.name in turn.book.titles)
    choices = tell.intents(turn, likely[:MOST_LIKELY]) or tell.flows(turn, turn.book.settings.menu)
    choices += tell.person()
    turn.say("dialogue_not_understood", choices=choices)
    turn.pending = Pending(kind="intent", offers=tell.offers(choices))


_QUESTIONS: tuple[Callable[[Turn, Message], bool], ...] = (
    _wants_a_person,
    _is_a_risk,
    _is_angry,
    _leaves,
    _asks_why,
    _corrects,
    _answers_yes_or_no,
    _presses,
    _answers_the_question,
    _wishes_something,
    _repeats_the_wish,
    _is_small_talk,
    _is_answered_by_a_document,
)
