"""Asking a model all texts of a data set, and pairing each answer with what would have been right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tradewind.core.clock import Clock
from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.model import HeadPrediction, HeadSpec, Prediction

TEXTS_AT_ONCE = 8192
USUAL_OOS_LABELS = ("out_of_scope", "oos")


class Model(Protocol):
    """What is evaluated: usually the run-time engine, so that the figures are those of what is served."""

    @property
    def info(self) -> ModelInfo:
        """Its heads and their out-of-scope thresholds."""
        ...

    def predict(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Prediction]:
        """One prediction a text, in order."""
        ...


@dataclass(frozen=True)
class Answers:
    """Predictions of every head for every example; `tokens` [n] are the lengths that the model saw."""

    by_head: dict[str, list[HeadPrediction]]
    tokens: NDArray[np.int64]
    seconds: float


def ask(model: Model, heads: Sequence[HeadSpec], examples: Sequence[Example], clock: Clock) -> Answers:
    """Predict all examples, and keep of each answer what scoring needs."""
    by_head: dict[str, list[HeadPrediction]] = {head.name: [] for head in heads}
    tokens: list[int] = []
    seconds = 0.0
    for start in range(0, len(examples), TEXTS_AT_ONCE):
        part = examples[start : start + TEXTS_AT_ONCE]
        pairs = [example.text_b or "" for example in part] if part[0].text_b is not None else None
        begun = clock.monotonic()
        predictions = model.predict([example.text for example in part], pairs)
        seconds += clock.monotonic() - begun
        for prediction in predictions:
            tokens.append(prediction.tokens)
            for answer in prediction.heads:
                if answer.head in by_head:
                    by_head[answer.head].append(_kept(answer))
    return Answers(by_head, np.asarray(tokens, dtype=np.int64), seconds)


def _kept(answer: HeadPrediction) -> HeadPrediction:
    # A million rows times a hundred classes of scores would not fit; only multilabel scoring reads them.
    return answer if answer.task == "multilabel" else replace(answer, scores={})


def heads_to_score(heads: Sequence[HeadSpec], dataset: Dataset, name: str | None) -> tuple[HeadSpec, ...]:
    """The heads for which the data has answers, in the model's order, or the one that was asked for.

    Raises:
        NotFoundError: the model has no such head.
        InputError: the data answers none of the heads (or not the one asked for), or is empty.
    """
    if not dataset.examples:
        raise InputError(f"{dataset.source or 'the data'}: no rows to evaluate on")
    known = ", ".join(head.name for head in heads)
    if name is not None and name not in {head.name for head in heads}:
        raise NotFoundError(f"the model has no head {name!r}", hint=f"its heads: {known}")
    asked = [head for head in heads if name in (None, head.name)]
    found = tuple(head for head in asked if has_answers(head, dataset.examples[0]))
    if not found:
        column = ", ".join(sorted({_COLUMN_OF_TASK[head.task] for head in asked}))
        raise InputError(
            f"{dataset.source}: the data says nothing that heads {known} could be compared with",
            hint=f"needed: {column}",
        )
    return found


_COLUMN_OF_TASK = {
    "classify": "a label column",
    "pair": "a label column",
    "multilabel": "a labels column",
    "tag": "a spans column",
    "embed": "another head: an embed head has no answers to compare",
}


def has_answers(head: HeadSpec, example: Example) -> bool:
    """Whether an example carries what this head should say."""
    if head.task in ("classify", "pair"):
        return example.label is not None
    if head.task == "multilabel":
        return example.labels is not None
    return head.task == "tag" and example.spans is not None


def oos_labels_of(head: HeadSpec, given: str | None) -> tuple[str, ...]:
    """The labels that mean "none of these": those stated, else the usual names if no class has them."""
    stated = tuple(label for label in (given, head.oos_label) if label is not None)
    return stated or tuple(label for label in USUAL_OOS_LABELS if label not in head.labels)


def class_targets(
    head: HeadSpec, examples: Sequence[Example], oos_labels: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Class indices [n], -1 for out-of-scope rows, and which rows those are [n].

    Raises:
        DataError: a label that the head does not have; names the row and what would be right.
        InputError: there is no in-scope row.
    """
    index = {label: i for i, label in enumerate(head.labels)}
    index |= dict.fromkeys(oos_labels, -1)
    unknown = next((e for e in examples if e.label not in index), None)
    if unknown is not None:
        others = len({e.label for e in examples} - set(index))
        raise DataError(
            f"label {unknown.label!r} is not one of the {len(head.labels)} labels of head {head.name!r}"
            + (f" (nor are {others - 1} others in the data)" if others > 1 else ""),
            file=unknown.file or None,
            line=unknown.line or None,
            hint=f"labels are like {', '.join(map(repr, head.labels[:3]))}; "
            "--oos-label names the label of rows that are out of scope",
        )
    targets = np.array([index[e.label] for e in examples if e.label is not None], dtype=np.int64)
    if (targets < 0).all():
        raise InputError(
            "every row is out of scope, so there is no accuracy to measure",
            hint="evaluate in-scope and out-of-scope rows together",
        )
    return targets, targets < 0
