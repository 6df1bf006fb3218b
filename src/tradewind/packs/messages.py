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

Kind = Literal["examples", "out-of-scope", "test", "fresh", "entities", "sentiment"]
KINDS: Mapping[Kind, str] = {
    "examples": "text,intent",
    "out-of-scope": "text",
    "test": "text,intent",
}
"""Folder of each kind of message that a pack has in each of its languages, and the header of its files."""

MORE_KINDS: Mapping[Kind, str] = {
    "fresh": "text,intent",
    "entities": "text",
    "sentiment": "text,sentiment,urgency",
}
"""Kinds that a pack may leave out. `fresh` is never taught and may be in languages that the pack does not teach;
`entities` marks what a text names as `[Anna](person)`; `urgency` is `urgent` or empty."""

SENTIMENTS = ("negative", "neutral", "positive")
URGENT = "urgent"

_TASKS: Mapping[Kind, tuple[Task, ...]] = {
    "out-of-scope": (),
    "entities": ("tag",),
    "sentiment": ("classify", "multilabel"),
}


def messages_file(folder: Path, kind: Kind, language: str) -> Path:
    """Where a pack keeps its messages of a kind in a language."""
    return folder / kind / f"{language}.csv"


def read_messages(folder: Path, kind: Kind, language: str, *, skip_bad: bool = False) -> Dataset:
    """Read the messages of a kind in a language; each example carries its label and `lang`.

    Args:
        folder: the pack.
        kind: labelled by the column `intent` or `sentiment`, "out-of-scope" by `OUT_OF_SCOPE`; "sentiment" has its
            urgency in `labels`, "entities" its `spans`.
        language: as in the pack's list of languages.
        skip_bad: collect bad rows in `Dataset.skipped` instead of raising the first.

    Raises:
        DataError: a row or the file cannot be used; says file, line and column.
        NotFoundError: the file is not there.
    """
    dataset = read(
        messages_file(folder, kind, language),
        _TASKS.get(kind, ("classify",)),
        Columns(label="sentiment" if kind == "sentiment" else "intent", labels="urgency"),
        skip_bad=skip_bad,
    )
    examples = (
        replace(example, lang=language, label=OUT_OF_SCOPE if kind == "out-of-scope" else example.label)
        for example in dataset.examples
    )
    return replace(dataset, examples=tuple(examples))


def languages_of(folder: Path, kind: Kind) -> tuple[str, ...]:
    """The languages that a pack has a file of a kind in, sorted."""
    return tuple(sorted(file.stem for file in (folder / kind).glob("*.csv")))
