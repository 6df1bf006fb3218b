"""The inbox: who waits for a person, the most urgent first, and the conversation that an agent has open."""

from __future__ import annotations

from nicegui import ui

from tradewind.access.model import Principal, Right
from tradewind.assistant.conversations.model import Agent, Status
from tradewind.assistant.model import Language
from tradewind.console.acting import ask, handler, may_open
from tradewind.console.frame import page, piece, render
from tradewind.console.inbox_rows import WAITING, groups
from tradewind.console.inbox_talk import show_talk
from tradewind.console.sections import INBOX
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import NotFoundError, TradewindError
from tradewind.workspace import Workspace

REFRESH_S = 2.0
SHOWN = (Status.QUEUED, Status.TAKEN, Status.OPEN, Status.RESOLVED)
MOST_SHOWN = 60


async def show_inbox(workspace: Workspace, conversation: str = "") -> None:
    """Show the queue, and a conversation beside it."""
    trail = [(INBOX.name, INBOX.address)]
    if conversation:
        trail.append((f"…{conversation[-5:]}", ""))
    with page(*trail, wide=True):
        if (principal := may_open(INBOX)) is None:
            return
        try:
            await workspace.warm_up()
        except TradewindError as error:
            piece("trouble.html", message=error.message, hint=error.hint)
            return
        with ui.element("div").classes("inbox" if conversation else "inbox empty-desk"):
            await _show_queue(workspace, conversation, principal)
            if not conversation:
                piece("nobody_open.html")
                return
            try:
                await show_talk(workspace, conversation, principal)
            except NotFoundError as error:
                piece("trouble.html", message=error.message, hint=error.hint)


async def _show_queue(workspace: Workspace, here: str, principal: Principal) -> None:
    """The first column; looked at anew every other second, which also tells that the agent is there."""
    handles = Right.CONVERSATIONS_HANDLE in principal.rights
    reads = Right.CONVERSATIONS_HANDLE if handles else Right.CONVERSATIONS_READ

    async def queue() -> tuple[str, int]:
        try:
            if handles:
                await ask(reads, lambda who: workspace.inbox.staff.here(who.tenant, who.name))
            found = await ask(reads, lambda who: workspace.inbox.list(who.tenant, SHOWN))
        except TradewindError as error:
            return render("trouble.html", message=error.message, hint=error.hint), 0
        listed = groups(found[:MOST_SHOWN], principal.name, SYSTEM_CLOCK.now())
        waiting = sum(len(rows) for name, rows in listed if name == WAITING)
        return render("queue.html", groups=listed, here=here), waiting

    shown, waiting = await queue()
    with ui.element("nav").classes("panel queue").props('aria-label="Conversations"'):
        holder = ui.html(shown, sanitize=False)
        if handles:
            agent = await ask(reads, lambda who: workspace.inbox.staff.get(who.tenant, who.name))
            _introduce(workspace, agent)
    _title(waiting)

    async def refresh() -> None:
        nonlocal shown, waiting
        fresh, count = await queue()
        if fresh != shown:
            shown = fresh
            holder.set_content(fresh)
        if count != waiting:
            waiting = count
            _title(waiting)

    ui.timer(REFRESH_S, refresh, immediate=False)


def _title(waiting: int) -> None:
    """The tab says it too: agents have others open."""
    ui.page_title(f"({waiting}) Inbox · Tradewind" if waiting else "Inbox · Tradewind")


def _introduce(workspace: Workspace, agent: Agent) -> None:
    """What the agent is called, speaks and knows: decides what they are offered, and what customers read."""
    with ui.dialog() as dialog, ui.card().classes("ask"):
        ui.label("You, as an agent").classes("ask-title")
        name = ui.input("Name, as customers read it", value=agent.name).props("outlined dense maxlength=80")
        languages = ui.input(
            "Languages, such as: zh en; all when empty", value=" ".join(sorted(agent.languages))
        )
        skills = ui.input(
            "Skills, such as: cards loans; all when empty", value=" ".join(sorted(agent.skills))
        )
        for field in (languages, skills):
            field.props("outlined dense maxlength=200 autocomplete=off spellcheck=false")

        @handler
        async def keep() -> None:
            spoken = [Language(each) for each in _words(languages.value)]
            known = _words(skills.value)
            made = await ask(
                Right.CONVERSATIONS_HANDLE,
                lambda who: workspace.inbox.staff.introduce(
                    who.tenant, who.name, name=name.value or "", languages=spoken, skills=known
                ),
            )
            dialog.close()
            button.set_text(f"You: {made.name}")

        with ui.row().classes("ask-buttons"):
            ui.button("Cancel", on_click=dialog.close, color=None).props("flat no-caps").classes("quiet")
            ui.button("Keep", on_click=keep, color=None).props("unelevated no-caps").classes("main")
    label = f"You: {agent.name}" if agent.name else "Say who you are …"
    button = (
        ui.button(label, on_click=dialog.open, color=None).props("flat no-caps dense").classes("quiet you")
    )


def _words(text: str | None) -> list[str]:
    return (text or "").replace(",", " ").split()
