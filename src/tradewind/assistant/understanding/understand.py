"""Reads messages with a model: language, intents, entities with values, sentiment and urgency, in one pass.

A message of several clauses is read whole and clause by clause in the same call of the engine: "I lost my card and
what is my balance" asks for two things, which the whole alone would blur.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from tradewind.assistant.model import Entity, Intent, Language, Understanding
from tradewind.assistant.understanding.clauses import clauses
from tradewind.assistant.understanding.language import language_of
from tradewind.assistant.understanding.phrases import phrase_intent
from tradewind.assistant.understanding.values import find_values
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConfigError
from tradewind.core.ids import MarketId
from tradewind.markets import Market, Markets
from tradewind.markets.formats import local_time
from tradewind.nlp.model import Floats, HeadPrediction, Prediction
from tradewind.packs import URGENT, Pack

INTENT, ENTITIES, SENTIMENT, URGENCY = "intent", "entities", "sentiment", "urgency"
"""The model's heads; all but the first may be missing."""

LONGEST = 4_000
"""Characters of a message that are read: what a customer wants stands in the first pages of a megabyte."""

SURE = 0.5
"""Least probability of a clause's own intent to count beside another's."""

PHRASE_PROBABILITY = 0.99
LEAST_SPAN = 0.5
"""Least probability of a name, shop or product that the model marks."""


class Reader(Protocol):
    """What is needed of an engine."""

    def read(self, texts: Sequence[str]) -> tuple[list[Prediction], Floats]:
        """Predictions and vectors [n, H], in order."""
        ...


class ModelUnderstander:
    """Understands with a model that was taught a pack. Safe to call from several threads if its reader is.

    Args:
        reader: an engine whose model has a head `intent`, and may have `entities`, `sentiment` and `urgency`.
        pack: what the intents are; which of them stand for one of any conversation.
        markets: where customers are.
        clock: says what day it is.
    """

    def __init__(self, reader: Reader, pack: Pack, markets: Markets, clock: Clock = SYSTEM_CLOCK) -> None:
        self._reader = reader
        self._markets = markets
        self._clock = clock
        self._spoken = {intent.name for intent in pack.dialogue_intents}
        self._names = {
            intent.same_as: intent.name for intent in pack.dialogue_intents if intent.same_as is not None
        }

    def understand(
        self, texts: Sequence[str], market: MarketId, *, languages: Sequence[Language | None] = ()
    ) -> list[Understanding]:
        """One understanding a text, in order; a text without any letter is out of scope.

        Raises:
            NotFoundError: there is no such market.
            ConfigError: the model has no head `intent`.
        """
        place = self._markets.get(market)
        today = local_time(place, self._clock.now()).date()
        known = [*languages, *([None] * (len(texts) - len(languages)))]
        read = [text[:LONGEST].strip() for text in texts]
        looks = [(text, *(parts if len(parts := clauses(text)) > 1 else ())) if text else () for text in read]
        flat = [look for own in looks for look in own]
        predictions, vectors = self._reader.read(flat) if flat else ([], None)
        understood = []
        first = 0
        for text, own, language in zip(texts, looks, known, strict=True):
            spoken = language_of(text[:LONGEST], language, place.languages)
            if not own or vectors is None:
                understood.append(Understanding(spoken, (), in_scope=False, scope_score=1.0))
                continue
            seen = predictions[first : first + len(own)]
            understood.append(self._understood(text, spoken, own, seen, vectors[first], place, today))
            first += len(own)
        return understood

    def _understood(
        self,
        text: str,
        language: Language,
        looks: Sequence[str],
        seen: Sequence[Prediction],
        vector: Floats,
        market: Market,
        today: date,
    ) -> Understanding:
        whole = _by_name(seen[0])
        parts = [_by_name(prediction)[INTENT] for prediction in seen[1:]]
        intents = self._intents(whole[INTENT], parts)
        phrase = phrase_intent(looks[0], language)
        if phrase is not None and phrase in self._spoken:
            intents = (Intent(phrase, PHRASE_PROBABILITY),)
        return Understanding(
            language=language,
            intents=intents,
            in_scope=bool(intents),
            scope_score=whole[INTENT].scope_score or 0.0,
            entities=tuple(_entities(text[:LONGEST], language, whole.get(ENTITIES), market, today)),
            sentiment=_sentiment(whole.get(SENTIMENT)),
            urgency=_urgency(whole.get(URGENCY)),
            vector=vector,
        )

    def _intents(self, whole: HeadPrediction, parts: Sequence[HeadPrediction]) -> tuple[Intent, ...]:
        """What is asked for: the whole message's intent, or those of its clauses in their order, if sure of several.

        A greeting or thanks before a request is not asked for; a clause in scope speaks for a message that is not.
        """
        sure: dict[str, float] = {}
        for part in parts:
            name = self._named(part.label or "")
            probability = part.probability or 0.0
            if part.in_scope and probability >= SURE and name not in self._spoken:
                sure[name] = max(probability, sure.get(name, 0.0))
        own = Intent(self._named(whole.label or ""), whole.probability or 0.0)
        if len(sure) > 1 or (sure and (not whole.in_scope or own.name in self._spoken)):
            return tuple(Intent(name, probability) for name, probability in sure.items())
        return (own,) if whole.in_scope else ()

    def _named(self, label: str) -> str:
        return self._names.get(label, label)


def _by_name(prediction: Prediction) -> Mapping[str, HeadPrediction]:
    heads = {head.head: head for head in prediction.heads}
    if INTENT not in heads:
        raise ConfigError(
            f"the model has no head {INTENT!r}, only {', '.join(heads)}",
            hint="train it with: tradewind assistant train PACK",
        )
    return heads


def _entities(
    text: str, language: Language, head: HeadPrediction | None, market: Market, today: date
) -> Iterator[Entity]:
    """What rules find, and between it what the model marks; in the order of the text."""
    ruled = find_values(text, market, language, today)
    lead = len(text) - len(text.lstrip())
    marked = []
    for span in head.spans if head is not None else ():
        start, end = span.start + lead, span.end + lead
        free = all(end <= other.start or start >= other.end for other in ruled)
        if free and span.score >= LEAST_SPAN:
            marked.append(
                Entity(span.type, text[start:end], start, end, text[start:end], round(span.score, 3))
            )
    yield from sorted([*ruled, *marked], key=lambda entity: entity.start)


def _sentiment(head: HeadPrediction | None) -> float:
    if head is None:
        return 0.0
    return round(head.scores.get("positive", 0.0) - head.scores.get("negative", 0.0), 3)


def _urgency(head: HeadPrediction | None) -> float:
    return 0.0 if head is None else round(head.scores.get(URGENT, 0.0), 3)
