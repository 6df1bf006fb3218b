"""The markets: their list, and a page for each with its formats, its calendar, its limits and its law."""

from __future__ import annotations

import asyncio

from nicegui import ui

from tradewind.console.acting import may_open
from tradewind.console.frame import page, piece
from tradewind.console.market_view import view_of
from tradewind.console.sections import MARKETS
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import NotFoundError
from tradewind.core.ids import MarketId
from tradewind.workspace import Ground


async def show_markets(ground: Ground) -> None:
    """Show the list."""
    with page((MARKETS.name, MARKETS.address)):
        if may_open(MARKETS) is None:
            return
        known = await asyncio.to_thread(lambda: ground.markets)
        rows = [(market, known.law_of(market.id)) for market in known]
        piece("markets.html", rows=rows)


async def show_market(ground: Ground, name: str) -> None:
    """Show a market, or say that there is none of this name."""
    trail = (MARKETS.name, MARKETS.address)
    with page(trail, (name, "")):
        if may_open(MARKETS) is None:
            return
        try:
            view = await asyncio.to_thread(view_of, ground.markets, MarketId(name), SYSTEM_CLOCK.now())
        except NotFoundError as error:
            piece(
                "absent.html",
                title=f"No market “{name:.40}”",
                message="There is no file of this name.",
                hint=error.hint,
                back=trail,
            )
            return
        ui.page_title(f"{view.market.name} · Tradewind")
        piece("market.html", view=view)
