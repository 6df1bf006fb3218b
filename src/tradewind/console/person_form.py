"""The form for what a person asks: everything about them, or to be erased, which must be confirmed by typing."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.acting import ask, handler
from tradewind.console.frame import render
from tradewind.core.errors import DeadlineError, InputError
from tradewind.core.ids import MarketId, new_id
from tradewind.privacy.export import Export, languages
from tradewind.privacy.export import page as export_page
from tradewind.privacy.subjects import identifier_of
from tradewind.workspace import Ground

WAIT_S = 30.0
LONGEST = 8_000
MARKETS_OWN = ""


def person_form(ground: Ground, principal: Principal, changed: Callable[[], Awaitable[None]]) -> None:
    """The form and what comes of it; `changed` is called when there is another request."""
    with ui.element("section").classes("panel form").props('aria-labelledby="asks"'):
        ui.html('<h2 id="asks">A person asks</h2>', sanitize=False)
        market = market_select(ground)
        names = ui.textarea("Every name they go by, one a line").props(
            f"outlined autogrow maxlength={LONGEST} autocomplete=off spellcheck=false dir=auto"
        )
        ui.html(
            '<p class="hint">An e-mail address, a telephone number with +, or a customer number.</p>',
            sanitize=False,
        )
        options = {MARKETS_OWN: "the market's", **{code: code for code in languages()}}
        language = ui.select(options, value=MARKETS_OWN, label="Language of the export").props(
            "outlined dense options-dense"
        )
        result = ui.element("div").classes("result").props('role="status" aria-live="polite"')

        def given() -> tuple[MarketId, list[str]]:
            return MarketId(market.value or ""), _readable(ground, market.value or "", names.value or "")

        @handler
        async def export() -> None:
            place, persons = given()
            spoken = language.value or None
            made = await ask(
                Right.SUBJECTS_EXPORT,
                lambda who: ground.privacy.exports.export(who.tenant, place, persons, language=spoken),
            )
            await changed()
            _show_export(result, made)

        @handler
        async def erase() -> None:
            place, persons = given()
            _confirm_by_typing(ground, place, persons, lambda key: erased(place, persons, key))

        async def erased(place: MarketId, persons: list[str], key: str) -> None:
            request = await ask(
                Right.SUBJECTS_ERASE,
                lambda who: ground.privacy.erasures.begin(who.tenant, place, persons, key=key),
            )
            names.value = ""
            _show(result, "erasure.html", request=request, goes_on=False)
            await changed()
            try:
                request = await ask(
                    Right.SUBJECTS_ERASE,
                    lambda who: ground.privacy.erasures.wait(who.tenant, request, WAIT_S),
                )
                _show(result, "erasure.html", request=request, goes_on=False)
            except DeadlineError:
                _show(result, "erasure.html", request=request, goes_on=True)
            await changed()

        with ui.element("div").classes("try-row"):
            if Right.SUBJECTS_EXPORT in principal.rights:
                ui.button("Export", on_click=export, color=None).props("unelevated no-caps").classes("main")
            if Right.SUBJECTS_ERASE in principal.rights:
                ui.button("Erase …", on_click=erase, color=None).props("unelevated no-caps").classes(
                    "main danger"
                )
        result.move(target_index=-1)


def market_select(ground: Ground) -> ui.select:
    """A field for one of the markets."""
    options = {str(market.id): market.name for market in ground.markets}
    return ui.select(options, label="Market: decides law and region").props("outlined dense options-dense")


def _readable(ground: Ground, market: str, text: str) -> list[str]:
    """The names that were written, each of which could be somebody's."""
    if not market:
        raise InputError("no market is chosen", hint="the person's market decides law and region")
    country = ground.markets.get(MarketId(market)).formats.phone_country
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if not names:
        raise InputError("nobody is named", hint="write at least one name")
    for name in names:
        identifier_of(name, country)
    return names


def _confirm_by_typing(
    ground: Ground, market: MarketId, names: list[str], act: Callable[[str], Awaitable[None]]
) -> None:
    key = f"console-{new_id()}"  # pressed twice, it is one request

    @handler
    async def go() -> None:
        if (typed.value or "").strip() != names[0]:
            wrong.set_text("That is not the same name.")
            return
        dialog.close()
        await act(key)

    place = ground.markets.get(market).name
    many = f" and {len(names) - 1} more" if len(names) > 1 else ""
    with ui.dialog() as dialog, ui.card().classes("ask"):
        ui.label("Erase this person?").classes("ask-title")
        ui.label(f"Everything about {names[0]}{many}, who asks in {place}, becomes unreadable for ever.")
        ui.label("That holds in all regions, and cannot be undone. To go on, type the first name again.")
        typed = ui.input(f"Type {names[0]}").props(
            "outlined dense autocomplete=off spellcheck=false autofocus"
        )
        typed.on("keydown.enter", go)
        wrong = ui.label("").classes("wrong").props('role="alert"')
        with ui.row().classes("ask-buttons"):
            ui.button("Cancel", on_click=dialog.close, color=None).props("flat no-caps").classes("quiet")
            ui.button("Erase", on_click=go, color=None).props("unelevated no-caps").classes("main danger")
    dialog.on("hide", dialog.delete)
    dialog.open()


def _show(result: ui.element, template: str, **values: object) -> None:
    result.clear()
    with result:
        ui.html(render(template, **values), sanitize=False)


def _show_export(result: ui.element, made: Export) -> None:
    """The answer is kept for as long as the page is open, and nowhere else."""
    entries = sum(len(each["entries"]) for each in made.content["regions"])
    name = f"export-{made.request.id}"

    @handler
    async def as_json() -> None:
        text = await ask(
            Right.SUBJECTS_EXPORT, lambda _: json.dumps(made.content, ensure_ascii=False, indent=2)
        )
        ui.download.content(text.encode(), f"{name}.json", "application/json")

    @handler
    async def as_page() -> None:
        text = await ask(Right.SUBJECTS_EXPORT, lambda _: export_page(made.content))
        ui.download.content(text.encode(), f"{name}.html", "text/html")

    _show(result, "exported.html", request=made.request, entries=entries)
    if made.request.targets:
        with result, ui.element("div").classes("try-row"):
            ui.button("Download for the person (HTML)", on_click=as_page, color=None).props(
                "outline no-caps"
            ).classes("quiet")
            ui.button("Download as JSON", on_click=as_json, color=None).props("outline no-caps").classes(
                "quiet"
            )
