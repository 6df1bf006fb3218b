"""Scoring a multilabel head: any number of labels a row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import DataError
from tradewind.nlp.calibration import expected_calibration_error, reliability
from tradewind.nlp.data.model import Example
from tradewind.nlp.evaluate.bootstrap import interval
from tradewind.nlp.evaluate.classify import MISTAKES, score_slices
from tradewind.nlp.evaluate.metrics import averages, macro_f1, micro_f1, per_label
from tradewind.nlp.evaluate.model import HeadScores, Mistake
from tradewind.nlp.evaluate.rows import flag_rows, resample
from tradewind.nlp.model import HeadPrediction, HeadSpec

Flags = NDArray[np.bool_]
Reals = NDArray[np.float64]


def score_multilabel(
    head: HeadSpec,
    examples: Sequence[Example],
    answers: Sequence[HeadPrediction],
    tokens: NDArray[np.int64],
    *,
    resamples: int,
    seed: int,
) -> HeadScores:
    """All figures of a multilabel head; `accuracy` is the share of rows with exactly the right set of labels.

    Raises:
        DataError: a label that the head does not have.
    """
    targets = label_flags(head, examples)
    chosen = chosen_flags(head, answers)
    sure = np.array([[a.scores.get(label, 0.0) for label in head.labels] for a in answers], dtype=np.float64)
    rows = flag_rows(targets, chosen)
    counts = rows.counts()
    shares, resampled = resample(rows, resamples=resamples, seed=seed)
    return HeadScores(
        head=head.name,
        task=head.task,
        rows=len(rows),
        accuracy=float(rows.right.mean()),
        averages=averages(counts),
        ece=expected_calibration_error(sure.ravel(), targets.ravel()),
        reliability=reliability(sure.ravel(), targets.ravel()),
        per_class=per_label(counts, head.labels),
        intervals={
            "accuracy": interval(shares),
            "macro_f1": interval(macro_f1(resampled)),
            "micro_f1": interval(micro_f1(resampled)),
        },
        slices=score_slices([e.lang for e in examples], tokens, rows),
        mistakes=_mistakes(head, examples, targets, chosen, sure),
    )


def label_flags(head: HeadSpec, examples: Sequence[Example]) -> Flags:
    """True labels as flags [n, C]."""
    index = {label: i for i, label in enumerate(head.labels)}
    flags = np.zeros((len(examples), len(head.labels)), dtype=np.bool_)
    for row, example in enumerate(examples):
        for label in example.labels or ():
            if label not in index:
                raise DataError(
                    f"label {label!r} is not one of the {len(head.labels)} labels of head {head.name!r}",
                    file=example.file or None,
                    line=example.line or None,
                    hint=f"labels are like {', '.join(map(repr, head.labels[:3]))}",
                )
            flags[row, index[label]] = True
    return flags


def chosen_flags(head: HeadSpec, answers: Sequence[HeadPrediction]) -> Flags:
    """Labels given as flags [n, C]."""
    return np.array([[label in a.labels for label in head.labels] for a in answers], dtype=np.bool_)


def _mistakes(
    head: HeadSpec, examples: Sequence[Example], targets: Flags, chosen: Flags, sure: Reals
) -> tuple[Mistake, ...]:
    """Rows by how sure the model was of its most wrong label, given or withheld."""
    doubt = np.where(targets & ~chosen, 1 - sure, np.where(chosen & ~targets, sure, -1.0)).max(axis=1)
    wrong = np.flatnonzero((targets != chosen).any(axis=1))
    order = wrong[np.argsort(-doubt[wrong], kind="stable")[:MISTAKES]]
    return tuple(
        Mistake(
            text=examples[i].text,
            text_b=examples[i].text_b,
            expected=", ".join(np.asarray(head.labels, dtype=object)[targets[i]]) or "none",
            predicted=", ".join(np.asarray(head.labels, dtype=object)[chosen[i]]) or "none",
            probability=float(doubt[i]),
            in_scope=True,
            file=examples[i].file,
            line=examples[i].line,
        )
        for i in order.tolist()
    )
