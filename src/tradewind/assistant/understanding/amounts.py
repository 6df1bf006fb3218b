"""Amounts of money in a text: number and currency by the market's and the language's habits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from tradewind.assistant.understanding.numerals import (
    DIGITS,
    EAST,
    SCALE,
    read_digits,
    read_east_asian,
    read_words,
    scale_of,
    word_pattern,
)
from tradewind.core.money import minor_digits
from tradewind.markets import Market
from tradewind.markets.locales import known_currencies

MOST_MINOR = 10**15
"""Minor units; nothing larger is an amount of a customer's."""

_YEN_OR_YUAN = "¥￥"
_CURRENCIES: Mapping[str, tuple[str, ...]] = {
    "EUR": ("€", "euros", "euro", "欧元", "歐元", "ユーロ"),
    "USD": ("us$", "u.s. dollars", "us dollars", "us-dollar", "美元", "美金", "米ドル", "usドル"),
    "GBP": (
        "£",
        "pounds sterling",
        "pounds",
        "pound",
        "quid",
        "pfund",
        "libras",
        "libra",
        "英镑",
        "英鎊",
        "ポンド",
    ),
    "JPY": ("jp¥", "円", "日元", "日圓", "yenes", "yen"),
    "CNY": ("cn¥", "人民币", "人民幣", "元人民币", "rmb", "yuan", "yuanes", "人民元"),
    "CHF": ("schweizer franken", "franken", "francs", "francos suizos", "瑞士法郎", "スイスフラン"),
    "HKD": ("hk$", "港币", "港幣", "港元", "香港ドル"),
    "TWD": ("nt$", "新台币", "台币", "台幣", "新臺幣"),
    "INR": ("₹", "rupees", "rupee", "rs.", "卢比"),
    "KRW": ("₩", "won", "韩元", "ウォン"),
    "BRL": ("r$", "reais"),
    "CAD": ("ca$", "c$", "加元"),
    "AUD": ("au$", "a$", "澳元"),
    "SGD": ("s$", "新元"),
    "MXN": ("mx$", "pesos", "peso"),
}
_DOLLARS = ("$", "dollars", "dollar", "bucks", "dólares", "dólar", "刀", "ドル")
_YUAN = ("块钱", "块", "塊錢", "塊", "元", "圆", "圓")
_DOLLAR_CURRENCIES = frozenset({"USD", "CAD", "AUD", "SGD", "HKD", "TWD", "MXN"})
_YUAN_CURRENCIES = frozenset({"CNY", "HKD", "TWD"})
_MONEY_WORDS = re.compile(
    r"\b(?:transfer|send|pay|move|wire|borrow|lend|give|withdraw|deposit|spent|amount|loan of|überweis\w*|send\w*|"
    r"zahl\w*|leih\w*|betrag|kredit|transfer\w*|env[ií]\w*|mandar\w*|manda|pag\w*|ingres\w*|pasa\w*|importe)\b"
    r"|转|轉|汇|匯|付|借|贷|存|取|金额|送金|振り?込|払|移|借り|金額",
    re.IGNORECASE,
)


_ARTICLES = frozenset({"one", "ein", "eins", "and", "und", "y"})
_COUNTED = re.compile(
    r"[ -]?(?:期|个月|個月|か月|ヶ月|年|天|日|次|张|張|笔|筆|回|枚|分|岁|歳|人|个|"
    r"(?:months?|years?|days?|weeks?|hours?|minutes?|times?|payments?|instal\w*|cards?|accounts?|percent|"
    r"monat\w*|jahre?n?|tage?n?|wochen?|raten|karten?|mal|prozent|mes|meses|años?|d[ií]as?|semanas?|cuotas?|veces|"
    r"tarjetas?|por ciento)\b)",
    re.IGNORECASE,
)
"""What stands behind a number that is no money."""


class Found(NamedTuple):
    """What a rule saw at `text[start:end]`."""

    type: str
    start: int
    end: int
    value: Any


def find_amounts(text: str, market: Market, language: str) -> Iterator[Found]:
    """Amounts with a currency; `value` is `{"minor", "currency"}`."""
    for match in _pattern().finditer(text):
        mark = match["before"] or match["after"]
        number = _number(match, market, language)
        if number is None or (mark is None):
            continue
        currency = _currency(mark, market, language)
        if match["rest"]:
            number += Decimal(_small(match["rest"])) / 10
        value = amount_value(number, currency, market)
        if value is not None:
            yield Found("amount", match.start(), match.end(), value)


