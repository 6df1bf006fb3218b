"""What comes of a message: understood, talked over, said in words, and perhaps handed to a person.

Everything here runs in a worker thread and touches no database: it makes a `Step`, which the service writes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tradewind.assistant.conversations.desk import Desk
from tradewind.assistant.conversations.kinds import Acted, Began, Decided, Rated, Resolved, Understood
from tradewind.assistant.conversations.model import Found, Memory, Status, Step, Talker
from tradewind.assistant.conversations.page import Page
from tradewind.assistant.dialogue.model import (
    Decision,
    Event,
    Heard,
    Opened,
    Outcome,
    Returned,
    Scene,
    Silence,
)
from tradewind.assistant.model import Author, HandOff, Language, Replies, Say, Understanding
from tradewind.core.clock import Clock
from tradewind.core.errors import InputError
from tradewind.markets import Markets

RATE = "/rate "
"""Payload of the buttons that ask how satisfied the customer was."""
FAILED = "service-failed"
THANKS = "service-thanks"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turns:
    """Makes the steps of a conversation.

    Args:
        silence: after how long a customer who was asked something is reminded; never when None.
    """

    talker: Talker
    replies: Replies
    markets: Markets
    desk: Desk
    clock: Clock
    silence: timedelta | None = None

    def opened(self, found: Found) -> Step:
        """The conversation's first step: it begins, and the assistant may greet."""
        page = self._page(found)
        own = page.own
        page.record(Began(conversation=own.id, channel=own.channel, language=own.language))
        self._talk(page, Opened())
        return page.step()

    def heard(
        self, found: Found, text: str, understanding: Understanding | None, client_id: str | None
    ) -> Step:
        """What comes of a message of the customer."""
        page = self._page(found)
        rating = _rating(text) if page.own.status is Status.RESOLVED else None
        language = understanding.language if understanding else None
        page.add(Author.CUSTOMER, text, language=language, client_id=client_id)
        if understanding is not None:
            page.record(_understood(page, understanding))
        if rating is not None:
            self._rate(page, rating)
            return page.step()
        if page.own.status is Status.RESOLVED:
            page.change(status=Status.OPEN)
        if page.own.status is Status.OPEN:
            self._talk(page, Heard(text, understanding))
        return page.step()

    def happened(self, found: Found, event: Silence | Returned) -> Step:
        """What comes of an event that is no message."""
        page = self._page(found)
        self._talk(page, event)
        return page.step()

    def returned(self, page: Page) -> None:
        """The assistant has the conversation again."""
        page.change(status=Status.OPEN, agent=None)
        self._talk(page, Returned())

    def _page(self, found: Found) -> Page:
        assert found.memory is not None
        return Page(found.conversation, found.memory, self.clock)

    def _talk(self, page: Page, event: Event) -> None:
        outcome = self._outcome(page, event)
        page.memory = replace(page.memory, state=outcome.state)
        if outcome.state.language is not None:
            page.change(language=Language(outcome.state.language))
        for body in _decided(page, event, outcome):
            page.record(body)
        for say in outcome.says:
            self._say(page, say)
        page.change(wake=self._wake(page, outcome))
        if outcome.hand_off is not None:
            self.desk.queue(page, outcome.hand_off)
        elif outcome.closed:
            page.record(Resolved(conversation=page.own.id, by="assistant"))
            page.change(status=Status.RESOLVED, wake=None)
            if isinstance(event, Heard):
                self.desk.ask_rating(page)

    def _outcome(self, page: Page, event: Event) -> Outcome:
        """A fault in the dialogue costs the customer no word: a person takes over."""
        own = page.own
        market = self.markets.get(own.market)
        scene = Scene(own.party, own.id, page.now, market.currency, page.memory.profile)
        try:
            return self.talker.turn(page.memory.state, event, scene)
        except Exception:
            log.exception("conversation %s: the dialogue failed", own.id)
            why = Decision("handed_off", "the dialogue failed")
            return Outcome(
                page.memory.state.model_copy(update={"handed_off": True}),
                (Say(FAILED),),
                HandOff("failure", priority=2),
                (why,),
            )

    def _say(self, page: Page, say: Say) -> None:
        reply = self.replies.render(say, page.own.market, page.own.language)
        page.say(reply, document=say.quote.document if say.quote else None)

    def _wake(self, page: Page, outcome: Outcome) -> object:
        waits = outcome.state.pending is not None and outcome.hand_off is None and not outcome.closed
        return page.now + self.silence if waits and self.silence is not None else None

    def _rate(self, page: Page, rating: int) -> None:
        page.record(Rated(conversation=page.own.id, rating=rating, agent=page.own.agent))
        page.change(rating=rating)
        page.say(self.replies.render(Say(THANKS), page.own.market, page.own.language), author=Author.SYSTEM)


def check_text(text: str, most: int) -> str:
    """A message without what no message has.

    Raises:
        InputError: it is empty, too long, or has characters that no text has.
    """
    clean = text.strip()
    if not clean:
        raise InputError("the message is empty")
    if len(clean) > most:
        raise InputError(
            f"the message has {len(clean):,} characters", hint=f"at most {most:,}; send a document otherwise"
        )
    if "\0" in clean or any("\ud800" <= character <= "\udfff" for character in clean):
        raise InputError("the message holds a NUL or half of a surrogate pair", hint="send text in Unicode")
    return clean


def _rating(text: str) -> int | None:
    if not text.startswith(RATE):
        return None
    given = text.removeprefix(RATE).strip()
    return int(given) if given in ("1", "2", "3", "4", "5") else None


def _understood(page: Page, found: Understanding) -> Understood:
    entities = [
        {"type": each.type, "text": each.text, "start": each.start, "end": each.end, "value": each.value}
        for each in found.entities
    ]
    return Understood(
        conversation=page.own.id,
        number=page.own.last,
        language=found.language,
        intents=[(intent.name, round(intent.probability, 4)) for intent in found.intents],
        in_scope=found.in_scope,
        scope_score=round(found.scope_score, 4),
        sentiment=round(found.sentiment, 3),
        urgency=round(found.urgency, 3),
        entities=json.dumps(entities, ensure_ascii=False) if entities else None,
    )


def _decided(page: Page, event: Event, outcome: Outcome) -> Sequence[Decided | Acted]:
    """An entry for the turn, and one for each call of an action."""
    if not outcome.trace:
        return ()
    steps = [
        {"what": each.what, "why": each.why, "flow": each.flow, "step": each.step} for each in outcome.trace
    ]
    decided = Decided(
        conversation=page.own.id,
        number=page.own.last,
        event=type(event).__name__.lower(),
        steps=steps,
        values=_values([each.values for each in outcome.trace]),
    )
    calls = [
        Acted(
            conversation=page.own.id,
            number=page.own.last,
            action=str(each.values.get("action", "")),
            flow=each.flow,
            step=each.step,
            why=each.why,
            failure=each.values.get("failure"),
            attempts=int(each.values.get("attempts", 1)),
            values=_values(each.values),
        )
        for each in outcome.trace
        if each.what == "called"
    ]
    return (decided, *calls)


def _values(values: object) -> str | None:
    return json.dumps(values, ensure_ascii=False, default=dict) if values else None


def blank(memory: Memory | None) -> Memory:
    """A memory, begun anew where the one that was is unreadable."""
    return memory or Memory()
