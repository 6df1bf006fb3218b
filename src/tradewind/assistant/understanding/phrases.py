"""Whole messages that mean one thing, such as "nein danke": looked up, so that a yes is a yes in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml

from tradewind.packs import normalised

LONGEST = 40
"""Characters; a longer message is never a phrase."""


def phrase_intent(text: str, language: str) -> str | None:
    """The dialogue intent that a whole message says, None where it is more than that.

    A phrase of another language counts too, unless it means something else in the message's own.

    >>> phrase_intent("Nein, danke!", "de")
    'deny'
    >>> phrase_intent("nein, die andere Karte", "de") is None
    True
    """
    meanings = _meanings(text)
    bare = language.partition("-")[0]
    if bare in meanings:
        return meanings[bare]
    return next(iter(meanings.values())) if len(set(meanings.values())) == 1 else None


def language_of_phrase(text: str, expected: Sequence[str]) -> str | None:
    """The language that a phrase belongs to: an expected one if any, else the only one that has it."""
    meanings = _meanings(text)
    for language in expected:
        if language in meanings:
            return language
    return next(iter(meanings)) if len(meanings) == 1 else None


def _meanings(text: str) -> Mapping[str, str]:
    return _table().get(normalised(text), {}) if len(text) <= LONGEST else {}


@cache
def _table() -> dict[str, dict[str, str]]:
    """Normalised phrase → language → dialogue intent."""
    content = files("tradewind.assistant.understanding").joinpath("phrases.yaml").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = {}
    for intent, languages in yaml.safe_load(content).items():
        for language, phrases in languages.items():
            for phrase in phrases:
                table.setdefault(normalised(phrase), {})[language] = intent
    return table
