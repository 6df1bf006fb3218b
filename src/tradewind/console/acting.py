"""What pages do in somebody's name: their rights are asked for anew each time, and refusals are shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.console.frame import piece
from tradewind.console.sections import Section
from tradewind.console.signed_in import require, signed_in
from tradewind.core.errors import SignInError, TradewindError
from tradewind.journal.databases import REACH

T = TypeVar("T")


def may_open(section: Section) -> Principal | None:
    """Who looks at a page of a section; None, and a word about it in place of the page, where they may not."""
    principal = signed_in()
    if section.rights & principal.rights:
        return principal
    piece("forbidden.html", section=section.name, rights=sorted(section.rights))
    return None


async def ask(right: Right, what: Callable[[Principal], T]) -> T:
    """Do something in the name of who looks at the page, in a thread, within the regions that they reach.

    Raises:
        SignInError: their session has ended. ForbiddenError: they have not got the right (any more).
        TradewindError: whatever `what` raises.
    """
    return await asyncio.to_thread(_within_reach, require(right), what)


def handler(act: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """What a button calls: errors that are ours are shown; who is no longer signed in is led to sign in."""

    @wraps(act)
    async def guarded() -> None:
        try:
            await act()
        except SignInError:
            ui.navigate.to("/sign-in")
        except TradewindError as error:
            say_no(error)

    return guarded


def say_no(error: TradewindError) -> None:
    """Show why something was not done, until it is dismissed."""
    ui.notify(str(error), type="negative", timeout=0, close_button="Dismiss", multi_line=True)


def confirm(title: str, warning: str, label: str, act: Callable[[], Awaitable[None]]) -> ui.dialog:
    """A dialog that asks once more before it acts."""

    @handler
    async def go() -> None:
        dialog.close()
        await act()

    with ui.dialog() as dialog, ui.card().classes("ask"):
        ui.label(title).classes("ask-title")
        ui.label(warning)
        with ui.row().classes("ask-buttons"):
            ui.button("Cancel", on_click=dialog.close, color=None).props("flat no-caps autofocus").classes(
                "quiet"
            )
            ui.button(label, on_click=go, color=None).props("unelevated no-caps").classes("main danger")
    return dialog


def small_button(label: str, name: str, act: Callable[[], object]) -> ui.button:
    """A button in a row; `name` is what it says to who cannot see the row."""
    button = ui.button(label, on_click=act, color=None).props("outline no-caps dense").classes("small")
    button.props["aria-label"] = name
    return button


def _within_reach(principal: Principal, what: Callable[[Principal], T]) -> T:
    before = REACH.set(principal.regions)
    try:
        return what(principal)
    finally:
        REACH.reset(before)
