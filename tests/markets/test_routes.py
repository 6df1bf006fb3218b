"""The routes over the markets, mounted alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tradewind.access.model import Principal, Right
from tradewind.api.markets import market_routes
from tradewind.api.problems import install_problem_handlers
from tradewind.core.ids import TenantId
from tradewind.markets import load_markets

MARKETS = load_markets()


def client(rights: frozenset[Right]) -> TestClient:
    def needs(right: Right) -> Callable[..., Any]:
        def principal() -> Principal:
            found = Principal(TenantId("acme"), "key", rights)
            found.require(right)
            return found

        return principal

    app = FastAPI()
    install_problem_handlers(app)
    app.include_router(market_routes(lambda: MARKETS, needs))
    return TestClient(app)


@pytest.fixture(scope="module")
def reader() -> TestClient:
    return client(frozenset({Right.MARKETS_READ}))


def test_the_list_has_every_market(reader: TestClient) -> None:
    found = reader.get("/v1/markets").json()["markets"]
    assert [market["id"] for market in found] == [market.id for market in MARKETS]


@pytest.mark.parametrize("market", [market.id for market in MARKETS])
def test_every_market_and_its_law_can_be_read(reader: TestClient, market: str) -> None:
    answer = reader.get(f"/v1/markets/{market}")
    assert answer.status_code == 200
    for law in answer.json()["law"]:
        regulation = reader.get(f"/v1/regulations/{law['id']}").json()
        assert regulation["title"] == law["title"]
        duties = [duty for duty in regulation["duties"].values() if duty is not None]
        assert duties
        assert all(duty["article"] and duty["checked"] for duty in duties)


def test_rates_are_text_so_that_they_stay_exact(reader: TestClient) -> None:
    assert reader.get("/v1/markets/de").json()["tax"]["rate"] == "19"


@pytest.mark.parametrize("path", ["/v1/markets/xx", "/v1/markets/%00", "/v1/regulations/hipaa"])
def test_what_is_not_there_is_a_404_with_what_is(reader: TestClient, path: str) -> None:
    answer = reader.get(path)
    assert answer.status_code == 404
    assert "there are: " in answer.json()["hint"]


def test_reading_needs_the_right() -> None:
    stranger = client(frozenset())
    for path in ("/v1/markets", "/v1/markets/de", "/v1/regulations/gdpr"):
        assert stranger.get(path).status_code == 403
