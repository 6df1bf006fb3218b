"""From logits to predictions: calibrated probabilities, verdicts, spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tradewind.nlp.bundle import HeadCalibration
from tradewind.nlp.calibration import sigmoid, softmax
from tradewind.nlp.data.spans import tags_to_spans
from tradewind.nlp.data.words import agreed_tags
from tradewind.nlp.model import Floats, HeadPrediction, HeadSpec, Prediction
from tradewind.nlp.runtime.outputs import Outputs
from tradewind.nlp.scope import ScopeModel, scope_scores

DEFAULT_THRESHOLD = 0.5


@dataclass(frozen=True)
class Decoder:
    """How one head's logits are read."""

    head: HeadSpec
    calibration: HeadCalibration
    scope: ScopeModel | None = None


def decode(decoders: Sequence[Decoder], outputs: Outputs, texts: Sequence[str]) -> list[Prediction]:
    """One prediction a text, in order, with one head prediction a decoder."""
    columns = [_column(decoder, outputs, texts) for decoder in decoders]
    return [
        Prediction(heads, tokens, windows)
        for heads, tokens, windows in zip(
            zip(*columns, strict=True), outputs.tokens.tolist(), outputs.windows.tolist(), strict=True
        )
    ]


def _column(decoder: Decoder, outputs: Outputs, texts: Sequence[str]) -> list[HeadPrediction]:
    head = decoder.head
    if head.task == "embed":
        return [HeadPrediction(head.name, head.task) for _ in texts]
    logits = outputs.logits[head.name]
    if isinstance(logits, list):
        return _tags(decoder, logits, outputs, texts)
    verdicts = _verdicts(decoder, logits, outputs.vectors)
    if head.task == "multilabel":
        return _multilabel(decoder, logits, verdicts)
    return _classes(decoder, logits, verdicts)


def _verdicts(decoder: Decoder, logits: Floats, vectors: Floats) -> list[tuple[bool, float | None]]:
    if decoder.scope is None:
        return [(True, None)] * len(logits)
    threshold = decoder.scope.threshold
    return [(score <= threshold, score) for score in scope_scores(decoder.scope, logits, vectors).tolist()]


def _classes(
    decoder: Decoder, logits: Floats, verdicts: Sequence[tuple[bool, float | None]]
) -> list[HeadPrediction]:
    head = decoder.head
    ranked = _ranked(head.labels, softmax(logits, decoder.calibration.temperature))
    predictions = []
    for scores, (in_scope, scope_score) in zip(ranked, verdicts, strict=True):
        label, probability = next(iter(scores.items()))
        predictions.append(
            HeadPrediction(
                head.name,
                head.task,
                label=label,
                probability=probability,
                in_scope=in_scope,
                scope_score=scope_score,
                scores=scores,
            )
        )
    return predictions


def _multilabel(
    decoder: Decoder, logits: Floats, verdicts: Sequence[tuple[bool, float | None]]
) -> list[HeadPrediction]:
    head = decoder.head
    given = decoder.calibration.thresholds or (DEFAULT_THRESHOLD,) * len(head.labels)
    thresholds = dict(zip(head.labels, given, strict=True))
    ranked = _ranked(head.labels, sigmoid(logits, decoder.calibration.temperature))
    return [
        HeadPrediction(
            head.name,
            head.task,
            in_scope=in_scope,
            scope_score=scope_score,
            labels=tuple(label for label, probability in scores.items() if probability >= thresholds[label]),
            scores=scores,
        )
        for scores, (in_scope, scope_score) in zip(ranked, verdicts, strict=True)
    ]


def _ranked(labels: Sequence[str], probabilities: Floats) -> list[Mapping[str, float]]:
    """Each row [C] as label → probability, highest first; equal ones in the order of labels."""
    order = np.argsort(-probabilities, axis=1, kind="stable")
    values = np.take_along_axis(probabilities, order, axis=1).tolist()
    names = np.array(labels, dtype=object)[order].tolist()
    return [dict(zip(own, row, strict=True)) for own, row in zip(names, values, strict=True)]


def _tags(
    decoder: Decoder, logits: Sequence[Floats], outputs: Outputs, texts: Sequence[str]
) -> list[HeadPrediction]:
    head = decoder.head
    predictions = []
    for rows, offsets, text in zip(logits, outputs.offsets, texts, strict=True):
        probabilities = softmax(rows, decoder.calibration.temperature)
        tags = agreed_tags(probabilities, offsets, text)
        sure = probabilities[np.arange(len(tags)), tags]
        spans = tags_to_spans(tags, offsets, text, head.labels, sure.tolist())
        predictions.append(HeadPrediction(head.name, head.task, spans=spans))
    return predictions
