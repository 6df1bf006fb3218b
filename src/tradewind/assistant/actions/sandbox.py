"""An invented bank for the demo and for tests: every action of the finance pack, durable and idempotent.

Its customers are worked out from their pseudonyms; what is done for them is kept in the region of their market.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tradewind.assistant.actions import store
from tradewind.assistant.actions.bank_world import (
    ACCOUNT_WORDS,
    ACCOUNTS,
    CARD_WORDS,
    CARDS,
    FEES,
    REPLACEMENT_DOLLARS,
    Customer,
    customer,
    in_language,
    minor,
)
from tradewind.assistant.actions.model import Call, Result
from tradewind.assistant.actions.store import Effect
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.journal.databases import Database

NOBODY = SubjectId("nobody")
"""Whose accounts a customer sees who is not known."""

MISUSED_KEY = "key_used_for_something_else"
HOURS = ("09:30", "11:00", "14:30", "16:00")
MOST_LISTED = 5
LOAN_RATE = Decimal("0.079")
LOAN_SHARE_OF_INCOME = Decimal("0.4")

Done = tuple[Result, Effect]


class Bank:
    """The invented bank.

    Args:
        database_of: where a market's records are kept.
    """

    def __init__(self, database_of: Callable[[MarketId], Database]) -> None:
        self._database_of = database_of
        self._opened: set[str] = set()

    def call(self, call: Call) -> Result:
        """Do an action; `unknown_action` where the bank has none of this name.

        Raises:
            StorageError, UnavailableError: the database refused.
        """
        subject = call.subject or NOBODY
        database = self._open(call.market)
        today = call.at.date()
        if call.action in _READS:
            found = customer(
                call.market, subject, today, store.effects(database, call.tenant, call.market, subject)
            )
            return _READS[call.action](found, call)
        if call.action not in _CHANGES:
            return Result(failure="unknown_action")

        def do(before: Sequence[Effect]) -> Done:
            return _CHANGES[call.action](customer(call.market, subject, today, before), call)

        result = store.once(database, call, subject, _hash(call.action, call.arguments), do)
        return result if result is not None else Result(failure=MISUSED_KEY)

    def profile(self, tenant: TenantId, market: MarketId, subject: SubjectId, today: date) -> dict[str, Any]:
        """What the bank knows of a customer, as product matching and conditions take it."""
        found = customer(market, subject, today, ())
        return {
            "age": found.age,
            "residence": market,
            "income": found.amount(found.income),
            "employment": "employed",
            "products": ["everyday-account", "harbour-savings", "blue-credit-card"],
            "risk": found.risk,
            "subject": subject,
        }

    def forget(self, tenant: TenantId, market: MarketId, subject: SubjectId) -> int:
        """Remove what was done for a customer."""
        return store.forget(self._open(market), tenant, subject)

    def _open(self, market: MarketId) -> Database:
        database = self._database_of(market)
        name = str(database.engine.url)
        if name not in self._opened:
            store.open_store(database)
            self._opened.add(name)
        return database


# --- looking up


def _balance(found: Customer, call: Call) -> Result:
    accounts = [
        {
            "value": kind,
            "text": f"{in_language(titles, call.language)} ··{found.numbers[kind]}",
            "words": list(ACCOUNT_WORDS[kind]),
            "balance": found.amount(found.balances[kind]),
        }
        for kind, titles in ACCOUNTS.items()
    ]
    return Result({"accounts": accounts, **{kind: found.amount(found.balances[kind]) for kind in ACCOUNTS}})


def _cards(found: Customer, call: Call) -> Result:
    cards = [
        {
            "value": {"last4": card.last4, "kind": card.kind},
            "text": f"{in_language(CARDS[card.kind], call.language)} ··{card.last4}",
            "words": [*CARD_WORDS[card.kind], card.last4],
            "state": card.state,
        }
        for card in found.cards
        if card.state != "replaced"
    ]
    return Result({"cards": cards, "count": len(cards)})


def _transactions(found: Customer, call: Call) -> Result:
    wanted = call.arguments
    merchant, since, amount = wanted.get("merchant"), wanted.get("since"), _minor(wanted.get("amount"))
    payments = [
        payment
        for payment in found.payments
        if (not isinstance(merchant, str) or merchant.casefold() in payment.merchant.casefold())
        and (not isinstance(since, str) or payment.day.isoformat() >= since)
        and (amount is None or payment.minor == amount)
    ]
    if not payments:
        return Result(failure="none_found")
    listed = [
        {"merchant": each.merchant, "amount": found.amount(each.minor), "date": each.day.isoformat()}
        for each in payments[:MOST_LISTED]
    ]
    return Result(
        {
            "count": len(payments),
            "total": found.amount(sum(payment.minor for payment in payments)),
            "transactions": listed,
            **{f"first_{part}": value for part, value in listed[0].items()},
        }
    )


def _fees(found: Customer, call: Call) -> Result:
    amount = _minor(call.arguments.get("amount"))
    fees = [
        {
            "value": fee,
            "text": f"{in_language(FEES[fee][0], call.language)} {_written(found, minor_units)}",
            "words": [in_language(FEES[fee][0], language) for language in ("en", "zh", "de", "es", "ja")],
            "amount": found.amount(minor_units),
            "date": day.isoformat(),
        }
        for fee, (minor_units, day) in sorted(found.fees.items(), key=lambda item: item[1][1], reverse=True)
        if amount is None or minor_units == amount
    ]
    if not fees:
        return Result(failure="none_found")
    first = fees[0]
    return Result({"count": len(fees), "fees": fees, "amount": first["amount"], "date": first["date"]})


def _loan(found: Customer, call: Call) -> Result:
    amount, months = _minor(call.arguments.get("amount")), call.arguments.get("months")
    income = _minor(call.arguments.get("income")) or 0
    if amount is None or not isinstance(months, int) or not 1 <= months <= 600:
        return Result(failure="bad_arguments")
    monthly_rate = LOAN_RATE / 12
    share = monthly_rate / (1 - (1 + monthly_rate) ** -months)
    instalment = int((amount * share).to_integral_value(ROUND_HALF_UP))
    eligible = instalment <= income * LOAN_SHARE_OF_INCOME
    return Result(
        {
            "eligible": eligible,
            "reason": "fits" if eligible else "income",
            "monthly": found.amount(instalment),
            "total": found.amount(instalment * months),
            "rate": str(LOAN_RATE * 100),
        }
    )


def _times(found: Customer, call: Call) -> Result:
    day = _day(call.arguments.get("day")) or call.at.date()
    first = max(day, call.at.date() + timedelta(days=1))
    for ahead in range(14):
        free = []
        that = first + timedelta(days=ahead)
        for hour in HOURS if that.weekday() < 5 else ():
            time = f"{that.isoformat()}T{hour}"
            if time not in found.taken and _hash(that.isoformat(), hour)[0] not in "012":
                free.append({"value": time, "text": _moment(time, call.language), "words": [hour]})
        if free:
            return Result({"times": free, "day": that.isoformat(), "other_day": that != day})
    return Result(failure="none_free")


# --- changing


def _transfer(found: Customer, call: Call) -> Done:
    account, amount = str(call.arguments.get("account")), call.arguments.get("amount")
    units = _minor(amount)
    if account not in found.balances or units is None or units <= 0 or not call.arguments.get("recipient"):
        return Result(failure="no_account"), {}
    if isinstance(amount, Mapping) and amount.get("currency") not in (None, found.money.currency):
        return Result(failure="other_currency"), {}
    if units > found.balances[account]:
        return Result({"balance": found.amount(found.balances[account])}, "no_funds"), {}
    left = found.amount(found.balances[account] - units)
    return Result({"reference": _reference("T", call), "balance": left}), {"sent": units, "account": account}


def _freeze(found: Customer, call: Call) -> Done:
    card = _card(found, call)
    if card is None:
        return Result(failure="no_card"), {}
    return Result({"last4": card.last4, "state": "frozen"}), {"card": card.last4, "state": "frozen"}


def _replace(found: Customer, call: Call) -> Done:
    card = _card(found, call)
    if card is None:
        return Result(failure="no_card"), {}
    new = f"{1000 + int(_hash(call.key, 'card'), 16) % 9000}"
    fee = (
        0
        if call.arguments.get("reason") in ("stolen", "expired")
        else minor(found.market, REPLACEMENT_DOLLARS)
    )
    values = {
        "last4": new,
        "arrives_on": _business_days(call.at.date(), 5).isoformat(),
        "fee": found.amount(fee),
        "free": fee == 0,
    }
    return Result(values), {"card": card.last4, "state": "replaced", "new": new, "kind": card.kind}


def _dispute(found: Customer, call: Call) -> Done:
    fee = str(call.arguments.get("fee"))
    if fee not in found.fees:
        return Result(failure="no_fee"), {}
    if fee in found.disputed:
        return Result(failure="disputed_already"), {}
    units = found.fees[fee][0]
    refunded = units if call.arguments.get("reason") == "charged_twice" else 0
    values = {
        "case": _reference("F", call),
        "amount": found.amount(units),
        "answer_by": _business_days(call.at.date(), 5).isoformat(),
        "refunded": refunded > 0,
    }
    return Result(values), {"disputed": fee, "refunded": refunded}


def _book(found: Customer, call: Call) -> Done:
    time = call.arguments.get("time")
    if not isinstance(time, str) or _moment_of(time) is None or time in found.taken:
        return Result(failure="taken"), {}
    day, _, hour = time.partition("T")
    return Result({"reference": _reference("A", call), "day": day, "time": hour}), {"booked": time}


_READS: Mapping[str, Callable[[Customer, Call], Result]] = {
    "check_balance": _balance,
    "find_cards": _cards,
    "search_transactions": _transactions,
    "find_fee": _fees,
    "quote_loan": _loan,
    "find_appointments": _times,
}
_CHANGES: Mapping[str, Callable[[Customer, Call], Done]] = {
    "make_transfer": _transfer,
    "freeze_card": _freeze,
    "replace_card": _replace,
    "dispute_fee": _dispute,
    "book_appointment": _book,
}


# --- values


def _card(found: Customer, call: Call) -> Any:
    wanted = call.arguments.get("card")
    last4 = wanted.get("last4") if isinstance(wanted, Mapping) else wanted
    return next((card for card in found.cards if card.last4 == last4 and card.state != "replaced"), None)


def _minor(amount: object) -> int | None:
    units = amount.get("minor") if isinstance(amount, Mapping) else amount
    return units if type(units) is int else None


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _moment_of(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str, language: str) -> str:
    """A time as the customer's language writes it: the bank's own system does so."""
    from babel.core import UnknownLocaleError
    from babel.dates import format_skeleton

    locale = language.replace("-", "_")
    found = datetime.fromisoformat(text)
    try:
        return str(format_skeleton("MMMEd", found, locale=locale)) + f" {found:%H:%M}"
    except (UnknownLocaleError, ValueError, KeyError):
        return f"{found:%Y-%m-%d %H:%M}"


def _written(found: Customer, units: int) -> str:
    from babel.numbers import format_currency

    from tradewind.core.money import Money

    locale = {"us": "en_US", "cn": "zh_CN", "de": "de_DE", "es": "es_ES", "jp": "ja_JP"}.get(
        found.market, "en"
    )
    return str(
        format_currency(Money(units, found.money.currency).amount, found.money.currency, locale=locale)
    )


def _business_days(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def _reference(letter: str, call: Call) -> str:
    return f"{letter}-{int(_hash(call.key, call.action), 16) % 900_000 + 100_000}"


def _hash(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:16]
