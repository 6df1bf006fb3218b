"""What tests of conversations arrange with: an installation in a folder, and a dialogue that says what it heard."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from tradewind.assistant.conversations.desk import Desk
from tradewind.assistant.conversations.service import Conversations, Limits
from tradewind.assistant.conversations.turns import Turns
from tradewind.assistant.dialogue.model import Decision, Event, Heard, Opened, Outcome, Pending, Scene, State
from tradewind.assistant.model import HandOff, Language, Reply, Say, Understander
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import MarketId, TenantId
from tradewind.core.settings import Settings
from tradewind.workspace import Ground

ACME = TenantId("acme")
DE = MarketId("de")
OFTEN = Limits(per_s=1e6, burst=1e6)


class Parrot:
    """Says what it heard, how often it was spoken to, and hands over to a person when asked for one."""

    def turn(self, state: State, event: Event, scene: Scene) -> Outcome:
        if isinstance(event, Opened):
            return Outcome(state, (Say("hello"),))
        heard = event.text if isinstance(event, Heard) else type(event).__name__
        if heard == "break":
            raise RuntimeError("broken")
        runs = state.runs + 1
        asks = Pending(kind="intent") if heard == "ask" else None
        after = state.model_copy(update={"runs": runs, "pending": asks})
        says = (Say("heard", {"text": heard, "runs": runs}),)
        trace = (Decision("said", "it is what it does", values={"text": heard}),)
        if heard == "human":
            return Outcome(after, says, HandOff("requested", skill="cards"), trace)
        return Outcome(after, says, None, trace, closed=heard == "bye")


class PlainReplies:
    """The key and the values, as they are."""

    def render(self, say: Say, market: MarketId, language: Language) -> Reply:
        words = " ".join([say.key, *(f"{name}={value}" for name, value in say.values.items())])
        return Reply(say.key, words, language, tuple((each.payload, each.text) for each in say.choices))


def open_conversations(
    ground: Ground,
    *,
    understander: Understander | None = None,
    limits: Limits = OFTEN,
    clock: Clock = SYSTEM_CLOCK,
    silence: timedelta | None = None,
) -> Conversations:
    """Conversations over a ground, with a parrot."""
    replies = PlainReplies()
    desk = Desk(replies, ground.markets)
    turns = Turns(Parrot(), replies, ground.markets, desk, clock, silence)
    return Conversations(
        ground.databases,
        ground.journal,
        ground.sealer,
        ground.guard,
        turns,
        None if understander is None else (lambda: contextlib.nullcontext(understander)),
        limits=limits,
        clock=clock,
    )


@contextlib.asynccontextmanager
async def conversing(folder: Path, **options: object) -> AsyncIterator[tuple[Ground, Conversations]]:
    """An installation for as long as the context lasts."""
    ground = Ground(Settings(workspace=folder))
    ground.open()
    opened = open_conversations(ground, **options)  # type: ignore[arg-type]
    try:
        yield ground, opened
    finally:
        await opened.close()
        ground.close()
