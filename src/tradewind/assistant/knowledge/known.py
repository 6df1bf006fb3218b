"""Questions that were asked before and whose document is known: a memory that learns from one example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tradewind.assistant.knowledge.model import Asked
from tradewind.nlp.model import Floats

NEIGHBOURS, SHARPNESS = 7, 10.0
"""How many neighbours are asked whether there is an answer, and how much more the nearer ones count."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """What the memory says of a question.

    Args:
        documents: cosine of each document's nearest known question, float32 [documents]; one without known questions
            gets the median of all questions' cosines: it is as near as any.
        stranger: cosine of the nearest question that no document answers.
        company: of the nearest known questions the share, weighted by nearness, that no document answers.
    """

    documents: Floats
    stranger: float = 0.0
    company: float = 0.0


class KnownQuestions:
    """Known questions by the document that answers them, and those that no document answers.

    Customers ask alike: the nearest known question says more about which document is meant than the document's own
    words do, and a question among unanswerable ones is probably none for us either.

    Args:
        asked: the questions.
        centred: their vectors without the means of their languages, float32 [m, H], as `VectorIndex.centred` gives.
        numbers: a number for each document, from 0; questions about others are left out.
    """

    def __init__(self, asked: Sequence[Asked], centred: Floats, numbers: Mapping[str, int]) -> None:
        self._documents = len(numbers)
        owners = np.array(
            [self._documents if one.document is None else numbers.get(one.document, -1) for one in asked],
            dtype=np.intp,
        )
        kept = np.flatnonzero(owners >= 0)
        kept = kept[np.argsort(owners[kept], kind="stable")]
        self._vectors = centred[kept]
        if len(kept):
            self._unanswered = owners[kept] == self._documents
            self._owners, self._starts = np.unique(owners[kept], return_index=True)

    def nearest(self, centred: Floats) -> Nearest:
        """What is known of a question, by its vector [H] without the mean of its language."""
        if not len(self._vectors):
            return Nearest(np.zeros(self._documents, dtype=np.float32))
        cosines: Floats = self._vectors @ centred
        by_owner = np.full(self._documents + 1, np.nan, dtype=np.float32)
        by_owner[self._owners] = np.maximum.reduceat(cosines, self._starts)
        documents, stranger = by_owner[:-1], by_owner[-1]
        usual = float(np.median(cosines))
        near = np.argsort(-cosines, kind="stable")[:NEIGHBOURS]
        shares = np.exp(SHARPNESS * (cosines[near] - cosines[near[0]]))
        return Nearest(
            np.nan_to_num(documents, nan=usual),
            0.0 if np.isnan(stranger) else float(stranger),
            float(shares[self._unanswered[near]].sum() / shares.sum()),
        )
