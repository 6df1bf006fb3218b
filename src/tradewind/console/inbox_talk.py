"""A conversation as an agent sees it: everything that was said, what was understood of it, and the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import background_tasks, ui

from tradewind.access.model import Principal, Right
from tradewind.assistant.conversations.model import Conversation, Status
from tradewind.assistant.model import Author, ConversationId, Message
from tradewind.console.acting import handler, small_button
from tradewind.console.frame import piece
from tradewind.console.inbox_aside import Aside
from tradewind.console.inbox_known import heard_of
from tradewind.console.inbox_rows import Heard, author_of, heard_text, look_of, row, safe_link
from tradewind.console.signed_in import require
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import TradewindError
from tradewind.core.ids import new_id
from tradewind.journal.databases import REACH
from tradewind.workspace import Workspace

LONGEST = 4_000
AGAIN_S = 2.0
MOST_SHOWN = 500
ANSWER, TAKE_FIRST = "Answer the customer", "Take the conversation to answer; a note is always possible"
DOWN = "for (const log of document.querySelectorAll('.talk-log')) log.scrollTop = log.scrollHeight;"
ENTER = """(event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  emit();
}"""
"""While an input method composes, Enter chooses characters and must not send."""


async def show_talk(workspace: Workspace, conversation: str, principal: Principal) -> None:
    """Show a conversation, follow it as it goes on, and let an agent act in it.

    Raises:
        NotFoundError: the tenant has no such conversation.
    """
    talk = Talk(workspace, ConversationId(conversation), principal)
    await talk.draw()


class Talk:
    """A conversation that is open on a page."""

    def __init__(self, workspace: Workspace, id: ConversationId, principal: Principal) -> None:
        self._workspace, self._id = workspace, id
        self._tenant, self._agent = principal.tenant, principal.name
        self._handles = Right.CONVERSATIONS_HANDLE in principal.rights
        self._regions = principal.regions
        self._last = 0
        self._heard: dict[int, Heard] = {}

    async def draw(self) -> None:
        """Build the columns and begin to follow."""
        self._own = await self._workspace.conversations.get(self._tenant, self._id)
        after = max(0, self._own.last - MOST_SHOWN)
        said = await self._workspace.conversations.history(self._tenant, self._id, after=after, notes=True)
        self._heard = await heard_of(self._workspace, self._own)
        with ui.element("section").classes("panel talk").props('aria-label="Conversation"'):
            self._head = ui.element("div").classes("talk-head")
            self._log = (
                ui.element("div").classes("talk-log").props('role="log" tabindex=0 aria-label="Messages"')
            )
            self._write = ui.element("div").classes("talk-write")
        self._aside = Aside(self._workspace, self._id, self._tenant, self._use if self._handles else None)
        for message in said:
            self._add(message)
        if self._handles:
            self._draw_box()
        self._draw_head()
        await self._aside.draw(self._own, self._heard)
        ui.run_javascript(DOWN)
        following = background_tasks.create(self._follow(), name=f"inbox {self._id}")
        ui.context.client.on_delete(lambda: following.cancel())
        ui.timer(AGAIN_S, self._look, immediate=False)

    # --- as it goes on

    async def _follow(self) -> None:
        """Everything that is said from now on, until the page is closed."""
        REACH.set(self._regions)
        while True:
            try:
                said = self._workspace.conversations.follow(
                    self._tenant, self._id, after=self._last, notes=True
                )
                async for message in said:
                    await self._come(message)
                return  # the server stops
            except TradewindError:
                await asyncio.sleep(AGAIN_S)  # a database is away: it comes back, or the page is closed

    async def _come(self, message: Message) -> None:
        if message.author is Author.CUSTOMER:
            self._own = await self._workspace.conversations.get(self._tenant, self._id)
            self._heard = await heard_of(self._workspace, self._own)
        with self._log:
            self._add(message)
            ui.run_javascript(DOWN)
        if message.author is Author.CUSTOMER:
            await self._aside.draw(self._own, self._heard)
        await self._look()

    async def _look(self) -> None:
        """What others did meanwhile, and how long is left."""
        self._own = await self._workspace.conversations.get(self._tenant, self._id)
        self._draw_head()

    def _add(self, message: Message) -> None:
        if message.number <= self._last:
            return
        self._last = message.number
        heard = self._heard.get(message.number)
        with self._log:
            piece(
                "said.html",
                message=message,
                look=look_of(message),
                who=author_of(message),
                link=safe_link(message.link),
                heard=heard_text(heard) if heard else "",
            )

    # --- who has it

    def _draw_head(self) -> None:
        own = self._own
        found = row(own, SYSTEM_CLOCK.now())
        mine = own.status is Status.TAKEN and own.agent == self._agent
        shown = (own.status, own.agent, own.rating, found.clock, found.look)
        if shown == getattr(self, "_shown", None):
            return
        self._shown = shown
        self._head.clear()
        with self._head:
            piece("talk_head.html", own=own, row=found, mine=mine)
            if self._handles:
                with ui.element("div").classes("row-buttons"):
                    self._buttons(own, mine)
        if self._handles:
            self._send.set_enabled(mine)
            self._text.props["placeholder"] = ANSWER if mine else TAKE_FIRST
            self._text.update()

    def _buttons(self, own: Conversation, mine: bool) -> None:
        inbox = self._workspace.inbox
        if mine:
            small_button("Transfer …", "Transfer to another agent", self._transfer_dialog().open)
            small_button(
                "Back to the assistant",
                "Give back to the assistant",
                self._doing(lambda: inbox.release(self._tenant, self._id, self._agent)),
            )
            resolve = self._doing(lambda: inbox.resolve(self._tenant, self._id, self._agent))
            ui.button("Resolve", on_click=resolve, color=None).props("unelevated no-caps dense").classes(
                "main"
            )
        elif own.status in (Status.QUEUED, Status.OPEN):
            take = self._doing(lambda: inbox.take(self._tenant, self._id, self._agent))
            label = "Take" if own.status is Status.QUEUED else "Take over"
            ui.button(label, on_click=take, color=None).props("unelevated no-caps dense").classes("main")

    def _doing(self, act: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        """What a button does, in the name of who still may."""

        @handler
        async def go() -> None:
            require(Right.CONVERSATIONS_HANDLE)
            await act()
            await self._look()

        return go

    def _transfer_dialog(self) -> ui.dialog:
        with ui.dialog() as dialog, ui.card().classes("ask"):
            ui.label("Transfer the conversation").classes("ask-title")
            ui.label("It goes back into the queue, as urgent as before. The customer is told.")
            skill = ui.input("Skill that is needed; anybody when empty").props("outlined dense maxlength=64")

            async def transfer() -> None:
                dialog.close()
                wanted = (skill.value or "").strip() or None
                await self._workspace.inbox.transfer(self._tenant, self._id, self._agent, skill=wanted)

            with ui.row().classes("ask-buttons"):
                ui.button("Cancel", on_click=dialog.close, color=None).props("flat no-caps").classes("quiet")
                ui.button("Transfer", on_click=self._doing(transfer), color=None).props(
                    "unelevated no-caps"
                ).classes("main")
        return dialog

    # --- writing

    def _draw_box(self) -> None:
        with self._write:
            self._text = ui.textarea("Your answer").props(
                f'outlined autogrow maxlength={LONGEST} dir=auto input-style="max-height: 9rem"'
            )
            send, note = self._saying(note=False), self._saying(note=True)
            self._text.on("keydown", send, js_handler=ENTER)
            with ui.element("div").classes("try-row"):
                self._send = (
                    ui.button("Send", on_click=send, color=None).props("unelevated no-caps").classes("main")
                )
                ui.button("Keep as a note", on_click=note, color=None).props("outline no-caps").classes(
                    "quiet"
                )
                ui.html(
                    '<span class="hint">Enter sends · Shift+Enter makes a new line · a note is for agents only</span>',
                    sanitize=False,
                )

    def _saying(self, *, note: bool) -> Callable[[], Awaitable[None]]:
        @handler
        async def say() -> None:
            require(Right.CONVERSATIONS_HANDLE)
            text = self._text.value or ""
            if not text.strip():
                return
            inbox = self._workspace.inbox
            do = inbox.note if note else inbox.say
            await do(self._tenant, self._id, self._agent, text, new_id(SYSTEM_CLOCK))
            self._text.value = ""

        return say

    def _use(self, text: str) -> None:
        """Take over a suggestion, to be sent or changed first."""
        self._text.value = text
        self._text.run_method("focus")
