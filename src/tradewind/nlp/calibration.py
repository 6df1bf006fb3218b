"""Probabilities to take at their word: softmax, temperature scaling, calibration error, label thresholds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewind.core.errors import InputError
from tradewind.nlp.model import Floats

COLDEST, HOTTEST = 0.02, 50.0
RELIABILITY_BINS = 15
THRESHOLD_PRIOR_ROWS = 20.0


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Predictions whose probability lies in (`lower`, `upper`]: how many, how sure, how often right."""

    lower: float
    upper: float
    count: int
    confidence: float
    accuracy: float


def log_softmax(logits: ArrayLike, temperature: float = 1.0) -> Floats:
    """Log-probabilities, float32, over the last axis; finite for any finite logits."""
    scaled = np.asarray(logits, dtype=np.float32) / np.float32(temperature)
    shifted = scaled - scaled.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def softmax(logits: ArrayLike, temperature: float = 1.0) -> Floats:
    """Probabilities, float32, that sum to one over the last axis."""
    scaled = np.asarray(logits, dtype=np.float32) / np.float32(temperature)
    exponents = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    result: Floats = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


def sigmoid(logits: ArrayLike, temperature: float = 1.0) -> Floats:
    """Independent probabilities, float32, one for each logit."""
    scaled = np.asarray(logits, dtype=np.float32) / np.float32(temperature)
    small = np.exp(-np.abs(scaled))
    result: Floats = (np.where(scaled >= 0, np.float32(1), small) / (1 + small)).astype(np.float32)
    return result


def fit_temperature(logits: ArrayLike, targets: ArrayLike) -> float:
    """The temperature that makes softmax(logits / T) most likely on validation data (Guo et al. 2017).

    The loss is convex in 1/T, so its slope is bisected. The targets are smoothed by 1/(n + 2) as in Platt
    (1999): otherwise a validation set without a mistake would ask for T = 0 and call every answer certain.

    Args:
        logits: [n, C].
        targets: [n], class indices.

    Returns:
        T between 0.02 and 50; 1.0 when there is nothing to learn from.

    Raises:
        InputError: the shapes do not fit or a target is no class.
    """
    scores = np.asarray(logits, dtype=np.float64)
    classes = np.asarray(targets, dtype=np.intp)
    _require_matching(scores, classes)
    if scores.shape[0] == 0 or scores.shape[1] < 2:
        return 1.0
    if classes.min() < 0 or classes.max() >= scores.shape[1]:
        raise InputError(f"target {classes.min()}…{classes.max()} is outside the {scores.shape[1]} classes")
    scores = scores - scores.max(axis=1, keepdims=True)
    if not scores.any():
        return 1.0
    smoothing = 1.0 / (len(classes) + 2)
    of_target = scores[np.arange(len(classes)), classes]
    wanted = ((1 - smoothing) * of_target + smoothing * scores.mean(axis=1)).mean()

    def slope(inverse: float) -> float:
        weights = np.exp(scores * inverse)
        return float(((weights * scores).sum(axis=1) / weights.sum(axis=1)).mean() - wanted)

    return 1.0 / _bisect(slope)


def fit_sigmoid_temperature(logits: ArrayLike, targets: ArrayLike) -> float:
    """`fit_temperature` for a multilabel head: one temperature for all its sigmoids.

    Args:
        logits: [n, C].
        targets: [n, C], true where the label applies.
    """
    scores = np.asarray(logits, dtype=np.float64)
    applies = np.asarray(targets, dtype=np.float64)
    if scores.shape != applies.shape:
        raise InputError(f"logits {scores.shape} and targets {applies.shape} differ in shape")
    if not scores.any():
        return 1.0
    smoothing = 1.0 / (len(scores) + 2)
    wanted = applies * (1 - 2 * smoothing) + smoothing

    def slope(inverse: float) -> float:
        return float(((0.5 * (1 + np.tanh(scores * inverse / 2)) - wanted) * scores).mean())

    return 1.0 / _bisect(slope)


