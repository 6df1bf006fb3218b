"""What a person agreed to: looked up by a name that they go by."""

from __future__ import annotations

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, handler
from tradewind.console.frame import render
from tradewind.console.person_form import market_select
from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId
from tradewind.privacy.records import Consent
from tradewind.privacy.subjects import identifier_of
from tradewind.workspace import Ground

LONGEST = 400


def consent_box(ground: Ground) -> None:
    """The form and its answer."""
    with ui.element("section").classes("panel form").props('aria-labelledby="consent"'):
        ui.html('<h2 id="consent">What a person agreed to</h2>', sanitize=False)
        market = market_select(ground)
        name = ui.input("Name of the person").props(
            f"outlined dense maxlength={LONGEST} autocomplete=off spellcheck=false"
        )

        @handler
        async def look_up() -> None:
            if not market.value:
                raise InputError("no market is chosen", hint="the person's market decides the region")
            place, person = MarketId(market.value), name.value or ""
            found = await ask(Right.SUBJECTS_READ, lambda who: consents(ground, who, place, person))
            result.set_content(render("consents.html", known=found is not None, consents=found or []))

        name.on("keydown.enter", look_up)
        with ui.element("div").classes("try-row"):
            ui.button("Look up", on_click=look_up, color=None).props("unelevated no-caps").classes("main")
        result = ui.html("", sanitize=False).props('role="status" aria-live="polite"').classes("result")


def consents(ground: Ground, who: Principal, market: MarketId, person: str) -> list[Consent] | None:
    """What a person last said about each purpose; None where who asks never met them in the market's region.

    Raises:
        InputError: the name cannot be read. NotFoundError: an unknown market.
    """
    place = ground.markets.get(market)
    subjects = ground.privacy.subjects
    subject = subjects.known(who.tenant, place.region, identifier_of(person, place.formats.phone_country))
    if subject is None or not subjects.markets(who.tenant, place.region, subject):
        return None
    return ground.privacy.consents.all(who.tenant, place.region, subject)
