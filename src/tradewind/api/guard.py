"""The guard in front of all routes and pages: nothing behind it is reached by who is not known."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.access.doorkeeper import (
    CALLER,
    DOORKEEPER,
    Caller,
    Doorkeeper,
    headers_of,
    is_this_machine,
)
from tradewind.api.problems import problem_of
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import ForbiddenError, SignInError, TradewindError
from tradewind.journal.databases import REACH

OPEN = frozenset({"/", "/healthz", "/readyz", "/openapi.json", "/sign-out", "/widget/tradewind-chat.js"})
SIGN_IN = "/sign-in"
CONSOLE = "/console"
REPORTS = "/reports/"
METRICS = "/metrics"
CONVERSATIONS = "/v1/conversations/"
MESSENGERS = "/v1/channels/"
"""What comes from a messenger proves itself by its signature, and to its own route."""
CHECK_S = 1.0
"""A page that stays open asks through its websocket; its session is looked up at most this often."""
SESSION_ENDED = 4401


class Guard:
    """ASGI middleware: finds out who asks, and puts the `Caller` into the scope."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _is_open(scope):
            await self._app(scope, receive, send)
            return
        try:
            caller = await self._doorkeeper.admit(scope)
            _keep_to_conversation(caller, scope)
        except TradewindError as error:
            await _refuse(scope, receive, send, error)
            return
        scope[CALLER], scope[DOORKEEPER] = caller, self._doorkeeper
        before = REACH.set(caller.principal.regions)
        try:
            if scope["type"] == "websocket":
                await _Watched(self._app, self._doorkeeper)(scope, receive, send)
            else:
                await self._app(scope, receive, send)
        finally:
            REACH.reset(before)


class _Watched:
    """A websocket that ends with the session which opened it."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._checked = SYSTEM_CLOCK.monotonic()
        self._closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def close_if_ended() -> None:
            if not self._closed and await self._has_ended(scope):
                self._closed = True
                await send({"type": "websocket.close", "code": SESSION_ENDED})

        async def watched_receive() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                await close_if_ended()
            return {"type": "websocket.disconnect", "code": SESSION_ENDED} if self._closed else message

        async def watched_send(message: Message) -> None:
            if message["type"] == "websocket.send":
                await close_if_ended()
            if not self._closed:
                await send(message)

        await self._app(scope, watched_receive, watched_send)

    async def _has_ended(self, scope: Scope) -> bool:
        now = SYSTEM_CLOCK.monotonic()
        if now - self._checked < CHECK_S:
            return False
        self._checked = now
        try:
            scope[CALLER] = await self._doorkeeper.admit(scope)
        except SignInError:
            return True
        except TradewindError:
            return False  # asked too often, or the database is away: neither ends a session
        return False


def _keep_to_conversation(caller: Caller, scope: Scope) -> None:
    """A customer's token opens the paths of their conversation, whatever other routes ask for.

    Raises:
        ForbiddenError: it is another path.
    """
    own = caller.principal.conversation
    if own is not None and not f"{scope['path']}/".startswith(f"{CONVERSATIONS}{own}/"):
        raise ForbiddenError(
            "this token is of another conversation, or of none", hint=f"it opens {CONVERSATIONS}{own}"
        )


def _is_open(scope: Scope) -> bool:
    path = scope["path"]
    if scope["type"] == "http" and (path in OPEN or path == SIGN_IN or path.startswith(f"{SIGN_IN}/")):
        return True
    if scope["type"] == "http" and path.startswith(MESSENGERS):
        return True
    if path != METRICS:
        return False
    headers = headers_of(scope)
    return b"authorization" not in headers and is_this_machine(scope, headers)


async def _refuse(scope: Scope, receive: Receive, send: Send, error: TradewindError) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": SESSION_ENDED})
        return
    path = scope["path"]
    pages = path == CONSOLE or path.startswith((f"{CONSOLE}/", REPORTS))
    if pages and isinstance(error, SignInError) and scope["method"] in ("GET", "HEAD"):
        response = RedirectResponse(f"{SIGN_IN}?goal={quote(path)}", status_code=303)
    else:
        response = problem_of(error, path)  # type: ignore[assignment]
    await response(scope, receive, send)
