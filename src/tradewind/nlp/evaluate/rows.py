"""Rows as F1 sees them: for each label whether a row was right, predicted and true, whatever the task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewind.nlp.evaluate.bootstrap import RESAMPLES, resampled_sums

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class ScoredRows:
    """`keys` [n, k] tell rows apart; `expand` turns distinct keys [m, k] into counts [m, 3, L].

    The three counts are right, predicted and true, as everywhere in this package. `right` [n] is true where
    the whole row is: its label, all its labels, all its spans.
    """

    keys: Counts
    expand: Callable[[Counts], Counts]
    right: Flags

    def __len__(self) -> int:
        return len(self.right)

    def counts(self) -> Counts:
        """Right, predicted and true of each label over all rows, [3, L]."""
        distinct, times = np.unique(self.keys, axis=0, return_counts=True)
        return np.tensordot(times, self.expand(distinct), axes=1)

    def only(self, rows: Flags) -> ScoredRows:
        """Some of the rows."""
        return ScoredRows(self.keys[rows], self.expand, self.right[rows])


def class_rows(targets: ArrayLike, predicted: ArrayLike, classes: int) -> ScoredRows:
    """Rows with one true and one predicted class each, indices [n]."""
    keys = np.stack([np.asarray(targets, dtype=np.int64), np.asarray(predicted, dtype=np.int64)], axis=1)
    return ScoredRows(keys, partial(_expand_classes, classes=classes), keys[:, 0] == keys[:, 1])


def flag_rows(targets: ArrayLike, predicted: ArrayLike) -> ScoredRows:
    """Rows with any number of labels, flags [n, L]."""
    true, chosen = np.asarray(targets, dtype=np.bool_), np.asarray(predicted, dtype=np.bool_)
    return count_rows(np.stack([true & chosen, chosen, true], axis=1))


def count_rows(counts: ArrayLike) -> ScoredRows:
    """Rows given as counts [n, 3, L] themselves."""
    rows = np.asarray(counts, dtype=np.int64)
    right = (rows[:, 0] == rows[:, 1]).all(axis=1) & (rows[:, 0] == rows[:, 2]).all(axis=1)
    keys = rows.reshape(len(rows), -1)
    return ScoredRows(keys, partial(_expand_counts, labels=rows.shape[2]), right)


def resample(rows: ScoredRows, *, resamples: int = RESAMPLES, seed: int = 0) -> tuple[Reals, Reals]:
    """Resampled test sets: their share of right rows [R], and their counts [R, 3, L]."""
    shares, counts = resample_paired((rows,), resamples=resamples, seed=seed)
    return shares[0], counts[0]


def resample_paired(
    systems: tuple[ScoredRows, ...], *, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[list[Reals], list[Reals]]:
    """`resample` for the answers of several systems to the same rows, which are drawn together."""
    keys = [np.column_stack([system.keys, system.right]) for system in systems]
    widths = np.cumsum([key.shape[1] for key in keys])[:-1]

    def features(distinct: Counts) -> Reals:
        parts = np.split(distinct, widths, axis=1)
        columns = [
            column
            for system, part in zip(systems, parts, strict=True)
            for column in (part[:, -1:], system.expand(part[:, :-1]).reshape(len(part), -1))
        ]
        return np.concatenate(columns, axis=1).astype(np.float64)

    sums = resampled_sums(np.concatenate(keys, axis=1), features, resamples=resamples, seed=seed)
    shares, counts = [], []
    for part in np.split(sums, len(systems), axis=1):
        shares.append(part[:, 0] / len(systems[0]))
        counts.append(part[:, 1:].reshape(resamples, 3, -1))
    return shares, counts


def _expand_classes(keys: Counts, classes: int) -> Counts:
    counts = np.zeros((len(keys), 3, classes), dtype=np.int64)
    rows = np.arange(len(keys))
    counts[rows, 1, keys[:, 1]] = 1
    counts[rows, 2, keys[:, 0]] = 1
    counts[:, 0] = counts[:, 1] & counts[:, 2]
    return counts


def _expand_counts(keys: Counts, labels: int) -> Counts:
    return keys.reshape(len(keys), 3, labels)
