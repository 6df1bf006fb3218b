"""The invented bank: the same customer has the same money, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from talk import NOON

from tradewind.assistant.actions.model import Call, Result
from tradewind.assistant.actions.sandbox import Bank
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.journal.databases import Database
from tradewind.packs import load
from tradewind.packs.dialogue_file import read_actions_file

ACME = TenantId("acme")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bank.db"


@pytest.fixture
def bank(file: Path) -> Iterator[Bank]:
    database = Database(f"sqlite:///{file}")
    yield Bank(lambda market: database)
    database.close()


def call(
    action: str,
    key: str = "k",
    *,
    market: str = "us",
    subject: str = "anna",
    tenant: str = "acme",
    language: str = "en",
    **arguments: Any,
) -> Call:
    return Call(
        action, arguments, key, TenantId(tenant), MarketId(market), NOON, SubjectId(subject), language
    )


def send(bank: Bank, key: str, minor: int = 1000, **more: Any) -> Result:
    amount = {"minor": minor, "currency": "USD"}
    return bank.call(call("make_transfer", key, account="current", recipient="Li", amount=amount, **more))


def current(bank: Bank, **more: Any) -> int:
    return int(bank.call(call("check_balance", **more)).values["current"]["minor"])


def test_a_customer_has_the_same_accounts_every_time(bank: Bank) -> None:
    one, other = bank.call(call("check_balance")), bank.call(call("check_balance"))
    assert one == other
    assert one.values != bank.call(call("check_balance", subject="bob")).values


@pytest.mark.parametrize(
    ("market", "currency"), [("us", "USD"), ("cn", "CNY"), ("de", "EUR"), ("es", "EUR"), ("jp", "JPY")]
)
def test_amounts_are_in_the_currency_of_the_market(bank: Bank, market: str, currency: str) -> None:
    assert bank.call(call("check_balance", market=market)).values["current"]["currency"] == currency


def test_a_transfer_takes_the_money_once_for_one_key(bank: Bank) -> None:
    before = current(bank)
    first = send(bank, "k1")
    assert send(bank, "k1") == first
    assert current(bank) == before - 1000
    send(bank, "k2")
    assert current(bank) == before - 2000


def test_a_key_for_something_else_is_refused(bank: Bank) -> None:
    send(bank, "k1")
    assert send(bank, "k1", 2000).failure == "key_used_for_something_else"


def test_what_was_done_is_there_after_a_restart(bank: Bank, file: Path) -> None:
    before = current(bank)
    first = send(bank, "k1")
    again = Database(f"sqlite:///{file}")
    try:
        later = Bank(lambda market: again)
        assert current(later) == before - 1000
        assert send(later, "k1") == first
    finally:
        again.close()


def test_the_same_key_from_many_threads_is_done_once(bank: Bank) -> None:
    before = current(bank)
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(lambda _: send(bank, "k1"), range(24)))
    assert len({str(result.values) for result in results}) == 1
    assert current(bank) == before - 1000


def test_a_tenant_sees_nothing_of_another(bank: Bank) -> None:
    before = current(bank, tenant="other")
    send(bank, "k1")
    assert current(bank, tenant="other") == before


def test_what_is_not_there_cannot_be_sent(bank: Bank) -> None:
    result = send(bank, "k1", 100_000_000)
    assert result.failure == "no_funds"
    assert result.values["balance"]["minor"] == current(bank)


def test_a_frozen_card_stays_frozen_and_a_replaced_one_goes(bank: Bank) -> None:
    cards = bank.call(call("find_cards")).values["cards"]
    card = cards[0]["value"]
    bank.call(call("freeze_card", "k1", card=card))
    assert bank.call(call("find_cards")).values["cards"][0]["state"] == "frozen"
    new = bank.call(call("replace_card", "k2", card=card, reason="lost")).values["last4"]
    assert [each["value"]["last4"] for each in bank.call(call("find_cards")).values["cards"]] == [
        cards[1]["value"]["last4"], new
    ]  # fmt: skip


def test_a_fee_is_disputed_once_and_returned_where_it_was_charged_twice(bank: Bank) -> None:
    before = current(bank)
    result = bank.call(call("dispute_fee", "k1", fee="account", reason="charged_twice"))
    assert result.values["refunded"]
    assert current(bank) == before + 490
    assert (
        bank.call(call("dispute_fee", "k2", fee="account", reason="too_high")).failure == "disputed_already"
    )


def test_payments_are_found_by_merchant_and_day(bank: Bank) -> None:
    found = bank.call(call("search_transactions", merchant="volt")).values
    assert {each["merchant"] for each in found["transactions"]} == {"Volt Energy"}
    late = bank.call(call("search_transactions", since="2026-11-20")).values["transactions"]
    assert all(each["date"] >= "2026-11-20" for each in late)
    assert bank.call(call("search_transactions", merchant="nowhere")).failure == "none_found"


def test_a_loan_is_quoted_as_the_formula_of_annuities_gives_it(bank: Bank) -> None:
    loan = {
        "amount": {"minor": 1_000_000, "currency": "USD"},
        "months": 48,
        "income": {"minor": 300_000, "currency": "USD"},
    }
    values = bank.call(call("quote_loan", **loan)).values
    assert values["monthly"]["minor"] == 24366
    assert values["eligible"]
    poor = bank.call(call("quote_loan", **{**loan, "income": {"minor": 50_000, "currency": "USD"}})).values
    assert not poor["eligible"]


def test_a_time_is_booked_once(bank: Bank) -> None:
    time = bank.call(call("find_appointments", topic="loan", day="2026-11-27")).values["times"][0]["value"]
    assert bank.call(call("book_appointment", "k1", topic="loan", time=time, channel="phone")).failure is None
    assert (
        bank.call(call("book_appointment", "k2", topic="loan", time=time, channel="phone")).failure == "taken"
    )
    left = bank.call(call("find_appointments", topic="loan", day="2026-11-27")).values["times"]
    assert time not in [each["value"] for each in left]


@pytest.mark.parametrize("language", ["en", "zh", "de", "es", "ja", "tlh"])
def test_accounts_and_days_are_written_in_the_customers_language(bank: Bank, language: str) -> None:
    assert bank.call(call("check_balance", language=language)).values["accounts"][0]["text"]
    assert bank.call(call("find_appointments", day="2026-11-27", language=language)).values["times"][0][
        "text"
    ]


def test_what_was_done_for_a_customer_is_forgotten_on_request(bank: Bank) -> None:
    before = current(bank)
    send(bank, "k1")
    assert bank.forget(ACME, MarketId("us"), SubjectId("anna")) == 1
    assert current(bank) == before


def test_nothing_that_the_customer_wrote_is_kept(bank: Bank, file: Path) -> None:
    bank.call(
        call(
            "make_transfer",
            "k1",
            account="current",
            recipient="Wilhelmina",
            amount={"minor": 5, "currency": "USD"},
        )
    )
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"Wilhelmina" not in kept


def test_every_action_of_the_pack_is_done_and_gives_what_it_says(bank: Bank) -> None:
    actions, _, _ = read_actions_file(load("finance").folder)
    for action in actions.actions:
        result = bank.call(call(action.name, action.name))
        assert result.failure != "unknown_action", action.name
        assert result.failure is not None or set(result.values) <= {*action.gives, "transactions"}, (
            action.name
        )
        assert result.failure is None or result.failure in {*action.failures, "bad_arguments"}, action.name


def test_an_unknown_action_is_a_failure(bank: Bank) -> None:
    assert bank.call(call("fly")).failure == "unknown_action"


def test_the_profile_has_what_product_matching_asks_for(bank: Bank) -> None:
    profile = bank.profile(ACME, MarketId("de"), SubjectId("anna"), date(2026, 11, 25))
    assert profile["residence"] == "de"
    assert profile["income"]["currency"] == "EUR"
