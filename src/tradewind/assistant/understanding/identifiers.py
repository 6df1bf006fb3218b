"""Cards, accounts, telephone numbers and e-mail addresses in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from tradewind.assistant.understanding.amounts import Found
from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId
from tradewind.markets import Market
from tradewind.markets.formats import parse_phone
from tradewind.privacy.structured import Structured

_ENDING = (
    r"end(?:ing|s|et|end)?(?: in| with| auf| mit)?|last (?:four|4)(?: digits)?(?: are| is)?",
    r"letzten (?:vier|4)(?: ziffern)?(?: sind)?",
    r"terminad[ao] en|termina en|acabad[ao] en|que acaba en",
    r"尾号(?:是|为)?|尾數(?:是)?|后四位(?:是)?",
    r"末尾(?:が|は|4桁が?は?)?|下(?:4|四)桁(?:が|は)?",
)
_LAST_FOUR = re.compile(
    rf"(?:{'|'.join(_ENDING)})[ :：]*(?:\*+ ?|x+ ?|…)?(?P<digits>[0-9]{{4}})(?![0-9])"
    r"|(?<![0-9])(?:\*{2,4}|x{4}|•{2,4}) ?(?P<masked>[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)
_CARD_KINDS: Mapping[str, tuple[str, ...]] = {
    "credit": ("credit card", "kreditkarte", "tarjeta de crédito", "信用卡", "クレジットカード"),
    "debit": (
        "debit card", "bank card", "girokarte", "debitkarte", "ec-karte", "bankkarte", "tarjeta de débito",
        "借记卡", "储蓄卡", "银行卡", "キャッシュカード", "デビットカード",
    ),
    "virtual": ("virtual card", "virtuelle karte", "tarjeta virtual", "虚拟卡", "バーチャルカード"),
}  # fmt: skip
_ACCOUNT_KINDS: Mapping[str, tuple[str, ...]] = {
    "savings": (
        "savings account", "savings", "sparkonto", "tagesgeldkonto", "tagesgeld", "cuenta de ahorros?", "储蓄账户",
        "储蓄户口", "定期账户", "貯蓄口座", "貯蓄預金",
    ),
    "current": (
        "current account", "checking account", "checking", "everyday account", "girokonto", "cuenta corriente",
        "cuenta nómina", "活期账户", "活期", "普通預金", "普通口座",
    ),
}  # fmt: skip


def find_identifiers(text: str, market: Market) -> Iterator[Found]:
    """Identifiers by checksum and numbering plan, then cards and accounts by their words."""
    if any(map(str.isdigit, text)) or "@" in text:
        yield from _checked(text, market)
    for match in _LAST_FOUR.finditer(text):
        yield Found("card", match.start(), match.end(), {"last4": match["digits"] or match["masked"]})
    for match in _kinds("card").finditer(text):
        yield Found("card", match.start(), match.end(), {"kind": match.lastgroup})
    for match in _kinds("account").finditer(text):
        yield Found("account", match.start(), match.end(), match.lastgroup)


def _checked(text: str, market: Market) -> Iterator[Found]:
    for span in _structured(market.id, market.formats.phone_country).find(text):
        written = text[span.start : span.end]
        if span.type == "IBAN_CODE":
            yield Found("account", span.start, span.end, "".join(written.split()).upper())
        elif span.type == "CREDIT_CARD":
            yield Found("card", span.start, span.end, {"last4": re.sub(r"\D", "", written)[-4:]})
        elif span.type == "EMAIL_ADDRESS":
            yield Found("email", span.start, span.end, written.lower())
        elif span.type == "PHONE_NUMBER":
            try:
                yield Found("phone", span.start, span.end, parse_phone(market, written))
            except InputError:
                continue


@cache
def _structured(market: MarketId, country: str) -> Structured:
    return Structured(market, country)


@cache
def _kinds(type: str) -> re.Pattern[str]:
    table = _CARD_KINDS if type == "card" else _ACCOUNT_KINDS
    groups = (
        rf"(?P<{kind}>{'|'.join(_bounded(word) for word in sorted(words, key=len, reverse=True))})"
        for kind, words in table.items()
    )
    return re.compile("|".join(groups), re.IGNORECASE)


def _bounded(word: str) -> str:
    return rf"\b{word}\b" if word[0] < "⺀" else word
