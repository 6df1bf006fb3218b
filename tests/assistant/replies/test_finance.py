"""The finance pack's texts: each in five languages, whole, with values of every kind, and as the code calls them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import tradewind.assistant
from tradewind.assistant.model import Language, Passage, Say
from tradewind.assistant.replies import FluentReplies
from tradewind.core.ids import MarketId
from tradewind.markets import Markets, load_markets
from tradewind.packs.load import SHIPPED
from tradewind.packs.product_file import read_products
from tradewind.packs.reply_files import check_replies, missing_replies, reply_files

FINANCE = SHIPPED / "finance"
MARKETS = {"en": "us", "zh": "cn", "de": "de", "es": "es", "ja": "jp"}
AMOUNT = {"minor": 123456, "currency": "EUR"}
KINDS: tuple[tuple[str, Any], ...] = (
    (r"amount|balance|fee$|monthly|total|least|most|current|savings|instalment", AMOUNT),
    (r"day$|date$|arrives_on|answer_by", "2026-12-03"),
    (r"time$", "14:30"),
    (r"rate$|apr|nominal", "7.9"),
    (r"months|minutes|count|position|number|since|until|risk|own", 3),
    (r"free", "false"),
    (r"product", "harbour-savings"),
    (r"transactions", [{"date": "2026-11-01", "amount": AMOUNT, "merchant": "Café"}]),
)
"""A value that suits a variable, by its name; words where nothing says otherwise."""


@pytest.fixture(scope="module")
def markets() -> Markets:
    return load_markets()


@pytest.fixture(scope="module")
def replies(markets: Markets) -> FluentReplies:
    catalogue, _ = read_products(FINANCE, markets)
    assert catalogue is not None
    titles = {each.id: {"title": each.title, "description": each.description} for each in catalogue.products}
    return FluentReplies.of(FINANCE, markets, titles=titles)


def value_of(name: str) -> Any:
    return next((value for pattern, value in KINDS if re.search(pattern, name)), "Anna")


def test_five_languages_have_every_text_with_the_same_values() -> None:
    assert [found.language for found in reply_files(FINANCE)] == ["de", "en", "es", "ja", "zh"]
    assert check_replies(FINANCE) == ()
    assert missing_replies(FINANCE) == ()


@pytest.mark.parametrize("language", MARKETS)
@pytest.mark.parametrize("market", MARKETS.values())
def test_every_text_is_said_without_a_gap(replies: FluentReplies, language: str, market: str) -> None:
    (own,) = [found for found in reply_files(FINANCE) if found.language == language]
    passage = Passage("fees", "Fees", "It costs $5.", Language("en"))
    for key in own.messages:
        values = {name: value_of(name) for name in own.variables[key] if "." not in name}
        quote = passage if "quote" in values else None
        reply = replies.render(Say(key, values, quote=quote), MarketId(market), Language(language))
        assert reply.language == language, key
        assert reply.text.strip(), key
        assert not re.search(r"[{}…]|\$[a-z]|\b(DATE|MONEY|TIME|PERCENT|PRODUCT)\b|  ", reply.text), key
    assert not replies.faults
    assert not replies.missing


def test_every_text_that_the_code_says_is_there() -> None:
    (english,) = [found for found in reply_files(FINANCE) if found.language == "en"]
    said = {
        key
        for file in Path(tradewind.assistant.__path__[0]).rglob("*.py")
        for key in re.findall(r'"((?:dialogue_|service-|product_)[a-z_-]+)"', file.read_text("utf-8"))
    }
    assert len(said) > 35
    assert said - english.messages.keys() <= {"dialogue_intents"}


@pytest.mark.parametrize(
    ("market", "language", "expected"),
    [
        ("us", "en", "Hi! I’m Northgate’s digital assistant."),
        ("gb", "en", "Hello. I am Northgate’s digital assistant."),
        ("de", "de", "Guten Tag, ich bin der digitale Assistent von Northgate."),
        ("cn", "zh", "您好，我是北门银行的智能助理，请问有什么可以帮您？"),
        ("jp", "ja", "お問い合わせありがとうございます。ノースゲート銀行のAIアシスタントです。"),
    ],
)
def test_the_greeting_has_the_market_s_tone_and_says_that_it_is_a_machine(
    replies: FluentReplies, market: str, language: str, expected: str
) -> None:
    reply = replies.render(Say("dialogue_greeting"), MarketId(market), Language(language))
    assert reply.text.startswith(expected)


def test_the_plural_of_minutes(replies: FluentReplies) -> None:
    for language, one in (("en", "a minute"), ("de", "einer Minute"), ("es", "un minuto")):
        market = MarketId(MARKETS[language])
        assert one in replies.render(Say("service-queued", {"minutes": 1}), market, Language(language)).text
        assert (
            "3 min"
            in replies.render(Say("service-queued", {"minutes": 3}), market, Language(language)).text.lower()
        )
