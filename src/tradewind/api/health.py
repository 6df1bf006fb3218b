"""/healthz, /readyz and /metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from tradewind.access.doorkeeper import CALLER, Caller, Doorkeeper, headers_of, is_this_machine
from tradewind.api.metrics import Metrics
from tradewind.api.problems import own_problem
from tradewind.api.schemas import Problem
from tradewind.core.errors import UnavailableError
from tradewind.nlp.runtime.live import LiveModels, all_models


def health_routes(live: LiveModels, metrics: Metrics, doorkeeper: Doorkeeper) -> APIRouter:
    """Whether the process lives, whether it can answer, and what it has counted.

    A key sees the models of its tenant; who has none is told no names, unless they sit at this machine.
    """
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
        headers = headers_of(request.scope)
        told = is_this_machine(request.scope, headers) and b"authorization" not in headers
        reason = _not_ready(live, told=told)
        if reason is not None:
            return own_problem(reason, request.url.path)
        ready = {state.name: state.loaded.info.version for state in live.state() if state.loaded}
        return {"status": "ready", "models": ready} if told else {"status": "ready"}

    @router.get("/metrics", summary="Prometheus metrics", response_class=Response)
    async def metrics_text(request: Request) -> Response:
        caller: Caller | None = request.scope.get(CALLER)
        reaches = doorkeeper.reaches(caller.principal) if caller else all_models
        return Response(metrics.text(reaches), media_type=CONTENT_TYPE_LATEST)

    return router


def _not_ready(live: LiveModels, *, told: bool) -> UnavailableError | None:
    if not live.started:
        return UnavailableError("the models are still being loaded")
    states = live.state()
    if not states:
        hint = "train one: tradewind train --help, then tradewind models promote NAME VERSION"
        return UnavailableError("no model is live", hint=hint)
    missing = [f"{state.name}: {state.problem}" for state in states if state.loaded is None]
    if not missing:
        return None
    return UnavailableError(f"not loaded: {'; '.join(missing) if told else f'{len(missing)} models'}")
