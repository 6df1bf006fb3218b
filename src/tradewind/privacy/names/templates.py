"""The little language of templates: `<a|b>` is one of several, `{slot}` is filled.

In numbers `#` stands for a digit and `@` for a letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

_CHOICE = re.compile(r"<([^<>]*)>")
_SLOT = re.compile(r"\{(\w+)\}")
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def choose(template: str, random: Random) -> str:
    """Settle every `<a|b>`; the innermost first."""
    while found := _CHOICE.search(template):
        template = template[: found.start()] + random.choice(found[1].split("|")) + template[found.end() :]
    return template


def fill(template: str, random: Random, slot: Callable[[str], str]) -> str:
    """A template with choices settled and slots filled, the values themselves being templates too."""
    template = choose(template, random)
    while _SLOT.search(template):
        template = choose(_SLOT.sub(lambda found: slot(found[1]), template), random)
    return template


def parts(template: str, random: Random) -> list[tuple[str, str | None]]:
    """A template as (text, None) and ("", slot) in order, choices settled."""
    found: list[tuple[str, str | None]] = []
    read = 0
    template = choose(template, random)
    for match in _SLOT.finditer(template):
        if match.start() > read:
            found.append((template[read : match.start()], None))
        found.append(("", match[1]))
        read = match.end()
    if read < len(template):
        found.append((template[read:], None))
    return found


def digits(pattern: str, random: Random) -> str:
    """`#` becomes a digit, `@` a capital letter."""
    return "".join(
        str(random.randrange(10)) if sign == "#" else random.choice(LETTERS) if sign == "@" else sign
        for sign in pattern
    )


def blend(words: list[str], random: Random) -> str:
    """A word that is in no list: the front of one and the back of another.

    It keeps a tagger from learning lists by heart instead of the places where names stand.
    """
    front, back = (random.choice(words) for _ in range(2))
    cut, rest = max(1, (len(front) + 1) // 2), len(back) // 2
    return (front[:cut] + back[rest:].lower()).strip()
