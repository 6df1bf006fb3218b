"""Looking a data set over before anybody trains on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tradewind.nlp.data.languages import guess_languages
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.data.normalise import group_by_text, normalised, text_key
from tradewind.nlp.data.report import CheckReport, Place, Problem, Repeated
from tradewind.nlp.data.suspects import Suspect, find_suspects

SMALL_CLASS = 10
LISTED = 50
SHOWN_CHARACTERS = 200
TOLERATED_SHARE = 0.01
TOLERATED_IMBALANCE = 50.0
PERCENTILES = (1, 50, 90, 95, 99)

_WORDS = re.compile(
    "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)


def check(
    dataset: Dataset,
    *,
    test: Dataset | None = None,
    small_class: int = SMALL_CLASS,
    wrong_labels: bool = True,
    seed: int = 0,
) -> CheckReport:
    """Report what would make a model trained on this data worse than it could be.

    Args:
        dataset: the training data.
        test: data that the model will be tested on; its texts should not be in `dataset`.
        small_class: classes with fewer rows are listed.
        wrong_labels: look for labels that are probably wrong (the slow part: about 5 s of one core for 10,000
            rows in 77 classes).
        seed: of the search for wrong labels.

    Raises:
        UnavailableError: `wrong_labels` needs scikit-learn, which is not installed.
    """
    examples = dataset.examples
    labels = dict(Counter(name for example in examples for name in _names(example)).most_common())
    groups = group_by_text(examples)
    contradictions = _contradictions(examples, groups)
    labelled = any(example.label is not None for example in examples)
    paired = any(example.text_b is not None for example in examples)
    report = CheckReport(
        source=dataset.source,
        rows=len(examples),
        skipped=tuple(str(error) for error in dataset.skipped[:LISTED]),
        skipped_rows=len(dataset.skipped),
        notes=dataset.notes,
        labels=labels,
        imbalance=max(labels.values()) / min(labels.values()) if labels else 1.0,
        duplicates={
            "exact": len(examples) - len({(example.text, example.text_b) for example in examples}),
            "normalised": len(examples) - len(groups),
        },
        contradictions=contradictions[:LISTED],
        contradicting_rows=sum(len(repeated.places) for repeated in contradictions),
        small_classes={name: count for name, count in labels.items() if count < small_class},
        suspects=_suspects(examples, seed) if wrong_labels and labelled and not paired else (),
        languages=dict(Counter(guess_languages([example.text for example in examples])).most_common()),
        declared_languages=dict(Counter(example.lang for example in examples if example.lang).most_common()),
        lengths=_lengths(examples),
    )
    if test is not None:
        report = _with_test(report, examples, test)
    return replace(report, problems=tuple(_problems(report, small_class)))


def _names(example: Example) -> Sequence[str]:
    """What is counted as the row's labels."""
    if example.label is not None:
        return (example.label,)
    if example.labels is not None:
        return example.labels
    return [span.type for span in example.spans or ()]


def _answer(example: Example) -> str:
    """All that a row says of its text, independent of where in the text its spans begin."""
    spans = [f"{normalised(example.text[s.start : s.end])}={s.type}" for s in example.spans or ()]
    parts = [[example.label or ""], sorted(example.labels or ()), spans]
    return "; ".join(", ".join(part) for part in parts if part != [""] and part)


def _contradictions(examples: Sequence[Example], groups: Sequence[Sequence[int]]) -> tuple[Repeated, ...]:
    found = []
    for group in groups:
        if len(group) > 1 and len({_answer(examples[index]) for index in group}) > 1:
            found.append(_repeated([examples[index] for index in group]))
    return tuple(found)


def _repeated(examples: Sequence[Example]) -> Repeated:
    places = tuple(Place(example.file, example.line, _answer(example)) for example in examples)
    return Repeated(_shown(examples[0].text), places)


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _suspects(examples: Sequence[Example], seed: int) -> tuple[Suspect, ...]:
    return tuple(
        replace(found, text=_shown(found.text)) for found in find_suspects(examples, seed=seed, most=LISTED)
    )


def _lengths(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    def words(text: str) -> int:
        return len(_WORDS.findall(text))

    units: Mapping[str, Callable[[str], int]] = {"characters": len, "words": words}
    if not examples:
        return {unit: {} for unit in units}
    return {
        unit: _percentiles([count(example.text) for example in examples]) for unit, count in units.items()
    }


def _percentiles(lengths: Sequence[int]) -> dict[str, float]:
    values = np.percentile(lengths, PERCENTILES)
    named = {f"p{rank}": round(float(value), 1) for rank, value in zip(PERCENTILES, values, strict=True)}
    return {**named, "max": float(max(lengths)), "mean": round(float(np.mean(lengths)), 1)}


def _with_test(report: CheckReport, train: Sequence[Example], test: Dataset) -> CheckReport:
    """Add what training and test data have in common and should not, and what the training data lack."""
    seen = {text_key(example): example for example in reversed(train)}
    leaks = [
        _repeated([example, seen[key]]) for example in test.examples if (key := text_key(example)) in seen
    ]
    unknown = Counter(
        name for example in test.examples for name in _names(example) if name not in report.labels
    )
    return replace(
        report,
        leaks=tuple(leaks[:LISTED]),
        leaking_rows=len(leaks),
        test_rows=len(test.examples),
        unknown_test_labels=dict(unknown.most_common()),
    )


def _problems(report: CheckReport, small_class: int) -> list[Problem]:
    """What stands out, in the order in which one would mend it."""
    found: list[Problem] = []

    def add(kind: str, message: str, *, spoils: bool = False) -> None:
        found.append(Problem(kind, message, spoils))

    rows, tests = max(1, report.rows), max(1, report.test_rows or 0)
    if not report.rows:
        add("no_rows", "there are no rows", spoils=True)
    if report.skipped_rows:
        share = report.skipped_rows / (rows + report.skipped_rows)
        add("skipped", f"{report.skipped_rows:,} bad row(s) were skipped", spoils=share > TOLERATED_SHARE)
    if len(report.labels) == 1:
        add("one_class", f"every row has the same label: {next(iter(report.labels))}", spoils=True)
    if report.contradicting_rows:
        share = report.contradicting_rows / rows
        message = f"{report.contradicting_rows:,} row(s) ({share:.1%}) give one text different labels"
        add("contradictions", message, spoils=share > TOLERATED_SHARE)
    if report.leaking_rows:
        share = report.leaking_rows / tests
        message = f"{report.leaking_rows:,} test row(s) ({share:.1%}) are also in the training data"
        add("leakage", message, spoils=share > TOLERATED_SHARE)
    if report.unknown_test_labels:
        names = ", ".join(list(report.unknown_test_labels)[:5])
        count = sum(report.unknown_test_labels.values())
        add("unknown_test_labels", f"{count:,} test row(s) have labels not in training: {names}", spoils=True)
    if report.small_classes:
        names = ", ".join(list(report.small_classes)[-3:])
        message = (
            f"{len(report.small_classes)} class(es) have fewer than {small_class} rows, for example {names}"
        )
        add("small_classes", message)
    if report.imbalance > TOLERATED_IMBALANCE:
        add("imbalance", f"the largest class has {report.imbalance:.0f} times the rows of the smallest")
    if report.duplicates["normalised"]:
        add("duplicates", f"{report.duplicates['normalised']:,} row(s) repeat an earlier text")
    if report.suspects:
        most = "at least " if len(report.suspects) == LISTED else ""
        add("wrong_labels", f"{most}{len(report.suspects)} label(s) look wrong")
    return found
