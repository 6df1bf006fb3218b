"""What a model is, and what it says: heads, label sets, spans, predictions. Data only, no behaviour of weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

import numpy as np
from numpy.typing import NDArray

Task = Literal["classify", "multilabel", "tag", "pair", "embed"]
TASKS: tuple[Task, ...] = ("classify", "multilabel", "tag", "pair", "embed")

Pooling = Literal["cls", "mean"]
Floats = NDArray[np.float32]
ModelName = NewType("ModelName", str)

OUTSIDE = "O"


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of a text: characters `start` (included) to `end` (excluded), Unicode code points."""

    type: str
    start: int
    end: int
    score: float = 1.0


@dataclass(frozen=True)
class HeadSpec:
    """A task on an encoder.

    `labels` of a tag head are the BIO tags ("O", "B-x", "I-x"); of an embed head empty. `oos_label` is a label of
    the training data that means "none of these": it is no class of the head but teaches the out-of-scope score.
    """

    name: str
    task: Task
    labels: tuple[str, ...] = ()
    oos_label: str | None = None


@dataclass(frozen=True)
class HeadPrediction:
    """What one head says of one text.

    `scores` are calibrated probabilities by label, highest first. For classify and pair `label` is the first of
    them and `probability` its value; for multilabel `labels` are those above their thresholds. `in_scope` is the
    verdict of the out-of-scope score (`scope_score`: higher means further out of scope) against its threshold.
    """

    head: str
    task: Task
    label: str | None = None
    probability: float | None = None
    in_scope: bool = True
    scope_score: float | None = None
    labels: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Prediction:
    """What one pass of a model says of one text: one `HeadPrediction` a head, in the model's order of heads."""

    heads: tuple[HeadPrediction, ...]
    tokens: int
    windows: int = 1

    def as_json(self, *, top: int | None = None) -> dict[str, object]:
        """The public form: the first head's fields at the top, every further head under `heads` by name."""
        document = _head_json(self.heads[0], top)
        if len(self.heads) > 1:
            document["heads"] = {head.head: _head_json(head, top) for head in self.heads}
            for head in self.heads[1:]:
                if head.task == "tag":
                    document.setdefault("spans", _spans_json(head.spans))
        if self.windows > 1:
            document["windows"] = self.windows
        return document


def _head_json(head: HeadPrediction, top: int | None) -> dict[str, object]:
    if head.task == "tag":
        return {"spans": _spans_json(head.spans)}
    scores = dict(list(head.scores.items())[:top])
    if head.task == "multilabel":
        return {"labels": list(head.labels), "in_scope": head.in_scope, "scores": scores}
    return {
        "label": head.label,
        "probability": head.probability,
        "in_scope": head.in_scope,
        "scope_score": head.scope_score,
        "scores": scores,
    }


def _spans_json(spans: tuple[Span, ...]) -> list[dict[str, object]]:
    return [{"type": s.type, "start": s.start, "end": s.end, "score": round(s.score, 4)} for s in spans]
