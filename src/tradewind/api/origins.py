"""Which other sites' pages may hold the chat widget: their browsers are told that they may ask (CORS)."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.core.errors import ForbiddenError

PATH = "/v1/conversations"
METHODS = "GET, POST, OPTIONS"
HEADERS = "authorization, content-type, idempotency-key, last-event-id"
KEPT_S = 600
EVERYWHERE = "*"


class Origins:
    """The sites of an installation.

    Args:
        allowed: such as `https://bank.example`; `*` is any.
    """

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = frozenset(site.rstrip("/") for site in allowed)

    def allows(self, origin: str) -> bool:
        """Whether pages of a site may hold the widget."""
        return EVERYWHERE in self._allowed or origin in self._allowed

    def require(self, origin: str | None, host: str | None) -> None:
        """Refuse what a page of another site begins; what comes from no page is let through.

        Raises:
            ForbiddenError: it is another site's.
        """
        if origin is None or origin.partition("://")[2] == host or self.allows(origin):
            return
        raise ForbiddenError(
            f"pages of {origin:.80} may not hold the chat", hint="name the site in assistant.origins"
        )


class CrossOrigin:
    """ASGI middleware: answers browsers that ask first, and lets allowed pages read what is answered."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = self._origin(scope)
        if origin is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            answer = Response(status_code=204, headers={**_shared(origin), **_asked()})
            await answer(scope, receive, send)
            return

        async def allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_shared(origin))
            await send(message)

        await self._app(scope, receive, allowed)

    def _origin(self, scope: Scope) -> str | None:
        if scope["type"] != "http" or not f"{scope['path']}/".startswith(f"{PATH}/"):
            return None
        origin = Headers(scope=scope).get("origin")
        return origin if origin is not None and self._origins.allows(origin) else None


def _shared(origin: str) -> dict[str, str]:
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }


def _asked() -> dict[str, str]:
    return {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": str(KEPT_S),
    }
