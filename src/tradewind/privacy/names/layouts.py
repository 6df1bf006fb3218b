"""Texts that are no sentences: forms, questions and answers, visiting cards, transcripts, mail headers, quotations."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Protocol

from tradewind.privacy.names.model import Language, Piece

PARTINGS = ("\n", "\n", "\n", ", ", "; ", " | ", "\n\n")
MARKS = ("> ", ">", "* ", "- ", "| ", "    ", "? ")


class Fills(Protocol):
    """What a layout needs of the writer."""

    language: Language
    random: Random

    def slot(self, name: str) -> list[Piece]: ...
    def fill(self, pattern: str) -> list[Piece]: ...
    def pattern(self, name: str) -> list[Piece]: ...


def form(writer: Fills) -> list[Piece]:
    """Some fields with their values."""
    random = writer.random
    patterns = writer.language.patterns["fields"]
    chosen = random.sample(patterns, random.randint(1, min(6, len(patterns))))
    parting = random.choice(PARTINGS)
    gap = random.choice((None, None, None, "  ", "\t", "   "))
    found: list[Piece] = []
    for pattern in chosen:
        if found:
            found.append(Piece(parting))
        pieces = writer.fill(pattern)
        if gap and pieces[0].text.endswith(": "):
            pieces = [Piece(pieces[0].text + gap), *pieces[1:]]
        found += pieces
    return found


def dialogue(writer: Fills) -> list[Piece]:
    """A question and its answer, with or without who speaks."""
    random = writer.random
    question, _, answer = random.choice(writer.language.patterns["asks"]).partition("=>")
    asker, answerer = random.choice(writer.language.turns).split("/")
    ask, reply = writer.fill(question.strip()), writer.fill(answer.strip())
    if random.random() < 0.4:
        return [*ask, Piece(random.choice((" ", "\n"))), *reply]
    between = random.choice((" ", "\n"))
    return [Piece(f"{asker}: "), *ask, Piece(f"{between}{answerer}: "), *reply]


def transcript(writer: Fills) -> list[Piece]:
    """Two people talking, each line begun by a name."""
    slot = writer.random.choice(("given", "full", "family"))
    speakers = [writer.slot(slot), writer.slot(slot)]
    found: list[Piece] = []
    for number in range(writer.random.choice((1, 2, 3))):
        if found:
            found.append(Piece("\n"))
        kind = "negatives" if writer.random.random() < 0.5 else "sentences"
        found += [*speakers[number % 2], Piece(": "), *writer.pattern(kind)]
    return found


def header(writer: Fills) -> list[Piece]:
    """From, to and subject of a mail."""
    return [
        Piece("From: "), *writer.slot("full"), Piece(" <"), *writer.slot("email"), Piece(">\nTo: "),
        *writer.slot("full"), Piece("\nSubject: "), *writer.pattern(writer.random.choice(("negatives", "sentences"))),
    ]  # fmt: skip


def card(writer: Fills) -> list[Piece]:
    """A name with its job, organisation and address, as on envelopes and under letters."""
    random = writer.random
    lines: list[list[Piece]] = []
    if random.random() < 0.85:
        lines.append(writer.slot(random.choice(("full", "full", "titled", "person"))))
    if random.random() < 0.35:
        lines.append(writer.slot("job"))
    if random.random() < 0.5:
        lines.append(writer.slot("org"))
    lines.append(writer.slot("address" if random.random() < 0.8 else "place"))
    if random.random() < 0.35:
        lines.append([Piece(random.choice(("", "Tel. ", "Mobile: ", "Fax: ", "T: "))), *writer.slot("phone")])
    parting = random.choice(("\n", "\n", "\n", "\n\n", ", ", " "))
    found: list[Piece] = []
    for line in lines:
        if found:
            found.append(Piece(parting))
        found += line
    return found


def quoted(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """Each line with the mark of a quotation before it, now and then; never inside a span."""
    if random.random() < 0.85 or any(piece.type and "\n" in piece.text for piece in pieces):
        return list(pieces)
    mark = random.choice(MARKS)
    return [Piece(mark), *[p if p.type else Piece(p.text.replace("\n", f"\n{mark}")) for p in pieces]]
