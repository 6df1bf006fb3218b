"""What training sentences are made of, and the sentences. Data only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradewind.privacy.model import PiiSpan


@dataclass(frozen=True)
class Culture:
    """Names, organisations and places as one part of the world writes them.

    `joined`: family name first and no space (Chinese, Japanese, Korean). `double`: two family names are usual.
    `before` and `after` are honorifics, which are not part of a name. Patterns are templates, see `templates`.
    """

    code: str
    countries: Sequence[str]
    given: Sequence[str]
    family: Sequence[str]
    joined: bool = False
    double: bool = False
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    patterns: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Language:
    """What people write in one language: templates of sentences, fields of forms, questions and answers.

    `cultures` weighs whose names occur. `spaced`: sentences and words are parted by spaces.
    """

    code: str
    cultures: Mapping[str, float]
    spaced: bool
    conjunction: str
    turns: Sequence[str]
    patterns: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    countries: Sequence[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one entity type, or of none."""

    text: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One training text with exact spans, sorted and not overlapping."""

    text: str
    spans: tuple[PiiSpan, ...]
    language: str
