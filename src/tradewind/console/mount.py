"""Puts the pages under `/console` of an application."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradewind.access.doorkeeper import Doorkeeper, Needs
from tradewind.access.model import Right
from tradewind.console.downloads import download_routes
from tradewind.console.frame import FAVICON, head_html
from tradewind.console.ground import ground_pages
from tradewind.console.inbox_page import show_inbox
from tradewind.console.model_page import show_model
from tradewind.console.models_page import show_models
from tradewind.console.report import report_route
from tradewind.console.service_figures import SPANS, Asked
from tradewind.console.service_page import show_service
from tradewind.console.sign_in import sign_in_routes
from tradewind.console.signed_in import require
from tradewind.workspace import Workspace

PATH = "/console"
WARM_UP_S = 60.0
"""How long a page of the inbox may wait for the assistant, which is built when it is first asked for."""

PROTECTION = [
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


def mount_console(app: FastAPI, workspace: Workspace, doorkeeper: Doorkeeper, needs: Needs) -> None:
    """Add the pages to an application; once in a process, since NiceGUI has one set of pages."""
    live = workspace.live

    @ui.page("/", title="Models · Tradewind")
    async def models_page() -> None:
        await show_models(live, doorkeeper.reaches(require(Right.MODELS_READ)))

    @ui.page("/models/{name}", title="Model · Tradewind")
    async def model_page(name: str) -> None:
        reaches = doorkeeper.reaches(require(Right.MODELS_READ))
        await show_model(live, name, workspace.settings.deadline_s, reaches)

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse(f"{PATH}/")

    @ui.page("/inbox", title="Inbox · Tradewind", response_timeout=WARM_UP_S)
    async def inbox_page() -> None:
        await show_inbox(workspace)

    @ui.page("/inbox/{conversation}", title="Inbox · Tradewind", response_timeout=WARM_UP_S)
    async def conversation_page(conversation: str) -> None:
        await show_inbox(workspace, conversation)

    @ui.page("/service", title="Service · Tradewind", response_timeout=WARM_UP_S)
    async def service_page(market: str = "", language: str = "", channel: str = "", days: int = 7) -> None:
        known = days if days in dict(SPANS) else 7
        await show_service(workspace, Asked(market, language, channel, known))

    ground_pages(workspace.ground)
    app.include_router(download_routes(lambda: workspace.ground, needs))
    app.include_router(report_route(live, doorkeeper, needs))
    app.include_router(sign_in_routes(doorkeeper))
    app.add_middleware(_Protected)
    ui.add_head_html(head_html(), shared=True)
    ui.run_with(
        app,
        mount_path=PATH,
        title="Tradewind",
        favicon=FAVICON,
        dark=None,
        tailwind=False,
        show_welcome_message=False,
    )


class _Protected:
    """ASGI middleware: no other site may frame the console, whose buttons change what is live."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self._app(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *PROTECTION]}
            await send(message)

        await self._app(scope, receive, protected)
