"""The page that a demo ends with: a pretend bank whose pages carry the widget. Only `tradewind demo` serves it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from tradewind.console.frame import render

FIRST = "en"
HEADERS = {
    # As strict as docs/widget.md tells a site that it may be; styles of the page itself stand in its head.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
SCRIPT = """
for (const each of document.querySelectorAll("[data-say]")) {
  each.addEventListener("click", () => {
    const chat = document.querySelector("tradewind-chat");
    chat.open();
    chat.say(each.textContent);
  });
}
"""


def demo_routes() -> APIRouter:
    """The page and its few lines of script; not in the contract, which is for programs."""
    router = APIRouter(include_in_schema=False)

    @router.get("/demo")
    async def demo(language: str = FIRST) -> Response:
        texts = _texts()
        spoken = language if language in texts else FIRST
        html = render("demo.html", language=spoken, text=texts[spoken], texts=texts)
        return HTMLResponse(html, headers=HEADERS)

    @router.get("/demo/demo.js")
    async def script() -> Response:
        return Response(SCRIPT, media_type="text/javascript; charset=utf-8", headers=HEADERS)

    return router


@cache
def _texts() -> dict[str, dict[str, Any]]:
    """The bank's words by language."""
    texts: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "demo.yaml").read_text(encoding="utf-8")
    )
    return texts
