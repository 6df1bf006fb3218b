"""Markets are files: what is shipped, what a workspace adds, and how a wrong file is reported."""

from __future__ import annotations

import pytest

from tradewind.core.errors import NotFoundError
from tradewind.core.ids import MarketId
from tradewind.markets import load_markets


def test_a_market_names_its_region_and_its_law() -> None:
    markets = load_markets()
    germany = markets.get(MarketId("de"))
    assert (germany.region, germany.regulation, germany.currency) == ("eu", "gdpr", "EUR")
    assert markets.region_of(MarketId("cn")) == "cn"
    assert [law.id for law in markets.law_of(MarketId("de"))] == ["gdpr", "eu-ai-act"]


def test_an_unknown_market_lists_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"no market 'atlantis' \(there are: .*de"):
        load_markets().region_of(MarketId("atlantis"))
