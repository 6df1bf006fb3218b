"""What the scores keep of the training vectors: examples and means of classes, one shared covariance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.model import Floats
from tradewind.nlp.scope.scores import unit

EXAMPLES_PER_CLASS = 20
OUTSIDE_EXAMPLES = 400
COVARIANCE_ROWS = 50_000

Indices = NDArray[np.intp]


def fit_arrays(vectors: Floats, targets: Indices, outside: Floats) -> dict[str, Floats]:
    """The arrays that `signal_scores` needs.

    Args:
        vectors: [n, H], in-scope training rows.
        targets: [n], class indices; classes without a row are passed over.
        outside: [k, H], known out-of-scope rows, all of which are kept; k ≥ 0.
    """
    classes, codes = np.unique(targets, return_inverse=True)
    means = class_means(vectors, codes, len(classes))
    whitening = whiten(vectors - means[codes])
    arrays = {
        "bank": unit(vectors[example_rows(vectors - means[codes], codes)]),
        "whitening": whitening,
        "class_means": means @ whitening,
    }
    if len(outside):
        arrays["outside_bank"] = unit(outside)
    return arrays


def class_means(vectors: Floats, codes: Indices, classes: int) -> Floats:
    """Mean vector of each class, [C, H]; every class has at least one row."""
    order = np.argsort(codes, kind="stable")
    counts = np.bincount(codes, minlength=classes)
    starts = np.cumsum(counts) - counts
    totals = np.add.reduceat(vectors[order].astype(np.float64), starts, axis=0)
    result: Floats = (totals / counts[:, None]).astype(np.float32)
    return result


def example_rows(residuals: Floats, codes: Indices) -> Indices:
    """Row numbers of at most 20 examples of each class, from its centre to its edge in even steps.

    A bank of all rows would cost more than the forward pass of a small encoder; a random draw misses edges.
    """
    order = np.lexsort((np.linalg.norm(residuals, axis=1), codes))
    members = np.split(order, np.cumsum(np.bincount(codes))[:-1])
    return np.concatenate([rows[spread(len(rows), EXAMPLES_PER_CLASS)] for rows in members])


def spread(count: int, limit: int) -> Indices:
    """At most `limit` indices below `count`, evenly spaced, both ends included."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(np.intp))


def whiten(residuals: Floats) -> Floats:
    """A matrix W [H, H] with W·Wᵀ the inverse of the shrunk covariance of zero-mean rows [n, H].

    The covariance is shrunk towards a multiple of the identity as Ledoit and Wolf (2004) say, so that it can
    be inverted with fewer rows than dimensions.
    """
    rows = residuals[spread(len(residuals), COVARIANCE_ROWS)].astype(np.float64)
    count, width = rows.shape
    covariance = rows.T @ rows / count
    scale = np.trace(covariance) / width
    if scale <= 0:
        return np.eye(width, dtype=np.float32)
    spread_of_rows = ((rows**2).sum(axis=1) ** 2).mean() - (covariance**2).sum()
    distance = ((covariance - scale * np.eye(width)) ** 2).sum()
    shrinkage = min(1.0, max(spread_of_rows / count / distance, 1e-4)) if distance > 0 else 1.0
    values, axes = np.linalg.eigh((1 - shrinkage) * covariance + shrinkage * scale * np.eye(width))
    result: Floats = (axes / np.sqrt(values)).astype(np.float32)
    return result
