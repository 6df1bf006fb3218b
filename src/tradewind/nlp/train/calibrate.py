"""After training: what turns the served graph's logits into probabilities and verdicts, fitted on validation data.

It is fitted on the outputs of the graph that will be served, not of the network that was trained: quantisation
shifts logits a little, and a threshold should know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.bundle import HeadCalibration
from tradewind.nlp.calibration import fit_sigmoid_temperature, fit_temperature, fit_thresholds
from tradewind.nlp.model import Floats, HeadSpec
from tradewind.nlp.scope import fit_scope, to_arrays
from tradewind.nlp.train.items import Item

FEWEST_ROWS = 20


@dataclass(frozen=True)
class Answers:
    """Outputs of the graph for some items: logits by head (tag heads: one [L, C] array a text) and vectors [n, H]."""

    items: Sequence[Item]
    logits: Mapping[str, Floats | Sequence[Floats]]
    vectors: Floats


def calibrate(
    heads: Sequence[HeadSpec], train: Answers, validation: Answers, false_rejection_rate: float
) -> tuple[dict[str, HeadCalibration], dict[str, Floats]]:
    """Fit temperatures, thresholds and out-of-scope scores.

    With fewer than 20 validation rows a head stays uncalibrated: temperature 1, no verdict.

    Returns:
        Calibration by head, and the out-of-scope arrays under `HEAD/NAME`.
    """
    calibrations: dict[str, HeadCalibration] = {}
    arrays: dict[str, Floats] = {}
    for spec in heads:
        rows = [row for row, item in enumerate(validation.items) if spec.name in item.targets]
        if spec.task == "embed" or len(rows) < FEWEST_ROWS:
            undecided = (0.5,) * len(spec.labels) if spec.task == "multilabel" else ()
            calibrations[spec.name] = HeadCalibration(thresholds=undecided)
        elif spec.task == "tag":
            calibrations[spec.name] = _tag(spec, validation, rows)
        elif spec.task == "multilabel":
            calibrations[spec.name] = _multilabel(spec, validation, rows)
        else:
            calibrations[spec.name], found = _classes(spec, train, validation, rows, false_rejection_rate)
            arrays |= {f"{spec.name}/{name}": array for name, array in found.items()}
    return calibrations, arrays


def _classes(
    spec: HeadSpec, train: Answers, validation: Answers, rows: Sequence[int], false_rejection_rate: float
) -> tuple[HeadCalibration, dict[str, Floats]]:
    targets = _targets(validation, spec, rows)
    logits = np.asarray(validation.logits[spec.name])[rows]
    inside = targets >= 0
    temperature = fit_temperature(logits[inside], targets[inside])
    taught = [row for row, item in enumerate(train.items) if spec.name in item.targets]
    train_targets = _targets(train, spec, taught)
    train_logits, train_vectors = np.asarray(train.logits[spec.name])[taught], train.vectors[taught]
    known = train_targets >= 0
    model = fit_scope(
        train_logits[known],
        train_vectors[known],
        train_targets[known],
        logits,
        validation.vectors[rows],
        targets,
        ~inside,
        false_rejection_rate=false_rejection_rate,
        train_oos_vectors=train_vectors[~known] if (~known).any() else None,
    )
    description, arrays = to_arrays(model)
    return HeadCalibration(temperature=temperature, scope=description), arrays


def _multilabel(spec: HeadSpec, validation: Answers, rows: Sequence[int]) -> HeadCalibration:
    targets = np.stack([np.asarray(validation.items[row].targets[spec.name]) for row in rows])
    logits = np.asarray(validation.logits[spec.name])[rows]
    temperature = fit_sigmoid_temperature(logits, targets)
    thresholds = fit_thresholds(1 / (1 + np.exp(-logits / temperature)), targets)
    return HeadCalibration(temperature=temperature, thresholds=tuple(float(value) for value in thresholds))


def _tag(spec: HeadSpec, validation: Answers, rows: Sequence[int]) -> HeadCalibration:
    logits, targets = [], []
    for row in rows:
        tags = np.asarray(validation.items[row].targets[spec.name])
        found = validation.logits[spec.name][row]
        length = min(len(tags), len(found))
        logits.append(found[:length][tags[:length] >= 0])
        targets.append(tags[:length][tags[:length] >= 0])
    return HeadCalibration(temperature=fit_temperature(np.concatenate(logits), np.concatenate(targets)))


def _targets(answers: Answers, spec: HeadSpec, rows: Sequence[int]) -> NDArray[np.intp]:
    return np.array([answers.items[row].targets[spec.name] for row in rows], dtype=np.intp)
