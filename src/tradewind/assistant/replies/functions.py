"""The functions of texts: each writes its first argument as the market does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from fluent.runtime.types import FluentNone

from tradewind.assistant.replies.values import Absent, Writer, Written
from tradewind.core.errors import InputError
from tradewind.markets import formats

ProductWords = Callable[[str, str], str | None]
"""The title or the description of a product, by id."""


def functions(
    writer: Writer, product: ProductWords, fault: Callable[[str], None]
) -> dict[str, Callable[..., Any]]:
    """What texts may call, for one market and language.

    An absent value stays absent; one that cannot be written is too, and told to `fault`.
    """

    def money(value: Any) -> str:
        """`MONEY($amount)`: an amount with its currency."""
        return formats.format_money(writer.market, writer.money(_raw(value)), writer.language)

    def day(value: Any, style: str = "long") -> str:
        """`DATE($day, style: "short")`: a date; `short`, `medium`, `long` or `full`."""
        if style not in ("short", "medium", "long", "full"):
            raise InputError(f"{style!r} is no style of a date", hint="short, medium, long or full")
        return writer.day(value, cast(formats.Style, style))

    def clock(value: Any) -> str:
        """`TIME($time)`: the time of day in the market's zone."""
        return writer.clock(value)

    def number(value: Any, digits: Any = None) -> str:
        """`NUMBER($number, digits: 2)`: a number, grouped."""
        return writer.number(_decimal(value), None if digits is None else int(digits))

    def percent(value: Any) -> str:
        """`PERCENT($rate)`: per cents as they are given, `"3.75"` is 3.75 %."""
        return formats.format_percent(writer.market, _decimal(value), writer.language)

    def words(value: Any, part: str = "title") -> str:
        """`PRODUCT($product, part: "description")`: the title of a product, or what it is."""
        raw = _raw(value)
        name = raw.get("id") if isinstance(raw, Mapping) else raw
        return product(str(name), part) or str(name)

    made = {
        "MONEY": money,
        "DATE": day,
        "TIME": clock,
        "NUMBER": number,
        "PERCENT": percent,
        "PRODUCT": words,
    }
    return {name: _or_absent(function, fault) for name, function in made.items()}


def _or_absent(function: Callable[..., str], fault: Callable[[str], None]) -> Callable[..., Any]:
    def called(value: Any, **options: Any) -> Any:
        if isinstance(value, FluentNone):
            return value
        try:
            return function(value, **options)
        except InputError as error:
            fault(str(error))
            return Absent()

    return called


def _raw(value: Any) -> Any:
    return value.raw if isinstance(value, Written) else value


def _decimal(value: Any) -> Decimal:
    raw = _raw(value)
    try:
        found = Decimal(str(raw))
    except ArithmeticError as error:
        raise InputError(f"{raw!r:.40} is no number", hint="digits and a point, such as 3.75") from error
    if not found.is_finite():
        raise InputError(f"{raw!r:.40} is no number", hint="digits and a point, such as 3.75")
    return found
