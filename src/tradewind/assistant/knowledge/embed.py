"""The engine as an embedder of questions and passages."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np

from tradewind.assistant.knowledge.vectors import unit
from tradewind.core.errors import InputError
from tradewind.core.files import sha256_of
from tradewind.nlp import bundle
from tradewind.nlp.model import Floats
from tradewind.nlp.runtime.engine import Engine

EMBED_MODEL, PAIR_MODEL = "knowledge-embed", "knowledge-pair"
"""Names in the workspace of the two models that answering uses."""

QUESTION, PASSAGE = "query: ", "passage: "
"""What e5 was trained with (Wang et al. 2022)."""
MOST_QUESTION_CHARACTERS = 1000
REMEMBERED = 4096


class EngineEmbedder:
    """Vectors of a model with an embed head. Threads may share it; vectors of recent questions are remembered.

    Args:
        engine: an open engine whose model puts no prefix of its own before texts.
        fingerprint: of the model's manifest.
    """

    def __init__(self, engine: Engine, fingerprint: str) -> None:
        if engine.info.prefix:
            raise InputError(
                f"model {engine.info.name!r} puts {engine.info.prefix!r} before every text",
                hint="knowledge needs a model of `tradewind knowledge train`: questions and passages differ",
            )
        self.engine = engine
        self._fingerprint = fingerprint
        self._recent: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def open(cls, folder: Path, *, threads: int = 0) -> EngineEmbedder:
        """Load a model folder; raises as `Engine.open` does."""
        engine = Engine.open(folder, threads=threads)
        return cls(engine, sha256_of(folder / bundle.MANIFEST))

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def questions(self, texts: Sequence[str]) -> Floats:
        cut = [text[:MOST_QUESTION_CHARACTERS] for text in texts]
        with self._lock:
            known = {text: self._recent[text] for text in cut if text in self._recent}
        unknown = [text for text in dict.fromkeys(cut) if text not in known]
        if unknown:
            vectors = self._vectors(QUESTION, unknown)
            known |= dict(zip(unknown, vectors, strict=True))
            self._remember(unknown, vectors)
        return np.stack([known[text] for text in cut])

    def passages(self, texts: Sequence[str]) -> Floats:
        return self._vectors(PASSAGE, texts)

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()

    def _vectors(self, prefix: str, texts: Sequence[str]) -> Floats:
        return unit(self.engine.outputs([prefix + text for text in texts]).vectors)

    def _remember(self, texts: Sequence[str], vectors: Floats) -> None:
        with self._lock:
            for text, vector in zip(texts, vectors, strict=True):
                self._recent[text] = vector
            while len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
