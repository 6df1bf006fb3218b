"""The index: passages, their words and their vectors; a new one is made of an old one and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tradewind.assistant.knowledge.cut import cut
from tradewind.assistant.knowledge.known import KnownQuestions
from tradewind.assistant.knowledge.model import Asked, Document, Embedder, Piece
from tradewind.assistant.knowledge.vectors import VectorIndex, language_means, unit
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
        known_weight: the same for a known question that reads alike.
        pair_weight: how many points of cosine one unit of the pair head's log-odds is worth.
        weights: of the logistic regression that says from `answer.FEATURES` whether the best hit answers the
            question: bias, and one for each; empty before it was fitted.
        gate: of the one that says whether any document does.
        threshold: the least probability by `gate` at which an answer is given.
        question_means: mean vectors of questions by language.
    """

    word_weight: float = 0.5
    known_weight: float = 0.5
    pair_weight: float = 0.0
    weights: tuple[float, ...] = ()
    gate: tuple[float, ...] = ()
    threshold: float = 0.5
    question_means: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """Everything that a search needs; it never changes.

    Args:
        pieces: the passages, documents sorted by id and language.
        vectors: float32 [n, H], of length one.
        fingerprint: of the embedder.
        asked, asked_vectors: known questions, float32 [m, H] of length one.
        embedded: how many vectors were computed to make it; the others were taken over.
    """

    pieces: tuple[Piece, ...]
    vectors: Floats
    words: WordIndex
    fingerprint: str
    asked: tuple[Asked, ...]
    asked_vectors: Floats
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
    def languages(self) -> NDArray[np.str_]:
        """The language of each passage [n]."""
        return np.array([piece.language for piece in self.pieces])

    @cached_property
    def known(self) -> KnownQuestions:
        """The known questions, ready to be compared."""
        numbers = dict(zip((piece.document for piece in self.pieces), self.articles.tolist(), strict=True))
        own = language_means(self.asked_vectors, [one.language for one in self.asked])
        centred = [
            unit((vector - own[one.language])[None])[0]
            if one.language in own
            else self.meanings.centred(vector, one.language)
            for one, vector in zip(self.asked, self.asked_vectors, strict=True)
        ]
        vectors = np.stack(centred) if centred else np.zeros((0, 0), dtype=np.float32)
        return KnownQuestions(self.asked, vectors, numbers)

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


def build(
    documents: Iterable[Document],
    embedder: Embedder,
    *,
    asked: Iterable[Asked] = (),
    old: Index | None = None,
) -> Index:
    """An index over documents.

    Args:
        documents: all that shall be found.
        embedder: makes the vectors.
        asked: questions that were asked before and whose document is known.
        old: an index whose vectors are taken over for passages that read the same; its tuning stays too.

    Raises:
        DataError: two documents have the same id and language.
        InputError: there is no passage at all.
    """
    ordered = _sorted(documents)
    pieces = tuple(piece for document in ordered for piece in cut(document))
    if not pieces:
        raise InputError("the documents hold no text", hint="give at least one with a sentence in it")
    questions = tuple(dict.fromkeys((*_own_questions(ordered, pieces), *asked)))
    same = old if old is not None and old.fingerprint == embedder.fingerprint else None
    by_text: dict[str, Floats] = {}
    by_question: dict[str, Floats] = {}
    if same is not None:
        by_text = {piece.indexed: same.vectors[place] for place, piece in enumerate(same.pieces)}
        by_question = {one.text: same.asked_vectors[place] for place, one in enumerate(same.asked)}
    vectors, embedded = _vectors([piece.indexed for piece in pieces], by_text, embedder.passages)
    asked_vectors, more = _vectors([one.text for one in questions], by_question, embedder.questions)
    return Index(
        pieces,
        vectors,
        WordIndex.build([piece.indexed for piece in pieces]),
        embedder.fingerprint,
        questions,
        asked_vectors,
        tuning=Tuning() if same is None else same.tuning,
        embedded=embedded + more,
    )


def _vectors(
    texts: Sequence[str], known: Mapping[str, Floats], embed: Callable[[Sequence[str]], Floats]
) -> tuple[Floats, int]:
    """A vector for each text, [n, H], known ones taken over; and how many had to be made."""
    missing = sorted({text for text in texts if text not in known}, key=lambda text: (len(text), text))
    found = dict(known)
    for start in range(0, len(missing), EMBEDDED_AT_ONCE):
        some = missing[start : start + EMBEDDED_AT_ONCE]
        found |= zip(some, embed(some), strict=True)
    vectors = np.stack([found[text] for text in texts]) if texts else np.zeros((0, 0), dtype=np.float32)
    return vectors, len(missing)


def _own_questions(documents: Iterable[Document], pieces: Iterable[Piece]) -> Iterator[Asked]:
    """The questions that documents themselves say they answer."""
    spoken = {piece.document: piece.language for piece in pieces}
    for document in documents:
        for text in document.asked:
            language = document.language or spoken.get(document.id)
            if language is not None:
                yield Asked(text, language, document.id)


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
