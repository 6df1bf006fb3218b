"""Numbers as people write them: 1.234,56 or 1,234.56, 5k, 3万, 五百, "two hundred", "zweihundert", "doscientos"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache

from tradewind.markets.locales import find_locale

LONGEST = 24
"""Characters of a number; longer runs of digits are no number that anybody means."""

DIGITS = r"[0-9](?:[0-9]|[ ,.'’_\u00a0\u202f](?=[0-9]))*"
_EAST_DIGITS = "〇零一二三四五六七八九两兩壹贰叁肆伍陆柒捌玖壱弐参"
_EAST_UNITS = "十百千拾佰仟"
_MYRIADS: Mapping[str, int] = {"万": 10**4, "萬": 10**4, "w": 10**4, "亿": 10**8, "億": 10**8}
EAST = rf"[{_EAST_DIGITS}{_EAST_UNITS}万萬亿億]+"
_SCALES: Mapping[str, int] = {
    "k": 1000, "thousand": 1000, "grand": 1000, "tausend": 1000, "tsd": 1000, "mil": 1000, "千": 1000,
    "m": 10**6, "mio": 10**6, "million": 10**6, "millionen": 10**6, "millón": 10**6, "millones": 10**6,
    **_MYRIADS,
}  # fmt: skip
SCALE = (
    r"(?: ?(?:thousand|grand|tausend|tsd\.?|mil(?![a-zé])|mio\.?|million(?:en)?s?|mill[oó]n(?:es)?)\b"
    r"|[kKwW](?![a-zA-Z])| ?[千万萬亿億])"
)
_UNITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | dict(
    zip("〇两兩壹贰叁肆伍陆柒捌玖壱弐参", (0, 2, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3), strict=True)
)
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}


def read_digits(text: str, language: str, country: str, *, money: bool = False) -> Decimal | None:
    """A number of digits and separators.

    A separator that stands once with one or two digits behind it is the decimal sign whatever the locale; three
    digits behind it make a thousand, unless it is the locale's decimal sign and the number no money.

    >>> read_digits("1.234,56", "de", "DE")
    Decimal('1234.56')
    >>> read_digits("1.234", "de", "DE"), read_digits("1.234", "en", "US")
    (Decimal('1234'), Decimal('1.234'))
    """
    bare = re.sub(r"[ '’_\u00a0\u202f]", "", text)
    if len(bare) > LONGEST:
        return None
    marks = [mark for mark in ",." if mark in bare]
    decimal = ""
    if len(marks) == 2:
        decimal = max(marks, key=bare.rfind)
    elif marks and bare.count(marks[0]) == 1:
        behind = len(bare.partition(marks[0])[2])
        own = marks[0] == _decimal_sign(language, country)
        decimal = marks[0] if behind != 3 or (own and not money) else ""
    whole = bare.replace("." if decimal == "," else ",", "")
    if not decimal:
        whole = re.sub(r"[.,]", "", bare)
    try:
        return Decimal(whole.replace(",", "."))
    except InvalidOperation:
        return None


def read_east_asian(text: str) -> Decimal | None:
    """A number in Chinese characters.

    >>> read_east_asian("三万五千"), read_east_asian("两百五"), read_east_asian("二〇二六")
    (Decimal('35000'), Decimal('250'), Decimal('2026'))
    """
    if not text or len(text) > LONGEST:
        return None
    if len(text) > 1 and all(character in _UNITS for character in text):
        return Decimal("".join(str(_UNITS[character]) for character in text))
    total = section = digit = 0
    last_unit = 1
    for character in text:
        if character in _UNITS:
            digit = _UNITS[character]
            if digit == 0:
                last_unit = 1
        elif character in _TENS:
            section += (digit or (1 if character in "十拾" else 0)) * _TENS[character]
            digit, last_unit = 0, _TENS[character]
        elif character in _MYRIADS:
            if _MYRIADS[character] == 10**8:
                total = (total + section + digit) * 10**8
            else:
                total += (section + digit) * 10**4
            section, digit, last_unit = 0, 0, _MYRIADS[character]
        else:
            return None
    # 两百五 is 250 and 三万五 is 35,000: the last digit counts the unit below.
    section += digit * (last_unit // 10 if last_unit >= 100 else 1)
    return Decimal(total + section)


def read_words(text: str) -> Decimal | None:
    """A number in English, German or Spanish words.

    >>> read_words("two hundred and fifty"), read_words("zweihundertfünfzig"), read_words("doscientos cincuenta")
    (Decimal('250'), Decimal('250'), Decimal('250'))
    """
    total = section = 0
    parts = [piece for word in re.split(r"[\s-]+", text.casefold()) for piece in _pieces(word)]
    if not parts:
        return None
    pending = 0
    for place, part in enumerate(parts):
        value = _WORDS.get(part)
        if value is None:
            return None
        if value == 100 and part in _HUNDREDS:
            section = (pending or 1) * 100
            pending = 0
        elif value >= 1000:
            total += ((section + pending) or 1) * value
            section = pending = 0
        elif value >= 0:
            pending += value
        elif place in (0, len(parts) - 1):
            return None
    return Decimal(total + section + pending)


def scale_of(text: str) -> int:
    """What a word or letter behind a number multiplies it by: 1000 for "k", 10000 for 万."""
    return _SCALES.get(text.strip().casefold().rstrip("."), 1) if text else 1


@cache
def word_pattern() -> str:
    """An expression for numbers in words."""
    stems = "|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True))
    return rf"\b(?:{stems})+(?:[\s-]+(?:{stems})+)*\b"


def _pieces(word: str) -> list[str]:
    """A German number in its parts; other words as they are."""
    if word in _WORDS or not word:
        return [word] if word else []
    found: list[str] = []
    while word:
        stem = next((stem for stem in _LONGEST_FIRST if word.startswith(stem)), None)
        if stem is None:
            return ["?"]
        found.append(stem)
        word = word[len(stem) :]
    return found


@cache
def _decimal_sign(language: str, country: str) -> str:
    locale = find_locale(language, country)
    if locale is None:
        return "."
    symbols = locale.number_symbols
    return str((symbols.get("latn") or symbols)["decimal"])


def _list(words: str, values: range | list[int]) -> dict[str, int]:
    return dict(zip(words.split(), values, strict=True))


_WORDS: dict[str, int] = {
    **_list("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen", range(1, 20)),
    **_list("twenty thirty forty fifty sixty seventy eighty ninety", list(range(20, 100, 10))),
    "hundred": 100, "thousand": 1000, "grand": 1000, "million": 10**6,
    **_list("eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
            "siebzehn achtzehn neunzehn", range(1, 20)),
    **_list("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", list(range(20, 100, 10))),
    "ein": 1, "hundert": 100, "tausend": 1000, "millionen": 10**6,
    **_list("dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince", range(2, 16)),
    **_list("veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa", list(range(20, 100, 10))),
    **_list("doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos",
            list(range(200, 1000, 100))),
    "veinticinco": 25, "cien": 100, "ciento": 100, "mil": 1000, "millones": 10**6,
    "and": -1, "und": -1, "y": -1,
}  # fmt: skip
_HUNDREDS = frozenset({"hundred", "hundert"})
_LONGEST_FIRST = sorted(_WORDS, key=len, reverse=True)
