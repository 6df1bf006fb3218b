"""Is B better than A, or was it the luck of the test set? Paired tests on the same rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import InputError
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.evaluate.answers import Model, ask, class_targets, heads_to_score, oos_labels_of
from tradewind.nlp.evaluate.bootstrap import RESAMPLES, interval, mcnemar
from tradewind.nlp.evaluate.comparison import Comparison, Difference, Disagreement
from tradewind.nlp.evaluate.metrics import macro_f1
from tradewind.nlp.evaluate.multilabel import label_flags
from tradewind.nlp.evaluate.rows import ScoredRows, class_rows, flag_rows, resample_paired
from tradewind.nlp.evaluate.spans import span_types
from tradewind.nlp.evaluate.tag import tag_rows
from tradewind.nlp.model import HeadPrediction, HeadSpec

DISAGREEMENTS = 50


def compare(
    a: Model,
    b: Model,
    dataset: Dataset,
    *,
    head: str | None = None,
    oos_label: str | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    clock: Clock = SYSTEM_CLOCK,
) -> Comparison:
    """Compare two models on the same rows.

    The first head of A that the data has answers for is compared with B's head of the same name, else with
    B's first head of the same task. Out-of-scope rows are left out.

    Raises:
        InputError: B has no head for the task.
        DataError, NotFoundError: as `evaluate`.
    """
    spec_a = heads_to_score(a.info.heads, dataset, head)[0]
    spec_b = _counterpart(spec_a, b.info)
    examples = _in_scope(spec_a, spec_b, dataset.examples, oos_label)
    said_a = ask(a, [spec_a], examples, clock).by_head[spec_a.name]
    said_b = ask(b, [spec_b], examples, clock).by_head[spec_b.name]
    rows_a, rows_b = _paired_rows((spec_a, spec_b), examples, (said_a, said_b))
    shares, counts = resample_paired((rows_a, rows_b), resamples=resamples, seed=seed)
    only_a, only_b = rows_a.right & ~rows_b.right, rows_b.right & ~rows_a.right
    return Comparison(
        a=f"{a.info.name} {a.info.version}",
        b=f"{b.info.name} {b.info.version}",
        data=dataset.source,
        head=spec_a.name,
        rows=len(examples),
        accuracy=Difference(
            float(rows_a.right.mean()), float(rows_b.right.mean()), interval(shares[1] - shares[0])
        ),
        macro_f1=Difference(
            float(macro_f1(rows_a.counts())),
            float(macro_f1(rows_b.counts())),
            interval(macro_f1(counts[1]) - macro_f1(counts[0])),
        ),
        only_a_right=int(only_a.sum()),
        only_b_right=int(only_b.sum()),
        p_value=mcnemar(int(only_a.sum()), int(only_b.sum())),
        disagreements=_disagreements(examples, said_a, said_b, only_a, only_b),
    )


def _counterpart(head: HeadSpec, info: ModelInfo) -> HeadSpec:
    same_task = [other for other in info.heads if other.task == head.task]
    if not same_task:
        raise InputError(
            f"model {info.name!r} has no {head.task} head to compare with head {head.name!r}",
            hint="compare models that were trained for the same task",
        )
    return next((other for other in same_task if other.name == head.name), same_task[0])


def _in_scope(
    a: HeadSpec, b: HeadSpec, examples: Sequence[Example], oos_label: str | None
) -> tuple[Example, ...]:
    """The rows that both models should be able to answer."""
    if a.task not in ("classify", "pair"):
        return tuple(examples)
    _, outside = class_targets(a, examples, oos_labels_of(a, oos_label))
    inside = tuple(example for example, out in zip(examples, outside.tolist(), strict=True) if not out)
    class_targets(b, inside, ())
    return inside


def _paired_rows(
    heads: tuple[HeadSpec, HeadSpec],
    examples: Sequence[Example],
    said: tuple[Sequence[HeadPrediction], Sequence[HeadPrediction]],
) -> tuple[ScoredRows, ScoredRows]:
    """Both models' answers over one set of labels, so that their counts can be set side by side."""
    if heads[0].task == "tag":
        true = [example.spans or () for example in examples]
        found = [[answer.spans for answer in answers] for answers in said]
        types = span_types(true, *found)
        return tag_rows(true, found[0], types)[0], tag_rows(true, found[1], types)[0]
    labels = tuple(dict.fromkeys(heads[0].labels + heads[1].labels))
    both = HeadSpec(heads[0].name, heads[0].task, labels)
    if both.task == "multilabel":
        flags = label_flags(both, examples)
        first, second = (flag_rows(flags, _label_sets(labels, answers)) for answers in said)
        return first, second
    index = {label: i for i, label in enumerate(labels)}
    targets = [index[example.label or ""] for example in examples]
    first, second = (
        class_rows(targets, [index[answer.label or ""] for answer in answers], len(labels))
        for answers in said
    )
    return first, second


def _label_sets(labels: Sequence[str], answers: Sequence[HeadPrediction]) -> NDArray[np.bool_]:
    return np.array([[label in answer.labels for label in labels] for answer in answers], dtype=np.bool_)


def _disagreements(
    examples: Sequence[Example],
    said_a: Sequence[HeadPrediction],
    said_b: Sequence[HeadPrediction],
    only_a: NDArray[np.bool_],
    only_b: NDArray[np.bool_],
) -> tuple[Disagreement, ...]:
    """Rows that one of them answers rightly, half of the places for each side, in the order of the file."""
    chosen = np.concatenate([np.flatnonzero(side)[: DISAGREEMENTS // 2] for side in (only_a, only_b)])
    return tuple(
        Disagreement(
            text=examples[i].text,
            expected=_expected(examples[i]),
            a=_answer(said_a[i]),
            b=_answer(said_b[i]),
            right="a" if only_a[i] else "b",
            line=examples[i].line,
        )
        for i in np.sort(chosen).tolist()
    )


def _expected(example: Example) -> str:
    if example.label is not None:
        return example.label
    if example.labels is not None:
        return ", ".join(example.labels) or "none"
    return ", ".join(f"{s.type} {s.start}–{s.end}" for s in example.spans or ()) or "none"


def _answer(answer: HeadPrediction) -> str:
    if answer.task == "tag":
        return ", ".join(f"{s.type} {s.start}–{s.end}" for s in answer.spans) or "none"
    return ", ".join(answer.labels) or "none" if answer.task == "multilabel" else answer.label or "none"
