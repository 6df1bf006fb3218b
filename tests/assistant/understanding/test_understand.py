"""What is made of a model's predictions: one call, several intents, language, phrases, entities, feelings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tradewind.assistant.model import Language, Understanding
from tradewind.assistant.understanding import ModelUnderstander
from tradewind.assistant.understanding.clauses import clauses
from tradewind.assistant.understanding.language import language_of
from tradewind.assistant.understanding.phrases import phrase_intent
from tradewind.core.errors import ConfigError, NotFoundError
from tradewind.core.ids import MarketId
from tradewind.markets import load_markets
from tradewind.nlp.model import Floats, HeadPrediction, Prediction, Span
from tradewind.packs import load

MARKETS = load_markets(None)
PACK = load("finance")
US = MarketId("us")


class Noon:
    """A clock that stands at noon of Wednesday, 25 November 2026."""

    def now(self) -> datetime:
        return datetime(2026, 11, 25, 17, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


class Reader:
    """Says of a text what the longest of the given words in it stands for; counts its calls."""

    def __init__(
        self, meanings: Mapping[str, tuple[str, float]], spans: Mapping[str, str] | None = None
    ) -> None:
        self.meanings = meanings
        self.spans = spans or {}
        self.calls = 0

    def read(self, texts: Sequence[str]) -> tuple[list[Prediction], Floats]:
        self.calls += 1
        return [self._predicted(text) for text in texts], np.ones((len(texts), 4), dtype=np.float32)

    def _predicted(self, text: str) -> Prediction:
        known = [word for word in self.meanings if word in text]
        label, probability = self.meanings[known[0]] if known else ("fee_question", 0.2)
        found = tuple(
            Span(kind, text.index(word), text.index(word) + len(word), 0.9)
            for word, kind in self.spans.items()
            if word in text
        )
        heads = (
            HeadPrediction("intent", "classify", label, probability, bool(known), scope_score=0.1),
            HeadPrediction("entities", "tag", spans=found),
            HeadPrediction(
                "sentiment",
                "classify",
                "negative",
                0.7,
                scores={"negative": 0.7, "neutral": 0.2, "positive": 0.1},
            ),
            HeadPrediction("urgency", "multilabel", scores={"urgent": 0.4}),
        )
        return Prediction(heads, tokens=5)


def understood(
    text: str,
    meanings: Mapping[str, tuple[str, float]],
    spans: Mapping[str, str] | None = None,
    market: str = "us",
) -> Understanding:
    reader = Reader(meanings, spans)
    (found,) = ModelUnderstander(reader, PACK, MARKETS, Noon()).understand([text], MarketId(market))
    assert reader.calls == 1
    return found


def names(found: Understanding) -> list[str]:
    return [intent.name for intent in found.intents]


def test_one_call_reads_all_messages_with_their_clauses() -> None:
    reader = Reader({"card": ("card_lost", 0.9), "balance": ("balance_check", 0.8)})
    texts = ["I lost my card and I want to know my balance", "what is my balance", "  "]
    found = ModelUnderstander(reader, PACK, MARKETS, Noon()).understand(texts, US)
    assert reader.calls == 1
    assert [names(each) for each in found] == [["card_lost", "balance_check"], ["balance_check"], []]
    assert not found[2].in_scope


def test_several_wishes_keep_the_order_of_the_text() -> None:
    found = understood(
        "What is my balance? And I lost my card",
        {"card": ("card_lost", 0.99), "balance": ("balance_check", 0.6)},
    )
    assert names(found) == ["balance_check", "card_lost"]


def test_clauses_that_agree_are_one_intent() -> None:
    found = understood("I lost my card. My card is gone since yesterday!", {"card": ("card_lost", 0.9)})
    assert names(found) == ["card_lost"]


def test_an_unsure_clause_does_not_count_beside_the_whole() -> None:
    found = understood(
        "I lost my card and then there was something",
        {"card": ("card_lost", 0.9), "something": ("fee_dispute", 0.3)},
    )
    assert names(found) == ["card_lost"]


def test_a_greeting_before_a_request_is_not_asked_for() -> None:
    found = understood(
        "Good morning to you. What is my balance?",
        {"Good morning": ("greet", 0.9), "balance": ("balance_check", 0.8)},
    )
    assert names(found) == ["balance_check"]


def test_out_of_scope_has_no_intent() -> None:
    found = understood("can you order me a pizza", {})
    assert (found.intents, found.in_scope, found.confidence) == ((), False, 0.0)


def test_a_person_is_asked_for_under_the_name_that_every_conversation_knows() -> None:
    assert names(understood("put me through to somebody", {"somebody": ("human_agent", 0.9)})) == ["human"]


@pytest.mark.parametrize(
    ("market", "text", "intent"),
    [
        ("de", "Nein, danke!", "deny"),
        ("es", "Sí, por favor", "affirm"),
        ("jp", "はい", "affirm"),
        ("cn", "算了", "cancel"),
        ("us", "why?", "why"),
        ("jp", "オペレーターにつないで", "human"),
    ],
)
def test_a_whole_message_that_means_one_thing_needs_no_model(market: str, text: str, intent: str) -> None:
    assert names(understood(text, {}, market=market)) == [intent]


def test_words_that_mean_different_things_in_two_languages_mean_their_own() -> None:
    assert phrase_intent("nein, die andere Karte", "de") is None
    assert phrase_intent("YES!", "ja") == "affirm"


def test_entities_have_values_and_names_come_from_the_model() -> None:
    found = understood(
        "  Send $50 to Anna next Tuesday",
        {"Send": ("transfer_make", 0.9)},
        {"Anna": "person", "$50": "product"},
    )
    assert [(each.type, each.text, each.value) for each in found.entities] == [
        ("amount", "$50", {"minor": 5000, "currency": "USD"}),
        ("person", "Anna", "Anna"),
        ("date", "next Tuesday", "2026-12-01"),
    ]
    assert [(each.start, each.end) for each in found.entities][1] == (14, 18)


def test_feelings_are_on_one_scale() -> None:
    found = understood("this is slow", {"slow": ("complaint", 0.9)})
    assert (found.sentiment, found.urgency) == (-0.6, 0.4)


def test_a_megabyte_is_read_in_part() -> None:
    reader = Reader({"card": ("card_lost", 0.9)})
    (found,) = ModelUnderstander(reader, PACK, MARKETS, Noon()).understand(["card " * 200_000], US)
    assert names(found) == ["card_lost"]


@pytest.mark.parametrize(
    ("text", "known", "market", "language"),
    [
        ("ok", "ja", "us", "ja"),
        ("wie hoch ist mein Kontostand", "zh", "cn", "de"),
        ("残高照会", None, "jp", "ja"),
        ("残高照会", None, "cn", "zh"),
        ("Danke", None, "us", "de"),
        ("hola", "de", "de", "es"),
        ("no", "es", "us", "es"),
        ("what is my balance", "zh", "cn", "en"),
        ("¿cuánto cuesta?", None, "de", "es"),
        ("12345", None, "jp", "ja"),
    ],
)
def test_the_language_is_the_messages_own_and_else_what_is_known(
    text: str, known: str | None, market: str, language: str
) -> None:
    languages = MARKETS.get(MarketId(market)).languages
    assert language_of(text, Language(known) if known else None, languages) == language


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I lost my card and I want to know my balance", 2),
        ("我的卡丢了，另外帮我查一下余额", 2),
        ("Ich habe meine Karte verloren und möchte meinen Kontostand wissen", 2),
        ("He perdido mi tarjeta y quiero saber mi saldo", 2),
        ("カードをなくしました。あと残高も知りたいです", 2),
        ("fish and chips", 1),
        ("a. b. c. d. e. f.", 1),
    ],
)
def test_messages_are_split_where_another_matter_begins(text: str, count: int) -> None:
    assert len(clauses(text)) == count


def test_a_model_without_intents_is_refused() -> None:
    class Tagger(Reader):
        def _predicted(self, text: str) -> Prediction:
            return Prediction((HeadPrediction("names", "tag"),), tokens=3)

    with pytest.raises(ConfigError, match=r"no head 'intent'.*tradewind assistant train"):
        ModelUnderstander(Tagger({}), PACK, MARKETS, Noon()).understand(["hello there"], US)


def test_an_unknown_market_is_refused() -> None:
    with pytest.raises(NotFoundError):
        ModelUnderstander(Reader({}), PACK, MARKETS, Noon()).understand(["hello"], MarketId("xx"))


def test_fresh_messages_are_in_five_languages_and_were_never_taught(tmp_path: Path) -> None:
    fresh = PACK.fresh()
    assert set(fresh) == {"de", "en", "es", "ja", "zh"}
    assert all(len(messages) == 60 for messages in fresh.values())
    taught = {example.text for example in PACK.examples()}
    assert not taught & {example.text for messages in fresh.values() for example in messages}
