"""The conditions of flows: a few comparisons over slots and results, parsed by `ast`, never handed to `eval`.

    amount > 0 and amount <= balance
    card.kind == "debit" or reason in ["lost", "stolen"]
    not known(recipient) or days_until(day) < 0

An amount of money compares with another of its currency and with a number of major units: `amount > 1000` means a
thousand euros, dollars or yen. What is not known compares false with everything but `==` and `!=`.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tradewind.core.errors import InputError
from tradewind.core.money import minor_digits

LONGEST = 300
LONGEST_TEXT = 500
"""Texts are cut to this before a pattern is tried on them."""

LARGEST = Decimal(10) ** 18
"""Numbers beyond are not known: nobody means them, and they would take for ever to write out."""

Names = Mapping[str, Any]
"""What the names of an expression stand for: plain JSON."""

_ORDER: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
FUNCTIONS: Mapping[str, str] = {
    "known": "known(slot): whether it has a value",
    "length": "length(text or list): how long it is, 0 where it is not known",
    "matches": 'matches(text, "[A-Z]{2}[0-9]+"): whether all of a text fits a pattern',
    "today": "today(): the day, as 2026-11-25",
    "days_until": "days_until(day): whole days from today, below 0 in the past",
    "lower": "lower(text): in small letters",
    "any_of": 'any_of(list, "field"): the values of a field of each item of a list',
}


@dataclass(frozen=True)
class Expression:
    """A condition or value that was parsed and holds nothing but what is allowed."""

    source: str
    tree: ast.expr
    names: frozenset[str]
    """The slots and results that it asks for."""

    def value(self, names: Names, today: date) -> Any:
        """What it comes to: plain JSON, or None where something that it needs is not known."""
        return _plain(_Reading(names, today).of(self.tree))

    def holds(self, names: Names, today: date) -> bool:
        """Whether it is true."""
        return bool(_Reading(names, today).of(self.tree))


def parse(source: object) -> Expression:
    """Parse an expression.

    Args:
        source: text; a number, truth value or None of a YAML file stands for itself.

    Raises:
        InputError: it is none, or uses what is not allowed; says what is.
    """
    text = source if isinstance(source, str) else repr(source)
    if len(text) > LONGEST:
        raise InputError(f"the expression has {len(text)} characters", hint=f"at most {LONGEST}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise InputError(
            f"{text!r:.80} is no expression", hint='such as: amount > 0 and kind in ["debit", "credit"]'
        ) from None
    names: set[str] = set()
    _allow(tree, names)
    return Expression(text, tree, frozenset(names))


def major(value: object) -> Decimal | None:
    """A number, or an amount of money in major units; None of anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Mapping):
        minor = value.get("minor")
        if not isinstance(minor, int):
            return None
        number = Decimal(minor).scaleb(-minor_digits(_currency(value) or ""))
    elif isinstance(value, int | float | str | Decimal):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return None
    else:
        return None
    return number if number.is_finite() and abs(number) < LARGEST else None


def _allow(node: ast.expr, names: set[str]) -> None:
    match node:
        case ast.Constant(value=str() | bool() | int() | float() | None):
            return
        case ast.Name(id=name):
            if name not in ("true", "false", "none"):
                names.add(name)
        case ast.Attribute(value=ast.Name() | ast.Attribute() as inner, attr=attribute) if (
            not attribute.startswith("_")
        ):
            _allow(inner, names)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                _allow(part, names)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=inner):
            _allow(inner, names)
        case ast.BinOp(left=left, right=right, op=ast.Add() | ast.Sub() | ast.Mult()):
            _allow(left, names)
            _allow(right, names)
        case ast.Compare(left=left, comparators=others, ops=ops):
            if any(isinstance(op, ast.Is | ast.IsNot) for op in ops):
                raise InputError("'is' is not known here", hint="write == or !=")
            for part in (left, *others):
                _allow(part, names)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            for part in (test, body, orelse):
                _allow(part, names)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            _allow_call(name, arguments, names)
        case _:
            raise InputError(
                f"{ast.unparse(node)!r:.80} is not allowed in an expression",
                hint="slots, their fields, numbers, texts, lists, and or not, comparisons, in, + - *, "
                + ", ".join(FUNCTIONS),
            )


