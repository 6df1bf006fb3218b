"""GET /v1/markets, /v1/markets/{market} and /v1/regulations/{regulation}: the same for every tenant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from tradewind.access.model import Principal, Right
from tradewind.api.access import Needs
from tradewind.api.schemas import Problem
from tradewind.core.ids import MarketId
from tradewind.markets import Market, Markets, Regulation
from tradewind.markets.present import detail, summary

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such market or regulation; the hint names those there are"}
}


class MarketSummary(BaseModel):
    """One line of the list of markets."""

    id: str
    name: str
    languages: list[str] = Field(description="the most used first")
    currency: str = Field(description="ISO 4217")
    region: str = Field(description="where its data lives")
    regulations: list[str] = Field(description="the general law on personal data first")


class MarketList(BaseModel):
    """All markets of the installation."""

    markets: list[MarketSummary]


class LawSummary(BaseModel):
    """A regulation that applies; GET /v1/regulations/{id} has its duties."""

    id: str
    title: str
    checked: str = Field(description="the day its duties were last held against the law")


class MarketDetail(Market):
    """Everything that holds in a market."""

    law: list[LawSummary]
    examples: dict[str, str] = Field(description="one of each format, in the market's first language")


def market_routes(markets: Callable[[], Markets], needs: Needs) -> APIRouter:
    """The routes over the markets; `markets` is asked at each request, when everything is open."""
    router = APIRouter(prefix="/v1", tags=["markets"])
    reads = Depends(needs(Right.MARKETS_READ))

    @router.get("/markets", summary="List the markets")
    def list_markets(_: Principal = reads) -> MarketList:
        return MarketList(markets=[MarketSummary(**summary(market)) for market in markets()])

    @router.get("/markets/{market}", summary="Everything that holds in a market", responses=PROBLEMS)
    def show_market(market: str, _: Principal = reads) -> MarketDetail:
        known = markets()
        return MarketDetail.model_validate(detail(known.get(MarketId(market)), known))

    @router.get(
        "/regulations/{regulation}", summary="A law's duties, each with its article", responses=PROBLEMS
    )
    def show_regulation(regulation: str, _: Principal = reads) -> Regulation:
        return markets().regulation(regulation)

    return router
