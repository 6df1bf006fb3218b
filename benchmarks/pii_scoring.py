"""How detection of personal data is scored: spans of the text, by type.

A predicted span is right when it has the type of a marked span and both its edges (`exact`), or its type and at
least half of the characters of their union (`overlap`, as most published figures count). Each marked span is met
once. STREET_ADDRESS and GPE count as one type, ADDRESS: where a city in an address ends is a matter of taste. For the
same reason neighbours of that type with nothing but white space and punctuation between them count as one span, on
both sides: some rows of the data set mark "12", "Main St", "Apt. 5" and "Boston" one by one, others all of it at once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from tradewind.privacy.model import PiiSpan

Match = Literal["exact", "overlap"]
ADDRESS = "ADDRESS"
SCORED = (
    "PERSON", ADDRESS, "ORGANIZATION", "CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "IBAN_CODE", "US_SSN",
    "IP_ADDRESS",
)  # fmt: skip
NAMES = ("PERSON", ADDRESS, "ORGANIZATION")
STRUCTURED = tuple(type for type in SCORED if type not in NAMES)
_MERGED = {"STREET_ADDRESS": ADDRESS, "GPE": ADDRESS, "LOCATION": ADDRESS}
OVERLAP = 0.5


class Example(NamedTuple):
    """A text with its marked spans."""

    text: str
    spans: Sequence[PiiSpan]
    template: int


@dataclass(frozen=True)
class Counts:
    """Right, wrong and missed spans; `+` pools folds."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def read_pii_synth(folder: Path) -> list[Example]:
    """The rows of `pii-synth`."""
    rows = json.loads((folder / "part.json").read_text(encoding="utf-8"))
    return [
        Example(
            row["full_text"],
            [
                PiiSpan(span["entity_type"], span["start_position"], span["end_position"], 1.0)
                for span in row["spans"]
            ],
            row["template_id"],
        )
        for row in rows
    ]


def folds(examples: Sequence[Example], count: int = 5) -> list[list[int]]:
    """Indices of each fold's test rows; all rows of a template are in one fold, sizes as even as can be."""
    sizes = Counter(example.template for example in examples)
    totals, home = [0] * count, {}
    for template, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold = min(range(count), key=lambda number: (totals[number], number))
        home[template] = fold
        totals[fold] += size
    return [
        [row for row, example in enumerate(examples) if home[example.template] == fold]
        for fold in range(count)
    ]


def score(
    examples: Sequence[Example],
    predicted: Iterable[Sequence[PiiSpan]],
    *,
    types: Sequence[str] = SCORED,
    match: Match = "exact",
) -> dict[str, Counts]:
    """Counts by type, of predictions in the order of the examples; other types are left out on both sides."""
    totals = dict.fromkeys(types, Counts())
    for example, found in zip(examples, predicted, strict=True):
        for type in types:
            marked, guessed = (
                [span for span in spans if merged(span.type) == type] for spans in (example.spans, found)
            )
            if type == ADDRESS:
                marked, guessed = joined(marked, example.text), joined(guessed, example.text)
            right = _matched(marked, guessed, match)
            totals[type] += Counts(right, len(guessed) - right, len(marked) - right)
    return totals


def micro(counts: Mapping[str, Counts]) -> Counts:
    """All types pooled."""
    return sum(counts.values(), Counts())


def joined(spans: Iterable[PiiSpan], text: str) -> list[PiiSpan]:
    """Spans of one type, those put together that have no letter or digit between them."""
    whole: list[PiiSpan] = []
    for span in sorted(spans, key=lambda span: span.start):
        if whole and not any(sign.isalnum() for sign in text[whole[-1].end : span.start]):
            span = PiiSpan(span.type, whole.pop().start, span.end, span.score)
        whole.append(span)
    return whole


def merged(type: str) -> str:
    """The type under which a span is scored."""
    return _MERGED.get(type, type)


def _matched(marked: Sequence[PiiSpan], guessed: Sequence[PiiSpan], match: Match) -> int:
    left = list(marked)
    for span in guessed:
        for other in left:
            if _agree(span, other, match):
                left.remove(other)
                break
    return len(marked) - len(left)


def _agree(one: PiiSpan, other: PiiSpan, match: Match) -> bool:
    if match == "exact":
        return (one.start, one.end) == (other.start, other.end)
    shared = min(one.end, other.end) - max(one.start, other.start)
    union = max(one.end, other.end) - min(one.start, other.start)
    return shared > 0 and shared / union >= OVERLAP