def _allow_call(name: str, arguments: list[ast.expr], names: set[str]) -> None:
    if name not in FUNCTIONS:
        raise InputError(f"no function {name!r:.40}", hint=f"there are: {', '.join(FUNCTIONS)}")
    wanted = {"today": 0, "matches": 2, "any_of": 2}.get(name, 1)
    if len(arguments) != wanted:
        raise InputError(f"{name} takes {wanted}, not {len(arguments)}", hint=FUNCTIONS[name])
    if name == "matches":
        pattern = arguments[1]
        if not (isinstance(pattern, ast.Constant) and isinstance(pattern.value, str)):
            raise InputError("a pattern is written down in quotes", hint=FUNCTIONS[name])
        try:
            re.compile(pattern.value)
        except re.error as error:
            raise InputError(f"{pattern.value!r:.80} is no pattern: {error}") from error
    for argument in arguments:
        _allow(argument, names)


class _Reading:
    """One evaluation."""

    def __init__(self, names: Names, today: date) -> None:
        self._names = names
        self._today = today

    def of(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                known = {"true": True, "false": False, "none": None}
                return known[name] if name in known else self._names.get(name)
            case ast.Attribute(value=inner, attr=field):
                whole = self.of(inner)
                return whole.get(field) if isinstance(whole, Mapping) else None
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return [self.of(part) for part in parts]
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(self.of(part) for part in parts)
            case ast.BoolOp(values=parts):
                return any(self.of(part) for part in parts)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return not self.of(inner)
            case ast.UnaryOp(operand=inner):
                number = major(self.of(inner))
                return None if number is None else -number
            case ast.BinOp(left=left, op=op, right=right):
                return _arithmetic(self.of(left), type(op), self.of(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self._compare(self.of(left), ops, others)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.of(body) if self.of(test) else self.of(orelse)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, [self.of(argument) for argument in arguments])
        raise AssertionError(f"{ast.dump(node)} was allowed but is not read")

    def _compare(self, left: Any, ops: list[ast.cmpop], others: list[ast.expr]) -> bool:
        for op, other in zip(ops, others, strict=True):
            right = self.of(other)
            if not _holds(left, op, right):
                return False
            left = right
        return True

    def _call(self, name: str, given: list[Any]) -> Any:
        first = given[0] if given else None
        if name == "known":
            return first is not None
        if name == "length":
            return len(first) if isinstance(first, str | list) else 0
        if name == "matches":
            return isinstance(first, str) and re.fullmatch(given[1], first[:LONGEST_TEXT]) is not None
        if name == "today":
            return self._today.isoformat()
        if name == "lower":
            return first.casefold() if isinstance(first, str) else None
        if name == "any_of":
            items = first if isinstance(first, list) else []
            return [item.get(given[1]) for item in items if isinstance(item, Mapping)]
        try:
            return (date.fromisoformat(str(first)) - self._today).days
        except ValueError:
            return None


def _holds(left: Any, op: ast.cmpop, right: Any) -> bool:
    if isinstance(op, ast.In | ast.NotIn):
        inside = _inside(left, right)
        return inside if isinstance(op, ast.In) else not inside
    if isinstance(op, ast.Eq | ast.NotEq):
        return _same(left, right) is isinstance(op, ast.Eq)
    order = _ORDER[type(op)]
    one, other = major(left), major(right)
    if one is not None and other is not None:
        return _one_currency(left, right) and order(one, other)
    if isinstance(left, str) and isinstance(right, str):
        return order(left, right)
    return False


def _inside(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    return isinstance(right, list) and any(_same(left, item) for item in right)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    one, other = major(left), major(right)
    if one is not None and other is not None:
        return _one_currency(left, right) and one == other
    return bool(left == right)


def _one_currency(left: Any, right: Any) -> bool:
    one, other = _currency(left), _currency(right)
    return one is None or other is None or one == other


def _currency(value: Any) -> str | None:
    found = value.get("currency") if isinstance(value, Mapping) else None
    return found if isinstance(found, str) and found else None


def _arithmetic(left: Any, op: type[ast.operator], right: Any) -> Any:
    one, other = major(left), major(right)
    if one is None or other is None or not _one_currency(left, right):
        return None
    result = _ARITHMETIC[op](one, other)
    if isinstance(left, Mapping) or isinstance(right, Mapping):
        currency = _currency(left) or _currency(right)
        return {"minor": int(result.scaleb(minor_digits(currency or ""))), "currency": currency}
    return result


def _plain(value: Any) -> Any:
    """Numbers as JSON has them: an int where it is whole."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**15 else str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
