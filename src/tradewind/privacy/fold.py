"""One way to write digits, letters and separators: full-width, Arabic-Indic and typographic forms are folded.

Each character becomes exactly one, so that offsets in the folded text are offsets in the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

LAST_DIGIT = 0x1FBF9
"""Unicode's highest decimal digit."""

LONG_VOWEL = "\u30fc"
"""Japanese: a hyphen between digits, a vowel after a kana."""

_IN_A_WORD = re.compile(f"(?<=[\u3041-\u30ff]){LONG_VOWEL}")


def fold(text: str) -> str:
    """The text with its digits, full-width forms, spaces and hyphens as in ASCII; of the same length."""
    if text.isascii():
        return text
    folded = text.translate(_table())
    if LONG_VOWEL not in text:
        return folded
    characters = list(folded)
    for match in _IN_A_WORD.finditer(text):
        characters[match.start()] = LONG_VOWEL
    return "".join(characters)


@cache
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    table |= {
        code: str(unicodedata.decimal(chr(code)))
        for code in range(0x660, LAST_DIGIT + 1)
        if unicodedata.category(chr(code)) == "Nd"
    }
    table |= dict.fromkeys((0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
    table |= dict.fromkeys((*range(0x2010, 0x2016), 0x2043, 0x2212, 0xFE58, 0xFE63, 0x30FC, 0x2500), "-")
    table |= dict.fromkeys((0xB7, 0x2024, 0x2027, 0x2219, 0x30FB), ".")
    return table
