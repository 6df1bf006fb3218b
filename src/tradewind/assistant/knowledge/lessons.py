"""What the models of knowledge learn from: a pack's articles, and questions whose article is known."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from tradewind.assistant.knowledge.embed import PASSAGE, QUESTION
from tradewind.assistant.knowledge.index import Index
from tradewind.assistant.knowledge.model import Asked, Piece
from tradewind.assistant.knowledge.search import search
from tradewind.nlp.data import Example
from tradewind.nlp.model import Floats

LANGUAGES_EACH = 3
"""In how many languages a question meets its article: its own, and others by lot."""
TITLES_EACH = 3
ANSWERS, DOES_NOT = "answers", "does not"
"""Labels of the pair head."""
HARD, EASY = 4, 1
"""Passages of other articles to a question: those that a search takes for best, and some by lot."""


def embed_lessons(index: Index, asked: Sequence[Asked], vectors: Floats, *, seed: int = 0) -> list[Example]:
    """Pairs that shall lie close together, whatever their languages.

    Questions with the passage of their article that a search finds best, in their own language and in others; titles
    and headings with passages below them in other languages; and titles with their translations.

    Args:
        index: over the articles.
        asked: questions to learn from.
        vectors: of the questions, by the index's embedder.
    """
    lot = random.Random(seed)
    by_article = _by_article(index)
    lessons: list[Example] = []
    for question, vector in zip(asked, vectors, strict=True):
        if question.document is None:
            continue
        languages = sorted(by_article[question.document])
        others = [language for language in languages if language != question.language]
        chosen = [question.language, *lot.sample(others, min(len(others), LANGUAGES_EACH - 1))]
        for language in chosen:
            if piece := _best_piece(index, question, vector, language):
                lessons.append(_pair(QUESTION + question.text, PASSAGE + piece.indexed))
    for translations in by_article.values():
        lessons += _of_article(translations, lot)
    lot.shuffle(lessons)
    return lessons


def pair_lessons(index: Index, asked: Sequence[Asked], vectors: Floats, *, seed: int = 0) -> list[Example]:
    """Questions beside passages that answer them and passages that do not, most of these hard to tell."""
    lot = random.Random(seed)
    by_article = _by_article(index)
    lessons: list[Example] = []
    for question, vector in zip(asked, vectors, strict=True):
        hits = search(index, question.text, vector, question.language, limit=HARD + 2)
        wrong = [hit.piece for hit in hits if hit.piece.document != question.document][:HARD]
        wrong += [lot.choice(index.pieces) for _ in range(EASY)]
        lessons += [
            _judged(question, piece, DOES_NOT) for piece in wrong if piece.document != question.document
        ]
        if question.document is not None:
            languages = sorted(by_article[question.document])
            others = [language for language in languages if language != question.language]
            chosen = [question.language, *lot.sample(others, min(len(others), LANGUAGES_EACH - 1))]
            for language in chosen:
                if piece := _best_piece(index, question, vector, language):
                    lessons.append(_judged(question, piece, ANSWERS))
    lot.shuffle(lessons)
    return lessons


def _by_article(index: Index) -> Mapping[str, Mapping[str, list[Piece]]]:
    found: dict[str, dict[str, list[Piece]]] = defaultdict(lambda: defaultdict(list))
    for piece in index.pieces:
        found[piece.document][piece.language].append(piece)
    return found


def _best_piece(index: Index, question: Asked, vector: Floats, language: str) -> Piece | None:
    """Of the question's article in a language, the passage that a search finds best."""
    places = [
        place
        for place, piece in enumerate(index.pieces)
        if piece.document == question.document and piece.language == language
    ]
    if not places:
        return None
    cosines = index.meanings.cosines(index.meanings.centred(vector, question.language))
    return index.pieces[max(places, key=lambda place: float(cosines[place]))]


def _of_article(translations: Mapping[str, Sequence[Piece]], lot: random.Random) -> list[Example]:
    languages = sorted(translations)
    lessons = []
    for language in languages:
        title = translations[language][0].title
        for other in lot.sample(languages, min(TITLES_EACH, len(languages))):
            piece = lot.choice(translations[other])
            lead = " ".join(dict.fromkeys((title, *_heading_in(translations[language], piece))))
            lessons.append(_pair(QUESTION + lead, PASSAGE + piece.quote))
            if other != language:
                lessons.append(_pair(QUESTION + title, QUESTION + translations[other][0].title))
    return lessons


def _heading_in(pieces: Sequence[Piece], other: Piece) -> tuple[str, ...]:
    """The headings of a passage where it is of these passages."""
    return other.headings if any(piece is other for piece in pieces) else ()


def _pair(text: str, other: str) -> Example:
    return Example(text, text_b=other)


def _judged(question: Asked, piece: Piece, label: str) -> Example:
    return Example(question.text, label=label, text_b=piece.indexed, lang=question.language)
