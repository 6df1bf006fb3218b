"""Answering: search, read the best passages closely, and say nothing unless it is probably right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradewind.assistant.knowledge.index import Index
from tradewind.assistant.knowledge.known import Nearest
from tradewind.assistant.knowledge.model import Embedder, Hit, Reranker
from tradewind.assistant.knowledge.search import search
from tradewind.assistant.model import Answer, Language
from tradewind.core.errors import UnavailableError
from tradewind.core.ids import MarketId
from tradewind.nlp.model import Floats

CANDIDATES = 5
FEATURES = ("cosine", "words", "known", "stranger", "company", "margin", "pair", "abroad")
"""What the probability of an answer is made of: the best passage's cosine and share of words, how near its document's
nearest known question is and the nearest that no document answers, the share of such among its nearest, its lead over
the next document, the pair head's log-odds, and whether it is in another language than the question."""


@dataclass(frozen=True)
class Found:
    """What was found for a question.

    Args:
        hits: best first.
        probability: that the first answers the question.
        answerable: the probability that any document does: what the threshold is held against.
    """

    hits: tuple[Hit, ...]
    probability: float = 0.0
    answerable: float = 0.0


def find(
    index: Index,
    question: str,
    vector: Floats,
    language: Language,
    *,
    market: MarketId | None = None,
    reranker: Reranker | None = None,
) -> Found:
    """The best passages of up to five documents, best first, and how sure the first one is."""
    hits = search(index, question, vector, language, market=market, limit=CANDIDATES)
    if not hits:
        return Found(())
    pairs = np.zeros(len(hits), dtype=np.float32)
    if reranker is not None:
        pairs = reranker.scores(question, [hit.piece.indexed for hit in hits])
    hits, pairs = reordered(hits, pairs, index.tuning.pair_weight)
    near = index.known.nearest(index.meanings.centred(vector, language))
    row, tuning = features(hits, pairs, near, language), index.tuning
    return Found(tuple(hits), probability(tuning.weights, row), probability(tuning.gate, row))


def reordered(hits: Sequence[Hit], pairs: Floats, weight: float) -> tuple[list[Hit], Floats]:
    """Hits and their log-odds by score plus weighted log-odds, best first."""
    totals = np.array([hit.score for hit in hits]) + weight * pairs
    order = np.argsort(-totals, kind="stable").tolist()
    return [hits[place] for place in order], pairs[order]


def features(hits: Sequence[Hit], pairs: Floats, near: Nearest, language: Language) -> Floats:
    """float32 [F]: `FEATURES` of the first hit."""
    first = hits[0]
    rest = max((hit.score for hit in hits[1:]), default=0.0)
    abroad = float(first.piece.language != language)
    found = (
        first.cosine,
        first.words,
        first.known,
        near.stranger,
        near.company,
        first.score - rest,
        pairs[0],
        abroad,
    )
    return np.array(found, dtype=np.float32)


def probability(weights: Sequence[float], found: Floats) -> float:
    """Of the logistic regression; without one, the cosine stretched from 0.2 … 0.6 to 0 … 1."""
    if not weights:
        return min(1.0, max(0.0, (float(found[0]) + 0.5 * float(found[1]) - 0.2) / 0.6))
    z = weights[0] + float(np.dot(weights[1:], found))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


class KnowledgeBase:
    """Answers from one index at a time; `swap` puts another in its place, between two questions.

    Args:
        index: to answer from; None answers nothing yet.
        embedder: the one that the index was made with.
        reranker: reads question and passage together; without it search alone decides.
        trusts_vectors: whether callers' vectors come from this embedder; otherwise they are not looked at.

    Raises:
        UnavailableError: the index was made with another embedder.
    """

    def __init__(
        self,
        index: Index | None,
        embedder: Embedder,
        reranker: Reranker | None = None,
        *,
        trusts_vectors: bool = False,
    ) -> None:
        self._embedder, self._reranker = embedder, reranker
        self._trusts_vectors = trusts_vectors
        self._index: Index | None = None
        if index is not None:
            self.swap(index)

    @property
    def index(self) -> Index | None:
        """The index that is asked now."""
        return self._index

    def swap(self, index: Index) -> None:
        """Answer from this index from now on; questions under way end with the one they began with."""
        if index.fingerprint != self._embedder.fingerprint:
            raise UnavailableError(
                "the index was made with another model of questions and passages",
                hint="run: tradewind knowledge index DOCUMENTS",
            )
        _ = (
            index.meanings,
            index.known,
            index.languages,
            index.markets,
            index.everywhere,
        )  # before the first question
        self._index = index

    def find(
        self, question: str, market: MarketId | None, language: Language, *, vector: Floats | None = None
    ) -> Found:
        """What is found, sure or not; nothing for a blank question or without an index."""
        index = self._index
        if index is None or not question.strip():
            return Found(())
        if vector is None or not self._trusts_vectors:
            vector = self._embedder.questions([_clean(question)])[0]
        return find(index, question, vector, language, market=market, reranker=self._reranker)

    def answer(
        self, question: str, market: MarketId, language: Language, *, vector: Floats | None = None
    ) -> Answer | None:
        """The best passage, or None where no document is sure enough to answer; see `Knowledge`."""
        index = self._index
        found = self.find(question, market, language, vector=vector)
        if index is None or not found.hits or found.answerable < index.tuning.threshold:
            return None
        return Answer(found.hits[0].piece.passage, found.probability)


def _clean(text: str) -> str:
    """Without halves of surrogate pairs, which no encoder reads."""
    return text.encode("utf-8", "replace").decode("utf-8")
