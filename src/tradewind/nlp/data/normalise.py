"""When two texts count as the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from tradewind.nlp.data.model import Example

_SPACES = re.compile(r"\s+")
_EDGES = " .,;:!?…。、·¡¿'\"“”‘’«»「」『』()[]-–—~"


def normalised(text: str) -> str:
    """A text without what a typist adds or leaves out: case, width, runs of spaces, punctuation at the edges.

    A text of punctuation alone stays as it is.

    >>> normalised("  Where is　my Card?? ")
    'where is my card'
    """
    folded = _SPACES.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return folded.strip(_EDGES) or folded.strip()


def text_key(example: Example) -> str:
    """The same for examples (pairs: of pairs) whose normalised texts are equal."""
    if example.text_b is None:
        return normalised(example.text)
    return f"{normalised(example.text)}\0{normalised(example.text_b)}"


def group_by_text(examples: Iterable[Example]) -> list[list[int]]:
    """Indices of the examples, those of one normalised text together, groups by first appearance."""
    groups: dict[str, list[int]] = {}
    for index, example in enumerate(examples):
        groups.setdefault(text_key(example), []).append(index)
    return list(groups.values())
