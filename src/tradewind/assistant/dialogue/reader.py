"""Reading an answer as what was asked for."""

from __future__ import annotations

from typing import Any

from tradewind.assistant.dialogue.model import Scene
from tradewind.assistant.dialogue.turn import ValueReader
from tradewind.assistant.model import Language
from tradewind.assistant.understanding.values import read_value
from tradewind.markets import Markets


def value_reader(markets: Markets) -> ValueReader:
    """Reads amounts, days, cards and the like as the market and the language write them."""

    def read(type: str, text: str, scene: Scene, language: Language) -> Any:
        market = markets.get(scene.party.market)
        return read_value(type, text, market, language, scene.now.date())

    return read
