"""/v1/channels: where messengers hand in what customers wrote. No key opens these routes: the signature does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from tradewind.api.schemas import Problem
from tradewind.channels.channels import Channels
from tradewind.channels.whatsapp.payload import HEADER

PREFIX = "/v1/channels/"
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "It was not signed by Meta for this app"},
    404: {"model": Problem, "description": "No such number is set up here"},
    422: {"model": Problem, "description": "It is not what the Cloud API sends"},
    429: {"model": Problem, "description": "This person writes too often: send it again later"},
    503: {"model": Problem, "description": "Not possible now: send it again later"},
}
Name = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}$", description="the number's name in the settings")]


class Taken(BaseModel):
    """What was taken; the same webhook again changes nothing."""

    messages: int = Field(description="messages that were in it")


def channel_routes(channels: Callable[[], Channels]) -> APIRouter:
    """The routes of messengers."""
    router = APIRouter(prefix="/v1/channels", tags=["channels"])

    @router.get(
        "/whatsapp/{name}",
        summary="Confirm to Meta that this address is yours",
        response_class=PlainTextResponse,
        responses={
            **PROBLEMS,
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The challenge"},
            403: {"model": Problem, "description": "Not the verify token of this number"},
        },
    )
    async def confirm(
        name: Name,
        mode: Annotated[str | None, Query(alias="hub.mode", max_length=40)] = None,
        token: Annotated[str | None, Query(alias="hub.verify_token", max_length=500)] = None,
        challenge: Annotated[str | None, Query(alias="hub.challenge", max_length=500)] = None,
    ) -> PlainTextResponse:
        found = channels().whatsapp(name).challenge(mode, token, challenge)
        return PlainTextResponse(found, headers={"X-Content-Type-Options": "nosniff"})

    @router.post(
        "/whatsapp/{name}",
        summary="Take what customers wrote on WhatsApp",
        responses=PROBLEMS,
        openapi_extra={"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}},
    )
    async def take(name: Name, request: Request) -> Taken:
        number = channels().whatsapp(name)
        return Taken(messages=await number.take(await request.body(), request.headers.get(HEADER)))

    return router
