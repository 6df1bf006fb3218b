"""One entry: its fields, its hashes, and whose personal data it holds, which is read only by leave and on record."""

from __future__ import annotations

import json

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, confirm, may_open
from tradewind.console.frame import page, piece, render
from tradewind.console.sections import JOURNAL
from tradewind.core.errors import NotFoundError, TradewindError
from tradewind.core.ids import RegionId
from tradewind.journal.checkpoint import Checkpoint
from tradewind.journal.journal import Journal
from tradewind.journal.model import Entry, Lane
from tradewind.journal.present import sealed_fields
from tradewind.privacy.reveal import reveal
from tradewind.workspace import Ground

MOST = 2**63


async def show_entry(ground: Ground, region: str, lane: int, sequence: int) -> None:
    """Show an entry of the tenant of who looks, or say that it has none there."""
    trail = (JOURNAL.name, JOURNAL.address)
    with page(trail, (f"{region:.40}/{lane}/{sequence}", "")):
        if (principal := may_open(JOURNAL)) is None:
            return
        ui.page_title(f"Entry {sequence} · Tradewind")
        try:
            entry, covered, after = await ask(
                Right.JOURNAL_READ, lambda who: find(ground, who, RegionId(region), lane, sequence)
            )
        except TradewindError as error:
            title = "No such entry" if isinstance(error, NotFoundError) else "This entry cannot be shown"
            piece("absent.html", title=title, message=error.message, hint=error.hint, back=trail)
            return
        _show(ground, entry, covered, after, principal)


def find(
    ground: Ground, who: Principal, region: RegionId, lane: int, sequence: int
) -> tuple[Entry, Checkpoint | None, bool]:
    """An entry of who asks, the first checkpoint that covers it, and whether another follows in its lane.

    Raises:
        NotFoundError: they have none there. ForbiddenError: the region is out of their reach.
    """
    if not (0 <= lane < MOST and 0 < sequence < MOST - 1):
        raise NotFoundError(f"no entry {sequence} in lane {lane}")
    journal = ground.journal
    entry = journal.entry(who.tenant, region, Lane(lane), sequence)
    try:
        journal.entry(who.tenant, region, Lane(lane), sequence + 1)
        after = True
    except NotFoundError:
        after = False
    return entry, first_to_cover(journal, entry), after


def first_to_cover(journal: Journal, entry: Entry) -> Checkpoint | None:
    """The oldest checkpoint that says of an entry's stream that it reaches so far; found by halving."""
    tenant, region, lane = entry.stream.tenant, entry.stream.region, entry.stream.lane

    def covers(checkpoint: Checkpoint) -> bool:
        return any(one.lane == lane and one.size >= entry.sequence for one in checkpoint.streams)

    found = journal.last_checkpoint(tenant, region)
    if found is None or not covers(found):
        return None
    low, high = 0, found.number
    while high - low > 1:
        middle = (low + high) // 2
        here = journal.checkpoints(tenant, region, after=middle - 1, limit=1)
        if here and covers(here[0]):
            high, found = middle, here[0]
        else:
            low = middle
    return found


def fields_of(entry: Entry) -> list[tuple[str, str | None]]:
    """The fields of a body as text; None for a sealed one."""
    sealed = set(sealed_fields(entry))
    return [
        (
            name,
            None
            if name in sealed
            else value
            if isinstance(value, str)
            else json.dumps(value, ensure_ascii=False),
        )
        for name, value in entry.body.items()
    ]


def _show(
    ground: Ground, entry: Entry, covered: Checkpoint | None, after: bool, principal: Principal
) -> None:
    fields = fields_of(entry)
    sealed = [name for name, value in fields if value is None]
    piece("entry.html", entry=entry, covered=covered, after=after)
    with ui.element("section").classes("panel").props('aria-labelledby="says"'):
        holder = ui.html(render("fields.html", fields=fields, opened=None), sanitize=False)
        if sealed and Right.PRIVACY_REVEAL in principal.rights:

            async def show() -> None:
                opened = await ask(
                    Right.PRIVACY_REVEAL, lambda who: reveal(ground.journal, entry, by=who.name)
                )
                holder.set_content(render("fields.html", fields=fields, opened=opened))
                button.delete()

            dialog = confirm(
                "Read personal data?",
                "That you read it, and when, is recorded in the journal.",
                "Reveal",
                show,
            )
            button = ui.button("Reveal personal fields", on_click=dialog.open, color=None)
            button.props("outline no-caps").classes("quiet")
    with ui.element("section").classes("panel").props('aria-labelledby="hashes"'):
        piece("hashes.html", entry=entry)
