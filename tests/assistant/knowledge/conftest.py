"""A small encoder made of hashes: texts that share words lie close together, in any language that shares them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from tradewind.assistant.knowledge.vectors import unit
from tradewind.assistant.knowledge.words import words_of
from tradewind.nlp.model import Floats

WIDTH = 64


class WordEmbedder:
    """A real bag of words by random projection; counts what it was asked for."""

    def __init__(self, fingerprint: str = "words") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def questions(self, texts: Sequence[str]) -> Floats:
        return self._vectors(texts)

    def passages(self, texts: Sequence[str]) -> Floats:
        self.embedded += texts
        return self._vectors(texts)

    def _vectors(self, texts: Sequence[str]) -> Floats:
        rows = [np.sum([_vector(word) for word in words_of(text) or [""]], axis=0) for text in texts]
        return unit(np.stack(rows).astype(np.float32))


def _vector(word: str) -> Floats:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
    return np.random.default_rng(seed).standard_normal(WIDTH).astype(np.float32)


@pytest.fixture
def embedder() -> WordEmbedder:
    """A fresh one."""
    return WordEmbedder()
