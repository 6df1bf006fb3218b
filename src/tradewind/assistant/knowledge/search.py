"""Finding passages: words and meaning, fused; one passage stands for each document."""

from __future__ import annotations

from typing import Literal

import numpy as np

from tradewind.assistant.knowledge.index import Index
from tradewind.assistant.knowledge.model import Hit
from tradewind.assistant.model import Language
from tradewind.core.ids import MarketId
from tradewind.nlp.model import Floats

By = Literal["all", "fused", "words", "vectors"]
"""What a search goes by: words, vectors, both, or both and the known questions."""
SAME_LANGUAGE = 0.3
"""How much of a score a passage in another language may lead by, and yet the asker's own language is quoted."""


def search(
    index: Index,
    question: str,
    vector: Floats | None,
    language: Language,
    *,
    market: MarketId | None = None,
    limit: int = 3,
    by: By = "all",
    languages: frozenset[str] | None = None,
) -> list[Hit]:
    """The best passage of each of the best documents, best first.

    The score is the cosine, plus the tuned weight times the share of the question's words, plus the tuned weight
    times the cosine of the document's nearest known question: a sum of calibrated numbers, so that words decide
    where they are shared and count for nothing between languages that share none.

    Args:
        vector: of the question, float32 [H], from the index's embedder; not needed `by` words.
        language: of the question; of a document's translations the one in it is preferred.
        market: only what holds there.
        limit: most documents.
        by: for comparison, less than all.
        languages: only passages in these.
    """
    words = cosines = known = np.zeros(len(index.pieces), dtype=np.float32)
    if by != "vectors":
        words = index.words.shares(question)
    if by != "words" and vector is not None:
        centred = index.meanings.centred(vector, language)
        cosines = index.meanings.cosines(centred)
        if by == "all":
            known = index.known.nearest(centred).documents[index.articles]
    tuning = index.tuning
    scores = cosines + np.float32(tuning.word_weight) * words + np.float32(tuning.known_weight) * known
    allowed = index.holding(market)
    if languages is not None:
        own = np.isin(index.languages, sorted(languages))
        allowed = own if allowed is None else allowed & own
    if allowed is not None:
        scores = np.where(allowed, scores, -np.inf)
    return [
        Hit(
            index.pieces[place],
            score=float(scores[place]),
            cosine=float(cosines[place]),
            words=float(words[place]),
            known=float(known[place]),
            place=place,
        )
        for place in _best(index, scores, language, limit)
    ]


def _best(index: Index, scores: Floats, language: Language, limit: int) -> list[int]:
    """Places of the best passage of each document, best first."""
    chosen: dict[int, int] = {}
    wanted = min(len(scores), limit * 8)
    while True:
        order = np.argpartition(-scores, wanted - 1)[:wanted]
        order = order[np.lexsort((order, -scores[order]))]
        for place in order.tolist():
            if scores[place] == -np.inf:
                break
            chosen.setdefault(int(index.articles[place]), place)
        if len(chosen) >= limit or wanted == len(scores):
            break
        wanted = min(len(scores), wanted * 4)
    return [_in_language(index, scores, place, language) for place in list(chosen.values())[:limit]]


def _in_language(index: Index, scores: Floats, place: int, language: Language) -> int:
    """The document's best passage in the asker's language, unless one in another language is clearly better."""
    if index.pieces[place].language == language:
        return place
    same = np.flatnonzero((index.articles == index.articles[place]) & (index.languages == language))
    if not len(same):
        return place
    best = int(same[scores[same].argmax()])
    return best if scores[best] >= scores[place] - SAME_LANGUAGE else place
