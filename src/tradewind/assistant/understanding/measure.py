"""How well fresh messages of a pack are understood, by language, as the assistant would understand them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from tradewind.assistant.model import Language, Understander
from tradewind.core.ids import MarketId
from tradewind.nlp.data import Example
from tradewind.packs import Pack

MARKETS: Mapping[str, MarketId] = {
    "en": MarketId("us"), "zh": MarketId("cn"), "de": MarketId("de"), "es": MarketId("es"), "ja": MarketId("jp"),
}  # fmt: skip
"""A market for a language's messages."""


@dataclass(frozen=True)
class Mistake:
    """A message that was understood as something else; `found` is None where it was taken for out of scope."""

    text: str
    wanted: str
    found: str | None
    probability: float


@dataclass(frozen=True)
class Measured:
    """Shares of the messages of a language.

    Args:
        accuracy: the first intent is the right one; a message that is taken for out of scope counts as wrong.
        in_scope: not taken for out of scope.
        language: the language was recognised without being told.
    """

    rows: int
    accuracy: float
    in_scope: float
    language: float
    mistakes: tuple[Mistake, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Plain JSON."""
        return asdict(self)


def measure(understander: Understander, pack: Pack) -> dict[str, Measured]:
    """Figures by language of the pack's fresh messages."""
    names = {intent.same_as: intent.name for intent in pack.dialogue_intents if intent.same_as is not None}
    return {
        language: _measured(understander, examples, language, names)
        for language, examples in pack.fresh().items()
    }


def _measured(
    understander: Understander, examples: Sequence[Example], language: str, names: Mapping[str, str]
) -> Measured:
    market = MARKETS.get(language, MarketId("us"))
    # another market's customers write too: the language must not be read off the market
    elsewhere = MarketId("us") if language != "en" else MarketId("de")
    texts = [example.text for example in examples]
    known = understander.understand(texts, market, languages=[Language(language)] * len(texts))
    unknown = understander.understand(texts, elsewhere)
    mistakes = []
    for example, found in zip(examples, known, strict=True):
        wanted = names.get(example.label or "", example.label or "")
        # an example has one intent: where several are found, the most probable is held against it
        best = max(found.intents, key=lambda intent: intent.probability, default=None)
        if best is None or best.name != wanted:
            name, probability = (best.name, best.probability) if best is not None else (None, 0.0)
            mistakes.append(Mistake(example.text, wanted, name, round(probability, 3)))
    rows = len(examples)
    return Measured(
        rows=rows,
        accuracy=1 - len(mistakes) / rows,
        in_scope=sum(found.in_scope for found in known) / rows,
        language=sum(found.language.partition("-")[0] == language for found in unknown) / rows,
        mistakes=tuple(mistakes),
    )
