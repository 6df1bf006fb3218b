"""What a data set must have before anybody trains on it."""

from __future__ import annotations

from collections.abc import Collection

from tradewind.core.errors import InputError
from tradewind.nlp.data.model import Dataset
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
