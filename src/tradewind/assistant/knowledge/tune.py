"""Fitting what a search weighs, and when it answers, on development questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tradewind.assistant.knowledge.answer import CANDIDATES, features, probability, reordered
from tradewind.assistant.knowledge.index import Index, Tuning
from tradewind.assistant.knowledge.model import Asked, Embedder, Hit, Reranker
from tradewind.assistant.knowledge.search import search
from tradewind.assistant.knowledge.trial import rank
from tradewind.assistant.knowledge.vectors import language_means
from tradewind.core.errors import InputError
from tradewind.nlp.model import Floats

WORD_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8)
KNOWN_WEIGHTS = (0.0, 0.3, 0.5, 0.7, 1.0, 1.4)
PAIR_WEIGHTS = (0.0, 0.01, 0.02, 0.04, 0.06, 0.1, 0.15)
ANSWERED = 0.93
"""Share of the answerable development questions that are answered at the threshold, right or not."""
FEWEST = 20
LOOKED_AT = 10
RIDGE = 0.1
ROUNDS = 50


def tune(
    index: Index, asked: Sequence[Asked], embedder: Embedder, reranker: Reranker | None = None
) -> Tuning:
    """A tuning for an index, fitted on questions of which some have no answer.

    The weights of words, known questions and pair head are those with the best reciprocal rank. Two logistic
    regressions on `answer.FEATURES` of the first hit say whether it was right, and whether any document would be;
    the threshold on the second lets 93 % of the answerable questions through.

    Raises:
        InputError: there are too few questions, or none without an answer.
    """
    answerable = sum(question.document is not None for question in asked)
    if answerable < FEWEST or len(asked) - answerable < FEWEST // 2:
        raise InputError(
            f"{answerable} questions with an answer and {len(asked) - answerable} without are too few to tune on",
            hint=f"at least {FEWEST} and {FEWEST // 2}",
        )
    vectors = embedder.questions([question.text for question in asked])
    means = language_means(vectors, [question.language for question in asked])
    tuning = Tuning(question_means=means)
    tuning = _search_weights(index, tuning, asked, vectors)
    index = index.tuned(tuning)
    found = [
        search(index, question.text, vector, question.language, limit=CANDIDATES)
        for question, vector in zip(asked, vectors, strict=True)
    ]
    pairs = [_pairs(question, hits, reranker) for question, hits in zip(asked, found, strict=True)]
    weight = 0.0 if reranker is None else _pair_weight(asked, found, pairs)
    rows, right = [], []
    for question, vector, hits, odds in zip(asked, vectors, found, pairs, strict=True):
        best, its = reordered(hits, odds, weight)
        near = index.known.nearest(index.meanings.centred(vector, question.language))
        rows.append(features(best, its, near, question.language))
        right.append(best[0].piece.document == question.document)
    has = [question.document is not None for question in asked]
    weights = logistic(np.stack(rows), np.array(right, dtype=np.float32))
    gate = logistic(np.stack(rows), np.array(has, dtype=np.float32))
    sure = [probability(gate, row) for row, answerable in zip(rows, has, strict=True) if answerable]
    threshold = float(np.quantile(sure, 1 - ANSWERED))
    return replace(tuning, pair_weight=weight, weights=weights, gate=gate, threshold=threshold)


def logistic(rows: Floats, targets: Floats) -> tuple[float, ...]:
    """Bias and weights of a ridge logistic regression by Newton's method (McCullagh and Nelder 1989).

    Args:
        rows: float32 [n, F].
        targets: 0 or 1 [n].
    """
    spread = np.maximum(rows.std(0), 1e-6).astype(np.float64)
    design = np.hstack([np.ones((len(rows), 1)), rows / spread])
    penalty = RIDGE * np.eye(design.shape[1])
    penalty[0, 0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (chances - targets) + penalty @ weights
        curve = (
            (design * (chances * (1 - chances))[:, None]).T @ design + penalty + 1e-9 * np.eye(len(weights))
        )
        step = np.linalg.solve(curve, slope)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return (float(weights[0]), *(float(weight) for weight in weights[1:] / spread))


def _search_weights(index: Index, tuning: Tuning, asked: Sequence[Asked], vectors: Floats) -> Tuning:
    """The weights with the best mean reciprocal rank in the asker's own language and in all together.

    One after the other: the known questions' first, then the words'.
    """

    def score(tried: Tuning) -> float:
        return sum(
            rank(index.tuned(tried), asked, vectors, scope, limit=LOOKED_AT).mrr for scope in ("same", "all")
        )

    known = [replace(tuning, known_weight=weight, word_weight=0.2) for weight in KNOWN_WEIGHTS]
    best = max(known, key=score)
    return max((replace(best, word_weight=weight) for weight in WORD_WEIGHTS), key=score)


def _pairs(question: Asked, hits: Sequence[Hit], reranker: Reranker | None) -> Floats:
    if reranker is None or not hits:
        return np.zeros(len(hits), dtype=np.float32)
    return reranker.scores(question.text, [hit.piece.indexed for hit in hits])


def _pair_weight(asked: Sequence[Asked], found: Sequence[Sequence[Hit]], pairs: Sequence[Floats]) -> float:
    def score(weight: float) -> float:
        total = 0.0
        for question, hits, odds in zip(asked, found, pairs, strict=True):
            documents = [hit.piece.document for hit in reordered(hits, odds, weight)[0]]
            if question.document in documents:
                total += 1 / (documents.index(question.document) + 1)
        return total

    return max(PAIR_WEIGHTS, key=score)
