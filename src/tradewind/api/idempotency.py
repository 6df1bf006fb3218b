"""`Idempotency-Key` on writes: what was answered once is answered again, and done once.

draft-ietf-httpapi-idempotency-key-header. Answers of 5xx, 401, 403 and 429 are not kept: such a request may be tried
again.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.access.answers import Pending
from tradewind.access.doorkeeper import CALLER, Caller, Doorkeeper
from tradewind.api.problems import problem_of
from tradewind.core.errors import TradewindError

HEADER = b"idempotency-key"
REPLAYED = {"Idempotency-Replayed": "true"}
NOT_KEPT = frozenset({401, 403, 408, 413, 429})
LONGEST_ANSWER = 8_000_000

log = logging.getLogger(__name__)


class Idempotency:
    """ASGI middleware behind the guard, for POST under /v1."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = _key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        caller: Caller = scope[CALLER]
        body = await _body(receive)
        if body is None:
            return
        answers = self._doorkeeper.access.answers
        request = b"\0".join((scope["method"].encode(), scope["path"].encode(), scope["query_string"], body))
        try:
            found = await asyncio.to_thread(
                answers.begin, caller.principal.tenant, caller.credential, key, request
            )
        except TradewindError as error:
            await problem_of(error, scope["path"])(scope, receive, send)
            return
        if isinstance(found, bytes):
            await _answer(found)(scope, receive, send)
            return
        await self._answer_once(found, body, scope, receive, send)

    async def _answer_once(
        self, pending: Pending, body: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answers = self._doorkeeper.access.answers
        given = iter([{"type": "http.request", "body": body, "more_body": False}])
        start: Message = {"status": 500}
        parts: list[bytes] = []

        async def again() -> Message:
            return next(given, None) or await receive()

        async def noted(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                await self._settle(pending, start, b"".join(parts))
            await send(message)

        try:
            await self._app(scope, again, noted)
        except BaseException:
            await asyncio.shield(asyncio.to_thread(answers.drop, pending))
            raise

    async def _settle(self, pending: Pending, start: Message, body: bytes) -> None:
        """Keep an answer before it is sent: a client that did not get it asks again."""
        answers = self._doorkeeper.access.answers
        status = start["status"]
        try:
            if status >= 500 or status in NOT_KEPT or len(body) > LONGEST_ANSWER:
                await asyncio.to_thread(answers.drop, pending)
            else:
                await asyncio.to_thread(answers.keep, pending, _kept(start, body))
        except TradewindError as error:
            log.warning("an answer was not kept for its Idempotency-Key: %s", error)


def _key(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith("/v1/"):
        return None
    if scope["path"].endswith(":predict") or CALLER not in scope:
        return None
    for name, value in scope["headers"]:
        if name == HEADER:
            return str(value.decode("latin-1"))
    return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body; the limit in front of this holds. None when the client left."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _kept(start: Message, body: bytes) -> bytes:
    headers = [[name.decode("latin-1"), value.decode("latin-1")] for name, value in start.get("headers", ())]
    document = {"status": start["status"], "headers": headers, "body": base64.b64encode(body).decode()}
    return json.dumps(document).encode()


def _answer(kept: bytes) -> Response:
    document = json.loads(kept)
    headers = {name: value for name, value in document["headers"] if name != "content-length"}
    return Response(
        base64.b64decode(document["body"]), status_code=document["status"], headers=headers | REPLAYED
    )
