"""Detection of personal data: identifiers by rule and checksum, names by a model, one list without overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from tradewind.core.ids import MarketId
from tradewind.privacy.model import NameDetector, PiiSpan
from tradewind.privacy.overlap import resolve
from tradewind.privacy.structured import Structured


class Detector:
    """Finds personal data under one market.

    Args:
        market: whose identifiers are expected: they need no context word, and its telephone numbers no country
            code. What is unmistakable is found under any market.
        names: the model that finds names; only identifiers are found when None.
        languages: the market's, likeliest first; a hint for `names`.
    """

    def __init__(
        self, market: MarketId, names: NameDetector | None = None, *, languages: Sequence[str] = ()
    ) -> None:
        self.market = market
        self.languages = tuple(languages)
        self._structured = Structured(market)
        self._names = names

    def detect(self, texts: Sequence[str]) -> list[list[PiiSpan]]:
        """The spans of each text in their order, none overlapping another; offsets count characters."""
        if self._names is None or not texts:
            return [self._structured.find(text) for text in texts]
        named = self._names.names(texts, self.languages)
        return [
            resolve(self._structured.find(text) + found) for text, found in zip(texts, named, strict=True)
        ]
