"""Training sentences: templates filled with people, places and organisations, and a good many that name nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from tradewind.core.errors import InputError
from tradewind.privacy.model import GPE, ORGANIZATION, PERSON, STREET_ADDRESS, PiiSpan
from tradewind.privacy.names import people
from tradewind.privacy.names.layouts import card, dialogue, form, header, quoted, transcript
from tradewind.privacy.names.load import cultures, languages
from tradewind.privacy.names.model import Culture, Language, Piece, Sentence
from tradewind.privacy.names.noise import roughen
from tradewind.privacy.names.places import Places
from tradewind.privacy.names.templates import parts
from tradewind.privacy.names.values import value

SHARES = {
    "en": 3.0,
    "zh": 1.4,
    "ja": 1.4,
    "de": 1.3,
    "fr": 1.3,
    "es": 1.3,
    "pt": 1.3,
    "it": 0.8,
    "nl": 0.7,
    "ko": 0.8,
}
"""How often each language is written; any other language as often as English by 3."""

KINDS = {
    "sentence": 27, "frame": 22, "blank": 10, "negative": 9, "message": 13, "form": 7, "dialogue": 5, "card": 5,
    "transcript": 2, "header": 1, "list": 2,
}  # fmt: skip
PLACE_SLOTS = {
    "org": ("organisation", ORGANIZATION),
    "address": ("address", STREET_ADDRESS),
    "street": ("street", STREET_ADDRESS),
    "barestreet": ("barestreet", STREET_ADDRESS),
    "place": ("place", GPE),
    "city": ("city", GPE),
    "region": ("region", GPE),
    "country": ("country", GPE),
}

COMMON = {
    **dict.fromkeys(("person", "full", "given", "family", "titled", "nick"), "nobody"),
    **dict.fromkeys(("place", "city", "region", "country"), "nowhere"),
    **dict.fromkeys(("address", "street", "barestreet"), "spot"),
    "org": "nothing",
}
"""Words that stand where a name could stand and are none."""


def generate(count: int, *, seed: int, only: Sequence[str] = ()) -> list[Sentence]:
    """Sentences of all languages mixed; the same seed gives the same ones.

    Args:
        count: how many.
        seed: of everything that is chosen.
        only: languages to write in; all that there are when empty.

    Raises:
        InputError: a language that there are no templates for.
    """
    return list(_stream(count, seed, only))


def _stream(count: int, seed: int, only: Sequence[str]) -> Iterator[Sentence]:
    known = languages()
    if missing := sorted(set(only) - set(known)):
        raise InputError(f"no sentences in {', '.join(missing)}", hint=f"one of {', '.join(known)}")
    codes = list(only or known)
    random = Random(seed)
    weights = [SHARES.get(code, 1.0) for code in codes]
    for _ in range(count):
        writer = Writer(known[random.choices(codes, weights)[0]], random)
        yield writer.sentence()


class Writer:
    """Writes one text in one language."""

    def __init__(self, language: Language, random: Random) -> None:
        self.language, self.random = language, random

    def sentence(self) -> Sentence:
        """A text of some kind, roughened now and then."""
        kind = self.random.choices(list(KINDS), list(KINDS.values()))[0]
        pieces = getattr(self, f"_{kind}")()
        return assembled(roughen(pieces, self.random), self.language.code)

    def pattern(self, name: str) -> list[Piece]:
        """One of the language's patterns of that kind, filled."""
        return self.fill(self.random.choice(self.language.patterns[name]))

    def fill(self, pattern: str) -> list[Piece]:
        """A pattern as pieces."""
        found: list[Piece] = []
        for text, slot in parts(pattern, self.random):
            found += [Piece(text)] if slot is None else self.slot(slot)
        return found

    def slot(self, name: str) -> list[Piece]:
        """The pieces of one slot."""
        random, language = self.random, self.language
        if name == "nl":
            return [Piece("\n")]
        if name in ("full", "person", "given", "family", "families", "titled", "nick", "kana"):
            return self._somebody(name)
        if name in PLACE_SLOTS:
            method, kind = PLACE_SLOTS[name]
            return [Piece(getattr(Places(self.culture(), language, random), method)(), kind)]
        if name in language.words:
            return [Piece(random.choice(language.words[name]))]
        return [Piece(value(name, random))]

    def culture(self) -> Culture:
        """Whose names: mostly the language's own."""
        weights = self.language.cultures
        code = self.random.choices(list(weights), list(weights.values()))[0]
        if code == "world":
            code = self.random.choice([name for name in cultures() if name.startswith("world/")])
        return cultures()[code]

    def join(self, texts: Sequence[list[Piece]]) -> list[Piece]:
        """Several texts as one, parted as the language parts sentences."""
        between = " " if self.language.spaced else ""
        found: list[Piece] = []
        for pieces in texts:
            if found:
                found.append(Piece("\n" if self.random.random() < 0.2 else between))
            found += pieces
        return found

    def _somebody(self, name: str) -> list[Piece]:
        random, culture = self.random, self.culture()
        if name == "titled":
            before, who, after = people.titled(culture, random)
            return [Piece(before), Piece(who, PERSON), Piece(after)]
        if name == "kana":
            return [Piece(random.choice(cultures()["ja"].words["kana"]), PERSON)]
        make = people.nickname if name == "nick" else getattr(people, name)
        return [Piece(make(culture, random), PERSON)]

    def _sentence(self) -> list[Piece]:
        return self.pattern("sentences")

    def _frame(self) -> list[Piece]:
        return self.pattern("frames")

    def _blank(self) -> list[Piece]:
        """A frame or sentence in whose places something stands that has no name."""
        pattern = self.random.choice(
            self.language.patterns["frames" if self.random.random() < 0.7 else "sentences"]
        )
        found: list[Piece] = []
        for text, slot in parts(pattern, self.random):
            if slot is None:
                found.append(Piece(text))
            elif slot in COMMON:
                found.append(Piece(self.random.choice(self.language.words[COMMON[slot]])))
            else:
                found += self.slot(slot)
        return found

    def _negative(self) -> list[Piece]:
        return self.join([self.pattern("negatives") for _ in range(self.random.choice((1, 1, 1, 2, 3)))])

    def _message(self) -> list[Piece]:
        random = self.random
        texts = [self.pattern("openers")] if random.random() < 0.5 else []
        for _ in range(random.choice((1, 2, 2, 3))):
            texts.append(self.pattern(random.choice(("sentences", "frames", "negatives"))))
        if random.random() < 0.5:
            texts.append([Piece("\n"), *self.pattern("closers")])
        return self.join(texts)

    def _list(self) -> list[Piece]:
        random = self.random
        slot = random.choice(("person", "full", "city", "org", "given", "country"))
        found: list[Piece] = []
        comma = ", " if self.language.spaced else "、"
        count = random.choice((2, 3, 4, 5))
        for number in range(count):
            if number:
                found.append(Piece(self.language.conjunction if number == count - 1 else comma))
            found += self.slot(slot)
        return found

    def _form(self) -> list[Piece]:
        return form(self)

    def _dialogue(self) -> list[Piece]:
        return dialogue(self)

    def _card(self) -> list[Piece]:
        return quoted(card(self), self.random)

    def _transcript(self) -> list[Piece]:
        return transcript(self)

    def _header(self) -> list[Piece]:
        return header(self)


def assembled(pieces: Sequence[Piece], language: str) -> Sentence:
    """Pieces as one text with its spans; white space at the edges of text and spans belongs to neither."""
    while pieces and not pieces[0].text.strip():
        pieces = pieces[1:]
    text, spans = "", []
    for number, piece in enumerate(pieces):
        own = piece.text.lstrip() if number == 0 else piece.text
        inner = own.strip()
        if piece.type is not None and inner:
            start = len(text) + own.index(inner)
            spans.append(PiiSpan(piece.type, start, start + len(inner), 1.0))
        text += own
    return Sentence(text.rstrip(), tuple(spans), language)
