"""A limit on request bodies that holds for chunked ones too, and costs no memory beyond the limit."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.api.problems import own_problem
from tradewind.core.errors import TooLargeError

LINGER_S = 2.0
LINGER_BYTES = 64_000_000


class BodyLimit:
    """ASGI middleware: refuses a body over `max_bytes`, at its header if that says so, else at the limit."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = _content_length(scope)
        if declared is not None and declared > self._max_bytes:
            await self._refuse(scope, receive, send, f"the body has {declared:,} bytes")
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self._max_bytes:
                    raise _OverLimit
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _OverLimit:
            if started:
                raise
            await self._refuse(scope, receive, send, f"the body has more than {self._max_bytes:,} bytes")

    async def _refuse(self, scope: Scope, receive: Receive, send: Send, found: str) -> None:
        error = TooLargeError(
            f"{found}; the most that is taken is {self._max_bytes:,}",
            hint="split the request, use `tradewind predict` on a file, or raise max_body_bytes",
        )
        response = own_problem(error, scope["path"])
        headers = [*response.raw_headers, (b"connection", b"close")]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        await _linger(receive)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _OverLimit(BaseException):
    """Carries the refusal past the application's own handlers of `Exception`."""


async def _linger(receive: Receive) -> None:
    """Read on and throw away for a moment: closing at once would reset the connection, and a client that is
    still sending would never see the answer.
    """
    dropped = 0
    try:
        async with asyncio.timeout(LINGER_S):
            while dropped < LINGER_BYTES:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                dropped += len(message.get("body", b""))
    except TimeoutError:
        return


def _content_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else None
    return None
