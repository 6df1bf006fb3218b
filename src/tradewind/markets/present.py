"""A market as plain values, for the doors that show it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from tradewind.core.money import Money
from tradewind.markets import formats
from tradewind.markets.load import Markets
from tradewind.markets.model import Market
from tradewind.markets.regulation import Duty

NOON = datetime.combine(date(2026, 11, 25), time(12), UTC)
"""A day for examples; fixed, so that the same market always looks the same."""


def summary(market: Market) -> dict[str, Any]:
    """What a list shows of a market."""
    return {
        "id": market.id,
        "name": market.name,
        "languages": list(market.languages),
        "currency": market.currency,
        "region": market.region,
        "regulations": list(market.regulations),
    }


def detail(market: Market, markets: Markets) -> dict[str, Any]:
    """Everything about a market: its file, the titles of its law, and an example of each format."""
    return market.model_dump(mode="json") | {
        "law": [
            {"id": law.id, "title": law.title, "checked": str(law.checked)}
            for law in markets.law_of(market.id)
        ],
        "examples": examples(market),
    }


def examples(market: Market) -> dict[str, str]:
    """One of each format, in the market's first language."""
    return {
        "money": formats.format_money(market, Money.of(1234567, market.currency)),
        "number": formats.format_number(market, Decimal("1234567.89")),
        "date": formats.format_date(market, NOON, "long"),
        "time": formats.format_time(market, NOON),
        "phone": formats.format_phone(market, formats.example_phone(market)),
    }


def says(duty: Duty) -> str:
    """What a duty's fields say, in one line: `deadline 1 month; extension 2 months`."""
    said = []
    for name in type(duty).model_fields:
        value = getattr(duty, name)
        if name in Duty.model_fields or value is None or value == ():
            continue
        label = name.replace("_", " ")
        if isinstance(value, bool):
            said.append(label if value else f"no {label}")
        elif isinstance(value, tuple):
            said.append(f"{label} {', '.join(value)}")
        else:
            said.append(f"{label} {value}")
    return "; ".join(said)
