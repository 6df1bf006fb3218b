"""Span F1: a predicted span is right when type, start and end all match a true one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tradewind.nlp.evaluate.metrics import Counts, LabelScore, averages, per_label
from tradewind.nlp.model import Span


@dataclass(frozen=True)
class SpanScores:
    """Exact-match scores over all spans (micro) and by type."""

    precision: float
    recall: float
    f1: float
    macro_f1: float
    support: int
    per_type: tuple[LabelScore, ...]

    def as_json(self) -> dict[str, object]:
        """The public form."""
        return {
            "f1": round(self.f1, 4),
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "macro_f1": round(self.macro_f1, 4),
            "support": self.support,
            "per_type": {
                score.label: {
                    "precision": round(score.precision, 4),
                    "recall": round(score.recall, 4),
                    "f1": round(score.f1, 4),
                    "support": score.support,
                }
                for score in self.per_type
            },
        }


def span_types(*groups: Sequence[Sequence[Span]]) -> tuple[str, ...]:
    """Every type that occurs, sorted."""
    return tuple(sorted({span.type for group in groups for spans in group for span in spans}))


def span_rows(
    targets: Sequence[Sequence[Span]], predicted: Sequence[Sequence[Span]], types: Sequence[str]
) -> Counts:
    """Right, predicted and true counts of each text, [n, 3, T]."""
    column = {type_: index for index, type_ in enumerate(types)}
    rows = np.zeros((len(targets), 3, len(types)), dtype=np.int64)
    for row, (true, guess) in enumerate(zip(targets, predicted, strict=True)):
        expected, found = _keys(true), _keys(guess)
        for place, group in enumerate((expected & found, found, expected)):
            for type_, _, _ in group:
                rows[row, place, column[type_]] += 1
    return rows


def score_spans(rows: Counts, types: Sequence[str]) -> SpanScores:
    """Scores from the counts of each text, [n, 3, T]."""
    counts = rows.sum(axis=0)
    right, predicted, true = counts.sum(axis=1).tolist()
    mean = averages(counts)
    return SpanScores(
        precision=right / max(predicted, 1),
        recall=right / max(true, 1),
        f1=mean.micro,
        macro_f1=mean.macro,
        support=true,
        per_type=per_label(counts, types),
    )


def right_flags(targets: Sequence[Span], predicted: Sequence[Span]) -> list[bool]:
    """For each predicted span whether it is right."""
    expected = _keys(targets)
    return [(span.type, span.start, span.end) in expected for span in predicted]


def _keys(spans: Sequence[Span]) -> set[tuple[str, int, int]]:
    return {(span.type, span.start, span.end) for span in spans}
