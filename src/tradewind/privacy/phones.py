"""Telephone numbers: what is written like one, and what the country's numbering plan says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

import phonenumbers

from tradewind.privacy.candidate import Candidate

INTERNATIONAL, NATIONAL, DIALLED, WRITTEN_LIKE = 0.75, 0.54, 0.35, 0.15
"""Scores: valid with country code; valid in the market, grouped or with trunk prefix; valid in the market, plain
digits; not valid there, yet written like a number: a word must say that it is one."""
ALWAYS_WITH_ZERO = frozenset({"AE", "AU", "DE", "FR", "GB", "JP", "KR", "NL", "TW"})
"""Countries where people write their numbers with the trunk prefix: without it a number is likelier another one."""
FEWEST_DIGITS, MOST_DIGITS = 7, 15
_PHONE = re.compile(
    r"(?<![0-9A-Za-z_+])(?:\+ ?|\(\+?)?[0-9](?:(?: ?- ?|[ ./]|\)[ -]?|[ -]?\()?[0-9]){6,17}"
    r"(?: ?(?:x|ext\.?|extension|#|доб\.?|poste|ramal|内線|転) ?[0-9]{1,6})?(?![0-9])",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[0-9]+")
_EXTENSION = re.compile(r" ?[^0-9 ()./+-].*\Z", re.DOTALL)
_GROUP_START = re.compile(r"(?<= )[(0-9]")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}([-/. ])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"  # a time may follow without a space
    r"|(?:0?[1-9]|[12][0-9]|3[01])([-/. ])(?:0?[1-9]|[12][0-9]|3[01])\2(?:19|20)[0-9]{2}(?![0-9])"
)
_DECIMAL = re.compile(r"(?:^|[ /])[0-9]+\.[0-9]+(?:[ /]|$)")
"""In a number written with points they stand between all groups: "25.1 25.4 14" are three amounts."""
_MOST_TRIES = 4
_MOST_PREFIX_DIGITS = 4
"""Trunk prefix and carrier code before a national number, or the country code without its plus."""


def find_phones(text: str, region: str) -> Iterator[Candidate]:
    """Telephone numbers in a folded text.

    Args:
        region: ISO 3166 code in capitals of the country in which numbers without country code are dialled.
    """
    for match in _PHONE.finditer(text):
        after = text[match.end() : match.end() + 1]
        if (after.isascii() and after.isalpha()) or after == "_":
            continue
        start = match.start()
        if (
            text[start] == "(" and ")" not in match.group()
        ):  # the bracket of a remark (0112 …), not of the number
            start += 1
        yield from _in_place(text, start, match.end(), region)


def _in_place(text: str, start: int, end: int, region: str) -> Iterator[Candidate]:
    """The whole if it can be one; otherwise what is left without leading groups: a postcode, a house number."""
    whole = text[start:end]
    if _DATE.match(whole) or (" " in whole and _DECIMAL.search(whole)):
        return
    score = _score(whole, region)
    if score > WRITTEN_LIKE:
        yield Candidate("PHONE_NUMBER", start, end, score)
        return
    for group in islice(_GROUP_START.finditer(text, start + 1, end), _MOST_TRIES):
        if _score(text[group.start() : end], region) >= NATIONAL:
            yield Candidate("PHONE_NUMBER", group.start(), end, NATIONAL)
            return
    if score:
        yield Candidate("PHONE_NUMBER", start, end, score)


def _score(written: str, region: str) -> float:
    bare = _EXTENSION.sub("", written)
    groups = _GROUP.findall(bare)
    digits = sum(map(len, groups))
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS + (bare.startswith("00") and 2):
        return 0.0
    international = bare.startswith(("+", "(+", "00"))
    shortest, longest = _lengths(region)
    if (international or shortest <= digits <= longest) and _valid(bare, region):
        if international:
            return INTERNATIONAL
        dialled = bare.lstrip("(").startswith("0") or (region == "CN" and bare.startswith("1"))
        return NATIONAL if dialled or (len(groups) > 1 and region not in ALWAYS_WITH_ZERO) else DIALLED
    return WRITTEN_LIKE if international or _is_grouped_like_one(bare, groups) else 0.0


def _is_grouped_like_one(bare: str, groups: list[str]) -> bool:
    """ "668 5702" is; "55470 72" and "17031 2202" are a postcode or a house number with something behind."""
    if len(groups) == 1:
        return True
    longest_first = 5 if bare.startswith(("0", "(")) else 4
    return len(groups[0]) <= longest_first and len(groups) <= 7 and (len(groups[-1]) >= 3 or len(groups) > 2)


@cache
def _lengths(region: str) -> tuple[int, int]:
    """Fewest and most digits of a country's numbers as dialled there: the plan is asked about no others."""
    plan = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if plan is None or plan.general_desc is None:
        return 1, 0
    lengths = plan.general_desc.possible_length
    return min(lengths), max(lengths) + _MOST_PREFIX_DIGITS


def _valid(written: str, region: str) -> bool:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))
