"""POST /v1/privacy:detect, :redact and :reveal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs
from tradewind.api.privacy_detect_schemas import (
    DetectRequest,
    DetectResponse,
    DetectResult,
    RedactRequest,
    RedactResponse,
    RevealRequest,
    RevealResponse,
    SpanResponse,
    TextResult,
)
from tradewind.api.schemas import Problem
from tradewind.core.errors import NotFoundError, TooLargeError
from tradewind.core.ids import MarketId
from tradewind.nlp.runtime.live import Reaches
from tradewind.privacy.model import PiiSpan
from tradewind.privacy.redact import redact
from tradewind.privacy.reveal_tokens import reveal_tokens
from tradewind.workspace import NAMES_MODEL, Workspace, names_in

PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "The body is not UTF-8"},
    403: {"model": Problem, "description": "The right is missing, or a token was made under another key"},
    404: {"model": Problem, "description": "No such market; the hint names those there are"},
    413: {"model": Problem, "description": "The body or the number of texts is over the limit"},
    422: {"model": Problem, "description": "Not this schema, or a damaged token"},
    503: {"model": Problem, "description": "The model of names is being loaded, or too much waits"},
    504: {"model": Problem, "description": "The model of names did not answer in time"},
}


def privacy_detect_routes(workspace: Workspace, doorkeeper: Doorkeeper, needs: Needs) -> APIRouter:
    """The routes that look for personal data in texts; nothing of a text is kept."""
    router = APIRouter(prefix="/v1", tags=["privacy"], responses=PROBLEMS)
    desk = _Desk(workspace)
    detects, reveals = Depends(needs(Right.PRIVACY_DETECT)), Depends(needs(Right.PRIVACY_REVEAL))

    @router.post("/privacy:detect", summary="Where the personal data of each text is")
    async def detect(wanted: DetectRequest, principal: Principal = detects) -> DetectResponse:
        found, names = await desk.detect(wanted, doorkeeper.reaches(principal))
        results = [DetectResult(spans=[SpanResponse(**asdict(span)) for span in spans]) for spans in found]
        return DetectResponse(market=wanted.market, names=names, results=results)

    @router.post("/privacy:redact", summary="Texts without their personal data")
    async def redact_texts(wanted: RedactRequest, principal: Principal = detects) -> RedactResponse:
        found, names = await desk.detect(wanted, doorkeeper.reaches(principal))
        texts = await asyncio.to_thread(desk.redact, wanted, found, principal)
        results = [TextResult(text=text) for text in texts]
        return RedactResponse(market=wanted.market, names=names, results=results)

    @router.post("/privacy:reveal", summary="Texts with what their tokens stand for")
    async def reveal(wanted: RevealRequest, principal: Principal = reveals) -> RevealResponse:
        texts = await asyncio.to_thread(desk.reveal, wanted, principal)
        return RevealResponse(market=wanted.market, results=[TextResult(text=text) for text in texts])

    return router


class _Desk:
    """What the routes do, over a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def detect(self, wanted: DetectRequest, reaches: Reaches) -> tuple[list[list[PiiSpan]], bool]:
        """What is found in each text, and whether a model of names was asked."""
        self._check(wanted)
        detector = await asyncio.to_thread(self._workspace.ground.detector, MarketId(wanted.market))
        named = await self._named(wanted.texts, reaches)
        return await asyncio.to_thread(detector.detect, wanted.texts, named), named is not None

    def redact(
        self, wanted: RedactRequest, found: Sequence[Sequence[PiiSpan]], principal: Principal
    ) -> list[str]:
        tokens = None
        if wanted.how == "pseudonym":
            tokens = self._workspace.ground.tokens(principal.tenant, MarketId(wanted.market))
        return [
            redact(text, spans, wanted.how, tokens) for text, spans in zip(wanted.texts, found, strict=True)
        ]

    def reveal(self, wanted: RevealRequest, principal: Principal) -> list[str]:
        self._check(wanted)
        ground, market = self._workspace.ground, MarketId(wanted.market)
        tokens = ground.tokens(principal.tenant, market)
        return reveal_tokens(
            ground.journal, tokens, wanted.texts, tenant=principal.tenant, market=market, by=principal.name
        )

    async def _named(self, texts: Sequence[str], reaches: Reaches) -> list[list[PiiSpan]] | None:
        """The names in each text; None where no model of names is installed that the tenant reaches."""
        settings, live = self._workspace.settings, self._workspace.live
        spoken = [text for text in texts if text.strip()]
        try:
            with live.lease(NAMES_MODEL, reaches) as loaded:
                predictions = await loaded.service.predict(spoken, deadline_s=settings.deadline_s)
        except NotFoundError:
            return None
        found = iter(names_in(predictions))
        return [next(found) if text.strip() else [] for text in texts]

    def _check(self, wanted: DetectRequest) -> None:
        most = self._workspace.settings.max_texts
        if len(wanted.texts) > most:
            raise TooLargeError(
                f"{len(wanted.texts):,} texts in one request; the most that is taken is {most:,}",
                hint="split them over requests, or use `tradewind privacy detect` for bulk",
            )
