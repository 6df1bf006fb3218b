"""The out-of-scope scores as formulas over logits [n, C] and vectors [n, H]; higher means further outside."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.model import Floats
from tradewind.nlp.scope.model import ScopeModel

ROWS_AT_ONCE = 4096


def scope_scores(model: ScopeModel, logits: Floats, vectors: Floats) -> Floats:
    """Score texts.

    Args:
        logits: float32 [n, C], not yet divided by the temperature.
        vectors: float32 [n, H], the pooled vectors.

    Returns:
        float32 [n]; a text is in scope when its score is at most `model.threshold`.
    """
    scores = np.empty(len(logits), dtype=np.float32)
    for start in range(0, len(logits), ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        signals = [
            signal_scores(name, model.arrays, model.neighbours, logits[rows], vectors[rows])
            for name in model.signals
        ]
        scores[rows] = (
            combine(model.arrays, np.stack(signals, axis=1)) if model.kind == "combined" else signals[0]
        )
    return scores


def signal_scores(
    name: str, arrays: Mapping[str, Floats], neighbours: int, logits: Floats, vectors: Floats
) -> Floats:
    """One signal by its name, float32 [n]."""
    if name == "max_probability":
        return max_probability(logits)
    if name == "energy":
        return energy(logits)
    if name == "neighbours":
        return neighbour_distance(vectors, arrays["bank"], neighbours)
    if name == "known_outside":
        return known_outside(vectors, arrays["bank"], arrays["outside_bank"])
    return class_distance(vectors, arrays["whitening"], arrays["class_means"])


def combine(arrays: Mapping[str, Floats], signals: Floats) -> Floats:
    """Logistic regression over standardised signals [n, S]: log-odds of out-of-scope, less a constant."""
    standardised: Floats = (signals - arrays["signal_means"]) / arrays["signal_scales"]
    result: Floats = standardised @ arrays["signal_weights"]
    return result


def max_probability(logits: Floats) -> Floats:
    """-log max softmax (Hendrycks and Gimpel 2017); the logarithm tells apart what float32 rounds to one."""
    others = np.exp(logits - logits.max(axis=1, keepdims=True))
    others[np.arange(len(logits)), logits.argmax(axis=1)] = 0
    result: Floats = np.log1p(others.sum(axis=1))
    return result


def energy(logits: Floats) -> Floats:
    """-log Σ exp(logit) (Liu et al. 2020)."""
    highest = logits.max(axis=1)
    result: Floats = -(highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1)))
    return result


def neighbour_distance(vectors: Floats, bank: Floats, neighbours: int) -> Floats:
    """One minus the cosine to the k-th nearest row of a bank of unit vectors (Sun et al. 2022)."""
    similarity = unit(vectors) @ bank.T
    result: Floats = 1 - np.partition(similarity, len(bank) - neighbours, axis=1)[:, len(bank) - neighbours]
    return result


def known_outside(
    vectors: Floats, bank: Floats, outside_bank: Floats, *, passed_over: NDArray[np.bool_] | None = None
) -> Floats:
    """How much nearer the nearest known out-of-scope example is than the nearest in-scope one.

    Args:
        vectors: [n, H].
        bank: [k, H], in-scope examples, unit vectors.
        outside_bank: [m, H], out-of-scope examples, unit vectors.
        passed_over: [n, m], examples that do not count for a row: itself, while fitting.
    """
    normal = unit(vectors)
    similarity = normal @ outside_bank.T
    if passed_over is not None:
        similarity[passed_over] = -1
    result: Floats = similarity.max(axis=1) - (normal @ bank.T).max(axis=1)
    return result


def class_distance(vectors: Floats, whitening: Floats, class_means: Floats) -> Floats:
    """Squared Mahalanobis distance to the nearest class mean under one shared covariance (Lee et al. 2018).

    Args:
        vectors: [n, H].
        whitening: [H, H], with whitening · whiteningᵀ the inverse covariance.
        class_means: [C, H], already whitened.
    """
    whitened = vectors @ whitening
    closest = ((class_means**2).sum(axis=1) - 2 * (whitened @ class_means.T)).min(axis=1)
    result: Floats = (whitened**2).sum(axis=1) + closest
    return result


def unit(vectors: Floats) -> Floats:
    """Rows divided by their length; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    result: Floats = vectors / np.maximum(lengths, np.float32(1e-12))
    return result
