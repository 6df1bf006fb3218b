"""The ASGI application: API and console on one address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.api.access import needs
from tradewind.api.app import create_api
from tradewind.api.door import PredictDoor
from tradewind.api.metrics import Metrics
from tradewind.api.predict import Predict
from tradewind.core.settings import Settings
from tradewind.nlp.runtime.live import Opener
from tradewind.workspace import open_workspace


def create_app(
    settings: Settings,
    *,
    folders: Sequence[Path] = (),
    console: bool = True,
    opener: Opener | None = None,
    open_to_all: bool = False,
    demo: bool = False,
) -> PredictDoor:
    """Build the server of a workspace.

    Args:
        settings: of the workspace.
        folders: model folders to serve in place of the workspace's live models.
        console: with the web pages under `/console`. They can be mounted once in a process.
        opener: makes an engine of a model folder; the real one when None.
        open_to_all: while there is no tenant, answer not only this machine.
        demo: with the page of a pretend bank that carries the widget, under `/demo`.

    Raises:
        NotFoundError, IntegrityError, ConfigError: one of `folders` is no model, or two have the same name.
    """
    metrics = Metrics()
    workspace = open_workspace(settings, folders=folders, opener=opener, on_batch=metrics.on_batch)
    predict = Predict(workspace.live, settings, metrics)
    doorkeeper = Doorkeeper(
        lambda: workspace.ground.access,
        settings,
        open_to_all=open_to_all,
        customers=lambda token: workspace.ground.customer_tokens.recognise(token),
    )
    app = create_api(workspace, metrics, predict, doorkeeper)
    if console:
        from tradewind.console.mount import mount_console

        mount_console(app, workspace, doorkeeper, needs)
    if demo:
        from tradewind.console.demo_page import demo_routes

        app.include_router(demo_routes())
    return PredictDoor(app, predict, doorkeeper, settings.max_body_bytes)
