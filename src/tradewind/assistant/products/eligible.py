"""Who may have what. What is not known of a person, or is not of its kind, meets no rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tradewind.core.ids import MarketId
from tradewind.packs.product_file import Eligibility, Product


@dataclass(frozen=True, slots=True)
class Person:
    """What a profile says of a customer; None where it does not.

    Args:
        residence: id of the market where they live.
        income: a month, in minor units of `currency`.
        risk: the highest class that suits them, 1 to 5.
        products: ids of those they have.
        subject: pseudonym, for the recommender.
    """

    age: int | None = None
    residence: str | None = None
    income: int | None = None
    currency: str | None = None
    employment: str | None = None
    risk: int | None = None
    products: frozenset[str] = frozenset()
    subject: str | None = None

    @classmethod
    def of(cls, profile: Mapping[str, Any]) -> Person:
        """The person of a profile as plain JSON, whatever else it holds."""
        income = profile.get("income")
        income = income if isinstance(income, Mapping) else {}
        products = profile.get("products")
        return cls(
            age=_whole(profile.get("age")),
            residence=_word(profile.get("residence")),
            income=_whole(income.get("minor")),
            currency=_word(income.get("currency")),
            employment=_word(profile.get("employment")),
            risk=risk if (risk := _whole(profile.get("risk"))) and 1 <= risk <= 5 else None,
            products=frozenset(each for each in products if isinstance(each, str))
            if isinstance(products, list | tuple | set | frozenset)
            else frozenset(),
            subject=_word(profile.get("subject")),
        )


def may_have(person: Person, product: Product, market: MarketId, currency: str) -> bool:
    """Whether a person may be shown a product: it is sold there, suits their risk, and every rule is met."""
    return (
        market in product.offers
        and product.id not in person.products
        and (product.risk is None or (person.risk is not None and product.risk <= person.risk))
        and _meets(person, product.eligibility, market, currency)
    )


def _meets(person: Person, rules: Eligibility, market: MarketId, currency: str) -> bool:
    least = rules.income.get(market)
    return (
        (rules.age is None or (person.age is not None and rules.age.since <= person.age <= rules.age.until))
        and (not rules.residence or person.residence == market)
        and (
            least is None
            or (person.income is not None and person.currency == currency and person.income >= least)
        )
        and (not rules.employment or person.employment in rules.employment)
        and (not rules.has or not person.products.isdisjoint(rules.has))
        and person.products.isdisjoint(rules.has_not)
    )


def _whole(value: object) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
