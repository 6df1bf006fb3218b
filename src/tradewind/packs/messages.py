"""The messages of a pack: one CSV file a kind and language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

from tradewind.nlp.data import Columns, Dataset, read
from tradewind.nlp.model import Task

OUT_OF_SCOPE = "out_of_scope"
"""The label of messages that none of a pack's intents covers."""

Kind = Literal["examples", "out-of-scope", "test"]
KINDS: Mapping[Kind, str] = {
    "examples": "text,intent",
    "out-of-scope": "text",
    "test": "text,intent",
}
"""Folder of each kind of message, and the header of its files."""


def messages_file(folder: Path, kind: Kind, language: str) -> Path:
    """Where a pack keeps its messages of a kind in a language."""
    return folder / kind / f"{language}.csv"


def read_messages(folder: Path, kind: Kind, language: str, *, skip_bad: bool = False) -> Dataset:
    """Read the messages of a kind in a language; each example carries its label and `lang`.

    Args:
        folder: the pack.
        kind: "examples" and "test" are labelled by their `intent` column, "out-of-scope" by `OUT_OF_SCOPE`.
        language: as in the pack's list of languages.
        skip_bad: collect bad rows in `Dataset.skipped` instead of raising the first.

    Raises:
        DataError: a row or the file cannot be used; says file, line and column.
        NotFoundError: the file is not there.
    """
    labelled = kind != "out-of-scope"
    tasks: tuple[Task, ...] = ("classify",) if labelled else ()
    dataset = read(
        messages_file(folder, kind, language),
        tasks,
        Columns(label="intent"),
        skip_bad=skip_bad,
    )
    examples = (
        replace(example, lang=language, label=example.label if labelled else OUT_OF_SCOPE)
        for example in dataset.examples
    )
    return replace(dataset, examples=tuple(examples))
