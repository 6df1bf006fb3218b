"""What keyboards and hurry do to a text, piece by piece, so that spans stay exact."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from tradewind.privacy.names.model import Piece


def roughen(pieces: Sequence[Piece], random: Random) -> list[Piece]:
    """The text as some people would have typed it; most texts stay as they are."""
    roll = random.random()
    found = list(pieces)
    if roll < 0.07:
        found = [replace(piece, text=piece.text.lower()) for piece in found]
    elif roll < 0.09:
        found = [replace(piece, text=piece.text.upper()) for piece in found]
    elif roll < 0.14:
        found = [replace(piece, text=piece.text.lower()) if piece.type else piece for piece in found]
    elif roll < 0.19:
        found = [
            replace(piece, text=piece.text.upper()) if piece.type in SHOUTED else piece for piece in found
        ]
    if random.random() < 0.06:
        found = [replace(piece, text=_without_accents(piece.text)) for piece in found]
    if random.random() < 0.08:
        found = [_mistyped(piece, random) for piece in found]
    if random.random() < 0.10:
        found = _without_stop(found)
    elif random.random() < 0.05:
        found.append(Piece(random.choice(("!", "!!", " :)", "...", " 🙏", "?", " 😡", "~"))))
    return found


SHOUTED = ("GPE", "PERSON", "STREET_ADDRESS")


def _without_accents(text: str) -> str:
    """Only marks over Latin and Greek letters: Japanese and Korean letters are made of marks too."""
    return "".join(unicodedata.normalize("NFD", sign)[0] if sign < "\u1f00" else sign for sign in text)


def _mistyped(piece: Piece, random: Random) -> Piece:
    text = piece.text
    if len(text) < 5 or random.random() < 0.5:
        return piece
    at = random.randrange(1, len(text) - 2)
    if not (text[at].isalpha() and text[at + 1].isalpha()):
        return piece
    kind = random.randrange(3)
    if kind == 0:
        changed = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    elif kind == 1:
        changed = text[:at] + text[at + 1 :]
    else:
        changed = text[:at] + text[at] + text[at:]
    return replace(piece, text=changed)


def _without_stop(pieces: list[Piece]) -> list[Piece]:
    last = pieces[-1]
    stripped = last.text.rstrip(".!?。！？")
    if last.type is not None or stripped == last.text or (not stripped and len(pieces) == 1):
        return pieces
    return [*pieces[:-1], replace(last, text=stripped)] if stripped else pieces[:-1]
