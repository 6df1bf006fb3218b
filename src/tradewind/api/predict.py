"""POST /v1/models/{name}:predict: bytes to pydantic, predictions to bytes, and no more, for it must be fast."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.access.model import Principal, Right
from tradewind.api.access import needs
from tradewind.api.json_bytes import json_bytes
from tradewind.api.leaving import ClientLeft, unless_client_leaves
from tradewind.api.metrics import Metrics
from tradewind.api.schemas import PredictRequest, PredictResponse, Problem
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import NotFoundError, TooLargeError, TradewindError
from tradewind.core.settings import Settings
from tradewind.nlp.model import Prediction
from tradewind.nlp.runtime.live import LiveModels, Reaches

CLIENT_LEFT = 499
"""For the metrics only: nobody is there to receive it."""

ENCODE_IN_THREAD = 64
"""From so many predictions on the answer is written in a thread: others would wait for it."""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such model; the hint names those there are"},
    413: {"model": Problem, "description": "The body or the number of texts is over the limit"},
    422: {
        "model": Problem,
        "description": "Not JSON, not UTF-8, or not this schema; `errors` has the field paths",
    },
    503: {"model": Problem, "description": "Too much waits, or the model is being loaded; see Retry-After"},
    504: {"model": Problem, "description": "No answer within the deadline"},
}


class Predict:
    """The endpoint, as a callable that the door in front of the application and its router share."""

    def __init__(self, live: LiveModels, settings: Settings, metrics: Metrics) -> None:
        self._live = live
        self._settings = settings
        self._metrics = metrics

    async def __call__(self, name: str, request: Request, reaches: Reaches) -> Response:
        """Answer one request.

        Args:
            reaches: which models whoever asks may know of.

        Raises:
            ValidationError: the body is not JSON, or not a `PredictRequest`.
            TradewindError: whatever refuses it; see `PROBLEMS`.
        """
        wanted = PredictRequest.model_validate_json(await request.body())
        started = SYSTEM_CLOCK.monotonic()
        status, known = 500, True
        try:
            response = await unless_client_leaves(
                request, lambda: self._answer(name, wanted, reaches, started)
            )
            status = response.status_code
        except TradewindError as error:
            status, known = error.status, not isinstance(error, NotFoundError)
            raise
        except ClientLeft:
            status = CLIENT_LEFT
            response = Response(status_code=CLIENT_LEFT)
        finally:
            self._metrics.answered(name if known else "unknown", status, SYSTEM_CLOCK.monotonic() - started)
        return response

    async def _answer(self, name: str, wanted: PredictRequest, reaches: Reaches, started: float) -> Response:
        texts = wanted.all_texts()
        if len(texts) > self._settings.max_texts:
            raise TooLargeError(
                f"{len(texts):,} texts in one request; the most that is taken is {self._settings.max_texts:,}",
                hint="split them over requests, or use `tradewind predict MODEL FILE` for bulk",
            )
        deadline_s = wanted.deadline_s or self._settings.deadline_s
        with self._live.lease(name, reaches) as loaded:
            predictions = await loaded.service.predict(texts, pairs=wanted.all_pairs(), deadline_s=deadline_s)
            version = loaded.info.version
        took_ms = round((SYSTEM_CLOCK.monotonic() - started) * 1000, 3)
        arguments = (name, version, predictions, wanted.top, took_ms)
        if len(predictions) < ENCODE_IN_THREAD:
            content = _encode(*arguments)
        else:
            content = await asyncio.to_thread(_encode, *arguments)
        return Response(content, media_type="application/json")


def predict_route(predict: Predict, doorkeeper: Doorkeeper) -> APIRouter:
    """The endpoint under its path and in the contract."""
    router = APIRouter(tags=["predict"])
    predicts = Depends(needs(Right.MODELS_PREDICT))

    @router.post(
        "/v1/models/{name}:predict",
        summary="What a model says of one text or many",
        response_model=PredictResponse,
        responses=PROBLEMS,
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": PredictRequest.model_json_schema()}},
            }
        },
    )
    async def answer(name: str, request: Request, principal: Principal = predicts) -> Response:
        return await predict(name, request, doorkeeper.reaches(principal))

    return router


def _encode(
    name: str, version: str, predictions: Sequence[Prediction], top: int | None, took_ms: float
) -> bytes:
    return json_bytes(
        {
            "model": name,
            "version": version,
            "predictions": [prediction.as_json(top=top) for prediction in predictions],
            "took_ms": took_ms,
        }
    )
