"""Scoring a classify or pair head: one label a row, and perhaps a verdict on whether any label fits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.calibration import expected_calibration_error, reliability
from tradewind.nlp.data.model import Example
from tradewind.nlp.evaluate.answers import class_targets
from tradewind.nlp.evaluate.bootstrap import interval
from tradewind.nlp.evaluate.metrics import averages, confusion_matrix, macro_f1, per_label
from tradewind.nlp.evaluate.model import HeadScores, Mistake, ScopePoints, SliceScores
from tradewind.nlp.evaluate.out_of_scope import score_scope
from tradewind.nlp.evaluate.rows import ScoredRows, class_rows, resample
from tradewind.nlp.evaluate.slices import slices_of
from tradewind.nlp.model import HeadPrediction, HeadSpec

Flags = NDArray[np.bool_]
MISTAKES = 50


def score_classify(
    head: HeadSpec,
    examples: Sequence[Example],
    answers: Sequence[HeadPrediction],
    tokens: NDArray[np.int64],
    *,
    oos_labels: Sequence[str],
    threshold: float | None,
    resamples: int,
    seed: int,
) -> HeadScores:
    """All figures of a head whose answers are one label each; raises what `class_targets` raises."""
    targets, is_oos = class_targets(head, examples, oos_labels)
    index = {label: i for i, label in enumerate(head.labels)}
    predicted = np.array([index[a.label or ""] for a in answers], dtype=np.int64)
    sure = np.array([a.probability or 0.0 for a in answers], dtype=np.float64)
    accepted = np.array([a.in_scope for a in answers], dtype=np.bool_)

    inside = np.flatnonzero(~is_oos)
    languages = [examples[i].lang for i in inside.tolist()]
    rows = class_rows(targets[inside], predicted[inside], len(head.labels))
    counts = rows.counts()
    shares, resampled = resample(rows, resamples=resamples, seed=seed)
    points = _scope_points(answers, sure, is_oos)
    return HeadScores(
        head=head.name,
        task=head.task,
        rows=len(rows),
        accuracy=float(rows.right.mean()),
        averages=averages(counts),
        ece=expected_calibration_error(sure[inside], rows.right),
        reliability=reliability(sure[inside], rows.right),
        per_class=per_label(counts, head.labels),
        intervals={"accuracy": interval(shares), "macro_f1": interval(macro_f1(resampled))},
        slices=score_slices(languages, tokens[inside], rows),
        mistakes=_mistakes(examples, answers, inside[~rows.right], sure),
        confusion=confusion_matrix(targets[inside], predicted[inside], len(head.labels)),
        scope=score_scope(points.scores, accepted, is_oos) if is_oos.any() else None,
        in_scope_accuracy=float((rows.right & accepted[inside]).mean()),
        threshold=threshold,
        scope_points=points,
    )


def score_slices(
    languages: Sequence[str | None], tokens: NDArray[np.int64], rows: ScoredRows
) -> tuple[SliceScores, ...]:
    """Accuracy and F1 of each slice of the rows."""
    scored = []
    for part in slices_of(languages, tokens):
        some = rows.only(part.rows)
        mean = averages(some.counts())
        scored.append(
            SliceScores(part.by, part.name, len(some), float(some.right.mean()), mean.macro, mean.micro)
        )
    return tuple(scored)


def _scope_points(answers: Sequence[HeadPrediction], sure: NDArray[np.float64], is_oos: Flags) -> ScopePoints:
    """Out-of-scope scores; for a head without one, how unsure it is of its label."""
    scores = [1 - sure[i] if a.scope_score is None else a.scope_score for i, a in enumerate(answers)]
    return ScopePoints(np.asarray(scores, dtype=np.float64), is_oos)


def _mistakes(
    examples: Sequence[Example],
    answers: Sequence[HeadPrediction],
    wrong: NDArray[np.intp],
    sure: NDArray[np.float64],
) -> tuple[Mistake, ...]:
    """The wrong rows that the model was surest of: where a wrong label in the data is likely, too."""
    order = wrong[np.argsort(-sure[wrong], kind="stable")[:MISTAKES]]
    return tuple(
        Mistake(
            text=examples[i].text,
            text_b=examples[i].text_b,
            expected=examples[i].label or "",
            predicted=answers[i].label or "",
            probability=float(sure[i]),
            in_scope=answers[i].in_scope,
            file=examples[i].file,
            line=examples[i].line,
        )
        for i in order.tolist()
    )
