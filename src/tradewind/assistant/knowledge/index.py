"""The index: passages, their words and their vectors; a new one is made of an old one and what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradewind.assistant.knowledge.cut import cut
from tradewind.assistant.knowledge.model import Document, Embedder, Piece
from tradewind.assistant.knowledge.vectors import VectorIndex
from tradewind.assistant.knowledge.words import WordIndex
from tradewind.core.errors import DataError, InputError
from tradewind.core.ids import MarketId
from tradewind.nlp.model import Floats

EMBEDDED_AT_ONCE = 256
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tuning:
    """What was fitted on development questions.

    Args:
        word_weight: how many points of cosine a full cover of the question's words is worth.
        weights: of the logistic regression that turns what is known of the best hit into a probability: bias, and
            one for each of `answer.FEATURES`; empty before it was fitted.
        pair_weight: how many points of cosine one unit of the pair head's log-odds is worth.
        threshold: the least probability of an answer.
        question_means: mean vectors of questions by language.
    """

    word_weight: float = 0.5
    pair_weight: float = 0.0
    weights: tuple[float, ...] = ()
    threshold: float = 0.5
    question_means: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """Everything that a search needs; it never changes.

    Args:
        pieces: the passages, documents sorted by id and language.
        vectors: float32 [n, H], of length one.
        fingerprint: of the embedder.
        embedded: how many vectors were computed to make it; the others were taken over.
    """

    pieces: tuple[Piece, ...]
    vectors: Floats
    words: WordIndex
    fingerprint: str
    tuning: Tuning = Tuning()
    embedded: int = 0

    @cached_property
    def meanings(self) -> VectorIndex:
        """The vectors, ready to be compared."""
        languages = [piece.language for piece in self.pieces]
        return VectorIndex(self.vectors, languages, self.tuning.question_means)

    @cached_property
    def articles(self) -> NDArray[np.intp]:
        """int [n]: passages of one document, in whatever language, have the same number."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(piece.document, len(numbers)) for piece in self.pieces])

    @cached_property
    def markets(self) -> Mapping[MarketId, Mask]:
        """For each market that a document names: which passages hold there (bool [n])."""
        named = {market for piece in self.pieces for market in piece.markets}
        return {market: np.array([self._holds(piece, market) for piece in self.pieces]) for market in named}

    @cached_property
    def everywhere(self) -> Mask:
        """bool [n]: which passages hold in every market."""
        return np.array([not piece.markets for piece in self.pieces])

    def holding(self, market: MarketId | None) -> Mask | None:
        """bool [n]: which passages hold in a market; None where all do."""
        if market is None or not self.markets:
            return None
        return self.markets.get(market, self.everywhere)

    def tuned(self, tuning: Tuning) -> Index:
        """The same passages under another tuning."""
        return replace(self, tuning=tuning)

    @staticmethod
    def _holds(piece: Piece, market: MarketId) -> bool:
        return not piece.markets or market in piece.markets


def build(documents: Iterable[Document], embedder: Embedder, *, old: Index | None = None) -> Index:
    """An index over documents.

    Args:
        documents: all that shall be found.
        embedder: makes the vectors.
        old: an index whose vectors are taken over for passages that read the same; its tuning stays too.

    Raises:
        DataError: two documents have the same id and language.
        InputError: there is no passage at all.
    """
    pieces = tuple(piece for document in _sorted(documents) for piece in cut(document))
    if not pieces:
        raise InputError("the documents hold no text", hint="give at least one with a sentence in it")
    known: dict[str, Floats] = {}
    if old is not None and old.fingerprint == embedder.fingerprint:
        known = {piece.key: old.vectors[place] for place, piece in enumerate(old.pieces)}
    missing = {piece.key: piece.indexed for piece in pieces if piece.key not in known}
    known |= _embedded(missing, embedder)
    vectors = np.stack([known[piece.key] for piece in pieces])
    words = WordIndex.build([piece.indexed for piece in pieces])
    tuning = old.tuning if old is not None and old.fingerprint == embedder.fingerprint else Tuning()
    return Index(pieces, vectors, words, embedder.fingerprint, tuning, embedded=len(missing))


def _embedded(texts: Mapping[str, str], embedder: Embedder) -> dict[str, Floats]:
    keys = sorted(texts, key=lambda key: len(texts[key]))
    found: dict[str, Floats] = {}
    for start in range(0, len(keys), EMBEDDED_AT_ONCE):
        some = keys[start : start + EMBEDDED_AT_ONCE]
        found |= zip(some, embedder.passages([texts[key] for key in some]), strict=True)
    return found


def _sorted(documents: Iterable[Document]) -> Sequence[Document]:
    by_place: dict[tuple[str, str], Document] = {}
    for document in documents:
        place = (document.id, document.language or "")
        twin = by_place.setdefault(place, document)
        if twin is not document:
            raise DataError(
                f"document {document.id!r} is there already: {twin.file}",
                file=document.file,
                hint="give one of them another id or language",
            )
    return [by_place[place] for place in sorted(by_place)]
