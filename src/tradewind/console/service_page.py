"""How the service does, live: volume, what the assistant does alone, hand-offs, time to answer, satisfaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import cache

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, may_open
from tradewind.console.frame import page, piece, render
from tradewind.console.sections import SERVICE
from tradewind.console.service_figures import KINDS, SPANS, Asked, View, talks, view_of
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import ForbiddenError, TradewindError
from tradewind.journal.model import Entry
from tradewind.packs import load
from tradewind.workspace import Ground, Workspace

REFRESH_S = 5.0
PATIENCE = 20.0
"""Looking may take a twentieth of the time: the more there is to add up, the seldomer it is done."""
MOST = 100_000
"""Entries of a region that are added up at a look: some ten thousand conversations; older ones are left out."""


async def show_service(workspace: Workspace, asked: Asked) -> None:
    """Show the figures, and keep them fresh."""
    ground = workspace.ground
    with page((SERVICE.name, SERVICE.address)):
        if (principal := may_open(SERVICE)) is None:
            return
        ui.html("<h1>Service</h1>", sanitize=False)
        right = (
            Right.CONVERSATIONS_READ if Right.CONVERSATIONS_READ in principal.rights else Right.JOURNAL_READ
        )
        spoken = await asyncio.to_thread(_spoken, workspace.settings.assistant.pack)

        async def figures() -> View:
            return await ask(right, lambda who: look(ground, who, asked, spoken))

        first = await figures()
        piece("service.html", view=first, wanted=asked, spans=SPANS)
        shown = render("service_figures.html", view=first)
        holder = ui.html(shown, sanitize=False)

        async def refresh() -> None:
            nonlocal shown
            try:
                started = SYSTEM_CLOCK.monotonic()
                fresh = render("service_figures.html", view=await figures())
                timer.interval = max(REFRESH_S, PATIENCE * (SYSTEM_CLOCK.monotonic() - started))
            except TradewindError as error:
                fresh = render("trouble.html", message=error.message, hint=error.hint)
            if fresh != shown:
                shown = fresh
                holder.set_content(fresh)

        timer = ui.timer(REFRESH_S, refresh, immediate=False)


def look(ground: Ground, who: Principal, asked: Asked, spoken: frozenset[str]) -> View:
    """The figures of who asks, over the regions that they reach."""
    now = SYSTEM_CLOCK.now()
    since = now - timedelta(days=asked.days)
    entries: list[Entry] = []
    for region in ground.databases.regions:
        try:
            found = ground.journal.read(
                who.tenant,
                region,
                kinds=KINDS,
                since=since - timedelta(days=asked.days),
                newest_first=True,
                limit=MOST,
            )
            entries += found
        except ForbiddenError:
            continue
    entries.sort(key=lambda entry: entry.recorded)
    every = talks(entries)
    current = [talk for talk in every.values() if talk.begun is not None and talk.begun >= since]
    before = [talk for talk in every.values() if talk.begun is not None and talk.begun < since]
    return view_of(current, before, asked, now.date(), spoken)


@cache
def _spoken(pack: str) -> frozenset[str]:
    """Intents of any conversation; none where the pack cannot be read, which other pages say."""
    try:
        return frozenset(intent.name for intent in load(pack).dialogue_intents)
    except TradewindError:
        return frozenset()