def find_bare_numbers(text: str, market: Market, language: str) -> Iterator[Found]:
    """Numbers without a currency: amounts beside a word such as "transfer", numbers otherwise."""
    money = _MONEY_WORDS.search(text) is not None
    for match in _bare_pattern().finditer(text):
        if match["east"] and len(match["east"]) == 1 and not match["scale"]:
            continue  # 一 alone is an article more often than a number, "one" too
        if match["words"] and match["words"].casefold() in _ARTICLES:
            continue
        number = _number(match, market, language)
        if number is None:
            continue
        amount = (
            amount_value(number, None, market) if money and not _COUNTED.match(text, match.end()) else None
        )
        if amount is not None:
            yield Found("amount", match.start(), match.end(), amount)
        else:
            yield Found("number", match.start(), match.end(), plain_number(number))


def amount_value(number: Decimal, currency: str | None, market: Market) -> dict[str, Any] | None:
    """An amount as entities carry it; without a currency the market's minor units count. None where it is no money."""
    digits = minor_digits(currency or market.currency)
    minor = number.scaleb(digits)
    if minor != minor.to_integral_value() or not 0 <= minor <= MOST_MINOR:
        return None
    return {"minor": int(minor), "currency": currency}


def plain_number(number: Decimal) -> int | str:
    """A whole number as such, any other as its decimal digits."""
    return int(number) if number == number.to_integral_value() else str(number.normalize())


def _number(match: re.Match[str], market: Market, language: str) -> Decimal | None:
    if match["digits"]:
        number = read_digits(match["digits"], language, market.country, money=True)
    elif match["east"]:
        number = read_east_asian(match["east"])
    else:
        number = read_words(match["words"])
    return None if number is None else number * scale_of(match["scale"] or "")


def _small(rest: str) -> int:
    return int(rest) if rest.isdigit() else int(read_east_asian(rest) or 0)


def _currency(mark: str, market: Market, language: str) -> str:
    folded = mark.casefold().strip()
    if folded in _DOLLARS:
        return market.currency if market.currency in _DOLLAR_CURRENCIES else "USD"
    if folded in _YUAN:
        return market.currency if market.currency in _YUAN_CURRENCIES else "CNY"
    if folded in _YEN_OR_YUAN:
        # CLDR writes yuan so in Chinese and yen elsewhere
        return (
            market.currency if market.currency in ("JPY", "CNY") else "CNY" if language[:2] == "zh" else "JPY"
        )
    return _by_mark()[folded]


@cache
def _by_mark() -> Mapping[str, str]:
    named = {mark: currency for currency, marks in _CURRENCIES.items() for mark in marks}
    return {code.casefold(): code for code in known_currencies()} | named


@cache
def _pattern() -> re.Pattern[str]:
    marks = [*_by_mark(), *_DOLLARS, *_YUAN, *_YEN_OR_YUAN]
    alternatives = "|".join(_bounded(mark) for mark in sorted(marks, key=len, reverse=True))
    return re.compile(
        rf"(?:(?P<before>{alternatives})[ \u00a0\u202f]?)?{_NUMBER}"
        rf"(?:[ \u00a0\u202f]{{0,2}}(?P<after>{alternatives})"
        rf"(?:(?<=[块塊])(?P<rest>[0-9一二三四五六七八九](?![0-9一二三四五六七八九十百千万])))?)?",
        re.IGNORECASE,
    )


@cache
def _bare_pattern() -> re.Pattern[str]:
    return re.compile(rf"{_NUMBER}(?![0-9A-Za-z%％])", re.IGNORECASE)


_NUMBER = rf"(?:(?<![0-9A-Za-z#.])(?P<digits>{DIGITS})|(?P<east>{EAST})|(?P<words>{word_pattern()}))(?P<scale>{SCALE})?"


def _bounded(mark: str) -> str:
    """A mark of Latin letters stands as a word of its own."""
    escaped = re.escape(mark)
    if mark.isascii() and mark[0].isalpha():
        escaped = rf"(?<![a-z]){escaped}"
    if mark[-1].isalpha() and (mark.isascii() or mark.startswith("dól")):
        escaped = rf"{escaped}(?![a-z])"
    return escaped
