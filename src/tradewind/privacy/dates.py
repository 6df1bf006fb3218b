"""Dates of birth: dates beside a word that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tradewind.privacy.candidate import Candidate
from tradewind.privacy.context import AFTER, BEFORE, mentions, months, padded

_NUMERIC = r"[0-9]{1,4}([-/.])[0-9]{1,2}\1[0-9]{2,4}"
_EAST_ASIAN = r"[0-9]{4} ?[年년] ?[0-9]{1,2} ?[月월] ?[0-9]{1,2} ?[日号號일]"
_ERA = r"(?:令和|平成|昭和|大正|民國|民国) ?(?:[0-9]{1,3}|元)年 ?[0-9]{1,2}月 ?[0-9]{1,2}日"
_COMPACT = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_YEAR = r"(?:1[89]|20)[0-9]{2}"
SCORE = 0.8
_MONTH_DAYS = 31


def find_births(text: str, padded_text: str) -> Iterator[Candidate]:
    """Dates in a folded text that a word such as "born" stands beside; `padded_text` is what `padded` makes of it."""
    if not mentions(padded_text, "DATE_OF_BIRTH"):
        return
    for match in _dates().finditer(text):
        around = text[max(0, match.start() - BEFORE) : match.start()], text[match.end() : match.end() + AFTER]
        if _is_date(match) and any(mentions(padded(part), "DATE_OF_BIRTH") for part in around):
            yield Candidate("DATE_OF_BIRTH", match.start(), match.end(), SCORE)


def _is_date(match: re.Match[str]) -> bool:
    if match.group(1) is None:
        return True
    first, second, third = (int(part) for part in match.group().split(match.group(1)))
    day_and_month = (second, third) if first > _MONTH_DAYS else (first, second)
    return 1 <= min(day_and_month) <= 12 and max(day_and_month) <= _MONTH_DAYS


@cache
def _dates() -> re.Pattern[str]:
    month = rf"(?:{'|'.join(map(re.escape, months()))})"
    day = r"[0-9]{1,2}(?:st|nd|rd|th|er|º|\.)?"
    written = (
        rf"{day} (?:de |of )?{month}\.?,? (?:de |del )?{_YEAR}",
        rf"{month}\.? {day},? {_YEAR}",
        rf"{_YEAR} {month} {day}",
    )
    either = "|".join((_NUMERIC, _EAST_ASIAN, _ERA, _COMPACT, *written))
    return re.compile(rf"(?<![0-9A-Za-z])(?:{either})(?![0-9])", re.IGNORECASE)
