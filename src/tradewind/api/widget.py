"""GET /widget/tradewind-chat.js: the chat widget, for pages of any site; nobody need be known for it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from tradewind.channels.widget import script

PATH = "/widget/tradewind-chat.js"
HEADERS = {
    # An hour without asking, then a question that costs 200 bytes: a new version is everywhere within the hour.
    "Cache-Control": "public, max-age=3600, stale-while-revalidate=86400",
    # Pages of other sites load it, also those that check its hash (integrity) or are isolated (COEP).
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept-Encoding",
}


def widget_routes() -> APIRouter:
    """The route; not in the contract, which is for programs."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(PATH, methods=["GET", "HEAD"])
    async def widget(request: Request) -> Response:
        found = script()
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        etag = f'"{found.digest[:32]}{"-gzip" if zipped else ""}"'
        headers = {**HEADERS, "ETag": etag}
        asked = request.headers.get("if-none-match", "")
        if asked == "*" or etag in (each.strip().removeprefix("W/") for each in asked.split(",")):
            return Response(status_code=304, headers=headers)
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return Response(
            found.zipped if zipped else found.body,
            media_type="text/javascript; charset=utf-8",
            headers=headers,
        )

    return router
