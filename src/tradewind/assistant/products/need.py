"""How well products answer a need, by its words and by the encoder's vectors."""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from tradewind.nlp.model import Floats
from tradewind.packs.product_file import Category, ProductFile


class Embedder(Protocol):
    """Turns needs and products into unit vectors of one space, whatever their language."""

    def questions(self, texts: Sequence[str]) -> Floats:
        """Of needs: float32 [n, H], of length one."""
        ...

    def passages(self, texts: Sequence[str]) -> Floats:
        """Of products: float32 [n, H], of length one."""
        ...


CATEGORY_WEIGHT = 0.6
"""Of a need that names a category, how much that counts; the rest is by the words of the products themselves."""

NAMED = 10.0
"""What words of a product's own weigh; a single word of its title at most 3.7 in a catalogue of forty."""

TELLING = 5.0
"""Below this, words that a need and a product have in common are chance: "what should I choose?" tells nothing."""

WHOLE_WORD = 4
"""Up to so many letters a word is looked for at the beginning of words: `car` is not in `scare`."""

_WORD = re.compile(r"[^\W\d_]+")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")


class Needs:
    """The products' side of the comparison, prepared once. Safe to call from several threads.

    Args:
        embedder: compares meanings; words alone count when None.
    """

    def __init__(self, catalogue: ProductFile, embedder: Embedder | None = None) -> None:
        self._products = catalogue.products
        self._embedder = embedder
        self._lock = threading.Lock()
        self._vectors: Floats | None = None
        self._categories = _by_length(
            (word, category) for category, kind in catalogue.categories.items() for word in _all(kind.words)
        )
        self._named = [tuple(map(folded, _all(product.words))) for product in catalogue.products]
        texts = [[*product.title.values(), *product.description.values()] for product in catalogue.products]
        self._words = [Counter(token for text in each for token in tokens(text)) for each in texts]
        holders = Counter(token for words in self._words for token in words)
        # the usual inverse document frequency: a word that every product has tells nothing
        self._weights = {token: math.log(len(texts) / count) for token, count in holders.items()}

    def categories(self, need: str) -> frozenset[Category]:
        """The categories that a need names; the longest words first, for a credit card is no credit."""
        text, found = folded(need), set[Category]()
        for word, category in self._categories:
            if _names(text, word):
                found.add(category)
                text = text.replace(word, " ")
        return frozenset(found)

    def score(self, need: str, vector: Floats | None = None) -> dict[str, float]:
        """How well each product answers, from 0 to 1, the best near 1; all 0 where the need tells nothing.

        Args:
            need: in the words of the person.
            vector: of the need, float32 [H], in the embedder's space; made here when None.
        """
        by_words = self._by_words(need)
        if self._embedder is None or not need.strip():
            return {product.id: by_words[index] for index, product in enumerate(self._products)}
        by_meaning = self._by_meaning(need, vector)
        return {
            product.id: float((by_words[index] + by_meaning[index]) / 2)
            for index, product in enumerate(self._products)
        }

    def _by_words(self, need: str) -> list[float]:
        text, asked = folded(need), set(tokens(need))
        found = [
            sum(self._weights.get(token, 0.0) for token in asked if token in words)
            + NAMED * any(_names(text, word) for word in named)
            for words, named in zip(self._words, self._named, strict=True)
        ]
        most, named = max(found), self.categories(need)
        if not named and most < TELLING:
            return [0.0] * len(found)
        own = [each / most if most > 0 else 0.0 for each in found]
        if not named:
            return own
        return [
            CATEGORY_WEIGHT * (product.category in named) + (1 - CATEGORY_WEIGHT) * own[index]
            for index, product in enumerate(self._products)
        ]

    def _by_meaning(self, need: str, vector: Floats | None) -> Floats:
        """Cosines in the language that fits best, stretched over the catalogue: of one encoder they hardly differ."""
        assert self._embedder is not None, "only asked for with an encoder"
        vectors = self._made()
        needed = self._embedder.questions([need])[0] if vector is None else np.asarray(vector, np.float32)
        cosines: Floats = (vectors @ needed).max(axis=1)
        spread = float(cosines.max() - cosines.min())
        return (cosines - cosines.min()) / spread if spread > 0 else np.zeros_like(cosines)

    def _made(self) -> Floats:
        """float32 [products, languages, H], each language without its own mean, which says what language it is."""
        with self._lock:
            if self._vectors is None:
                assert self._embedder is not None, "only asked for with an encoder"
                languages = sorted({language for product in self._products for language in product.title})
                texts = [
                    f"{product.title.get(language, '')}. {product.description.get(language, '')}"
                    for product in self._products
                    for language in languages
                ]
                made = np.asarray(self._embedder.passages(texts), dtype=np.float32)
                made = made.reshape(len(self._products), len(languages), -1)
                made -= made.mean(axis=0, keepdims=True)
                self._vectors = made / np.maximum(np.linalg.norm(made, axis=2, keepdims=True), 1e-9)
            return self._vectors


def folded(text: str) -> str:
    """A text without case, width and the accents of Latin letters."""
    decomposed = unicodedata.normalize("NFKD", text[:2000]).casefold()
    return unicodedata.normalize("NFC", _ACCENT.sub("", decomposed))


def tokens(text: str) -> Iterator[str]:
    """The words of a text; of Chinese and Japanese every two characters that follow one another."""
    for word in _WORD.findall(folded(text)):
        rest = _UNSPACED.sub(" ", word)
        yield from (part for part in rest.split() if len(part) > 2)
        for run in _UNSPACED.findall(word):
            yield from (run[index : index + 2] for index in range(len(run) - 1))


def _all(words: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    return (word for each in words.values() for word in each)


def _by_length(words: Iterable[tuple[str, Category]]) -> tuple[tuple[str, Category], ...]:
    made = ((folded(word), category) for word, category in words)
    return tuple(sorted(made, key=lambda each: (-len(each[0]), each[0])))


def _names(text: str, word: str) -> bool:
    if _UNSPACED.search(word) or len(word) > WHOLE_WORD:
        return word in text
    return re.search(rf"\b{re.escape(word)}", text) is not None
