"""The HTTP application without the console: what a program talks to."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

import tradewind
from tradewind.access.doorkeeper import Doorkeeper
from tradewind.api.access import needs
from tradewind.api.assistant import conversation_routes
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
from tradewind.api.widget import widget_routes
from tradewind.workspace import Workspace


def create_api(workspace: Workspace, metrics: Metrics, predict: Predict, doorkeeper: Doorkeeper) -> FastAPI:
    """The API over a workspace. Its lifespan opens the ground, loads the models in the background, closes both."""
    live, ground = workspace.live, workspace.ground

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(ground.open)
        loading = asyncio.create_task(live.start())
        works = asyncio.create_task(asyncio.to_thread(ground.durable.start, standby=True))
        try:
            yield
        finally:
            loading.cancel()
            await asyncio.gather(loading, works, return_exceptions=True)
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
    app.include_router(
        conversation_routes(lambda: workspace.conversations, lambda: ground.customer_tokens, needs, origins)
    )
    app.include_router(inbox_routes(lambda: workspace.inbox, lambda: workspace.conversations, needs))
    app.include_router(health_routes(live, metrics, doorkeeper))
    app.include_router(widget_routes())
    install_contract(app)
    return app
