"""One model: try a sentence; its figures, versions and card."""

from __future__ import annotations

import asyncio
from pathlib import Path

from nicegui import ui

from tradewind.console.card import card_html
from tradewind.console.frame import page, piece
from tradewind.console.presentation import languages, metric_rows
from tradewind.console.signed_in import require_change
from tradewind.console.try_box import try_box
from tradewind.core.errors import NotFoundError, TradewindError
from tradewind.nlp.bundle import CARD, REPORT, ModelInfo
from tradewind.nlp.runtime.catalogue import ModelEntry, catalogue, entry, folder_of, size_bytes
from tradewind.nlp.runtime.live import LiveModels, Reaches

LONGEST_CARD = 200_000


async def show_model(live: LiveModels, name: str, deadline_s: float, reaches: Reaches) -> None:
    """Show a model, or say that it is not here and which are."""
    ui.page_title(f"{name} · Tradewind")
    try:
        await asyncio.to_thread(entry, live, name, reaches)
    except NotFoundError:
        names = [other.name for other in await asyncio.to_thread(catalogue, live, reaches)]
        with page(("Models", "/console/"), (name, "")):
            piece("missing.html", name=name, names=names)
        return
    with page(("Models", "/console/"), (name, "")):

        @ui.refreshable
        async def content() -> None:
            await _content(live, await asyncio.to_thread(entry, live, name), content.refresh, deadline_s)

        await content()


async def _content(live: LiveModels, found: ModelEntry, refresh: object, deadline_s: float) -> None:
    info = found.info
    folder = await asyncio.to_thread(_folder, live, found, info)
    size = await asyncio.to_thread(size_bytes, folder) if folder else None
    piece("model_head.html", entry=found, info=info, languages=languages(info), bytes=size)
    if found.loaded is not None and info is not None:
        try_box(live, found.name, info, deadline_s)
    with ui.element("div").classes("columns"):
        with ui.element("section").classes("panel").props('aria-labelledby="figures"'):
            report = (
                f"/reports/{found.name}/{info.version}"
                if info and folder and (folder / REPORT).is_file()
                else ""
            )
            piece("figures.html", rows=metric_rows(info.metrics) if info else [], report=report)
        with ui.element("section").classes("panel").props('aria-labelledby="versions"'):
            _versions(live, found, refresh)
    card = await asyncio.to_thread(_card, folder)
    if card:
        with ui.element("section").classes("panel card").props('aria-label="Model card"'):
            ui.html(card_html(card))


def _versions(live: LiveModels, found: ModelEntry, refresh: object) -> None:
    ui.html('<h2 id="versions">Versions</h2>', sanitize=False)
    with ui.element("ul").classes("versions"):
        for info in found.versions:
            pointed = info.version == found.live
            answers = found.loaded is not None and info.version == found.loaded.info.version
            with ui.element("li"):
                piece("version.html", info=info, live=answers, refused=pointed and not answers)
                if not pointed and not live.fixed:
                    _change(f"Make {info.version} live", live, found, info.version, refresh)
    if found.previous and not live.fixed:
        _change(f"Roll back to {found.previous[0]}", live, found, None, refresh)


def _change(label: str, live: LiveModels, found: ModelEntry, version: str | None, refresh: object) -> None:
    """A button that asks once more, then changes the live version (None: goes one back)."""

    async def change() -> None:
        dialog.close()
        try:
            await require_change(found.name)
            pointer = await (live.promote(found.name, version) if version else live.rollback(found.name))
        except TradewindError as error:
            ui.notify(str(error), type="negative", timeout=0, close_button="Dismiss", multi_line=True)
            return
        ui.notify(f"{found.name} {pointer.version} is live", type="positive")
        if callable(refresh):
            refresh()

    with ui.dialog() as dialog, ui.card().classes("ask"):
        ui.label(f"{label}?").classes("ask-title")
        ui.label("Requests under way finish on the version that they began with.")
        with ui.row().classes("ask-buttons"):
            ui.button("Cancel", on_click=dialog.close, color=None).props("flat no-caps").classes("quiet")
            ui.button(label, on_click=change, color=None).props("unelevated no-caps autofocus").classes(
                "main"
            )
    ui.button(label, on_click=dialog.open, color=None).props("outline no-caps dense").classes("small")


def _folder(live: LiveModels, found: ModelEntry, info: ModelInfo | None) -> Path | None:
    try:
        return folder_of(live, found.name, info.version) if info else None
    except NotFoundError:
        return None


def _card(folder: Path | None) -> str:
    path = folder / CARD if folder else None
    if path is None or not path.is_file():
        return ""
    return path.read_text(encoding="utf-8", errors="replace")[:LONGEST_CARD]
