"""What is said: values as the market writes them, plurals, tone, the chain of languages; nothing breaks out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.model import Choice, Language, Passage, Reply, Say
from tradewind.assistant.replies import FluentReplies
from tradewind.core.errors import DataError, NotFoundError
from tradewind.core.ids import MarketId
from tradewind.markets import Markets, load_markets

TEXTS = {
    "en": """\
hello = { $tone ->
    [informal] Hi { $name }!
   *[other] Good day, { $name }.
  }
paid = You paid { MONEY($amount) } on { DATE($day) }.
paid-bare = You paid { $amount } on { $day }.
cards = { $count ->
    [one] You have one card.
   *[other] You have { $count } cards.
  }
agent = { $gender ->
    [feminine] She is with you now.
    [masculine] He is with you now.
   *[other] An agent is with you now.
  }
rate = The rate is { PERCENT($rate) }; { NUMBER($many) } customers have it.
open = We open at { TIME($time) }.
found = Found { $count }:
    { $items }
    .items = { $number }. { $merchant }, { MONEY($amount) }
chosen = You chose { PRODUCT($product) }: { PRODUCT($product, part: "description") }
why = Because { $reason }.
reason-fee = it costs { MONEY($fee) } a month
card = The card { $card }, { $card_last4 }, is blocked.
quote = { $title } says: “{ $quote }”
only-english = Only in English.
yes = Yes
error = Something went wrong.
""",
    "de": """\
hello = { $tone ->
    [informal] Hallo { $name }!
   *[other] Guten Tag, { $name }.
  }
paid = Sie haben am { DATE($day) } { MONEY($amount) } gezahlt.
yes = Ja
error = Etwas ist schiefgegangen.
""",
    "zh": """\
