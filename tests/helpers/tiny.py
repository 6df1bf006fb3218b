"""A model small enough to build in a millisecond and real enough to be right: prototypes of hashed trigrams.

`write_model` writes a sealed model folder, `TinyEngine` predicts from it. `serve` and its tests take
`open_tiny` where production takes `open_engine`.
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tradewind.core.errors import InputError
from tradewind.nlp.bundle import (
    CARD,
    METRICS,
    REPORT,
    EncoderInfo,
    HeadCalibration,
    ModelInfo,
    read_info,
    seal,
    write_info,
)
from tradewind.nlp.model import HeadPrediction, HeadSpec, Prediction, Span

WIDTH = 2048
THRESHOLD = 0.75

EXAMPLES = {
    "card_arrival": "where is my new card, it has not arrived in the post yet",
    "lost_card": "i lost my card, somebody stole it, block it now",
    "exchange_rate": "what exchange rate do you use for dollars and euros",
    "transfer_failed": "my bank transfer failed, the money did not go through",
    "查询余额": "我的账户余额是多少,帮我查一下余额",
}

CARD_TEXT = """# banking

Answers **which of five things** a customer wants.

| language | texts | accuracy |
|---|---|---|
| en | 120 | 94.2 % |
| zh | 80 | 91.3 % |

<script>document.title = "owned"</script>
<img src=x onerror="document.title='owned'">
[a link](javascript:alert(1)) and [another](https://example.com).
"""

REPORT_TEXT = """<!doctype html><meta charset="utf-8"><title>Report</title><h1>Evaluation of banking</h1>
<p id="said">static</p><script>document.getElementById("said").textContent = "scripts ran"</script>
"""


def features(text: str) -> np.ndarray:
    """Hashed character trigrams of a text, float32 [WIDTH] of length one."""
    padded = f"  {text.casefold()} "
    vector = np.zeros(WIDTH, np.float32)
    for start in range(len(padded) - 2):
        vector[zlib.crc32(padded[start : start + 3].encode("utf-8", "surrogatepass")) % WIDTH] += 1.0
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


class TinyEngine:
    """Nearest prototype, with a distribution, an out-of-scope verdict and a span where a number is."""

    def __init__(self, folder: Path, *, seconds_a_token: float = 0.0) -> None:
        examples = json.loads((folder / "prototypes.json").read_text(encoding="utf-8"))
        self.labels = tuple(examples)
        self.prototypes = np.stack([features(text) for text in examples.values()])
        self.tagger = any(head.task == "tag" for head in read_info(folder).heads)
        self.seconds_a_token = seconds_a_token
        self.closed = False
        self.calls: list[int] = []
        self.texts_seen = 0
        self._lock = threading.Lock()

    def predict(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Prediction]:
        assert not self.closed, "predicting after close"
        if any("poison" in text for text in texts):
            raise InputError("a poisoned text")
        if self.seconds_a_token:
            time.sleep(self.seconds_a_token * sum(len(text) // 4 + 2 for text in texts))
        with self._lock:
            self.calls.append(len(texts))
            self.texts_seen += len(texts)
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Prediction:
        closeness = self.prototypes @ features(text)
        exponents = np.exp(12.0 * (closeness - closeness.max()))
        probabilities = exponents / exponents.sum()
        order = np.argsort(-probabilities, kind="stable")
        scores = {self.labels[i]: float(probabilities[i]) for i in order}
        best = self.labels[order[0]]
        distance = float(1.0 - closeness.max())
        intent = HeadPrediction(
            head="intent",
            task="classify",
            label=best,
            probability=scores[best],
            in_scope=distance <= THRESHOLD,
            scope_score=distance,
            scores=scores,
        )
        heads = [intent]
        if self.tagger:
            heads.append(HeadPrediction(head="slots", task="tag", spans=_numbers(text)))
        return Prediction(heads=tuple(heads), tokens=len(text) // 4 + 2)

    def close(self) -> None:
        self.closed = True


def _numbers(text: str) -> tuple[Span, ...]:
    spans = []
    start = None
    for position, character in enumerate(f"{text} "):
        if character.isdigit() and start is None:
            start = position
        elif not character.isdigit() and start is not None:
            spans.append(Span("number", start, position, 0.97))
            start = None
    return tuple(spans)


def open_tiny(folder: Path) -> TinyEngine:
    """The opener of a tiny model folder."""
    return TinyEngine(folder)


def write_model(
    folder: Path,
    *,
    name: str = "banking",
    version: str = "1",
    created: str | None = None,
    tagger: bool = False,
) -> Path:
    """Write a sealed tiny model folder."""
    folder.mkdir(parents=True)
    heads = [HeadSpec("intent", "classify", tuple(EXAMPLES))]
    if tagger:
        heads.append(HeadSpec("slots", "tag", ("O", "B-number", "I-number")))
    figures = {
        "accuracy": 0.942,
        "macro_f1": 0.939,
        "ece": 0.018,
        "oos": {"auroc": 0.971, "recall": 0.79},
    }
    metrics = {"intent": figures}
    info = ModelInfo(
        name=name,
        version=version,
        created=created or f"2026-11-0{len(version)}T12:00:00+00:00",
        encoder=EncoderInfo("trigrams", "0" * 64, "built in the test", {}),
        heads=tuple(heads),
        pooling="mean",
        max_tokens=512,
        training={"languages": ["en", "zh"]},
        calibration={"intent": HeadCalibration(scope={"threshold": THRESHOLD})},
        metrics=metrics,
    )
    write_info(folder, info)
    (folder / "prototypes.json").write_text(json.dumps(EXAMPLES, ensure_ascii=False), encoding="utf-8")
    (folder / METRICS).write_text(json.dumps(metrics), encoding="utf-8")
    (folder / CARD).write_text(CARD_TEXT, encoding="utf-8")
    (folder / REPORT).write_text(REPORT_TEXT, encoding="utf-8")
    seal(folder)
    return folder
