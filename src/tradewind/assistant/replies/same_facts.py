"""Whether a rewritten text still says the same: numbers, amounts, names and links are those of the original, in order.

Nothing here understands a sentence. What can be counted is counted, and any doubt is a difference: the original is then
said, so a guard that is too strict costs nothing but polish.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping

LONGER, SHORTER = 2.0, 0.4
"""How much longer or shorter a rewritten text may be; some 40 characters are always allowed."""

CURRENCIES = "$€£¥￥₩₹"

_NUMBER = re.compile(
    rf"(?P<before>[-−+]?\s?[{CURRENCIES}]?\s?[-−+]?)"
    r"(?P<number>\d(?:[\d.,:/’'\u00a0\u202f-]*\d)?)"
    rf"(?P<after>\s?(?:[{CURRENCIES}%％‰元円]|[A-Z]{{3}}\b)?)"
)
_LINK = re.compile(
    r"\w[\w+.-]*://\S+|[^\s@]+@[^\s@]+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b[^\s,;:!?。，、]*", re.IGNORECASE
)
_QUOTED = re.compile(r"[“„«「『《]([^”“»」』》]+)[”“»」』》]")
_NAME_LIKE = re.compile(r"(?<![.!?:¡¿•\n]\s)(?<![.!?:¡¿\n])(?<!^)\b[A-ZÁÉÍÓÚÑ][\w’'-]+")
_UNITS = (
    "day", "week", "month", "year", "hour", "minute", "tag", "woche", "monat", "jahr", "stunde", "día", "semana", "mes",
    "año", "hora", "天", "周", "月", "年", "小时", "分钟", "日", "週", "時間", "分",
)  # fmt: skip
_NUMERALS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|ninety|hundred|"
        r"thousand|million|half|twice|double|both|first|second|third)\b"
    ),
    "de": re.compile(
        r"\b(zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|dreißig|hundert|tausend|million\w*|halb\w*|"
        r"doppelt\w*|zweimal|beide\w*)\b"
    ),
    "es": re.compile(
        r"\b(dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|veinte|treinta|cien|ciento|mil|mill\w+|"
        r"mitad|doble|ambos|ambas)\b"
    ),
    "zh": re.compile(r"[一二两三四五六七八九十百千万亿半]+(?=[个天日周月年次倍成笔级元小分])"),
    "ja": re.compile(r"[一二三四五六七八九十百千万億半]+(?=[個日週月年回倍割件級円時分か])"),
}
_NEGATIONS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:not|no|never|nothing|cannot|without|none|nobody|unable)\b|n[’']t\b"),
    "de": re.compile(r"\b(?:nicht|kein\w*|nie|niemals|nichts|ohne|niemand\w*)\b"),
    "es": re.compile(r"\b(?:no|nunca|nada|sin|ning[uú]n\w*|nadie|jamás)\b"),
    "zh": re.compile(r"[不没未无勿]"),
    "ja": re.compile(r"ない|ません|なく|なかっ|ずに|無[くし]"),
}
"""Words that turn a sentence round: as many before as after."""


def difference(original: str, rewritten: str, language: str, names: Iterable[str] = ()) -> str | None:
    """What a rewritten text no longer has, or has besides, in one word; None where the facts are the same.

    Args:
        names: whatever else must stand there as often as before: persons, products, the business itself.
    """
    if not rewritten.strip() or not _of_like_length(original, rewritten):
        return "length"
    if any(_is_unsafe(character) and character not in original for character in rewritten):
        return "characters"
    if _LINK.findall(original) != _LINK.findall(rewritten):
        return "links"
    if numbers(original) != numbers(rewritten):
        return "numbers"
    if _QUOTED.findall(original) != _QUOTED.findall(rewritten):
        return "quotes"
    if any(original.count(name) != rewritten.count(name) for name in names if name and name in original):
        return "names"
    return _difference_in_words(original, rewritten, language.partition("-")[0])


def numbers(text: str) -> list[tuple[str, str, str]]:
    """Each number with its sign or currency before and after, as they stand; digits of any script are digits."""
    plain = "".join(str(unicodedata.decimal(character, character)) for character in text)
    return [(m["before"].strip(), m["number"], m["after"].strip()) for m in _NUMBER.finditer(plain)]


def _difference_in_words(original: str, rewritten: str, language: str) -> str | None:
    before, after = original.casefold(), rewritten.casefold()
    if any(before.count(unit) != after.count(unit) for unit in _UNITS):
        return "units"
    numerals, negations = _NUMERALS.get(language), _NEGATIONS.get(language)
    if numerals is not None and Counter(numerals.findall(before)) != Counter(numerals.findall(after)):
        return "numerals"
    if negations is not None and len(negations.findall(before)) != len(negations.findall(after)):
        return "negation"
    # German writes all nouns with a capital, other scripts have none
    if language in ("en", "es") and any(
        name.casefold() not in before for name in _NAME_LIKE.findall(rewritten)
    ):
        return "names"
    return None


def _of_like_length(original: str, rewritten: str) -> bool:
    return len(original) * SHORTER - 40 <= len(rewritten) <= len(original) * LONGER + 40


def _is_unsafe(character: str) -> bool:
    return character in "<>[]{}`|\\" or (
        unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") and character != "\n"
    )
