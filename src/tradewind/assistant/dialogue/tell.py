"""What is said beside the flows' own replies: answers from documents, products, buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewind.assistant.dialogue.model import Offer
from tradewind.assistant.dialogue.turn import Turn
from tradewind.assistant.model import Choice, Say
from tradewind.core.yaml_document import Where
from tradewind.nlp.model import Floats

YES, NO, HUMAN = "/yes", "/no", "/human"


def yes_or_no() -> tuple[Choice, ...]:
    """The buttons of a confirmation."""
    return Choice(YES, "dialogue_yes"), Choice(NO, "dialogue_no")


def yes_or_no_words(turn: Turn) -> dict[str, tuple[str, ...]]:
    """What stands for pressing the buttons of a confirmation."""
    return {YES: turn.book.settings.affirm, NO: turn.book.settings.deny}


def offers(
    choices: tuple[Choice, ...], words: Mapping[str, tuple[str, ...]] | None = None
) -> tuple[Offer, ...]:
    """Buttons as they are remembered, so that a number or a word may stand for pressing one."""
    known = words or {}
    return tuple(
        Offer(
            payload=choice.payload,
            words=(*known.get(choice.payload, ()), *((choice.text,) if choice.text else ())),
        )
        for choice in choices
    )


def flows(turn: Turn, names: tuple[str, ...]) -> tuple[Choice, ...]:
    """Buttons that start flows."""
    return tuple(
        Choice(
            f"/intent {turn.book.flows[name].starts_on[0]}", text=turn.book.flow_title(name, turn.language)
        )
        for name in names
        if name in turn.book.flows and turn.book.flows[name].starts_on
    )


def intents(turn: Turn, names: tuple[str, ...]) -> tuple[Choice, ...]:
    """Buttons that stand for intents."""
    return tuple(
        Choice(f"/intent {name}", text=turn.book.intent_title(name, turn.language)) for name in names
    )


def answer(turn: Turn, question: str, vector: Floats | None, where: Where | None = None) -> bool:
    """Quote the documents of the business; False where none is sure enough."""
    knowledge = turn.services.knowledge
    if knowledge is None:
        return False
    found = knowledge.answer(question, turn.scene.party.market, turn.language, vector=vector)
    if found is None:
        return False
    turn.says.append(Say("dialogue_answer", {"title": found.passage.title}, quote=found.passage))
    turn.note(
        "answered",
        "a document answers it",
        step=where,
        document=found.passage.document,
        probability=round(found.probability, 4),
    )
    return True


def suggest(turn: Turn, need: str, profile: Mapping[str, Any], where: Where) -> bool:
    """Offer the products that suit, with reasons and disclosures; False where none does."""
    products = turn.services.products
    found = products.match(need, profile, turn.scene.party.market) if products is not None else []
    turn.says.extend(suggestion.say for suggestion in found)
    turn.note(
        "suggested",
        "these suit the need and may be bought" if found else "nothing suits",
        step=where,
        products=[suggestion.product for suggestion in found],
    )
    return bool(found)


def person() -> tuple[Choice, ...]:
    """The button that asks for a person."""
    return (Choice(HUMAN, "dialogue_human"),)
