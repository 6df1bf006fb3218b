"""Words around a number raise or lower the belief in it; they are data, in `context.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from tradewind.privacy.candidate import Candidate
from tradewind.privacy.fold import fold

BEFORE, AFTER = 60, 16
"""Characters of context that are read on either side."""
RAISE, LOWER = 0.35, 0.2
NEARNESS = 0.05
"""Most that the nearer of two words adds: "card 4111… PAN ABCPD1234E" must not mix them up."""
_ANYWHERE_FROM = "֐"
"""From Hebrew on, scripts without spaces or with particles written onto words: words are found anywhere."""
_SPACES = {code: " " for code in range(0x21, 0x7F) if not chr(code).isalnum()} | dict.fromkeys(
    map(ord, "\n\r\t“”„‘’«»、。，：；！？（）【】「」《》·…"), " "
)


@dataclass(frozen=True, slots=True)
class Words:
    """What speaks for and against a type, ready to be looked for in padded lower-case text."""

    own: tuple[str, ...]
    others: tuple[str, ...]


def adjusted(text: str, candidate: Candidate) -> float:
    """The score of a candidate in a folded text after a look around it, in 0..0.99."""
    words = vocabulary().get(candidate.type)
    if words is None:
        return min(candidate.score, 0.99)
    before = padded(text[max(0, candidate.start - BEFORE) : candidate.start])
    after = padded(text[candidate.end : candidate.end + AFTER])
    own = _last(before, words.own)
    score = candidate.score
    if words.others and _last(before, words.others) > own:
        score -= LOWER
    elif own >= 0:
        score += RAISE + NEARNESS * own / len(before)
    elif any(map(after.__contains__, words.own)):
        score += RAISE
    return max(0.0, min(score, 0.99))


def mentions(padded_text: str, type: str) -> bool:
    """Whether a padded text has a word of a type anywhere."""
    return any(map(padded_text.__contains__, vocabulary()[type].own))


@cache
def vocabulary() -> Mapping[str, Words]:
    """The words of each type, of all languages: customers do not keep to the market's."""
    table = _read()
    nobody = _needles(table["ANY"]["not"])
    return {
        type: Words(
            own=_needles([word for language, words in lists.items() if language != "not" for word in words]),
            others=_needles(lists.get("not", ())) + nobody,
        )
        for type, lists in table.items()
        if type not in ("ANY", "MONTHS")
    }


@cache
def months() -> tuple[str, ...]:
    """Names of months in all languages, in lower case, longest first."""
    names = {name for language in _read()["MONTHS"].values() for name in language}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


@cache
def _read() -> Mapping[str, Mapping[str, list[str]]]:
    content = files("tradewind.privacy").joinpath("context.yaml").read_text(encoding="utf-8")
    table: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(content)
    return table


def _needles(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_needle(word) for word in words))


def _needle(word: str) -> str:
    folded = fold(word).lower()
    if folded[0] >= _ANYWHERE_FROM:
        return folded.translate(_SPACES)
    return f" {folded[:-1]}" if folded.endswith("*") else f" {folded.translate(_SPACES)} "


def padded(text: str) -> str:
    """A text in lower case with spaces for punctuation, and around it: what words are looked for in."""
    return f" {text.lower().translate(_SPACES)} "


def _last(text: str, words: Sequence[str]) -> int:
    return max((text.rfind(word) for word in words if word in text), default=-1)