cards = 您有 { $count } 张卡。
paid = 您于{ DATE($day) }支付了{ MONEY($amount) }。
""",
}
DEPOSIT = {"saver": {"title": {"en": "Harbour Saver", "de": "Hafensparen"}, "description": {"en": "Saves."}}}


@pytest.fixture(scope="module")
def markets() -> Markets:
    return load_markets()


@pytest.fixture
def replies(tmp_path: Path, markets: Markets) -> FluentReplies:
    return written(tmp_path, TEXTS, markets)


def written(folder: Path, texts: Mapping[str, str], markets: Markets) -> FluentReplies:
    (folder / "replies").mkdir(exist_ok=True)
    for language, text in texts.items():
        (folder / "replies" / f"{language}.ftl").write_text(text, encoding="utf-8")
    return FluentReplies.of(folder, markets, titles=DEPOSIT)


def said(
    replies: FluentReplies, key: str, values: Mapping[str, Any], market: str = "us", language: str = "en"
) -> Reply:
    return replies.render(Say(key, values), MarketId(market), Language(language))


EUROS = {"minor": 123450, "currency": "EUR"}


@pytest.mark.parametrize(
    ("market", "language", "expected"),
    [
        ("us", "en", "You paid €1,234.50 on November 5, 2026."),
        ("de", "de", "Sie haben am 5. November 2026 1.234,50\N{NO-BREAK SPACE}€ gezahlt."),
        ("de", "en", "You paid 1.234,50\N{NO-BREAK SPACE}€ on 5 November 2026."),
        ("cn", "zh", "您于2026年11月5日支付了€1,234.50。"),
    ],
)
def test_money_and_dates_are_written_as_the_market_does_in_the_language_of_the_text(
    replies: FluentReplies, market: str, language: str, expected: str
) -> None:
    assert said(replies, "paid", {"amount": EUROS, "day": "2026-11-05"}, market, language).text == expected


def test_an_amount_and_a_date_need_no_function(replies: FluentReplies) -> None:
    assert (
        said(replies, "paid-bare", {"amount": EUROS, "day": "2026-11-05"}).text
        == "You paid €1,234.50 on November 5, 2026."
    )


def test_an_amount_without_a_currency_is_in_the_market_s(replies: FluentReplies) -> None:
    values = {"amount": {"minor": 5000, "currency": None}, "day": "2026-11-05"}
    assert "￥5,000" in said(replies, "paid-bare", values, "jp").text.replace("¥", "￥")
    assert "50,00" in said(replies, "paid-bare", values, "de").text


def test_numbers_rates_and_times_are_exact(replies: FluentReplies) -> None:
    values = {"rate": "3.755", "many": 1234567}
    assert said(replies, "rate", values).text == "The rate is 3.755%; 1,234,567 customers have it."
    assert said(replies, "rate", values, "de").text.startswith("The rate is 3,755")
    assert said(replies, "open", {"time": "09:30"}).text == "We open at 9:30\N{NARROW NO-BREAK SPACE}AM."
    assert said(replies, "open", {"time": "09:30"}, "de").text == "We open at 09:30."


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("14:30", "14:30"),
        ("2026-11-26T14:30", "14:30"),
        ("2026-11-26T14:30:00Z", "15:30"),
        ("2026-07-26T23:30:00+00:00", "01:30"),
        ("25:00", "…"),
        ("soon", "…"),
        ("2026-11-26", "…"),
        (930, "…"),
    ],
)
def test_a_time_is_in_the_market_s_zone(replies: FluentReplies, time: Any, expected: str) -> None:
    assert said(replies, "open", {"time": time}, "de").text == f"We open at {expected}."


def test_a_time_with_a_zone_has_the_date_that_it_has_in_the_market(replies: FluentReplies) -> None:
    values = {"amount": EUROS, "day": "2026-11-05T23:30:00Z"}
    assert "6 November 2026" in said(replies, "paid", values, "de").text
    assert "November 5, 2026" in said(replies, "paid", values, "us").text


@pytest.mark.parametrize(("count", "expected"), [(1, "one card"), (0, "0 cards"), (1200, "1,200 cards")])
def test_the_plural_follows_the_number(replies: FluentReplies, count: int, expected: str) -> None:
    assert expected in said(replies, "cards", {"count": count}).text


def test_a_language_without_plurals_needs_no_variants(replies: FluentReplies) -> None:
    assert said(replies, "cards", {"count": 1}, "cn", "zh").text == "您有 1 张卡。"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"gender": "feminine"}, "She is with you now."),
        ({"gender": None}, "An agent is with you now."),
        ({}, "An agent is with you now."),
    ],
)
def test_the_gender_is_neutral_until_it_is_known(
    replies: FluentReplies, values: Mapping[str, Any], expected: str
) -> None:
    assert said(replies, "agent", values).text == expected
    assert not replies.faults


def test_the_tone_is_the_market_s(replies: FluentReplies) -> None:
    assert said(replies, "hello", {"name": "Ada"}, "us").text == "Hi Ada!"
    assert said(replies, "hello", {"name": "Ada"}, "gb").text == "Good day, Ada."
    assert said(replies, "hello", {"name": "Ada"}, "de", "de").text == "Guten Tag, Ada."


def test_a_list_is_written_line_by_line(replies: FluentReplies) -> None:
    items = [
        {"merchant": "Café Orion", "amount": {"minor": 450, "currency": "EUR"}},
        {"merchant": "Bahn", "amount": {"minor": 4990, "currency": "EUR"}},
    ]
    reply = said(replies, "found", {"count": 2, "items": items})
    assert reply.text == "Found 2:\n1. Café Orion, €4.50\n2. Bahn, €49.90"


def test_a_list_of_words_is_joined_as_the_language_does(replies: FluentReplies) -> None:
    assert said(replies, "why", {"reason": ["a", "b", "c"]}).text == "Because a, b, and c."


def test_a_reply_may_hold_another(replies: FluentReplies) -> None:
    reason = {"reply": "reason-fee", "values": {"fee": {"minor": 300, "currency": "USD"}}}
    assert said(replies, "why", {"reason": reason}).text == "Because it costs $3.00 a month."
    both = said(replies, "why", {"reason": [reason, reason]}).text
    assert both == "Because it costs $3.00 a month\nit costs $3.00 a month."


def test_a_product_is_called_by_its_title_in_the_language(replies: FluentReplies) -> None:
    assert said(replies, "chosen", {"product": "saver"}).text == "You chose Harbour Saver: Saves."
    assert said(replies, "chosen", {"product": {"id": "saver"}}).text == "You chose Harbour Saver: Saves."


def test_the_parts_of_a_value_have_names_of_their_own(replies: FluentReplies) -> None:
    assert said(replies, "card", {"card": {"last4": "4821"}}).text == "The card •••• 4821, 4821, is blocked."


def test_a_missing_translation_is_said_in_the_next_language_and_counted(replies: FluentReplies) -> None:
    reply = said(replies, "only-english", {}, "de", "de")
    assert (reply.text, reply.language) == ("Only in English.", "en")
    said(replies, "only-english", {}, "de", "de")
    said(replies, "yes", {}, "de", "de")
    assert replies.missing == {("de", "only-english"): 2}


def test_the_chain_leads_through_the_market_s_languages(replies: FluentReplies) -> None:
    reply = said(replies, "yes", {}, "de", "fr")
    assert (reply.text, reply.language) == ("Ja", "de")
    assert replies.missing == {("fr", "yes"): 1}
    assert said(replies, "cards", {"count": 3}, "us", "zh-Hans").language == "zh"
    assert replies.missing == {("fr", "yes"): 1}


def test_a_text_that_is_nowhere_is_said_as_an_error_and_counted(replies: FluentReplies) -> None:
    reply = said(replies, "never-written", {}, "de", "de")
    assert (reply.key, reply.text) == ("never-written", "Etwas ist schiefgegangen.")
    assert replies.missing == {("de", "never-written"): 1}


def test_without_even_that_it_is_refused(tmp_path: Path, markets: Markets) -> None:
    bare = written(tmp_path, {"en": "yes = Yes\n"}, markets)
    with pytest.raises(NotFoundError, match="no reply 'error'"):
        said(bare, "no", {})


def test_a_missing_value_leaves_a_gap_and_is_counted(replies: FluentReplies) -> None:
    assert said(replies, "paid", {"day": "2026-11-05"}).text == "You paid … on November 5, 2026."
    assert replies.faults == {("en", "paid"): 1}


@pytest.mark.parametrize(
    "amount", [{"minor": 12.5}, {"minor": "12"}, "much", {"minor": 1, "currency": "euro"}]
)
def test_an_amount_that_is_none_leaves_a_gap_never_a_guess(replies: FluentReplies, amount: Any) -> None:
    text = said(replies, "paid", {"amount": amount, "day": "2026-11-05"}).text
    assert text == "You paid … on November 5, 2026."
    assert replies.faults == {("en", "paid"): 1}


def test_a_date_that_is_none_leaves_a_gap(replies: FluentReplies) -> None:
    assert said(replies, "paid", {"amount": EUROS, "day": "2026-13-05"}).text == "You paid €1,234.50 on …."


def test_a_passage_is_quoted_word_for_word_with_its_link(replies: FluentReplies) -> None:
    words = "First line.\nSecond line. " + "x" * 5000
    passage = Passage("fees", "Fees", words, Language("en"), "https://bank.example/fees")
    reply = replies.render(Say("quote", quote=passage), MarketId("us"), Language("en"))
    assert reply.text == f"Fees says: “{words}”"
    assert (reply.link, reply.link_title) == ("https://bank.example/fees", "Fees")
    plain = replies.render(Say("yes", quote=passage), MarketId("us"), Language("en"))
    assert plain.text == f"Yes\n\n{words}"
    assert replies.render(Say("", quote=passage), MarketId("us"), Language("en")).text == words


@pytest.mark.parametrize(
    "link",
    [
        "http://bank.example",
        "javascript:alert(1)",
        "https://",
        "https:bank.example",
        "https://user@bank.example",
        'https://bank.example/"onclick="x',
        "https://bank.example/ x",
        "https://bank.example\n",
        "HTTPS//bank.example",
        "https://[bank",
        12,
        None,
    ],
)
def test_only_https_becomes_a_link(replies: FluentReplies, link: Any) -> None:
    assert said(replies, "yes", {"link": link}).link is None


def test_a_link_from_a_value_has_its_title(replies: FluentReplies) -> None:
    reply = said(replies, "yes", {"link": "https://bank.example/a?b=c#d", "link_title": "More"})
    assert (reply.link, reply.link_title) == ("https://bank.example/a?b=c#d", "More")


def test_what_a_customer_wrote_stays_text(replies: FluentReplies) -> None:
    hostile = "<script>{ MONEY($amount) }</script>\u202egnp.exe\x00\r\nyes = hacked { $name }"
    text = said(replies, "hello", {"name": hostile}, "gb").text
    assert text == "Good day, <script>{ MONEY($amount) }</script>gnp.exe  yes = hacked { $name }."
    assert not replies.faults


def test_a_name_from_right_to_left_does_not_turn_the_sentence(replies: FluentReplies) -> None:
    assert said(replies, "hello", {"name": "ליאור"}, "gb").text == "Good day, \u2068ליאור\u2069."


def test_a_megabyte_comes_back_as_a_line(replies: FluentReplies) -> None:
    assert len(said(replies, "hello", {"name": "x" * 1_000_000}).text) < 1100


@given(name=st.text(max_size=3000))
def test_no_name_breaks_a_reply(replies_once: FluentReplies, name: str) -> None:
    text = said(replies_once, "hello", {"name": name}, "gb").text
    assert text.startswith("Good day, ")
    assert text.endswith(".")
    assert not set(text) & set("\n\r\x00\u202e\u2066")
    assert not replies_once.faults


@pytest.fixture(scope="module")
def replies_once(tmp_path_factory: pytest.TempPathFactory, markets: Markets) -> FluentReplies:
    return written(tmp_path_factory.mktemp("pack"), TEXTS, markets)


def test_buttons_are_texts_or_words(replies: FluentReplies) -> None:
    choices = (Choice("yes", title="yes"), Choice("n", text="Nein\x00"), Choice("raw"))
    reply = replies.render(Say("yes", choices=choices), MarketId("de"), Language("de"))
    assert reply.choices == (("yes", "Ja"), ("n", "Nein"), ("raw", "raw"))


def test_a_file_that_is_not_sound_is_refused(tmp_path: Path, markets: Markets) -> None:
    with pytest.raises(DataError, match=r"en\.ftl:2: not valid Fluent"):
        written(tmp_path, {"en": "yes = Yes\nno = { oops\n"}, markets)
