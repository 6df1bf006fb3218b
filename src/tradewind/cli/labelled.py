"""Labelled files for a model that exists: read for those of its heads that the files can judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tradewind.cli.output import say
from tradewind.core.errors import DataError

if TYPE_CHECKING:
    from tradewind.nlp.data import Columns, Dataset
    from tradewind.nlp.model import HeadSpec, Task


def read_labelled(
    files: Sequence[str], heads: Sequence[HeadSpec], head: str | None, columns: Columns, skip_bad: bool
) -> Dataset:
    """The rows of all files, with the answers of every head for which the first file has a column."""
    from tradewind.nlp.data import merge, read

    asked: list[Task] = [spec.task for spec in heads if head in (None, spec.name) and spec.task != "embed"]
    tasks = list(dict.fromkeys(asked))
    if len(tasks) > 1:
        tasks = [task for task in tasks if _has_columns(files[0], task, columns)] or tasks[:1]
    dataset = merge([read(file, tasks, columns, skip_bad=skip_bad) for file in files])
    for note in dataset.notes:
        say(f"note: {note}")
    if dataset.skipped:
        say(f"note: {len(dataset.skipped)} broken rows passed over, first {dataset.skipped[0]}")
    return dataset


def _has_columns(file: str, task: Task, columns: Columns) -> bool:
    from tradewind.nlp.data import read

    try:
        return len(read(file, [task], columns, skip_bad=True, limit=1)) > 0
    except DataError:
        return False
