"""Addresses, streets, cities, regions, countries and organisations of a culture."""

from __future__ import annotations

from random import Random

from tradewind.privacy.names.model import Culture, Language
from tradewind.privacy.names.templates import blend, digits, fill

ORDINALS = (
    "1st",
    "2nd",
    "3rd",
    "4th",
    "5th",
    "7th",
    "12th",
    "14th",
    "23rd",
    "42nd",
    "Third",
    "Fifth",
    "Seventh",
)
INVENTED_CITY = 0.12
KNOWN, OF_A_PLACE = 0.2, 0.2


class Places:
    """Fills the slots of a culture's place and organisation patterns, in the words of a language."""

    def __init__(self, culture: Culture, language: Language, random: Random) -> None:
        self.culture, self.language, self.random = culture, language, random

    def address(self) -> str:
        """A postal address, from a street with a number to the whole with postcode, city and country."""
        return self._fill(self.random.choice(self.culture.patterns["addresses"]))

    def street(self) -> str:
        """A street with a number."""
        return self._fill(self.random.choice(self.culture.patterns["streets"]))

    def barestreet(self) -> str:
        """A street without a number."""
        return self._fill(self.random.choice(self.culture.patterns["barestreets"]))

    def organisation(self) -> str:
        """A company, an authority, a school, a club."""
        known, patterns = self.culture.words.get("known"), self.culture.patterns["organisations"]
        roll = self.random.random()
        if known and roll < KNOWN:
            return self.random.choice(known)
        if roll < KNOWN + OF_A_PLACE:
            # "Amtsgericht Hersbruck", "mairie de Bagnolet": else the place alone would be taken for the name.
            patterns = [pattern for pattern in patterns if "{city}" in pattern] or patterns
        return " ".join(self._fill(self.random.choice(patterns)).split())

    def city(self) -> str:
        """A city, sometimes an invented one."""
        cities = list(self.culture.words["cities"])
        if not self.culture.joined and self.random.random() < INVENTED_CITY:
            return blend([name for name in cities if " " not in name], self.random)
        return self.random.choice(cities)

    def region(self) -> str:
        """A state or province; a city where a culture lists none."""
        return self.random.choice(self.culture.words.get("regions", self.culture.words["cities"]))

    def country(self) -> str:
        """Any country, in the words of the language."""
        return self.random.choice(self.language.countries)

    def place(self) -> str:
        """A city, a region or a country."""
        roll = self.random.random()
        return self.city() if roll < 0.6 else self.region() if roll < 0.75 else self.country()

    def _fill(self, pattern: str) -> str:
        filled = fill(pattern, self.random, self._slot)
        return digits(filled, self.random) if "##" in pattern else filled

    def _slot(self, name: str) -> str:
        random, words = self.random, self.culture.words
        if name in ("street", "barestreet", "city", "region", "country"):
            return str(getattr(self, name)())
        if name == "n":
            return _number(random)
        if name == "m":
            return str(random.randint(1, 20))
        if name == "nl":
            return "\n"
        if name in ("postcode", "zip7"):
            pattern = "###-####" if name == "zip7" else random.choice(self.culture.patterns["postcodes"])
            return digits(pattern, random)
        if name == "family":
            return random.choice(self.culture.family)
        if name == "acronym":
            return "".join(random.choices("ABCDEFGHIKLMNOPRSTUVWXZ", k=random.choice((2, 3, 3, 4))))
        if name == "acr5":
            word = "".join(random.choices("AABCDEEFGIILMNOOPRSTUU", k=random.choice((4, 5, 6))))
            return word.title() if random.random() < 0.3 else word
        if name == "duty":
            return random.choice(words["duties"])
        if name == "ordinal":
            return random.choice(ORDINALS)
        if name == "blend":
            return blend(list(words["stems"]), random)
        if name == "streetname" and not self.culture.joined and random.random() < 0.12:
            return random.choice([*self.culture.given, *self.culture.family, *words["cities"]])
        return random.choice(words[f"{name}s" if f"{name}s" in words else name])


def _number(random: Random) -> str:
    """A house number: mostly small."""
    return str(random.randint(1, random.choice((30, 200, 200, 999, 9999))))
