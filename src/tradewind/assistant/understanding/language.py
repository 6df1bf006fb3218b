"""Which language a message is in: its own words first, then what is known of the conversation, then the market."""

from __future__ import annotations

from collections.abc import Sequence

from tradewind.assistant.model import Language
from tradewind.assistant.understanding.phrases import language_of_phrase
from tradewind.nlp.data.languages import likely_languages

CLEAR_WORDS = 4
"""Fewest words from which on a message may be in a language that nobody expects."""


def language_of(text: str, known: Language | None, market_languages: Sequence[str]) -> Language:
    """The language of a message.

    Args:
        text: the message.
        known: the conversation's language so far; decides where the words fit several languages or none.
        market_languages: the market's, the most used first.

    >>> language_of("ok", Language("ja"), ("en", "es"))
    'ja'
    >>> language_of("wie hoch ist mein Kontostand", Language("zh"), ("zh",))
    'de'
    """
    expected = [*([known] if known else []), *market_languages]
    fallback = Language(expected[0])
    found = likely_languages(text)
    if found == ("zh",) and _bare(fallback) == "ja":
        return fallback  # Kanji alone
    by_base = {_bare(tag): tag for tag in reversed(expected)}
    for base in (_bare(tag) for tag in expected):
        if base in found:
            return Language(by_base[base])
    spoken = language_of_phrase(text, [_bare(tag) for tag in expected])
    if spoken is not None:
        return Language(by_base.get(spoken, spoken))
    if len(found) == 1 and (not text.isascii() or len(text.split()) >= CLEAR_WORDS):
        return Language(found[0])
    if "en" in found and len(text.split()) > 1:
        return Language("en")
    return fallback


def _bare(tag: str) -> str:
    return tag.partition("-")[0]
