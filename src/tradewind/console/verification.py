"""How a region's record stands: the last checkpoint, verification on the spot, what an outsider needs to verify."""

from __future__ import annotations

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, handler
from tradewind.console.frame import piece, render
from tradewind.core.ids import RegionId
from tradewind.journal.verify import Verification
from tradewind.workspace import Ground

LOOK_S = 0.2


async def show_verification(ground: Ground, region: RegionId, principal: Principal) -> None:
    """A panel about one region of who looks at the page."""
    reads = Right.JOURNAL_READ in principal.rights
    with ui.element("section").classes("panel").props('aria-labelledby="stands"'):
        last = None
        if reads:
            last = await ask(
                Right.JOURNAL_READ, lambda who: ground.journal.last_checkpoint(who.tenant, region)
            )
        holder = piece("checkpoint.html", region=region, last=last, reads=reads)
        if Right.JOURNAL_VERIFY in principal.rights:
            _verify(ground, region)
        elif not reads:
            holder.delete()


def _verify(ground: Ground, region: RegionId) -> None:
    done = [0, 0]

    def note(entries: int, total: int) -> None:
        done[:] = entries, total

    def look() -> None:
        entries, total = done
        bar.value = entries / total if total else 0.0
        said.set_text(f"{entries:,} of {total:,} entries" if total else "Looking for entries …")

    @handler
    async def verify() -> None:
        done[:] = 0, 0
        button.disable()
        result.set_content("")
        bar.visible = said.visible = True
        watch.activate()
        try:
            found = await ask(
                Right.JOURNAL_VERIFY,
                lambda who: ground.journal.verify(who.tenant, region, processes=1, progress=note),
            )
            result.set_content(_shown(found))
        finally:
            watch.deactivate()
            bar.visible = said.visible = False
            button.enable()

    with ui.element("div").classes("try-row"):
        button = (
            ui.button("Verify now", on_click=verify, color=None).props("unelevated no-caps").classes("main")
        )
        bar = ui.linear_progress(0.0, show_value=False).props('aria-label="Verified"').classes("progress")
        said = ui.label("").classes("hint")
    bar.visible = said.visible = False
    result = ui.html("", sanitize=False).props('role="status" aria-live="polite"').classes("result")
    watch = ui.timer(LOOK_S, look, active=False)


def _shown(found: Verification) -> str:
    return render("verification.html", found=found)
