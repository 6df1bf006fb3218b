"""Everything in a text that rules and checksums can find."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tradewind.core.ids import MarketId
from tradewind.privacy.candidate import Candidate
from tradewind.privacy.context import adjusted
from tradewind.privacy.dates import find_births
from tradewind.privacy.fold import fold
from tradewind.privacy.lettered import find_lettered
from tradewind.privacy.model import PiiSpan
from tradewind.privacy.numbers import find_numbers
from tradewind.privacy.online import find_online
from tradewind.privacy.overlap import resolve
from tradewind.privacy.phones import find_phones
from tradewind.privacy.plates import find_plates

LEAST_SCORE = 0.4
"""Below this a number is taken for something else."""
_DIGIT = re.compile(r"[0-9]")
_ENOUGH_DIGITS = re.compile(r"[0-9](?:[^0-9]*[0-9]){3}")
_PHONE_LIKE = re.compile(r"[0-9](?:[ ./()-]{0,3}[0-9]){6}")


class Structured:
    """The rules of one market."""

    def __init__(self, market: MarketId) -> None:
        self.market = market
        self._region = market.upper()

    def find(self, text: str) -> list[PiiSpan]:
        """The identifiers of a text in their order, none overlapping another."""
        folded = fold(text)
        spans = []
        for candidate in self._candidates(folded):
            score = adjusted(folded, candidate)
            if score >= LEAST_SCORE:
                spans.append(PiiSpan(candidate.type, candidate.start, candidate.end, round(score, 3)))
        return resolve(spans)

    def _candidates(self, folded: str) -> Iterator[Candidate]:
        yield from find_online(folded)
        if not _DIGIT.search(folded) or not _ENOUGH_DIGITS.search(folded):
            return
        if _PHONE_LIKE.search(folded):
            yield from find_numbers(folded, self.market)
            yield from find_phones(folded, self._region)
        yield from find_lettered(folded, self.market)
        yield from find_births(folded)
        yield from find_plates(folded, self.market)
