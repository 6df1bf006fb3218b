"""The pages of the ground: markets, journal, persons, members, keys."""

from __future__ import annotations

from nicegui import ui

from tradewind.console.entry_page import show_entry
from tradewind.console.journal_page import Wanted, show_journal
from tradewind.console.keys_page import show_keys
from tradewind.console.markets_page import show_market, show_markets
from tradewind.console.members_page import show_members
from tradewind.console.privacy_page import show_privacy
from tradewind.workspace import Ground


def ground_pages(ground: Ground) -> None:
    """Add the pages; once in a process. The ground is used when somebody looks, when it is open."""

    @ui.page("/markets", title="Markets · Tradewind")
    async def markets_page() -> None:
        await show_markets(ground)

    @ui.page("/markets/{name}", title="Market · Tradewind")
    async def market_page(name: str) -> None:
        await show_market(ground, name)

    @ui.page("/journal", title="Journal · Tradewind")
    async def journal_page(
        region: str = "",
        kind: str = "",
        market: str = "",
        subject: str = "",
        since: str = "",
        until: str = "",
        cursor: str = "",
    ) -> None:
        await show_journal(ground, Wanted(region, kind, market, subject, since, until, cursor))

    @ui.page("/journal/{region}/{lane}/{sequence}", title="Entry · Tradewind")
    async def entry_page(region: str, lane: int, sequence: int) -> None:
        await show_entry(ground, region, lane, sequence)

    @ui.page("/privacy", title="Requests of persons · Tradewind")
    async def privacy_page() -> None:
        await show_privacy(ground)

    @ui.page("/members", title="Members · Tradewind")
    async def members_page() -> None:
        await show_members(ground)

    @ui.page("/keys", title="API keys · Tradewind")
    async def keys_page() -> None:
        await show_keys(ground)
