"""Entities that rules find in every language, with their values by market."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from tradewind.assistant.model import Entity
from tradewind.assistant.understanding.amounts import (
    Found,
    amount_value,
    find_amounts,
    find_bare_numbers,
    plain_number,
)
from tradewind.assistant.understanding.days import find_days, find_times
from tradewind.assistant.understanding.identifiers import find_identifiers
from tradewind.markets import Market
from tradewind.privacy.fold import fold

RULE_TYPES = ("amount", "date", "time", "number", "card", "account", "phone", "email")
"""What `find_values` finds."""

RULE_SCORE = 0.95
_LAST_FOUR = re.compile(r"[0-9]{4}")


def find_values(text: str, market: Market, language: str, today: date) -> list[Entity]:
    """The entities of a text that rules can find, in the order of the text, none overlapping another.

    Args:
        text: what to read; offsets of the result are its characters.
        market: whose currency, date order and numbering plan.
        language: of the text: decides what a point or a comma in a number means.
        today: as it is in the market's zone, for "yesterday" and dates without a year.
    """
    folded = fold(text)
    identifiers = list(find_identifiers(folded, market))
    found = [
        *(each for each in identifiers if each.type != "phone"),
        *_amounts_first(
            list(find_days(folded, market, language, today)), list(find_amounts(folded, market, language))
        ),
        *(
            each for each in identifiers if each.type == "phone"
        ),  # after amounts: 510.000.000,00 € is no number
        *find_times(folded),
        *find_bare_numbers(folded, market, language),
    ]
    return [
        Entity(each.type, text[each.start : each.end], each.start, each.end, each.value, RULE_SCORE)
        for each in _apart(found)
    ]


def read_value(type: str, text: str, market: Market, language: str, today: date) -> Any:
    """What a text says as an answer to a question for a type: "500" is an amount where an amount was asked for.

    Returns:
        The value as entities carry it; None where the text does not say one.
    """
    entities = find_values(text, market, language, today)
    for entity in entities:
        if entity.type == type:
            return entity.value
    numbers = [entity.value for entity in entities if entity.type == "number"]
    if type == "amount" and numbers:
        return amount_value(Decimal(numbers[0]), None, market)
    if type == "number" and (amounts := [entity.value for entity in entities if entity.type == "amount"]):
        return plain_number(Decimal(amounts[0]["minor"]))
    if type == "card" and (digits := _LAST_FOUR.fullmatch(fold(text).strip())):
        return {"last4": digits.group()}
    if type in ("person", "merchant", "product") and text.strip():
        return text.strip()
    return None


def _amounts_first(days: list[Found], amounts: list[Found]) -> list[Found]:
    """Where a day and an amount share characters the longer one is meant: "5.10 €" is no 5th of October."""
    return sorted([*days, *amounts], key=lambda each: each.start - each.end)


def _apart(found: Iterable[Found]) -> list[Found]:
    """The first of those that overlap, in the order of the text."""
    kept: list[Found] = []
    for each in found:
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)
