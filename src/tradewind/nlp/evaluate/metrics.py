"""Accuracy, precision, recall and F1, from one confusion matrix or from counts of each label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How one label fares; `support` is how many rows truly carry it."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Averages:
    """F1 over labels: `macro` their plain mean, `weighted` by support, `micro` from the summed counts."""

    macro: float
    micro: float
    weighted: float


def confusion_matrix(targets: ArrayLike, predicted: ArrayLike, classes: int) -> Counts:
    """Counts [C, C]: row = true class, column = predicted class."""
    cells = np.asarray(targets, dtype=np.int64) * classes + np.asarray(predicted, dtype=np.int64)
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes).astype(np.int64)


def label_counts(confusion: Counts) -> Counts:
    """Counts [3, C] of each class: right, predicted, true."""
    return np.stack([np.diagonal(confusion), confusion.sum(axis=0), confusion.sum(axis=1)])


def f1_of_counts(counts: ArrayLike) -> Reals:
    """F1 [..., C] from right, predicted and true counts [..., 3, C]; 0 where a label is never right."""
    right, predicted, true = np.moveaxis(np.asarray(counts, dtype=np.float64), -2, 0)
    result: Reals = 2 * right / np.maximum(predicted + true, 1e-9)
    return result


def macro_f1(counts: ArrayLike) -> Reals:
    """Mean F1 [...] over the labels that are true or predicted somewhere, as scikit-learn takes it."""
    values = np.asarray(counts, dtype=np.float64)
    present = values[..., 1:, :].sum(axis=-2) > 0
    result: Reals = f1_of_counts(values).sum(axis=-1) / np.maximum(present.sum(axis=-1), 1)
    return result


def micro_f1(counts: ArrayLike) -> Reals:
    """F1 [...] of the counts summed over labels."""
    return f1_of_counts(np.asarray(counts, dtype=np.float64).sum(axis=-1, keepdims=True))[..., 0]


def averages(counts: ArrayLike) -> Averages:
    """The three averages from right, predicted and true counts [3, C]."""
    values = np.asarray(counts, dtype=np.float64)
    weighted = float((f1_of_counts(values) * values[2]).sum() / max(values[2].sum(), 1))
    return Averages(macro=float(macro_f1(values)), micro=float(micro_f1(values)), weighted=weighted)


def per_label(counts: ArrayLike, labels: Sequence[str]) -> tuple[LabelScore, ...]:
    """One line for each label, in the order of `labels`, from right, predicted and true counts [3, C]."""
    right, predicted, true = np.asarray(counts, dtype=np.float64)
    precision = right / np.maximum(predicted, 1)
    recall = right / np.maximum(true, 1)
    f1 = f1_of_counts(counts)
    return tuple(
        LabelScore(label, float(precision[i]), float(recall[i]), float(f1[i]), int(true[i]))
        for i, label in enumerate(labels)
    )


def multilabel_counts(targets: ArrayLike, predicted: ArrayLike) -> Counts:
    """Counts [3, C] of each label (right, predicted, true) from flags [n, C]."""
    true, chosen = np.asarray(targets, dtype=np.bool_), np.asarray(predicted, dtype=np.bool_)
    return np.stack([(true & chosen).sum(axis=0), chosen.sum(axis=0), true.sum(axis=0)]).astype(np.int64)


def top_confusions(confusion: Counts, labels: Sequence[str], limit: int = 20) -> list[dict[str, object]]:
    """The most frequent mistakes: true label, predicted label, how often."""
    wrong = confusion * (1 - np.eye(len(confusion), dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[:limit]
    cells = [divmod(int(cell), len(labels)) for cell in order]
    return [
        {"label": labels[true], "predicted": labels[guess], "count": int(wrong[true, guess])}
        for true, guess in cells
        if wrong[true, guess]
    ]
