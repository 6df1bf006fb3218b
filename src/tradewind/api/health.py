"""/healthz, /readyz and /metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from tradewind.api.metrics import Metrics
from tradewind.api.problems import own_problem
from tradewind.api.schemas import Problem
from tradewind.core.errors import UnavailableError
from tradewind.nlp.runtime.live import LiveModels


def health_routes(live: LiveModels, metrics: Metrics) -> APIRouter:
    """Whether the process lives, whether it can answer, and what it has counted."""
    router = APIRouter(tags=["operations"])

    @router.get("/healthz", summary="The process answers")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get(
        "/readyz",
        summary="Every live model is loaded: 200, else 503",
        response_model=None,
        responses={503: {"model": Problem, "description": "Not yet, or not any more; `detail` says why"}},
    )
    async def readyz(request: Request) -> Response | dict[str, object]:
        reason = _not_ready(live)
        if reason is not None:
            return own_problem(reason, request.url.path)
        return {
            "status": "ready",
            "models": {s.name: s.loaded.info.version for s in live.state() if s.loaded},
        }

    @router.get("/metrics", summary="Prometheus metrics", response_class=Response)
    async def metrics_text() -> Response:
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router


def _not_ready(live: LiveModels) -> UnavailableError | None:
    if not live.started:
        return UnavailableError("the models are still being loaded")
    states = live.state()
    if not states:
        hint = "train one: tradewind train --help, then tradewind models promote NAME VERSION"
        return UnavailableError("no model is live", hint=hint)
    missing = [f"{state.name}: {state.problem}" for state in states if state.loaded is None]
    return UnavailableError(f"not loaded: {'; '.join(missing)}") if missing else None
