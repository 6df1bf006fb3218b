"""Beside a conversation: who the customer is, how they feel, what they want, and what could be answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nicegui import ui

from tradewind.assistant.conversations.inbox import Suggested
from tradewind.assistant.conversations.model import Conversation
from tradewind.assistant.model import ConversationId
from tradewind.console.acting import small_button
from tradewind.console.frame import piece
from tradewind.console.inbox_rows import REASONS, Heard, mood, safe_link
from tradewind.core.errors import TradewindError
from tradewind.core.ids import TenantId
from tradewind.workspace import Workspace


class Aside:
    """The third column.

    Args:
        use: takes over a suggested text; None where who looks may not answer.
    """

    def __init__(
        self, workspace: Workspace, id: ConversationId, tenant: TenantId, use: Callable[[str], None] | None
    ) -> None:
        self._workspace, self._id, self._tenant, self._use = workspace, id, tenant, use
        with ui.element("div").classes("aside"):
            with ui.element("section").classes("panel").props('aria-labelledby="customer"'):
                self._customer = ui.element("div")
            with ui.element("section").classes("panel").props('aria-labelledby="could"'):
                self._could = ui.element("div")

    async def draw(self, own: Conversation, heard: Mapping[int, Heard]) -> None:
        """Show what is known now."""
        last = heard[max(heard)] if heard else None
        market = self._workspace.ground.markets.get(own.market)
        profile = await self._workspace.conversations.profile(self._tenant, self._id)
        self._customer.clear()
        with self._customer:
            piece(
                "customer.html",
                own=own,
                market=market,
                reason=REASONS.get(own.reason or "", own.reason),
                mood=mood(last.sentiment) if last else None,
                last=last,
                products=self._products(own, profile),
                facts=facts_of(profile),
            )
        try:
            suggested = await self._workspace.inbox.suggest(self._tenant, self._id)
        except TradewindError:
            suggested = []  # a model or an index is away: the agent can answer without
        self._could.clear()
        with self._could:
            self._suggestions(suggested)

    def _products(self, own: Conversation, profile: Mapping[str, Any]) -> list[str]:
        """What the customer has, by the names of the catalogue."""
        titles = self._workspace.assistant.replies.titles
        names = []
        for id in profile.get("products", ()):
            title = titles.get(str(id), {}).get("title", {})
            names.append(title.get(own.language) or title.get("en") or str(id))
        return names

    def _suggestions(self, suggested: list[Suggested]) -> None:
        ui.html('<h2 id="could">Could be answered</h2>', sanitize=False)
        if not suggested:
            ui.html(
                '<p class="hint">No document answers the last message, and no canned reply is in this language.</p>',
                sanitize=False,
            )
        for each in suggested:
            link = safe_link(each.link)
            with ui.element("div").classes("suggestion"):
                piece("suggestion.html", suggested=each, link=link)
                if self._use is not None:
                    text = f"{each.text}\n{link}" if link else each.text
                    small_button("Use", f"Use {each.source}", self._taking(text))

    def _taking(self, text: str) -> Callable[[], None]:
        use = self._use
        assert use is not None
        return lambda: use(text)


def facts_of(profile: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the business says of a customer, as short lines; lists and tables are left out."""
    shown = []
    for name, value in profile.items():
        if isinstance(value, Mapping) and {"minor", "currency"} <= value.keys():
            shown.append((name, f"{value['minor'] / 100:,.0f} {value['currency'] or ''}".strip()))
        elif isinstance(value, str | int | float) and name != "subject":
            shown.append((name.replace("_", " "), str(value)))
    return shown
