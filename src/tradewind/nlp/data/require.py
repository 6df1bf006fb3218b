"""What a data set must have before anybody trains or evaluates on it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from tradewind.core.errors import DataError, InputError
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.model import Task


def require_trainable(dataset: Dataset, tasks: Collection[Task], *, oos_label: str | None = None) -> None:
    """Refuse data that no model can be trained on.

    Args:
        dataset: the training data.
        tasks: what is to be trained.
        oos_label: the label that means "none of these"; it is no class.

    Raises:
        InputError: no rows, or fewer than two classes (for multilabel: no label, for tag: no span at all).
    """
    if not dataset.examples:
        skipped = f"; {len(dataset.skipped)} bad row(s) were skipped" if dataset.skipped else ""
        raise InputError(
            f"{dataset.source}: no rows to train on{skipped}", hint="give a file with labelled rows"
        )
    for task in tasks:
        if task in ("classify", "pair"):
            _require_classes(
                {example.label for example in dataset.examples} - {None, oos_label}, dataset, task
            )
        elif task == "multilabel" and not any(example.labels for example in dataset.examples):
            raise InputError(
                f"{dataset.source}: no row has a label", hint="check the column given by --labels"
            )
        elif task == "tag" and not any(example.spans for example in dataset.examples):
            raise InputError(f"{dataset.source}: no row has a span", hint="check the column given by --spans")


def _require_classes(classes: Collection[str | None], dataset: Dataset, task: Task) -> None:
    if len(classes) >= 2:
        return
    only = "no class" if not classes else f"only one class, {next(iter(classes))!r},"
    raise InputError(
        f"{dataset.source}: {only} for {task} in {len(dataset.examples):,} row(s)",
        hint="at least two different labels are needed; check the column given by --label",
    )


def require_labels(
    dataset: Dataset,
    known_labels: Iterable[str],
    *,
    oos_label: str | None = None,
    task: Task = "classify",
) -> None:
    """Refuse a label that the model was never taught.

    Args:
        dataset: the test data.
        known_labels: classes of the head; for tag its span types.
        oos_label: the label that means "none of these", allowed besides.
        task: which field of the examples holds the labels.

    Raises:
        DataError: names the first unknown label with its line, how many rows have unknown labels, and the
            nearest known one.
    """
    known = set(known_labels) | {oos_label}
    unknown = [
        (example, name) for example in dataset.examples for name in _names(example, task) if name not in known
    ]
    if not unknown:
        return
    example, name = unknown[0]
    names = sorted({name for _, name in unknown})
    others = (
        f"; {len(unknown)} row(s) with unknown labels: {', '.join(names[:5])}" if len(unknown) > 1 else ""
    )
    close = difflib.get_close_matches(name, [label for label in known if label], n=1)
    nearest = f"; nearest: {close[0]}" if close else ""
    raise DataError(
        f"the model does not know the {'span type' if task == 'tag' else 'label'} {name!r}{others}",
        file=example.file,
        line=example.line,
        hint=f"correct it or train with examples of it{nearest}",
    )


def _names(example: Example, task: Task) -> Iterable[str]:
    if task == "tag":
        return [span.type for span in example.spans or ()]
    if task == "multilabel":
        return example.labels or ()
    return () if example.label is None else (example.label,)
