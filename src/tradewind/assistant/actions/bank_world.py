"""The invented bank's customers: who has which accounts, cards and payments, worked out from their pseudonym alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from tradewind.assistant.actions.store import Effect
from tradewind.core.ids import MarketId, SubjectId


class Money(NamedTuple):
    """The currency of a market, and how many of its minor units an invented dollar is."""

    currency: str
    a_dollar: int


MONEY: Mapping[str, Money] = {
    "us": Money("USD", 100), "cn": Money("CNY", 700), "de": Money("EUR", 100), "es": Money("EUR", 100),
    "jp": Money("JPY", 100),
}  # fmt: skip
ELSEWHERE = Money("EUR", 100)

ACCOUNTS: Mapping[str, Mapping[str, str]] = {
    "current": {"en": "Everyday Account", "zh": "日常账户", "de": "Everyday-Konto", "es": "Cuenta Diaria",
                "ja": "デイリー口座"},
    "savings": {"en": "Harbour Savings", "zh": "港湾储蓄", "de": "Harbour Savings", "es": "Harbour Savings",
                "ja": "ハーバー貯蓄"},
}  # fmt: skip
ACCOUNT_WORDS: Mapping[str, tuple[str, ...]] = {
    "current": ("current", "checking", "everyday", "日常", "活期", "giro", "girokonto", "corriente", "diaria",
                "普通", "デイリー"),
    "savings": ("savings", "saving", "harbour", "储蓄", "港湾", "sparkonto", "hafen", "tagesgeld", "ahorro",
                "ahorros", "貯蓄", "貯金", "ハーバー"),
}  # fmt: skip
CARDS: Mapping[str, Mapping[str, str]] = {
    "debit": {"en": "Debit card", "zh": "借记卡", "de": "Debitkarte", "es": "Tarjeta de débito",
              "ja": "デビットカード"},
    "credit": {"en": "Blue Credit Card", "zh": "蓝卡信用卡", "de": "Blue-Kreditkarte", "es": "Tarjeta de Crédito Azul",
               "ja": "ブルーカード"},
}  # fmt: skip
CARD_WORDS: Mapping[str, tuple[str, ...]] = {
    "debit": ("debit", "借记", "银行卡", "debitkarte", "girokarte", "débito", "デビット"),
    "credit": ("credit", "blue", "信用卡", "蓝卡", "kreditkarte", "blaue", "crédito", "azul", "クレジット", "ブルー"),
}  # fmt: skip
FEES: Mapping[str, tuple[Mapping[str, str], str, int]] = {
    "account": ({"en": "Monthly account fee", "zh": "账户月费", "de": "Kontoführung", "es": "Cuota mensual",
                 "ja": "口座維持手数料"}, "4.90", 24),
    "abroad": ({"en": "Cash machine abroad", "zh": "境外取款手续费", "de": "Geldautomat im Ausland",
                "es": "Cajero en el extranjero", "ja": "海外ATM手数料"}, "4.50", 12),
    "paper": ({"en": "Paper statement", "zh": "纸质对账单", "de": "Kontoauszug auf Papier", "es": "Extracto en papel",
               "ja": "紙の明細書"}, "1.50", 5),
}  # fmt: skip
"""Title, dollars, days ago."""

OWN_PRICE: Mapping[tuple[str, str], int] = {
    ("cn", "account"): 1900, ("de", "account"): 450, ("es", "account"): 450, ("jp", "account"): 300,
    ("jp", "abroad"): 450, ("jp", "paper"): 150,
}  # fmt: skip
"""Fees of markets, minor units, that are not the dollars' value."""

SHOPS: Mapping[str, tuple[str, ...]] = {
    "us": ("Corner Grocery", "Metro Transit", "Blue Door Coffee", "Streamline TV", "Parkside Pharmacy", "Volt Energy"),
    "cn": ("街角超市", "城市地铁", "蓝门咖啡", "流光视频", "园边药房", "华灯电力"),
    "de": ("Eckmarkt", "Stadtbahn", "Café Blaue Tür", "Streamline TV", "Park-Apotheke", "Volt Energie"),
    "es": ("Súper Esquina", "Metro Ciudad", "Café Puerta Azul", "Streamline TV", "Farmacia Parque", "Voltio Energía"),
    "jp": ("かどのスーパー", "シティメトロ", "ブルードア珈琲", "ストリームTV", "公園前薬局", "ボルト電力"),
}  # fmt: skip
PAYMENTS = 24
REPLACEMENT_DOLLARS = "12.00"


