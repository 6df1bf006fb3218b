"""Why a product is suggested: what it costs and gives, and what it has to do with the person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tradewind.assistant.model import Say
from tradewind.assistant.products.eligible import Person
from tradewind.core.ids import MarketId
from tradewind.packs.product_file import CREDIT, Product

MOST = 4
"""Reasons of a suggestion: nobody reads more."""

LIKED = 0.5
"""From which score of the recommender on behaviour is a reason that may be given."""

KEYS = (
    "reason_category", "reason_no_fee", "reason_monthly_fee", "reason_yearly_fee", "reason_no_yearly_fee",
    "reason_interest", "reason_borrow", "reason_ongoing", "reason_risk", "reason_owned", "reason_age",
    "reason_behaviour",
)  # fmt: skip
"""Every reason there is, for whoever writes the texts."""


def reasons(
    product: Product, person: Person, market: MarketId, currency: str, *, asked: bool, liked: float | None
) -> tuple[Say, ...]:
    """The reasons, the most telling first.

    Args:
        asked: whether the person named the category.
        liked: the recommender's score; None without one.
    """
    found = _reasons(product, person, market, currency, asked=asked, liked=liked)
    return tuple(say for _, say in zip(range(MOST), found, strict=False))


def _reasons(
    product: Product, person: Person, market: MarketId, currency: str, *, asked: bool, liked: float | None
) -> Iterator[Say]:
    facts = product.offers[market].facts(currency)
    if asked:
        yield Say(
            "reason_category", {"category": {"reply": f"category_{product.category.replace('-', '_')}"}}
        )
    yield from _price(product, facts)
    if product.risk is not None:
        yield Say("reason_risk", {"risk": product.risk, "own": person.risk})
    owned = sorted(person.products & set(product.eligibility.has))
    if owned:
        yield Say("reason_owned", {"product": owned[0]})
    age = product.eligibility.age
    if age is not None and age.until <= 35:
        yield Say("reason_age", {"since": age.since, "until": age.until})
    if liked is not None and liked >= LIKED:
        yield Say("reason_behaviour")


def _price(product: Product, facts: dict[str, Any]) -> Iterator[Say]:
    """What it costs or earns; of credit, the rate is in the disclosure, with its example."""
    if product.category in CREDIT and {"least", "most"} <= facts.keys():
        yield Say("reason_borrow", {"least": facts["least"], "most": facts["most"]})
    elif "interest" in facts:
        yield Say("reason_interest", {"rate": facts["interest"]})
    if "ongoing" in facts:
        yield Say("reason_ongoing", {"rate": facts["ongoing"]})
    for name, free in (("monthly_fee", "reason_no_fee"), ("yearly_fee", "reason_no_yearly_fee")):
        if name in facts:
            costs = facts[name]["minor"] > 0
            key = f"reason_{name}"
            yield Say(key, {"fee": facts[name]}) if costs else Say(free)
