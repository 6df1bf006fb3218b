"""A model small enough for a test and real enough to be wrong: hashed words, class centroids, a scope."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from tradewind.nlp.bundle import EncoderInfo, HeadCalibration, ModelInfo
from tradewind.nlp.calibration import fit_temperature, softmax
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.model import HeadPrediction, HeadSpec, Prediction
from tradewind.nlp.scope import fit_scope, scope_scores, to_arrays

WIDTH = 64

WORDS = {
    "card_lost": "lost card stolen missing wallet gone block replace plastic",
    "balance": "balance much money account left show total funds amount",
    "transfer": "transfer send money friend abroad wire payee swift account",
    "weather": "rain sun snow tomorrow forecast umbrella wind cloudy storm",
}
FILLERS = ("please", "I", "my", "the", "can", "you", "a", "today", "what", "is", "help", "need", "to", "now")


def sentences(rows: int, *, labels: Sequence[str], seed: int, lang: str | None = None) -> list[Example]:
    """Sentences of two to four telling words among fillers, some of the telling ones from another class."""
    random = np.random.default_rng(seed)
    examples = []
    for line in range(rows):
        label = labels[line % len(labels)]
        other = labels[random.integers(len(labels))]
        telling = random.choice(WORDS[label].split(), size=random.integers(2, 5)).tolist()
        stray = random.choice(WORDS[other].split(), size=random.integers(0, 3)).tolist()
        words = telling + stray + random.choice(FILLERS, size=random.integers(1, 9)).tolist()
        random.shuffle(words)
        examples.append(Example(" ".join(words), label=label, lang=lang, line=line + 2, file="test.csv"))
    return examples


class TinyModel:
    """One classify head over hashed words; answers as the engine does, and knows its own description."""

    def __init__(
        self,
        train: Sequence[Example],
        validation: Sequence[Example],
        *,
        labels: Sequence[str],
        name: str,
        width: int,
    ) -> None:
        self.labels, self.width = tuple(labels), width
        vectors, targets = self._vectors([e.text for e in train]), self._targets(train)
        self.centroids = np.stack([vectors[targets == c].mean(axis=0) for c in range(len(labels))])
        held = self._vectors([e.text for e in validation])
        is_oos = np.array([e.label not in self.labels for e in validation])
        held_targets = self._targets(validation)
        inside = ~is_oos
        self.temperature = fit_temperature(self._logits(held)[inside], held_targets[inside])
        self.scope = fit_scope(
            self._logits(vectors), vectors, targets, self._logits(held), held, held_targets, is_oos
        )
        calibration = HeadCalibration(self.temperature, scope=to_arrays(self.scope)[0])
        self.info = ModelInfo(
            name=name,
            version="1",
            created="2026-01-01T00:00:00Z",
            encoder=EncoderInfo("hashed-words", "0" * 64, "test", {}),
            heads=(HeadSpec("intent", "classify", self.labels),),
            pooling="mean",
            max_tokens=128,
            calibration={"intent": calibration},
        )

    def predict(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Prediction]:
        vectors = self._vectors(texts)
        logits = self._logits(vectors)
        probabilities = softmax(logits, self.temperature)
        scores = scope_scores(self.scope, logits, vectors)
        return [
            Prediction((self._answer(probabilities[i], float(scores[i])),), tokens=len(text.split()))
            for i, text in enumerate(texts)
        ]

    def _answer(self, probabilities: np.ndarray, score: float) -> HeadPrediction:
        best = int(probabilities.argmax())
        return HeadPrediction(
            head="intent",
            task="classify",
            label=self.labels[best],
            probability=float(probabilities[best]),
            in_scope=score <= self.scope.threshold,
            scope_score=score,
            scores=dict(zip(self.labels, probabilities.tolist(), strict=True)),
        )

    def _vectors(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.zeros((len(texts), self.width), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                vectors[row, zlib.crc32(word.encode()) % self.width] += 1
        return vectors

    def _logits(self, vectors: np.ndarray) -> np.ndarray:
        return (vectors @ self.centroids.T * 6 - 3 * (self.centroids**2).sum(axis=1)).astype(np.float32)

    def _targets(self, examples: Sequence[Example]) -> np.ndarray:
        return np.array([self.labels.index(e.label) if e.label in self.labels else -1 for e in examples])


BANKING = ("card_lost", "balance", "transfer")


def _as_oos(examples: list[Example]) -> list[Example]:
    return [Example(e.text, label="oos", lang=e.lang, line=e.line + 1000, file=e.file) for e in examples]


@pytest.fixture(scope="session")
def tiny_model() -> Callable[..., TinyModel]:
    """Builds a model of three banking intents; fewer hash buckets (`width`) make a worse one."""

    def build(
        name: str = "tiny", width: int = WIDTH, labels: Sequence[str] = BANKING, rows: int = 300
    ) -> TinyModel:
        validation = sentences(150, labels=labels, seed=2) + _as_oos(
            sentences(60, labels=["weather"], seed=3)
        )
        return TinyModel(
            sentences(rows, labels=labels, seed=1), validation, labels=labels, name=name, width=width
        )

    return build


@pytest.fixture(scope="session")
def test_rows() -> Dataset:
    """300 English and 100 German-marked banking rows and 100 about the weather, labelled "oos"."""
    examples = [
        *sentences(300, labels=BANKING, seed=4, lang="en"),
        *sentences(100, labels=BANKING, seed=5, lang="de"),
        *_as_oos(sentences(100, labels=["weather"], seed=6, lang="en")),
    ]
    return Dataset(tuple(examples), source="test.csv")