@dataclass(frozen=True, slots=True)
class Card:
    """A card: `state` is `active`, `frozen` or `replaced`."""

    kind: str
    last4: str
    state: str = "active"


@dataclass(frozen=True, slots=True)
class Payment:
    """A booked payment, minor units."""

    merchant: str
    minor: int
    day: date


@dataclass(frozen=True)
class Customer:
    """A customer of the invented bank, as things stand.

    Args:
        balances: by account, minor units.
        fees: id to minor units and day. disputed: ids of the fees that have a case.
        taken: appointments, as `2026-11-26T10:30`.
    """

    market: MarketId
    balances: Mapping[str, int]
    numbers: Mapping[str, str]
    cards: tuple[Card, ...]
    payments: tuple[Payment, ...]
    fees: Mapping[str, tuple[int, date]]
    income: int
    age: int
    risk: int
    disputed: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    @property
    def money(self) -> Money:
        return money_of(self.market)

    def amount(self, minor: int) -> dict[str, Any]:
        """An amount as entities carry it."""
        return {"minor": minor, "currency": self.money.currency}


def money_of(market: MarketId) -> Money:
    """The currency of a market of the invented bank."""
    return MONEY.get(market, ELSEWHERE)


def minor(market: MarketId, dollars: str | Decimal) -> int:
    """Minor units of a price in invented dollars."""
    return int((Decimal(dollars) * money_of(market).a_dollar).to_integral_value(ROUND_HALF_UP))


def customer(market: MarketId, subject: SubjectId, today: date, effects: Sequence[Effect]) -> Customer:
    """A customer on a day, after what was done for them."""
    found = _born(market, subject, today)
    for effect in effects:
        found = _after(found, effect)
    return found


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in a language or in English."""
    return texts.get(language.partition("-")[0], texts["en"])


def _born(market: MarketId, subject: SubjectId, today: date) -> Customer:
    dice = _Dice(subject)
    shops = SHOPS.get(market, SHOPS["us"])
    payments = tuple(
        Payment(
            merchant=shops[number % len(shops)],
            minor=minor(market, Decimal(dice.between(400, 9000)) / 100),
            day=today - timedelta(days=2 + number * 2),
        )
        for number in range(PAYMENTS)
    )
    fees = {
        fee: (OWN_PRICE.get((market, fee), minor(market, dollars)), today - timedelta(days=ago))
        for fee, (_, dollars, ago) in FEES.items()
    }
    return Customer(
        market,
        balances={
            "current": minor(market, Decimal(dice.between(180_000, 320_000)) / 100),
            "savings": minor(market, Decimal(dice.between(700_000, 1_500_000)) / 100),
        },
        numbers={kind: f"{dice.between(1000, 9999)}" for kind in ACCOUNTS},
        cards=tuple(Card(kind, f"{dice.between(1000, 9999)}") for kind in CARDS),
        payments=payments,
        fees=fees,
        income=minor(market, Decimal(dice.between(2800, 4200))),
        age=dice.between(25, 60),
        risk=dice.between(2, 4),
    )


def _after(found: Customer, effect: Effect) -> Customer:
    match effect:
        case {"sent": int(sent), "account": str(account)}:
            return replace(found, balances={**found.balances, account: found.balances[account] - sent})
        case {"card": str(last4), "state": str(state)}:
            cards = tuple(replace(card, state=state) if card.last4 == last4 else card for card in found.cards)
            new = (Card(effect["kind"], effect["new"]),) if "new" in effect else ()
            return replace(found, cards=(*cards, *new))
        case {"disputed": str(fee)}:
            balances = dict(found.balances)
            balances["current"] += int(effect.get("refunded", 0))
            return replace(found, disputed=found.disputed | {fee}, balances=balances)
        case {"booked": str(time)}:
            return replace(found, taken=found.taken | {time})
        case _:
            return found


class _Dice:
    """Numbers that are always the same for one customer."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._thrown = 0

    def between(self, least: int, most: int) -> int:
        self._thrown += 1
        digest = hashlib.sha256(f"{self._seed}:{self._thrown}".encode()).digest()
        return least + int.from_bytes(digest[:8]) % (most - least + 1)
