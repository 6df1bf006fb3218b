"""Conversations as they go on: server-sent events, and a websocket that both sides write to.

Messages carry their numbers: who lost the connection says which was the last one (`after`, or `Last-Event-ID`) and gets
all later ones, each once, in order. What was sent and not acknowledged is sent again with the same `client_id`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
from fastapi import Request, WebSocket, WebSocketDisconnect
from starlette.responses import StreamingResponse

from tradewind.api.assistant_schemas import message_as_json
from tradewind.assistant.conversations.service import Conversations
from tradewind.assistant.model import ConversationId, Message
from tradewind.core.errors import BusyError, InputError, NotFoundError, TradewindError
from tradewind.core.ids import TenantId

PROTOCOL = "tradewind"
"""What a websocket of a browser asks for, beside its token."""
BEAT_S = 15.0
"""A word on a line that is silent, so that nobody between takes it for dead."""
MAX_FRAME = 64_000
CLOSE_UNKNOWN, CLOSE_TOO_BIG, CLOSE_AWAY = 4404, 1009, 1012

Say = Callable[[str, str | None], Awaitable[list[Message]]]


async def events(
    conversations: Conversations,
    tenant: TenantId,
    conversation: ConversationId,
    request: Request,
    *,
    after: int,
    notes: bool = False,
) -> StreamingResponse:
    """The answer that never ends: `id: NUMBER`, `event: message`, `data: {…}`."""
    await conversations.get(tenant, conversation)
    known = request.headers.get("last-event-id", "")
    after = max(after, int(known) if known.isdecimal() and len(known) < 10 else 0)
    return StreamingResponse(
        _stream(conversations.follow(tenant, conversation, after=after, notes=notes)),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(messages: AsyncIterator[Message]) -> AsyncIterator[bytes]:
    yield b": here\n\n"
    following = aiter(messages)
    coming: asyncio.Task[Message] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(following))
            done, _ = await asyncio.wait({coming}, timeout=BEAT_S)
            if not done:
                yield b": here\n\n"
                continue
            try:
                message = coming.result()
            except StopAsyncIteration:
                return
            coming = None
            document = orjson.dumps(message_as_json(message))
            yield b"id: %d\nevent: message\ndata: %b\n\n" % (message.number, document)
    finally:
        if coming is not None:
            coming.cancel()


async def converse(
    socket: WebSocket,
    conversations: Conversations,
    tenant: TenantId,
    conversation: ConversationId,
    *,
    say: Say | None = None,
    notes: bool = False,
) -> None:
    """Serve one websocket until either side goes.

    In: `{"type": "say", "text": …, "client_id": …}`, `{"type": "ping"}`. Out: `{"type": "message", …}` each, once, in
    order; `{"type": "accepted", "client_id", "number"}` when what was said is durable; `{"type": "problem", …}`.

    Args:
        say: what is done with what is said; the customer says it when None.
    """
    after = socket.query_params.get("after", "0")
    if not (after.isdecimal() and len(after) < 10):
        await _refuse(socket, CLOSE_UNKNOWN, "`after` is no number")
        return
    try:
        own = await conversations.get(tenant, conversation)
    except NotFoundError as error:
        await _refuse(socket, CLOSE_UNKNOWN, error.message)
        return
    offered = socket.scope.get("subprotocols") or []
    await socket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)

    async def as_customer(text: str, client_id: str | None) -> list[Message]:
        return await conversations.receive(own.party, own.id, text, client_id)

    following = conversations.follow(tenant, conversation, after=int(after), notes=notes)
    out = asyncio.create_task(_tell(socket, following))
    into = asyncio.create_task(_listen(socket, say or as_customer))
    try:
        await asyncio.wait({out, into}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (out, into):
            task.cancel()
        await asyncio.gather(out, into, return_exceptions=True)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close(CLOSE_AWAY)


async def _tell(socket: WebSocket, messages: AsyncIterator[Message]) -> None:
    async for message in messages:
        await _send(socket, {"type": "message", **message_as_json(message)})


async def _listen(socket: WebSocket, say: Say) -> None:
    """One after the other, so that what one side says stays in its order."""
    while True:
        try:
            frame = await socket.receive_text()
        except (WebSocketDisconnect, KeyError, RuntimeError):
            return
        if len(frame) > MAX_FRAME:
            await socket.close(CLOSE_TOO_BIG)
            return
        client_id: str | None = None
        try:
            kind, text, client_id = _read(frame)
            if kind == "ping":
                await _send(socket, {"type": "pong"})
                continue
            said = await say(text, client_id)
            await _send(
                socket,
                {"type": "accepted", "client_id": client_id, "number": said[0].number if said else None},
            )
        except TradewindError as error:
            await _send(socket, {"type": "problem", "client_id": client_id, **_problem(error)})


def _read(frame: str) -> tuple[str, str, str | None]:
    try:
        document = orjson.loads(frame)
    except orjson.JSONDecodeError as error:
        raise InputError(f"a frame is no JSON: {error}") from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "ping":
        return "ping", "", None
    if kind != "say":
        raise InputError("a frame has no type that is known here", hint='{"type": "say", "text": "…"}')
    text, client_id = document.get("text"), document.get("client_id")
    if not isinstance(text, str):
        raise InputError("`text` is no text", hint='{"type": "say", "text": "…", "client_id": "…"}')
    if client_id is not None and not (
        isinstance(client_id, str)
        and 0 < len(client_id) <= 128
        and client_id.isascii()
        and client_id.isprintable()
    ):
        raise InputError("`client_id` is none", hint="1 to 128 letters, digits and signs of ASCII")
    return "say", text, client_id


def _problem(error: TradewindError) -> dict[str, Any]:
    found: dict[str, Any] = {"slug": error.slug, "status": error.status, "detail": error.message}
    if error.hint:
        found["hint"] = error.hint
    if isinstance(error, BusyError):
        found["retry_after_s"] = round(error.retry_after_s, 2)
    return found


async def _send(socket: WebSocket, document: dict[str, Any]) -> None:
    await socket.send_text(orjson.dumps(document).decode())


async def _refuse(socket: WebSocket, code: int, why: str) -> None:
    """Accepted first: a browser tells its page the code only of a socket that was open."""
    offered = socket.scope.get("subprotocols") or []
    await socket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
    await socket.close(code, why[:120])
