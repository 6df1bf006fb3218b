"""What a check of a data set found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from tradewind.nlp.data.suspects import Suspect


@dataclass(frozen=True)
class Place:
    """A row and what it is labelled."""

    file: str
    line: int
    answer: str


@dataclass(frozen=True)
class Repeated:
    """One text that stands in several rows."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that somebody should know; `spoils` when a model trained or tested on this data would mislead."""

    kind: str
    message: str
    spoils: bool = False


@dataclass(frozen=True)
class CheckReport:
    """Everything that `check` found.

    `labels` counts rows by label (spans by type for tag data), the most frequent first. `duplicates` counts rows
    that only repeat an earlier one, `exact` to the letter and `normalised` but for case, spaces and punctuation
    at the edges. Lists of rows are cut (`LISTED`); the counts beside them are not. `lengths` holds percentiles by
    unit: characters and words, where a Chinese or Japanese character counts as a word.
    """

    source: str
    rows: int
    skipped: tuple[str, ...]
    skipped_rows: int
    notes: tuple[str, ...]
    labels: Mapping[str, int]
    imbalance: float
    duplicates: Mapping[str, int]
    contradictions: tuple[Repeated, ...]
    contradicting_rows: int
    small_classes: Mapping[str, int]
    suspects: tuple[Suspect, ...]
    languages: Mapping[str, int]
    declared_languages: Mapping[str, int]
    lengths: Mapping[str, Mapping[str, float]]
    leaks: tuple[Repeated, ...] = ()
    leaking_rows: int = 0
    test_rows: int | None = None
    unknown_test_labels: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def spoiled(self) -> bool:
        """Whether a problem was found that should stop a training run."""
        return any(problem.spoils for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """The report as plain values for one JSON document."""
        return {**asdict(self), "spoiled": self.spoiled}
