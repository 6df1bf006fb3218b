"""Trying an index with questions whose article is known: recall, reciprocal rank, and when it keeps silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tradewind.assistant.knowledge.answer import find
from tradewind.assistant.knowledge.index import Index
from tradewind.assistant.knowledge.model import Asked, Embedder, Reranker
from tradewind.assistant.knowledge.search import By, search
from tradewind.nlp.model import Floats

Scope = Literal["same", "cross", "all"]
"""Where a question looks: in its own language's passages; in each other language's alone; in all together."""
SCOPES: tuple[Scope, ...] = ("same", "cross", "all")
RANKED = 200


@dataclass(frozen=True)
class Ranking:
    """How well documents were found; `questions` counts each question once for each set of passages."""

    recall_at_1: float
    recall_at_3: float
    recall_at_5: float
    mrr: float
    questions: int


@dataclass(frozen=True)
class Abstention:
    """When an answer is given.

    Args:
        answered: share of the answerable questions that get an answer.
        right: share of the answers to answerable questions that quote the right document.
        abstained: share of the unanswerable questions that get none.
    """

    answered: float
    right: float
    abstained: float
    answerable: int
    unanswerable: int


def rank(
    index: Index,
    asked: Sequence[Asked],
    vectors: Floats,
    scope: Scope,
    by: By = "all",
    *,
    limit: int = RANKED,
) -> Ranking:
    """How well the questions that have an answer find it.

    Args:
        vectors: of the questions, float32 [n, H].
        limit: documents that are looked at; what is found behind them counts as not found.
    """
    spoken = sorted({piece.language for piece in index.pieces})
    places: list[int | None] = []
    for question, vector in zip(asked, vectors, strict=True):
        if question.document is None:
            continue
        for languages in _corpora(question.language, spoken, scope):
            hits = search(
                index, question.text, vector, question.language, limit=limit, by=by, languages=languages
            )
            found = [hit.piece.document for hit in hits]
            places.append(found.index(question.document) + 1 if question.document in found else None)
    return ranking(places)


def ranking(places: Sequence[int | None]) -> Ranking:
    """Figures from the places (from 1) at which the right documents were found; None for not at all."""
    if not places:
        return Ranking(0.0, 0.0, 0.0, 0.0, 0)
    found = np.array([np.inf if place is None else place for place in places])
    return Ranking(
        float((found <= 1).mean()),
        float((found <= 3).mean()),
        float((found <= 5).mean()),
        float((1 / found).mean()),
        len(found),
    )


def abstention(
    index: Index, asked: Sequence[Asked], vectors: Floats, reranker: Reranker | None = None
) -> Abstention:
    """Which questions are answered, from all passages together."""
    outcomes = []
    for question, vector in zip(asked, vectors, strict=True):
        found = find(index, question.text, vector, question.language, reranker=reranker)
        says = bool(found.hits) and found.answerable >= index.tuning.threshold
        right = bool(found.hits) and found.hits[0].piece.document == question.document
        outcomes.append((question.document is not None, says, right))
    answerable = [(says, right) for has, says, right in outcomes if has]
    unanswerable = [says for has, says, _ in outcomes if not has]
    given = [right for says, right in answerable if says]
    return Abstention(
        _share([says for says, _ in answerable]),
        _share(given),
        _share([not says for says in unanswerable]),
        len(answerable),
        len(unanswerable),
    )


def try_out(
    index: Index, asked: Sequence[Asked], embedder: Embedder, reranker: Reranker | None = None
) -> Mapping[str, object]:
    """Every figure: rankings by scope and by what is searched, overall and by language of the question, abstention."""
    vectors = embedder.questions([question.text for question in asked])
    bys: tuple[By, ...] = ("all", "fused", "words", "vectors")
    languages = sorted({question.language for question in asked})
    own = {
        language: [place for place, question in enumerate(asked) if question.language == language]
        for language in languages
    }
    return {
        "rankings": {scope: {by: rank(index, asked, vectors, scope, by) for by in bys} for scope in SCOPES},
        "languages": {
            language: {
                scope: rank(index, [asked[p] for p in places], vectors[places], scope) for scope in SCOPES
            }
            for language, places in own.items()
        },
        "abstention": abstention(index, asked, vectors, reranker),
        "abstention_by_language": {
            language: abstention(index, [asked[p] for p in places], vectors[places], reranker)
            for language, places in own.items()
        },
    }


def _corpora(language: str, spoken: Sequence[str], scope: Scope) -> list[frozenset[str] | None]:
    if scope == "all":
        return [None]
    if scope == "same":
        return [frozenset({language})]
    return [frozenset({other}) for other in spoken if other != language]


def _share(of: Sequence[bool]) -> float:
    return sum(of) / len(of) if of else 0.0
