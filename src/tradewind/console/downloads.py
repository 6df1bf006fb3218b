"""Files that pages offer: an export of the journal, the key that verifies it, receipts. Never of another tenant."""

from __future__ import annotations

import json
from collections.abc import Callable

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse

from tradewind.access.doorkeeper import Needs
from tradewind.access.model import Principal, Right
from tradewind.core.errors import NotFoundError
from tradewind.core.ids import RegionId
from tradewind.workspace import Ground

PATH = "/console/downloads"


def download_routes(ground: Callable[[], Ground], needs: Needs) -> APIRouter:
    """GET /console/downloads/…; not in the contract: programs have the same under /v1 and the command line."""
    router = APIRouter(prefix=PATH, include_in_schema=False)
    reads, knows_requests = Depends(needs(Right.JOURNAL_READ)), Depends(needs(Right.SUBJECTS_READ))

    @router.get("/journal/{region}.jsonl")
    def export(region: str, principal: Principal = reads) -> StreamingResponse:
        lines = ground().journal.export(principal.tenant, RegionId(region))
        return StreamingResponse(
            lines, media_type="application/jsonl", headers=_as(f"journal-{principal.tenant}-{region}.jsonl")
        )

    @router.get("/journal-key.pem")
    def public_key(_: Principal = reads) -> Response:
        return Response(
            ground().journal.signer().pem(),
            media_type="application/x-pem-file",
            headers=_as("journal-key.pem"),
        )

    @router.get("/requests/{id}.json")
    def receipt(id: str, principal: Principal = knows_requests) -> Response:
        request = ground().privacy.requests.get(principal.tenant, id)
        if request.receipt is None:
            raise NotFoundError(
                f"request {request.id} has no receipt", hint="an erasure has one once it is done"
            )
        content = json.dumps(dict(request.receipt), ensure_ascii=False, indent=2) + "\n"
        return Response(content, media_type="application/json", headers=_as(f"erasure-{request.id}.json"))

    return router


def _as(name: str) -> dict[str, str]:
    """A file of this name; every part of it was looked up before, so it is plain ASCII."""
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
