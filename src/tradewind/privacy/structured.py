"""Everything in a text that rules and checksums can find."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from tradewind.core.ids import MarketId
from tradewind.privacy.candidate import Candidate
from tradewind.privacy.context import adjusted, padded
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
    """The rules of one market.

    Args:
        market: whose identifiers need no context word; none are favoured when None.
        country: ISO 3166 code in capitals of its numbering plan; read off the market's id when None.
        without: types that are not looked for.
    """

    def __init__(
        self, market: MarketId | None, country: str | None = None, *, without: Collection[str] = ()
    ) -> None:
        self._home = "" if market is None else market.partition("-")[0]
        self._country = country or self._home.upper()
        self._without = frozenset(without)

    def find(self, text: str) -> list[PiiSpan]:
        """The identifiers of a text in their order, none overlapping another."""
        folded = fold(text)
        spans = []
        for candidate in self._candidates(folded):
            if candidate.type in self._without:
                continue
            score = adjusted(folded, candidate)
            if score >= LEAST_SCORE:
                spans.append(PiiSpan(candidate.type, candidate.start, candidate.end, round(score, 3)))
        return resolve(spans)

    def _candidates(self, folded: str) -> Iterator[Candidate]:
        yield from find_online(folded)
        if not _DIGIT.search(folded):
            return
        words = padded(folded)
        yield from find_plates(folded, words, self._home)
        if not _ENOUGH_DIGITS.search(folded):
            return
        if _PHONE_LIKE.search(folded):
            yield from find_numbers(folded, self._home)
            yield from find_phones(folded, self._country)
        yield from find_lettered(folded, self._home)
        yield from find_births(folded, words)
