"""Licence plates: written as in the market, beside a word that says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from tradewind.privacy.candidate import Candidate
from tradewind.privacy.context import mentions, padded

PATTERNS: Mapping[str, str] = {
    "cn": "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z]"
    "[ .-]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]",
    "hk": r"[A-HJ-NP-Z]{2} ?[0-9]{1,4}",
    "tw": r"[A-Z]{2,3}[ -][0-9]{3,4}|[0-9]{4}[ -][A-Z0-9]{2}",
    "sg": r"[SEFGPQWXY][A-Z]{0,2} ?[0-9]{1,4} ?[A-Z]",
    "jp": r"[\u4e00-\u9fff\u3040-\u30ff]{1,4} ?[0-9]{2,3} ?[\u3040-\u309f] ?[0-9]{1,2}-?[0-9]{2}",
    "kr": r"(?:(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충[북남]|전[북남]|경[북남]|제주) ?)?"
    r"[0-9]{2,3} ?[가-힣] ?[0-9]{4}",
    "in": r"[A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}",
    "us": r"[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,4}",
    "ca": r"[A-Z0-9]{2,4}[ -]?[A-Z0-9]{3,4}",
    "gb": r"[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z][0-9]{1,3} ?[A-Z]{3}|[A-Z]{3} ?[0-9]{1,3}[A-Z]",
    "de": r"[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -]?[0-9]{1,4}[EH]?",
    "fr": r"[A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}|[0-9]{2,4} ?[A-Z]{2,3} ?(?:[0-9]{2}|2[AB])",
    "es": r"[0-9]{4}[ -]?[BCDFGHJ-NPR-TV-Z]{3}",
    "it": r"[A-HJ-NPR-TV-Z]{2} ?[0-9]{3} ?[A-HJ-NPR-TV-Z]{2}",
    "br": r"[A-Z]{3}[ -]?[0-9][A-Z0-9][0-9]{2}",
    "mx": r"[A-Z]{3}-?[0-9]{2,3}-?[A-Z0-9]{1,2}|[A-Z]{3}-?[0-9]{4}",
    "ae": r"(?:[A-Z]{1,2}|[0-9]{1,2}) ?[0-9]{3,5}",
    "au": r"[A-Z]{2,3}[ -]?[0-9]{2,3}[ -]?[A-Z]{0,2}|[0-9]{1,3}[ -]?[A-Z]{2,3}[ -]?[0-9]{0,2}[A-Z]?",
}
AT_HOME_ONLY = frozenset({"us", "ca", "au", "mx", "ae", "tw", "hk", "sg"})
"""Plates of a form that much else has too: looked for under their own market."""
SCORE_HOME, SCORE_ABROAD, SCORE_UNMISTAKABLE = 0.75, 0.5, 0.75
_BEFORE, _AFTER = 40, 12
_NEEDS = re.compile(r"(?=.*[0-9])(?=.*\D)", re.DOTALL)
_COMPILED = {
    market: re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])")
    for market, pattern in PATTERNS.items()
}


def find_plates(text: str, padded_text: str, market: str) -> Iterator[Candidate]:
    """Plates in a folded text: Chinese ones by themselves, others beside a word that says so.

    Args:
        padded_text: what `padded` makes of the text.
    """
    if not text.isascii():
        for match in _COMPILED["cn"].finditer(text):
            yield Candidate("LICENSE_PLATE", match.start(), match.end(), SCORE_UNMISTAKABLE)
    if not mentions(padded_text, "LICENSE_PLATE"):
        return
    for country, pattern in _COMPILED.items():
        if country in AT_HOME_ONLY and country != market:
            continue
        for match in pattern.finditer(text):
            near = padded(text[max(0, match.start() - _BEFORE) : match.start()])
            behind = padded(text[match.end() : match.end() + _AFTER])
            if _NEEDS.match(match.group()) and (
                mentions(near, "LICENSE_PLATE") or mentions(behind, "LICENSE_PLATE")
            ):
                score = SCORE_HOME if country == market else SCORE_ABROAD
                yield Candidate("LICENSE_PLATE", match.start(), match.end(), score)
