"""A message in its clauses, so that each can be looked at on its own: "I lost my card and what is my balance?"."""

from __future__ import annotations

import re
import unicodedata

MOST_CLAUSES = 4
SHORTEST_LETTERS, SHORTEST_WIDE = 8, 4
"""Fewest letters of a clause; of a script without spaces fewer say as much."""

_ENDS = r"[.!?;。！？；\n]+(?=\s|$|[^\x00-\x7f])|[。！？；]+"
_AND = "and|also|plus|then|und|außerdem|sowie|dann|y|e|además|también|luego"  # e: Spanish before an i
_SPLIT = re.compile(
    rf"{_ENDS}|\s*,?\s+(?:{_AND})\s+|[，,、]?\s*(?:另外|还有|顺便|然后|以及|并且|而且|另|それと|それから|あと|また|ついでに)[，,、]?\s*"
    r"|(?<=[です|ます|たい|して])[、]|[，]",
    re.IGNORECASE,
)


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a message in their order; only the message itself where it is one.

    >>> clauses("I lost my card and I want to know my balance")
    ('I lost my card', 'I want to know my balance')
    """
    parts = [part.strip(" ,，、") for part in _SPLIT.split(text)]
    kept = [part for part in parts if _is_clause(part)]
    return tuple(kept) if 2 <= len(kept) <= MOST_CLAUSES else (text,)


def _is_clause(part: str) -> bool:
    letters = [character for character in part if character.isalpha()]
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in letters)
    return len(letters) >= SHORTEST_LETTERS or wide >= SHORTEST_WIDE