def reliability(
    probabilities: ArrayLike, correct: ArrayLike, bins: int = RELIABILITY_BINS
) -> tuple[ReliabilityBin, ...]:
    """The reliability diagram's data: equal-width bins over (0, 1], the empty ones left out.

    Args:
        probabilities: [n], the probability of the chosen answer.
        correct: [n], whether it was right.
    """
    sure = np.asarray(probabilities, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    if sure.shape != right.shape or sure.ndim != 1:
        raise InputError(
            f"probabilities {sure.shape} and outcomes {right.shape} must be vectors of one length"
        )
    index = np.clip(np.ceil(sure * bins).astype(np.intp) - 1, 0, bins - 1)
    counts = np.bincount(index, minlength=bins)
    confidence = np.bincount(index, weights=sure, minlength=bins)
    accuracy = np.bincount(index, weights=right, minlength=bins)
    return tuple(
        ReliabilityBin(
            b / bins, (b + 1) / bins, int(counts[b]), confidence[b] / counts[b], accuracy[b] / counts[b]
        )
        for b in np.flatnonzero(counts)
    )


def expected_calibration_error(
    probabilities: ArrayLike, correct: ArrayLike, bins: int = RELIABILITY_BINS
) -> float:
    """Mean gap between confidence and accuracy over equal-width bins, weighted by count; 0 without rows."""
    filled = reliability(probabilities, correct, bins)
    total = sum(b.count for b in filled)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in filled) / total if total else 0.0


def fit_thresholds(
    probabilities: ArrayLike, targets: ArrayLike, *, prior_rows: float = THRESHOLD_PRIOR_ROWS
) -> tuple[float, ...]:
    """For each label of a multilabel head, the probability from which it is given.

    Each label's F1-best threshold is pulled towards the one threshold that is best for all of them together
    (micro F1), as strongly as `prior_rows` positive rows would: five rows are too few for an own one.

    Args:
        probabilities: [n, C], calibrated.
        targets: [n, C], true where the label applies.
        prior_rows: positives at which a label's own threshold and the common one weigh the same.
    """
    sure = np.asarray(probabilities, dtype=np.float64)
    applies = np.asarray(targets, dtype=np.bool_)
    if sure.shape != applies.shape or sure.ndim != 2:
        raise InputError(f"probabilities {sure.shape} and targets {applies.shape} must be one [n, C] shape")
    common = _best_threshold(sure.ravel(), applies.ravel())
    positives = applies.sum(axis=0)
    own = [_best_threshold(sure[:, c], applies[:, c]) for c in range(sure.shape[1])]
    return tuple(
        float((count * best + prior_rows * common) / (count + prior_rows)) if count else common
        for count, best in zip(positives.tolist(), own, strict=True)
    )


def _best_threshold(sure: NDArray[np.float64], applies: NDArray[np.bool_]) -> float:
    """The threshold with the highest F1, half way between the last row taken and the first one left."""
    if not applies.any():
        return 0.5
    order = np.argsort(-sure, kind="stable")
    ranked = sure[order]
    hits = np.cumsum(applies[order])
    f1 = 2 * hits / (np.arange(1, len(ranked) + 1) + applies.sum())
    separable = np.append(ranked[:-1] > ranked[1:], True)
    last = int(np.argmax(np.where(separable, f1, -1.0)))
    following = ranked[last + 1] if last + 1 < len(ranked) else 0.0
    return float((ranked[last] + following) / 2)


def _bisect(slope: Callable[[float], float]) -> float:
    """Where an increasing function of 1/T crosses zero, searched on a logarithmic scale."""
    low, high = np.log(1 / HOTTEST), np.log(1 / COLDEST)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if slope(float(np.exp(middle))) > 0 else (middle, high)
    return float(np.exp((low + high) / 2))


def _require_matching(logits: NDArray[np.float64], targets: NDArray[np.intp]) -> None:
    if logits.ndim != 2 or targets.shape != logits.shape[:1]:
        raise InputError(f"logits {logits.shape} and targets {targets.shape} must be [n, C] and [n]")
