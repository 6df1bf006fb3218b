"""The dialogue: a state and an event in, a state and what is said out."""

from __future__ import annotations

from tradewind.assistant.actions.model import Actions
from tradewind.assistant.dialogue import hear, tell
from tradewind.assistant.dialogue.model import (
    Event,
    Heard,
    Opened,
    Outcome,
    Returned,
    Scene,
    Silence,
    State,
    is_payload,
)
from tradewind.assistant.dialogue.run import go_on
from tradewind.assistant.dialogue.turn import Observer, Services, Turn, ValueReader
from tradewind.assistant.flows.book import Book
from tradewind.assistant.model import Knowledge, Language, Products, Understanding

LONGEST_TAG = 4
"""Texts with fewer letters say nothing of their language: "ok", "500"."""


class Dialogue:
    """Carries conversations by the flows of a pack. Keeps nothing between turns; safe to call from several threads.

    Args:
        book: what the pack says of dialogue.
        actions: does what flows call for.
        knowledge, products: answer and suggest; without them nothing is answered or suggested.
        reader: reads an answer as what was asked for; without it only entities and names are taken.
        observer: told of each step that a flow passes, for coverage.
    """

    def __init__(
        self,
        book: Book,
        actions: Actions,
        knowledge: Knowledge | None = None,
        products: Products | None = None,
        *,
        reader: ValueReader | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.book = book
        self._services = Services(actions, knowledge, products, reader, observer)

    def turn(self, state: State, event: Event, scene: Scene) -> Outcome:
        """What comes of an event.

        Calls of actions happen in here, with the same idempotency keys for the same state and event: where the
        outcome was lost, the turn is worked out again and nothing is done twice.
        """
        turn = Turn.begin(self.book, self._services, scene, state)
        match event:
            case Heard():
                _hear(turn, event)
            case Silence():
                _wait(turn)
            case Opened():
                turn.say("dialogue_greeting", choices=tell.flows(turn, self.book.settings.menu))
            case Returned():
                _return(turn)
        return turn.outcome()


def _hear(turn: Turn, heard: Heard) -> None:
    turn.silences = 0
    turn.closed = False
    understanding = heard.understanding
    if understanding is not None and not is_payload(heard.text) and _tells_its_language(heard.text):
        turn.language = _spoken(turn, understanding.language)
    if turn.handed_off:
        turn.note("said", "a person has the conversation")
        return
    asked_which = turn.pending is not None and turn.pending.kind == "intent"
    if is_payload(heard.text):
        if hear.press(turn, heard.text):
            turn.misses = 0
        else:
            turn.note("not_understood", "a button that is not to be had any more")
            turn.say("dialogue_button_gone")
    else:
        hear.listen(turn, heard, understanding or _nothing(turn))
    if asked_which and turn.misses == 0 and turn.pending is not None and turn.pending.kind == "intent":
        turn.pending = None
    if turn.hand_off is None and not _waits_for_a_decision(turn):
        go_on(turn)


def _waits_for_a_decision(turn: Turn) -> bool:
    """Whether the dialogue itself has just asked something, rather than a flow."""
    return turn.pending is not None and turn.pending.kind in ("cancel", "intent")


def _wait(turn: Turn) -> None:
    """Remind once, then close."""
    if turn.handed_off or turn.closed:
        return
    turn.silences += 1
    if turn.silences > 1:
        turn.note("closed", "no answer after a reminder")
        turn.say("dialogue_closed")
        turn.frames.clear()
        turn.queue.clear()
        turn.pending = None
        turn.misses = turn.tries = 0
        turn.closed = True
        return
    turn.note("reminded", "no answer for a while")
    turn.say("dialogue_reminder")
    if turn.frames and not _waits_for_a_decision(turn):
        go_on(turn)


def _return(turn: Turn) -> None:
    """Go on where the conversation was when a person took it."""
    turn.handed_off = False
    turn.misses = turn.tries = 0
    turn.note("returned", "the person gave it back")
    if turn.frames:
        title = turn.book.flow_title(turn.frames[-1].flow, turn.language)
        turn.say("dialogue_back_to", {"flow": title})
        go_on(turn)


def _spoken(turn: Turn, language: Language) -> Language:
    """The language of a message where the pack speaks it; a short text is easily taken for one that nobody spoke."""
    return language if language.partition("-")[0] in turn.book.languages else turn.language


def _tells_its_language(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    return letters >= LONGEST_TAG or any(ord(character) >= 0x2E80 for character in text)


def _nothing(turn: Turn) -> Understanding:
    """Of a text that nobody read."""
    return Understanding(Language(turn.language), (), in_scope=False, scope_score=0.0)
