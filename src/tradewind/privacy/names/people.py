"""Names of people as they are written: whole, in part, with initials, foreign, invented."""

from __future__ import annotations

from random import Random

from tradewind.privacy.names.model import Culture
from tradewind.privacy.names.templates import blend, fill

INVENTED = 0.08


def given(culture: Culture, random: Random) -> str:
    """A given name."""
    if culture.code == "zh":
        return "".join(random.choices(culture.given, k=random.choice((1, 2, 2))))
    if _latin(culture) and random.random() < INVENTED:
        return blend([name for name in culture.given if " " not in name], random)
    return random.choice(culture.given)


def family(culture: Culture, random: Random) -> str:
    """A family name."""
    if _latin(culture) and random.random() < INVENTED:
        return blend([name for name in culture.family if " " not in name], random)
    if _latin(culture) and random.random() < 0.03:
        return f"{random.choice(culture.family)}-{random.choice(culture.family)}"
    return random.choice(culture.family)


def families(culture: Culture, random: Random) -> str:
    """One family name, or two where that is usual."""
    return f"{family(culture, random)} {family(culture, random)}"


def full(culture: Culture, random: Random) -> str:
    """A whole name."""
    if culture.joined:
        return _joined(culture, random)
    first, last = given(culture, random), family(culture, random)
    roll = random.random()
    if culture.double and roll < 0.4:
        last = families(culture, random)
    elif roll < 0.10:
        first = f"{first} {random.choice('ABCDEFGHJKLMNPRSTW')}{random.choice(('.', '.', ''))}"
    elif roll < 0.16:
        first = f"{first} {given(culture, random)}"
    elif roll < 0.20:
        first = f"{first[0]}."
    elif roll < 0.23:
        return f"{last}, {first}"
    elif roll < 0.25:
        last = f"{last}{random.choice((' Jr.', ', Jr.', ' III', ' MD', ', PhD', ' DDS', ' Sr.'))}"
    return f"{first} {last}"


def person(culture: Culture, random: Random) -> str:
    """A name as it comes: mostly whole, sometimes the first or the last alone."""
    roll = random.random()
    if culture.code == "ja":
        return (
            full(culture, random)
            if roll < 0.55
            else family(culture, random)
            if roll < 0.88
            else given(culture, random)
        )
    if culture.joined:
        return full(culture, random) if roll < 0.9 or culture.code == "zh" else given(culture, random)
    return (
        full(culture, random)
        if roll < 0.6
        else given(culture, random)
        if roll < 0.88
        else family(culture, random)
    )


def titled(culture: Culture, random: Random) -> tuple[str, str, str]:
    """What stands before, the name, and what stands after: a title or an honorific is not part of a name."""
    if culture.joined:
        name = family(culture, random) if random.random() < 0.65 else _joined(culture, random)
        return "", name, random.choice(culture.words["after"])
    name = family(culture, random) if random.random() < 0.6 else full(culture, random)
    return f"{random.choice(culture.words.get('before', ('Mr.', 'Ms.', 'Dr.', 'Mrs.')))} ", name, ""


def nickname(culture: Culture, random: Random) -> str:
    """小王, 阿芳 and the like; elsewhere a given name."""
    if "nicknames" not in culture.words:
        return given(culture, random)
    one = {"family": lambda: family(culture, random), "g": lambda: random.choice(culture.given)}
    return fill(random.choice(culture.words["nicknames"]), random, lambda name: one[name]())


def _joined(culture: Culture, random: Random) -> str:
    if random.random() < 0.07:
        return random.choice(culture.words["foreign"])
    between = random.choice(("", "", "", " ", "　")) if culture.code == "ja" else ""
    return f"{random.choice(culture.family)}{between}{given(culture, random)}"


def _latin(culture: Culture) -> bool:
    return not culture.joined and culture.family[0][0].isascii()
