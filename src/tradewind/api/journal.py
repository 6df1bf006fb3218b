"""GET /v1/journal/entries, /v1/journal/verification and /v1/journal/checkpoints: always the asking tenant's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, Field

from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs
from tradewind.api.schemas import Problem
from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId, RegionId, SubjectId
from tradewind.journal.encode import microseconds, moment
from tradewind.journal.journal import Journal
from tradewind.journal.model import Entry, Lane, Place
from tradewind.journal.present import entry_as_json

MAX_PAGE = 1_000
BIGGEST = 2**63 - 1
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such market or region"},
    422: {"model": Problem, "description": "A filter or a cursor that cannot be read"},
    503: {"model": Problem, "description": "The region's database cannot be reached"},
}

Name = Annotated[str | None, Query(max_length=255)]


class EntryShown(BaseModel):
    """One entry. Personal fields are sealed: null in `body`, named in `sealed`."""

    id: str
    region: str
    lane: int
    sequence: int = Field(description="from 1, without a gap within its lane")
    kind: str
    version: int
    market: str | None
    subject: str | None = Field(description="a keyed pseudonym")
    key: str | None = Field(description="the idempotency key that it was recorded with")
    at: AwareDatetime = Field(description="when it happened")
    recorded: AwareDatetime = Field(description="when it was recorded; never decreases within a lane")
    body: dict[str, Any]
    sealed: list[str]
    previous: str = Field(description="hash of the entry before, in hex")
    hash: str = Field(description="SHA-256 of this entry and of `previous`, in hex")


class EntryPage(BaseModel):
    """Entries in the order asked for."""

    entries: list[EntryShown]
    next: str | None = Field(description="`cursor` of the next page; null where this was the last")


class ProblemShown(BaseModel):
    """Something that is not as it was written."""

    region: str
    lane: int | None
    sequence: int | None
    checkpoint: int | None
    what: str


class VerificationShown(BaseModel):
    """What was hashed anew, and what is wrong."""

    sound: bool
    entries: int
    streams: int
    checkpoints: int
    checkpointed: int = Field(description="entries that a checkpoint covers")
    seconds: float
    problems: list[ProblemShown]


class CheckpointShown(BaseModel):
    """A signed statement: `content` is exactly what `signature` (Ed25519, hex) signs."""

    number: int
    region: str
    taken: AwareDatetime
    entries: int
    key: str
    content: str
    signature: str


class CheckpointPage(BaseModel):
    """Checkpoints, oldest first, and the public key that verifies them."""

    checkpoints: list[CheckpointShown]
    public_key: str = Field(description="Ed25519, PEM")


def journal_routes(journal: Callable[[], Journal], needs: Needs) -> APIRouter:
    """The routes over the journal of one server."""
    router = APIRouter(prefix="/v1/journal", tags=["journal"], responses=PROBLEMS)

    @router.get("/entries", summary="Recorded entries, page by page")
    async def entries(
        region: Name = None,
        market: Name = None,
        kind: Annotated[list[str] | None, Query(max_length=100)] = None,
        subject: Name = None,
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
        order: Literal["newest", "oldest"] = "newest",
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
        cursor: Name = None,
        principal: Principal = Depends(needs(Right.JOURNAL_READ)),  # noqa: B008
    ) -> EntryPage:
        after = None if cursor is None else _place(cursor)

        def find() -> list[Entry]:
            return list(
                journal().read(
                    principal.tenant,
                    _region(journal(), principal, region, market),
                    kinds=kind,
                    market=None if market is None else MarketId(market),
                    subject=None if subject is None else SubjectId(subject),
                    since=since,
                    until=until,
                    newest_first=order == "newest",
                    limit=limit + 1,
                    after=after,
                )
            )

        found = await asyncio.to_thread(find)
        shown = [EntryShown.model_validate(entry_as_json(entry)) for entry in found[:limit]]
        return EntryPage(entries=shown, next=_cursor(found[limit - 1]) if len(found) > limit else None)

    @router.get("/verification", summary="Hash every entry anew and compare")
    async def verification(
        region: Name = None,
        principal: Principal = Depends(needs(Right.JOURNAL_VERIFY)),  # noqa: B008
    ) -> VerificationShown:
        def run() -> dict[str, Any]:
            where = _region(journal(), principal, region, None)
            return journal().verify(principal.tenant, where, processes=1).as_json()

        return VerificationShown.model_validate(await asyncio.to_thread(run))

    @router.get("/checkpoints", summary="Signed checkpoints and the key that verifies them")
    async def checkpoints(
        region: Name = None,
        after: Annotated[int, Query(ge=0, le=BIGGEST)] = 0,
        limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
        principal: Principal = Depends(needs(Right.JOURNAL_READ)),  # noqa: B008
    ) -> CheckpointPage:
        def find() -> CheckpointPage:
            where = _region(journal(), principal, region, None)
            found = journal().checkpoints(principal.tenant, where, after=after, limit=limit)
            return CheckpointPage(
                checkpoints=[
                    CheckpointShown(
                        number=each.number,
                        region=each.region,
                        taken=each.taken,
                        entries=each.entries,
                        key=each.key,
                        content=each.content.decode(),
                        signature=each.signature.hex(),
                    )
                    for each in found
                ],
                public_key=journal().signer().pem().decode(),
            )

        return await asyncio.to_thread(find)

    return router


def _region(journal: Journal, principal: Principal, region: str | None, market: str | None) -> RegionId:
    """The region that is named, else the market's, else the tenant's own."""
    if region is not None:
        return RegionId(region)
    return journal.region_for(principal.tenant, None if market is None else MarketId(market))


def _cursor(entry: Entry) -> str:
    return f"{microseconds(entry.recorded)}.{entry.stream.lane}.{entry.sequence}"


def _place(cursor: str) -> Place:
    if not re.fullmatch(r"[0-9]{1,18}\.[0-9]{1,9}\.[0-9]{1,18}", cursor, re.ASCII):
        raise InputError(f"{cursor!r:.60} is no cursor", hint="give `next` of the page before, as it was")
    recorded, lane, sequence = map(int, cursor.split("."))
    try:
        return Place(moment(recorded), Lane(lane), sequence)
    except OverflowError as error:
        raise InputError(f"{cursor!r:.60} is no cursor", hint="give `next` of the page before") from error
