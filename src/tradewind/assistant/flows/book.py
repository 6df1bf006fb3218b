"""All that a pack says of dialogue, loaded: flows, actions, rules of hand-off, titles of intents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tradewind.assistant.model import Language
from tradewind.packs.dialogue_file import (
    Action,
    DialogueFile,
    HandOffRule,
    read_actions_file,
    read_dialogue_file,
)
from tradewind.packs.flow_file import Flow, read_flows
from tradewind.packs.model import Pack

DEFAULT_LANGUAGE = Language("en")


@dataclass(frozen=True)
class Book:
    """What the dialogue goes by.

    Args:
        titles: of the pack's intents, by language.
    """

    flows: Mapping[str, Flow]
    actions: Mapping[str, Action] = field(default_factory=dict)
    settings: DialogueFile = field(default_factory=DialogueFile)
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sandbox: str | None = None

    @cached_property
    def starts(self) -> Mapping[str, str]:
        """The flow that each intent starts."""
        return {intent: flow.id for flow in self.flows.values() for intent in flow.starts_on}

    @cached_property
    def languages(self) -> frozenset[str]:
        """In which the pack's flows have titles."""
        return frozenset(tag.partition("-")[0] for flow in self.flows.values() for tag in flow.title)

    @cached_property
    def hand_offs(self) -> Mapping[str, HandOffRule]:
        """The rule that sends each intent to a person."""
        return {intent: rule for rule in self.settings.hand_offs for intent in rule.intents}

    def flow_title(self, flow: str, language: Language) -> str:
        """A flow's title in a language, or in the next best."""
        return in_language(self.flows[flow].title, language)

    def intent_title(self, intent: str, language: Language) -> str:
        """What an intent is called: by its flow where it has one, which is told in more languages."""
        if intent in self.starts and (
            language in self.flows[self.starts[intent]].title or intent not in self.titles
        ):
            return self.flow_title(self.starts[intent], language)
        return in_language(self.titles.get(intent, {}), language) or intent


def load_book(pack: Pack) -> Book:
    """What a pack says of dialogue.

    Raises:
        DataError: the first fault of one of its files; `tradewind assistant check` lists all.
    """
    flows, problems = read_flows(pack.folder)
    actions, _, found = read_actions_file(pack.folder)
    settings, _, more = read_dialogue_file(pack.folder)
    for problem in (*problems, *found, *more):
        raise problem
    return Book(
        flows={flow.id: flow for flow, _ in flows.values()},
        actions=actions.by_name,
        settings=settings,
        titles={intent.name: intent.title for intent in pack.intents},
        sandbox=actions.sandbox,
    )


def in_language(texts: Mapping[str, str], language: Language) -> str:
    """The text in a language, in its base language ("pt" of "pt-BR"), in English, or in any."""
    for wanted in (language, language.partition("-")[0], DEFAULT_LANGUAGE):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()), "")
