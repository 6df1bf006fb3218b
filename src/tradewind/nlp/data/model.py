"""What labelled text is once it has been read: examples, their columns, and a data set of them."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.core.errors import DataError
from tradewind.nlp.model import Span


@dataclass(frozen=True, slots=True)
class Example:
    """One text with what is known of it; `file` and `line` (from 1) say where it was read.

    `label` serves classify and pair, `labels` multilabel (empty: none applies), `spans` tag: sorted, not
    overlapping, in characters of `text`. A field that no task asked for is None.
    """

    text: str
    text_b: str | None = None
    label: str | None = None
    labels: tuple[str, ...] | None = None
    spans: tuple[Span, ...] | None = None
    lang: str | None = None
    weight: float = 1.0
    line: int = 0
    file: str = ""


@dataclass(frozen=True)
class Columns:
    """Which column holds what.

    A name left at its default also stands for its usual synonyms (`sentence` for `text`, `intent` for
    `label` …); a name that was given is taken to the letter.
    """

    text: str = "text"
    text_b: str = "text_b"
    label: str = "label"
    labels: str = "labels"
    spans: str = "spans"
    lang: str = "lang"
    weight: str = "weight"


@dataclass(frozen=True)
class Dataset:
    """Examples in the order of their file.

    `skipped` are the bad rows that were passed over on request; `notes` say in plain words what was guessed
    while reading (format, columns, how spans are written).
    """

    examples: tuple[Example, ...]
    skipped: tuple[DataError, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.examples)


def merge(datasets: list[Dataset]) -> Dataset:
    """Several data sets as one, in the order given."""
    return Dataset(
        examples=tuple(example for dataset in datasets for example in dataset.examples),
        skipped=tuple(error for dataset in datasets for error in dataset.skipped),
        source=", ".join(dataset.source for dataset in datasets),
        notes=tuple(dict.fromkeys(note for dataset in datasets for note in dataset.notes)),
    )
