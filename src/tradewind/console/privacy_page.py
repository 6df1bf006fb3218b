"""What persons asked for, by when the law wants it done, and what was made unreadable because it was too old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, may_open
from tradewind.console.consent_box import consent_box
from tradewind.console.frame import page, piece, render
from tradewind.console.person_form import person_form
from tradewind.console.sections import PRIVACY
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import ForbiddenError, SignInError, TradewindError
from tradewind.core.ids import RegionId
from tradewind.journal.databases import REACH
from tradewind.journal.model import Entry
from tradewind.privacy.kinds import RetentionKept
from tradewind.privacy.records import Request
from tradewind.workspace import Ground

REFRESH_S = 2.0
MOST_SHOWN = 100


@dataclass(frozen=True)
class Row:
    """A request with its clock.

    Args:
        state: `done`, `open`, or `overdue`.
        left: what is left until it is due, in words.
    """

    request: Request
    state: str
    left: str


async def show_privacy(ground: Ground) -> None:
    """Show the requests, and keep their clocks fresh while somebody looks."""
    with page((PRIVACY.name, PRIVACY.address)):
        if (principal := may_open(PRIVACY)) is None:
            return
        ui.html("<h1>Requests of persons</h1>", sanitize=False)

        async def table() -> str:
            try:
                found = await ask(Right.SUBJECTS_READ, lambda who: ground.privacy.requests.all(who.tenant))
            except (SignInError, ForbiddenError) as error:
                return render("trouble.html", message=error.message, hint=error.hint)
            rows = [row_of(request, SYSTEM_CLOCK.now()) for request in found]
            return render("requests.html", rows=rows[:MOST_SHOWN], more=len(rows[MOST_SHOWN:]))

        shown = await table()
        holder = ui.html(shown, sanitize=False)

        async def refresh() -> None:
            nonlocal shown
            fresh = await table()
            if fresh != shown:
                shown = fresh
                holder.set_content(fresh)

        ui.timer(REFRESH_S, refresh, immediate=False)
        with ui.element("div").classes("columns"):
            if principal.rights & {Right.SUBJECTS_EXPORT, Right.SUBJECTS_ERASE}:
                person_form(ground, principal, refresh)
            consent_box(ground)
        await _retention(ground)


def row_of(request: Request, now: datetime) -> Row:
    """A request as it stands at a moment."""
    if request.done is not None:
        return Row(request, "done", "–")
    if request.due is None:
        return Row(request, "open", "no deadline in this law")
    if request.due <= now:
        days = (now - request.due).days
        return Row(request, "overdue", f"{_days(days)} over" if days else "since today")
    days = (request.due - now).days
    return Row(request, "open", _days(days) if days else "today")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


async def _retention(ground: Ground) -> None:
    with ui.element("section").classes("panel").props('aria-labelledby="kept"'):
        try:
            kept, retraining = await ask(
                Right.SUBJECTS_READ,
                lambda who: (last_kept(ground, who), ground.privacy.lineage.needs_retraining(who.tenant)),
            )
        except TradewindError as error:
            piece("trouble.html", message=error.message, hint=error.hint)
            return
        piece("retention.html", kept=kept, retraining=retraining)


def last_kept(ground: Ground, who: Principal) -> list[tuple[RegionId, Entry | None]]:
    """By region within reach, the last time that something of who asks was over its limit and made unreadable."""
    reach = REACH.get()
    found = []
    for region in ground.databases.regions:
        if reach is None or region in reach:
            entries = ground.journal.read(
                who.tenant, region, kinds=[RetentionKept.kind], newest_first=True, limit=1
            )
            found.append((region, next(entries, None)))
    return found
