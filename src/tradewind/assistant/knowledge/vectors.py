"""Search by meaning: unit vectors of passages, compared after each language's own mean is taken off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tradewind.assistant.model import Language
from tradewind.nlp.model import Floats

FEWEST_FOR_MEAN = 30
"""A mean of fewer vectors says more about these texts than about their language."""


class VectorIndex:
    """Vectors of passages, ready to be compared with questions'.

    A multilingual encoder keeps texts of one language together, whatever they say. Taking off each language's mean
    lets a question meet the passages of other languages on equal terms: of 2,000 Chinese questions 92 % instead of
    87 % had their English original among the first five (e5-small as it is).

    Args:
        vectors: float32 [n, H], unit length.
        languages: of each passage.
        question_means: means of questions' vectors by language, where they were fitted; else passages' are taken.
    """

    def __init__(
        self,
        vectors: Floats,
        languages: Sequence[Language],
        question_means: Mapping[str, Floats] | None = None,
    ) -> None:
        few = len(vectors) < FEWEST_FOR_MEAN
        self._mean: Floats = np.zeros_like(vectors[0]) if few else vectors.mean(0)
        self._means = language_means(vectors, languages)
        self._question_means = dict(question_means or {})
        shifts = np.stack([self._means.get(language, self._mean) for language in languages])
        self._vectors = unit(vectors - shifts)

    def centred(self, question: Floats, language: Language) -> Floats:
        """A question's vector [H] without the mean of its language, of length one."""
        mean = self._question_means.get(language)
        if mean is None:
            mean = self._means.get(language, self._mean)
        found: Floats = unit((question - mean)[None])[0]
        return found

    def cosines(self, centred: Floats) -> Floats:
        """float32 [n] of a question's centred vector [H] and each passage's."""
        found: Floats = self._vectors @ centred
        return found


def language_means(vectors: Floats, languages: Sequence[str]) -> dict[str, Floats]:
    """The mean vector of each language that has enough of them."""
    names = np.asarray(languages)
    return {
        str(name): vectors[names == name].mean(0)
        for name, count in zip(*np.unique(names, return_counts=True), strict=True)
        if count >= FEWEST_FOR_MEAN
    }


def unit(vectors: Floats) -> Floats:
    """Vectors [n, H] of length one; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Floats = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32, copy=False)
    return result
