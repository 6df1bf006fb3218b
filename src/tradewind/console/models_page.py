"""The first page: every model, what it is and how good it was measured to be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from nicegui import ui

from tradewind.console.frame import page, piece
from tradewind.console.presentation import languages
from tradewind.nlp.runtime.catalogue import ModelEntry, catalogue, size_bytes
from tradewind.nlp.runtime.live import LiveModels, Reaches

REFRESH_S = 2.0


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    name: str
    version: str | None
    status: str
    problem: str | None
    tasks: str
    encoder: str
    languages: str
    accuracy: float | None
    ece: float | None
    bytes: int | None


async def show_models(live: LiveModels, reaches: Reaches) -> None:
    """Show the list, and keep it fresh while somebody looks."""
    with page(("Models", "/console/")):
        holder = piece(
            "models.html", rows=await asyncio.to_thread(_rows, live, reaches), loading=not live.started
        )

        async def refresh() -> None:
            from tradewind.console.frame import render

            rows = await asyncio.to_thread(_rows, live, reaches)
            holder.set_content(render("models.html", rows=rows, loading=not live.started))

        ui.timer(REFRESH_S, refresh, immediate=False)


def _rows(live: LiveModels, reaches: Reaches) -> list[Row]:
    return [_row(entry) for entry in catalogue(live, reaches)]


def _row(entry: ModelEntry) -> Row:
    info = entry.info
    return Row(
        name=entry.name,
        version=entry.loaded.info.version if entry.loaded else entry.live,
        status="live" if entry.loaded else "failed" if entry.problem else "idle",
        problem=entry.problem,
        tasks=", ".join(dict.fromkeys(head.task for head in info.heads)) if info else "–",
        encoder=info.encoder.name if info else "–",
        languages=" ".join(languages(info)) or "–",
        accuracy=info.figure("accuracy") if info else None,
        ece=info.figure("ece") if info else None,
        bytes=size_bytes(entry.loaded.folder) if entry.loaded else None,
    )
