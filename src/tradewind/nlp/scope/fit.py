"""Choosing an out-of-scope score and its threshold on validation data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradewind.core.errors import InputError
from tradewind.nlp.model import Floats
from tradewind.nlp.scope.banks import OUTSIDE_EXAMPLES, fit_arrays, spread
from tradewind.nlp.scope.combination import choose_signals, fit_combination
from tradewind.nlp.scope.model import ARRAYS_OF_SIGNAL, KINDS, ScopeKind, ScopeModel, arrays_needed
from tradewind.nlp.scope.roc import auroc, false_positive_rate_at
from tradewind.nlp.scope.scores import combine, known_outside, scope_scores, signal_scores

NEIGHBOURS = 5
ENOUGH_TO_CHOOSE = 10
ENOUGH_TO_COMBINE = 30
HELD_OUT_FOLDS = 4

Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Taught:
    """In-scope training rows, and the known out-of-scope ones (perhaps none)."""

    vectors: Floats
    targets: Indices
    outside: Floats


@dataclass(frozen=True)
class Held:
    """Validation rows; `targets` of out-of-scope rows mean nothing."""

    logits: Floats
    vectors: Floats
    targets: Indices
    is_oos: Flags


def fit_scope(
    train_logits: ArrayLike,
    train_vectors: ArrayLike,
    train_targets: ArrayLike,
    val_logits: ArrayLike,
    val_vectors: ArrayLike,
    val_targets: ArrayLike,
    val_is_oos: ArrayLike,
    *,
    false_rejection_rate: float = 0.03,
    train_oos_vectors: ArrayLike | None = None,
    kind: ScopeKind | None = None,
) -> ScopeModel:
    """Choose among the scores on validation data, and set the threshold.

    With at least 10 out-of-scope validation rows the kind with the highest AUROC on them wins, and from 30
    on "combined" (a logistic regression over the signals that help it, judged by cross-validation) is a
    candidate. With fewer, whole classes are held out in turn and play the part of out-of-scope texts: their
    columns are cut from the logits and their rows from the banks. The threshold is the quantile of the in-scope
    validation scores above which `false_rejection_rate` of them lie; out-of-scope rows have no say in it.

    Args:
        train_logits: [n, C], in-scope training rows (kept in the interface for scores that need them).
        train_vectors: [n, H].
        train_targets: [n], class indices.
        val_logits: [m, C], validation rows, in and out of scope.
        val_vectors: [m, H].
        val_targets: [m], class indices; anything for out-of-scope rows.
        val_is_oos: [m], true for out-of-scope rows.
        false_rejection_rate: share of in-scope texts that may be rejected, between 0 and 1.
        train_oos_vectors: [k, H], out-of-scope training rows, when there are any.
        kind: this kind instead of a choice.

    Raises:
        InputError: no in-scope rows, shapes that do not fit, or a rate outside (0, 1).
    """
    if not 0 < false_rejection_rate < 1:
        raise InputError(
            f"false-rejection rate {false_rejection_rate} is not between 0 and 1", hint="e.g. 0.03"
        )
    train = _taught(train_vectors, train_targets, train_oos_vectors)
    held = _held(val_logits, val_vectors, val_targets, val_is_oos)
    measured = _measure(train, held)
    if kind is not None:
        return _with_threshold(kind, measured, held, false_rejection_rate, "given", {})
    if held.is_oos.sum() < ENOUGH_TO_CHOOSE:
        chosen_on, aurocs = "held-out classes", _held_out_aurocs(train, held)
    else:
        chosen_on, aurocs = "validation", measured.aurocs(held.is_oos)
    best = max(aurocs, key=aurocs.__getitem__)
    return _with_threshold(best, measured, held, false_rejection_rate, chosen_on, aurocs)


@dataclass(frozen=True)
class Measured:
    """Every signal of the validation rows, the arrays that they need, and the best combination of them, if any."""

    arrays: Mapping[str, Floats]
    names: tuple[str, ...]
    signals: Floats
    combination: tuple[int, ...]
    combined_auroc: float

    def aurocs(self, is_oos: Flags) -> dict[ScopeKind, float]:
        """AUROC of each kind on rows of which `is_oos` are out of scope."""
        found = _aurocs(self.names, self.signals, is_oos)
        # A combination of one signal would be that kind with a detour.
        return found | ({"combined": self.combined_auroc} if len(self.combination) > 1 else {})


def _measure(train: Taught, held: Held) -> Measured:
    # Out-of-scope validation rows are examples of what is outside like those of the training data; each is then
    # measured against the others only.
    outside = np.concatenate([train.outside, held.vectors[held.is_oos]])
    kept = spread(len(outside), OUTSIDE_EXAMPLES) if len(outside) else np.empty(0, dtype=np.intp)
    arrays = fit_arrays(train.vectors, train.targets, outside[kept])
    names, signals = _signals(arrays, held.logits, held.vectors)
    if "known_outside" in names:
        rows = np.flatnonzero(held.is_oos)
        own = kept == len(train.outside) + np.arange(len(rows))[:, None]
        known = known_outside(held.vectors[rows], arrays["bank"], arrays["outside_bank"], passed_over=own)
        signals[rows, names.index("known_outside")] = known
    if held.is_oos.sum() < ENOUGH_TO_COMBINE:
        return Measured(arrays, names, signals, (), 0.0)
    plain = [column for column, name in enumerate(names) if name in KINDS]
    return Measured(arrays, names, signals, *choose_signals(signals, held.is_oos, plain))


def _held_out_aurocs(train: Taught, held: Held) -> dict[ScopeKind, float]:
    """Mean AUROC over folds of classes, each fold playing out-of-scope while the others stay taught."""
    classes = np.unique(train.targets)
    inside = ~held.is_oos
    targets, logits, vectors = held.targets[inside], held.logits[inside], held.vectors[inside]
    folds = min(HELD_OUT_FOLDS, len(classes)) if len(classes) > 1 else 0
    found: list[dict[ScopeKind, float]] = []
    for fold in range(folds):
        absent = classes[fold::folds]
        pretended = np.isin(targets, absent)
        if pretended.all() or not pretended.any():
            continue
        stays = ~np.isin(train.targets, absent)
        columns = np.setdiff1d(np.arange(logits.shape[1]), absent)
        arrays = fit_arrays(train.vectors[stays], train.targets[stays], train.outside[:0])
        found.append(_aurocs(*_signals(arrays, logits[:, columns], vectors), pretended))
    if not found:
        return {"max_probability": 0.5}
    return {name: float(np.mean([fold[name] for fold in found])) for name in found[0]}


def _with_threshold(
    kind: ScopeKind,
    measured: Measured,
    held: Held,
    rate: float,
    chosen_on: str,
    aurocs: Mapping[ScopeKind, float],
) -> ScopeModel:
    arrays = dict(measured.arrays)
    names: tuple[str, ...] = (kind,)
    if kind == "combined":
        if not measured.combination:
            raise InputError(
                f"a combined score needs {ENOUGH_TO_COMBINE} out-of-scope validation rows, there are "
                f"{held.is_oos.sum()}",
                hint="choose another kind",
            )
        names = tuple(measured.names[column] for column in measured.combination)
        arrays |= fit_combination(measured.signals[:, list(measured.combination)], held.is_oos)
    model = ScopeModel(
        kind=kind,
        threshold=float("inf"),
        arrays={name: arrays[name] for name in arrays_needed(kind, names)},
        false_rejection_rate=rate,
        signals=names,
        neighbours=min(NEIGHBOURS, len(arrays["bank"])),
        chosen_on=chosen_on,
        auroc={name: round(value, 4) for name, value in aurocs.items()},
    )
    inside = scope_scores(model, held.logits[~held.is_oos], held.vectors[~held.is_oos])
    threshold = float(np.quantile(inside, 1 - rate, method="higher"))
    outside = measured.signals[held.is_oos][:, [measured.names.index(name) for name in names]]
    outside = combine(model.arrays, outside) if kind == "combined" else outside[:, 0]
    return replace(model, threshold=threshold, held_out=_held_out_figures(inside, outside, threshold))


def _held_out_figures(inside: Floats, outside: Floats, threshold: float) -> dict[str, float]:
    if not len(outside):
        return {}
    return {
        "auroc": auroc(inside, outside),
        "fpr95": false_positive_rate_at(inside, outside),
        "recall": float((outside > threshold).mean()),
        "rejected": float((inside > threshold).mean()),
        "rows": len(outside),
    }


def _signals(arrays: Mapping[str, Floats], logits: Floats, vectors: Floats) -> tuple[tuple[str, ...], Floats]:
    """The names of the signals that these arrays allow, and their values [n, S]."""
    names = tuple(name for name, needed in ARRAYS_OF_SIGNAL.items() if set(needed) <= set(arrays))
    neighbours = min(NEIGHBOURS, len(arrays["bank"]))
    columns = [signal_scores(name, arrays, neighbours, logits, vectors) for name in names]
    return names, np.stack(columns, axis=1)


def _aurocs(names: Sequence[str], signals: Floats, is_oos: Flags) -> dict[ScopeKind, float]:
    return {
        kind: auroc(signals[~is_oos, names.index(kind)], signals[is_oos, names.index(kind)])
        for kind in KINDS
        if kind in names
    }


def _taught(vectors: ArrayLike, targets: ArrayLike, outside: ArrayLike | None) -> Taught:
    rows = np.asarray(vectors, dtype=np.float32)
    classes = np.asarray(targets, dtype=np.intp)
    if rows.ndim != 2 or classes.shape != rows.shape[:1] or not len(rows):
        raise InputError(
            f"training vectors {rows.shape} and targets {classes.shape} must be [n, H] and [n], n > 0"
        )
    known = rows[:0] if outside is None else np.asarray(outside, dtype=np.float32).reshape(-1, rows.shape[1])
    return Taught(rows, classes, known)


def _held(logits: ArrayLike, vectors: ArrayLike, targets: ArrayLike, is_oos: ArrayLike) -> Held:
    held = Held(
        np.asarray(logits, dtype=np.float32),
        np.asarray(vectors, dtype=np.float32),
        np.asarray(targets, dtype=np.intp),
        np.asarray(is_oos, dtype=np.bool_),
    )
    if len({len(held.logits), len(held.vectors), len(held.targets), len(held.is_oos)}) != 1:
        raise InputError("validation logits, vectors, targets and out-of-scope flags differ in length")
    if held.is_oos.all():
        raise InputError(
            "a threshold needs in-scope validation rows", hint="give some, or a larger share of them"
        )
    return held
