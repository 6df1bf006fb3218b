"""What an evaluation says: figures of each head, where they hold, and which rows went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.calibration import ReliabilityBin
from tradewind.nlp.evaluate.bootstrap import Interval
from tradewind.nlp.evaluate.metrics import Averages, LabelScore, top_confusions
from tradewind.nlp.evaluate.out_of_scope import ScopeScores
from tradewind.nlp.evaluate.spans import SpanScores
from tradewind.nlp.model import Task


@dataclass(frozen=True)
class SliceScores:
    """A head's figures on a part of the rows."""

    by: str
    name: str
    rows: int
    accuracy: float
    macro_f1: float
    micro_f1: float

    def as_json(self) -> dict[str, object]:
        """The public form."""
        return {
            "by": self.by,
            "name": self.name,
            "rows": self.rows,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.macro_f1, 4),
            "micro_f1": round(self.micro_f1, 4),
        }


@dataclass(frozen=True)
class Mistake:
    """A row answered wrongly; `expected` and `predicted` in words, `probability` that of the wrong answer."""

    text: str
    text_b: str | None
    expected: str
    predicted: str
    probability: float
    in_scope: bool
    file: str
    line: int

    def as_json(self) -> dict[str, object]:
        """The public form; `text_b` only where there is one."""
        second = {} if self.text_b is None else {"text_b": self.text_b}
        return {
            "text": self.text,
            **second,
            "expected": self.expected,
            "predicted": self.predicted,
            "probability": round(self.probability, 4),
            "in_scope": self.in_scope,
            "file": self.file,
            "line": self.line,
        }


@dataclass(frozen=True)
class ScopePoints:
    """Every row's out-of-scope score and whether it truly is out of scope, for the report's plot."""

    scores: NDArray[np.float64]
    is_oos: NDArray[np.bool_]


@dataclass(frozen=True)
class HeadScores:
    """One head on one data set; docs/evaluation.md defines each figure for each task.

    `accuracy`, `averages`, `per_class`, `confusion` and `ece` are over in-scope rows and ignore the verdict.
    `in_scope_accuracy` counts an in-scope row as right when its label is right and the verdict accepts it.
    """

    head: str
    task: Task
    rows: int
    accuracy: float
    averages: Averages
    ece: float
    reliability: tuple[ReliabilityBin, ...]
    per_class: tuple[LabelScore, ...]
    intervals: Mapping[str, Interval]
    slices: tuple[SliceScores, ...]
    mistakes: tuple[Mistake, ...]
    confusion: NDArray[np.int64] | None = None
    spans: SpanScores | None = None
    scope: ScopeScores | None = None
    in_scope_accuracy: float | None = None
    threshold: float | None = None
    scope_points: ScopePoints | None = None

    def as_json(self, *, full_confusion: bool = False) -> dict[str, object]:
        """The public form; `full_confusion` adds the whole matrix to the top confused pairs."""
        document: dict[str, object] = {
            "head": self.head,
            "task": self.task,
            "rows": self.rows,
            "accuracy": round(self.accuracy, 4),
            "macro_f1": round(self.averages.macro, 4),
            "micro_f1": round(self.averages.micro, 4),
            "weighted_f1": round(self.averages.weighted, 4),
            "ece": round(self.ece, 4),
            "confidence_interval": {name: value.as_json() for name, value in self.intervals.items()},
        }
        if self.threshold is not None and self.in_scope_accuracy is not None:
            document["in_scope_accuracy"] = round(self.in_scope_accuracy, 4)
            document["threshold"] = self.threshold
        if self.scope is not None:
            document["oos"] = self.scope.as_json()
        if self.spans is not None:
            document["spans"] = self.spans.as_json()
        document["per_class"] = {score.label: _label_json(score) for score in self.per_class}
        if self.confusion is not None:
            document["confusion"] = self._confusion_json(full_confusion)
        document["slices"] = [part.as_json() for part in self.slices]
        document["mistakes"] = [mistake.as_json() for mistake in self.mistakes]
        return document

    def _confusion_json(self, full: bool) -> dict[str, object]:
        assert self.confusion is not None
        labels = [score.label for score in self.per_class]
        pairs: dict[str, object] = {"pairs": top_confusions(self.confusion, labels)}
        return pairs | ({"labels": labels, "matrix": self.confusion.tolist()} if full else {})


@dataclass(frozen=True)
class Evaluation:
    """A model on a data set; `seconds` is what answering all rows took, loading not counted."""

    model: str
    version: str
    data: str
    rows: int
    skipped: int
    seconds: float
    heads: tuple[HeadScores, ...]

    @property
    def texts_per_s(self) -> float:
        """Rows answered in a second."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    def as_json(self, *, full_confusion: bool = False) -> dict[str, object]:
        """The first head's figures at the top, every head's under `heads` where there are several."""
        heads = {head.head: head.as_json(full_confusion=full_confusion) for head in self.heads}
        document: dict[str, object] = {
            "model": self.model,
            "version": self.version,
            "data": self.data,
            "skipped": self.skipped,
            "texts_per_s": round(self.texts_per_s, 1),
            **heads[self.heads[0].head],
        }
        if len(heads) > 1:
            document["heads"] = heads
            # A joint intent-and-slot model's span F1 should be found where a lone tag head has it.
            spans = next((head["spans"] for head in heads.values() if "spans" in head), None)
            if spans is not None:
                document.setdefault("spans", spans)
        return document


def _label_json(score: LabelScore) -> dict[str, object]:
    return {
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "f1": round(score.f1, 4),
        "support": score.support,
    }
