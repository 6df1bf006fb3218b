"""GET /v1/models, GET /v1/models/{name}, and the two that change what is live."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends, HTTPException

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.access.model import Principal, Right
from tradewind.api.access import needs
from tradewind.api.schemas import (
    ModelDetail,
    ModelList,
    ModelSummary,
    PointerResponse,
    Problem,
    PromoteRequest,
    VersionSummary,
)
from tradewind.nlp.runtime.catalogue import ModelEntry, catalogue, entry, size_bytes
from tradewind.nlp.runtime.live import LiveModels
from tradewind.nlp.runtime.versions import Pointer

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such model; the hint names those there are"}
}
CHANGE_PROBLEMS: dict[int | str, dict[str, Any]] = PROBLEMS | {
    422: {"model": Problem, "description": "Nothing to promote or to go back to"},
    503: {"model": Problem, "description": "The version does not load; what was live stays live"},
}


def model_routes(live: LiveModels, doorkeeper: Doorkeeper) -> APIRouter:
    """The routes over the models of one server."""
    router = APIRouter(prefix="/v1/models", tags=["models"])
    reads, manages = Depends(needs(Right.MODELS_READ)), Depends(needs(Right.MODELS_MANAGE))

    @router.get("", summary="List the models")
    async def list_models(principal: Principal = reads) -> ModelList:
        entries = await asyncio.to_thread(catalogue, live, doorkeeper.reaches(principal))
        return ModelList(models=[_summary(found) for found in entries])

    @router.get("/{name}", summary="One model with its heads and versions", responses=PROBLEMS)
    async def show_model(name: str, principal: Principal = reads) -> ModelDetail:
        if ":" in name:
            raise HTTPException(405, "use POST", headers={"Allow": "POST"})
        return _detail(await asyncio.to_thread(entry, live, name, doorkeeper.reaches(principal)))

    @router.post("/{name}:promote", summary="Make an installed version live", responses=CHANGE_PROBLEMS)
    async def promote(name: str, wanted: PromoteRequest, principal: Principal = manages) -> PointerResponse:
        await asyncio.to_thread(_require_change, live, doorkeeper, principal, name)
        return _pointer(name, await live.promote(name, wanted.version))

    @router.post("/{name}:rollback", summary="Go back to the version before", responses=CHANGE_PROBLEMS)
    async def rollback(name: str, principal: Principal = manages) -> PointerResponse:
        await asyncio.to_thread(_require_change, live, doorkeeper, principal, name)
        return _pointer(name, await live.rollback(name))

    return router


def _require_change(live: LiveModels, doorkeeper: Doorkeeper, principal: Principal, name: str) -> None:
    entry(live, name, doorkeeper.reaches(principal))
    doorkeeper.require_change(principal, name)


def _summary(found: ModelEntry) -> ModelSummary:
    info = found.info
    return ModelSummary(
        name=found.name,
        version=found.loaded.info.version if found.loaded else None,
        loaded=found.loaded is not None,
        problem=found.problem,
        encoder=info.encoder.name if info else None,
        tasks=[head.task for head in info.heads] if info else [],
        metrics=info.metrics if info else {},
        bytes=size_bytes(found.loaded.folder) if found.loaded else None,
    )


def _detail(found: ModelEntry) -> ModelDetail:
    info = found.info
    return ModelDetail(
        **_summary(found).model_dump(),
        heads=[asdict(head) for head in info.heads] if info else [],
        max_tokens=info.max_tokens if info else None,
        versions=[
            VersionSummary(
                version=version.version,
                created=version.created,
                live=version.version == found.live,
                metrics=version.metrics,
            )
            for version in found.versions
        ],
    )


def _pointer(name: str, pointer: Pointer) -> PointerResponse:
    return PointerResponse(model=name, version=pointer.version, previous=list(pointer.previous))
