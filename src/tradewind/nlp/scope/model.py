"""What an out-of-scope score is made of, and its form on disk: a JSON description and float32 arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from tradewind.core.errors import IntegrityError
from tradewind.nlp.model import Floats

ScopeKind = Literal["max_probability", "energy", "neighbours", "class_distance", "combined"]
KINDS: tuple[ScopeKind, ...] = get_args(ScopeKind)


@dataclass(frozen=True)
class ScopeModel:
    """A score of how far a text lies outside what was taught, and the line where a verdict falls.

    A text is in scope when its score is at most `threshold`; of in-scope validation texts at most
    `false_rejection_rate` scored above it. `signals` are the scores that are computed, more than one for
    "combined"; `arrays` what they need. `auroc` tells what every candidate reached when the kind was chosen,
    on out-of-scope validation rows or on held-out classes as `chosen_on` says. `held_out` holds `auroc`, `fpr95`,
    `recall`, `rejected` and `rows` on the validation rows, each measured as if it were no known example itself.
    """

    kind: ScopeKind
    threshold: float
    arrays: Mapping[str, Floats]
    false_rejection_rate: float
    signals: tuple[str, ...]
    neighbours: int = 1
    chosen_on: str = "given"
    auroc: Mapping[str, float] = field(default_factory=dict)
    held_out: Mapping[str, float] = field(default_factory=dict)


def to_arrays(model: ScopeModel) -> tuple[dict[str, Any], dict[str, Floats]]:
    """The model as a description for JSON and contiguous float32 arrays for safetensors."""
    description: dict[str, Any] = {
        "kind": model.kind,
        "threshold": model.threshold,
        "false_rejection_rate": model.false_rejection_rate,
        "signals": list(model.signals),
        "neighbours": model.neighbours,
        "chosen_on": model.chosen_on,
        "auroc": dict(model.auroc),
        "held_out": dict(model.held_out),
    }
    return description, {
        name: np.ascontiguousarray(value, dtype=np.float32) for name, value in model.arrays.items()
    }


def from_arrays(description: Mapping[str, Any], arrays: Mapping[str, Floats]) -> ScopeModel:
    """The opposite of `to_arrays`.

    Raises:
        IntegrityError: the description is not one that this version writes, or an array is missing.
    """
    try:
        values = {**description, "signals": tuple(description["signals"])}
        model = ScopeModel(**values, arrays=dict(arrays))
    except (TypeError, KeyError) as error:
        raise IntegrityError(f"not a description of an out-of-scope score: {error}") from error
    if model.kind not in KINDS:
        raise IntegrityError(f"unknown out-of-scope score {model.kind!r}", hint=f"known: {', '.join(KINDS)}")
    unknown = sorted(set(model.signals) - set(ARRAYS_OF_SIGNAL))
    if unknown:
        raise IntegrityError(f"unknown signals of an out-of-scope score: {', '.join(unknown)}")
    missing = sorted(set(arrays_needed(model.kind, model.signals)) - set(arrays))
    if missing:
        raise IntegrityError(f"out-of-scope score {model.kind!r} lacks its arrays {', '.join(missing)}")
    return model


ARRAYS_OF_SIGNAL: dict[str, tuple[str, ...]] = {
    "max_probability": (),
    "energy": (),
    "neighbours": ("bank",),
    "known_outside": ("bank", "outside_bank"),
    "class_distance": ("whitening", "class_means"),
}
ARRAYS_OF_COMBINATION = ("signal_means", "signal_scales", "signal_weights")


def arrays_needed(kind: ScopeKind, signals: Sequence[str]) -> list[str]:
    """Names of the arrays that a score of this kind reads."""
    needed = {name: None for signal in signals for name in ARRAYS_OF_SIGNAL[signal]}
    return [*needed, *(ARRAYS_OF_COMBINATION if kind == "combined" else ())]
