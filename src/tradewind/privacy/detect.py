"""Detection of personal data: identifiers by rule and checksum, names by a model, one list without overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from tradewind.core.ids import MarketId
from tradewind.privacy.model import NameDetector, PiiSpan
from tradewind.privacy.names.edges import trimmed
from tradewind.privacy.overlap import resolve
from tradewind.privacy.structured import Structured


class Detector:
    """Finds personal data under one market.

    Args:
        market: whose identifiers are expected: they need no context word, and its telephone numbers no country
            code. What is unmistakable is found under any market.
        names: the model that finds names; only identifiers are found when None.
        country: ISO 3166 code of the market's numbering plan; read off its id when None.
        languages: the market's, likeliest first; a hint for `names`.
    """

    def __init__(
        self,
        market: MarketId,
        names: NameDetector | None = None,
        *,
        country: str | None = None,
        languages: Sequence[str] = (),
    ) -> None:
        self.market = market
        self.languages = tuple(languages)
        self._structured = Structured(market, country)
        self._names = names

    def detect(
        self, texts: Sequence[str], named: Sequence[Sequence[PiiSpan]] | None = None
    ) -> list[list[PiiSpan]]:
        """The spans of each text in their order, none overlapping another; offsets count characters.

        Args:
            named: what a model found in each text, where that is known already.
        """
        if named is None and self._names is not None and texts:
            named = self._names.names(texts, self.languages)
        if named is None:
            return [self._structured.find(text) for text in texts]
        return [
            resolve([*self._structured.find(text), *_trimmed(found, text)])
            for text, found in zip(texts, named, strict=True)
        ]


def _trimmed(spans: Sequence[PiiSpan], text: str) -> list[PiiSpan]:
    return [kept for span in spans if (kept := trimmed(span, text)) is not None]
