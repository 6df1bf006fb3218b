"""The HTTP application without the console: what a program talks to."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import Depends, FastAPI

import tradewind
from tradewind.access.doorkeeper import Doorkeeper
from tradewind.api.access import needs
from tradewind.api.assistant import conversation_routes
from tradewind.api.channels import channel_routes
from tradewind.api.contract import install_contract
from tradewind.api.guard import Guard
from tradewind.api.health import health_routes
from tradewind.api.idempotency import Idempotency
from tradewind.api.inbox import inbox_routes
from tradewind.api.journal import journal_routes
from tradewind.api.limits import BodyLimit
from tradewind.api.markets import market_routes
from tradewind.api.metrics import Metrics
from tradewind.api.models import model_routes
from tradewind.api.origins import CrossOrigin, Origins
from tradewind.api.predict import Predict, predict_route
from tradewind.api.privacy import subject_routes
from tradewind.api.privacy_detect import privacy_detect_routes
from tradewind.api.problems import install_problem_handlers
from tradewind.api.tenants import tenant_routes
from tradewind.api.webhooks import webhook_routes
from tradewind.api.widget import widget_routes
from tradewind.core.errors import TradewindError
from tradewind.workspace import Workspace

log = logging.getLogger(__name__)


def create_api(workspace: Workspace, metrics: Metrics, predict: Predict, doorkeeper: Doorkeeper) -> FastAPI:
    """The API over a workspace. Its lifespan opens the ground, loads the models in the background, closes both."""
    live, ground = workspace.live, workspace.ground

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(ground.open)
        loading = asyncio.create_task(live.start())
        works = asyncio.create_task(asyncio.to_thread(ground.durable.start, standby=True))
        talking = asyncio.create_task(_talk(workspace, loading))
        channels = asyncio.create_task(workspace.run_channels())
        try:
            yield
        finally:
            for task in (channels, talking, loading):
                task.cancel()
            await asyncio.gather(channels, talking, loading, works, return_exceptions=True)
            await workspace.close()
            await live.close()
            await asyncio.to_thread(ground.close)

    app = FastAPI(
        title="Tradewind",
        version=tradewind.__version__,
        description="Calibrated text models of this installation. Errors are application/problem+json.",
        lifespan=lifespan,
        docs_url=None,  # both pages load their scripts from the internet; the contract is /openapi.json
        redoc_url=None,
    )
    # The last one added is the first to be asked: limit, other sites, guard, idempotency, routes.
    app.add_middleware(Idempotency, doorkeeper=doorkeeper)
    app.add_middleware(Guard, doorkeeper=doorkeeper)
    origins = Origins(workspace.settings.assistant.origins)
    app.add_middleware(CrossOrigin, origins=origins)
    app.add_middleware(BodyLimit, max_bytes=workspace.settings.max_body_bytes)
    install_problem_handlers(app)
    metrics.watch(live)
    app.include_router(predict_route(predict, doorkeeper))
    app.include_router(model_routes(live, doorkeeper))
    app.include_router(tenant_routes(lambda: ground.access, needs))
    app.include_router(market_routes(lambda: ground.markets, needs))
    app.include_router(journal_routes(lambda: ground.journal, needs))
    app.include_router(privacy_detect_routes(workspace, doorkeeper, needs))
    app.include_router(subject_routes(lambda: ground.privacy, lambda: ground.markets, needs))
    ready = [Depends(_ready(workspace))]
    app.include_router(
        conversation_routes(lambda: workspace.conversations, lambda: ground.customer_tokens, needs, origins),
        dependencies=ready,
    )
    app.include_router(
        inbox_routes(lambda: workspace.inbox, lambda: workspace.conversations, needs), dependencies=ready
    )
    app.include_router(webhook_routes(lambda: ground.webhooks, lambda: ground.access, needs))
    app.include_router(channel_routes(lambda: workspace.channels))
    app.include_router(health_routes(live, metrics, doorkeeper))
    app.include_router(widget_routes())
    install_contract(app)
    return app


async def _talk(workspace: Workspace, loading: asyncio.Task[None]) -> None:
    """Where the assistant's model is live, be ready before the first message, and notice silences."""
    await asyncio.wait({loading})
    wanted = workspace.settings.assistant.model
    if any(state.name == wanted for state in workspace.live.state()):
        try:
            conversations = await workspace.warm_up()
        except TradewindError as error:
            log.error("there is no assistant: %s", error)
            return
        await conversations.keep_reminding()


def _ready(workspace: Workspace) -> Callable[[], Awaitable[None]]:
    """Builds the assistant in a thread at the first request that needs it."""

    async def ready() -> None:
        await workspace.warm_up()

    return ready
