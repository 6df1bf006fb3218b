"""POST /v1/subjects:consent, :export and :erase; GET /v1/subjects/requests: what is owed to persons."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query

from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs
from tradewind.api.privacy_schemas import (
    ConsentRequest,
    ConsentResponse,
    EraseRequest,
    ExportRequest,
    ExportResponse,
    RequestList,
    RequestShown,
)
from tradewind.api.schemas import Problem
from tradewind.core.errors import DeadlineError
from tradewind.core.ids import MarketId, TenantId
from tradewind.markets import Markets
from tradewind.privacy.export import page
from tradewind.privacy.privacy import Privacy
from tradewind.privacy.records import Consent, Request
from tradewind.privacy.subjects import identifier_of

MAX_KEY = 255
PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {
        "model": Problem,
        "description": "The right is missing, or the market is not of this key's regions",
    },
    404: {"model": Problem, "description": "No such market or request"},
    409: {
        "model": Problem,
        "description": "The idempotency key stands for something else, or is being answered",
    },
    422: {"model": Problem, "description": "Not this schema, or an identifier that cannot be read"},
    503: {"model": Problem, "description": "A region's database cannot be reached"},
}

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=MAX_KEY)]


def subject_routes(privacy: Callable[[], Privacy], markets: Callable[[], Markets], needs: Needs) -> APIRouter:
    """The routes over the persons of the asking tenant."""
    router = APIRouter(prefix="/v1", tags=["subjects"], responses=PROBLEMS)
    reads, erases = Depends(needs(Right.SUBJECTS_READ)), Depends(needs(Right.SUBJECTS_ERASE))
    consents, exports = Depends(needs(Right.CONSENT_WRITE)), Depends(needs(Right.SUBJECTS_EXPORT))

    @router.post("/subjects:consent", summary="Record that a person agreed, or took it back")
    async def consent(
        wanted: ConsentRequest, principal: Principal = consents, key: Key = None
    ) -> ConsentResponse:
        stated = await asyncio.to_thread(_consent, privacy(), markets(), principal, wanted, key)
        return ConsentResponse(
            purpose=stated.purpose,
            granted=stated.granted,
            market=stated.market,
            version=stated.version,
            language=stated.language,
            at=stated.at,
        )

    @router.post("/subjects:export", summary="Everything that is known about a person")
    async def export(
        wanted: ExportRequest, principal: Principal = exports, key: Key = None
    ) -> ExportResponse:
        made = await asyncio.to_thread(
            privacy().exports.export,
            principal.tenant,
            MarketId(wanted.market),
            wanted.subjects,
            language=wanted.language,
            key=key,
        )
        html = await asyncio.to_thread(page, made.content) if wanted.page else None
        return ExportResponse(request=_shown(made.request), content=made.content, page=html)

    @router.post("/subjects:erase", summary="Make a person unreadable for ever", status_code=202)
    async def erase(wanted: EraseRequest, principal: Principal = erases, key: Key = None) -> RequestShown:
        return _shown(await asyncio.to_thread(_erase, privacy(), principal.tenant, wanted, key))

    @router.get("/subjects/requests", summary="What persons asked for, the most urgent first")
    async def list_requests(
        principal: Principal = reads,
        open: Annotated[bool, Query(description="only those that are not done yet")] = False,
    ) -> RequestList:
        found = await asyncio.to_thread(privacy().requests.all, principal.tenant, open_only=open)
        return RequestList(requests=[_shown(one) for one in found])

    @router.get("/subjects/requests/{id}", summary="One request, with its receipt once it is done")
    async def show_request(id: str, principal: Principal = reads) -> RequestShown:
        return _shown(await asyncio.to_thread(privacy().requests.get, principal.tenant, id))

    return router


def _consent(
    privacy: Privacy, markets: Markets, principal: Principal, wanted: ConsentRequest, key: str | None
) -> Consent:
    market = markets.get(MarketId(wanted.market))
    named = identifier_of(wanted.subject, market.formats.phone_country)
    subject = privacy.subjects.pseudonym(principal.tenant, market.region, named)
    kept = f"consent-{key}" if key is not None else None
    if wanted.granted:
        return privacy.consents.give(
            principal.tenant,
            market.id,
            subject,
            purpose=wanted.purpose,
            version=wanted.version or "",
            language=wanted.language or "",
            by=principal.name,
            key=kept,
        )
    return privacy.consents.withdraw(
        principal.tenant, market.id, subject, purpose=wanted.purpose, by=principal.name, key=kept
    )


def _erase(privacy: Privacy, tenant: TenantId, wanted: EraseRequest, key: str | None) -> Request:
    request = privacy.erasures.begin(tenant, MarketId(wanted.market), wanted.subjects, key=key)
    if wanted.wait_s == 0:
        return request
    try:
        return privacy.erasures.wait(tenant, request, wanted.wait_s)
    except DeadlineError:
        return request  # it goes on; the caller asks again


def _shown(request: Request) -> RequestShown:
    return RequestShown(
        id=request.id,
        asked=request.kind,
        market=request.market,
        regulation=request.regulation,
        article=request.article,
        received=request.received,
        due=request.due,
        done=request.done,
        found=len(request.targets),
        receipt=dict(request.receipt) if request.receipt is not None else None,
    )
