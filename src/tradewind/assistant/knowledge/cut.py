"""Cutting documents into passages along their structure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tradewind.assistant.knowledge.markdown import shown
from tradewind.assistant.knowledge.model import Block, Document, Piece
from tradewind.assistant.model import Language
from tradewind.nlp.data.languages import UNDETERMINED, guess_languages

WIDEST = 900
"""Most of a passage, in Latin characters: about 225 tokens, and what a customer still reads in a chat."""
DENSE = 2.5
"""How many Latin characters a character of a script without spaces weighs."""

_DENSE = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef]"
)
_SENTENCE_END = re.compile("[.!?…]+[\"'”’»)\\]]*\\s+|[。！？；]+[”』」）]*\\s*|\\n+")
_SPACE = re.compile(r"\s+")


def cut(document: Document) -> tuple[Piece, ...]:
    """The passages of a document, in order.

    Neighbouring blocks under one heading share a passage as far as it stays readable; a block that is too long
    is cut at the ends of sentences, or of words, or anywhere. Every word that is not of a heading is in exactly
    one passage, and a passage's text is the document's between its `start` and `end`.
    """
    stretches = list(_stretches(document))
    guessed = guess_languages([document.text[s.start : s.end] for s in stretches])
    whole = document.language or Language(guess_languages([document.text])[0])
    pieces = []
    for stretch, language in zip(stretches, guessed, strict=True):
        text = document.text[stretch.start : stretch.end]
        pieces.append(
            Piece(
                document=document.id,
                title=document.title,
                headings=stretch.headings,
                text=text,
                quote=shown(text) if document.marked else text,
                start=stretch.start,
                end=stretch.end,
                language=document.language or (Language(language) if language != UNDETERMINED else whole),
                markets=document.markets,
                link=_link(document, stretch.anchor),
                context=stretch.context,
            )
        )
    return tuple(pieces)


def width(text: str) -> float:
    """How long a text is to a reader and to an encoder, in Latin characters."""
    return len(text) + (DENSE - 1) * len(_DENSE.findall(text))


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    headings: tuple[str, ...]
    context: str
    anchor: str


def _stretches(document: Document) -> Iterator[_Stretch]:
    path: list[tuple[int, str]] = []
    open_: _Stretch | None = None
    for block in document.blocks:
        if block.kind == "heading":
            if open_:
                yield open_
            open_ = None
            path = [step for step in path if step[0] < block.level] + [(block.level, block.title)]
            continue
        headings = tuple(title for _, title in path)
        for start, end in _parts(document.text, block):
            joined = None if open_ is None else document.text[open_.start : end]
            same = open_ is not None and (open_.context, open_.anchor) == (block.context, block.anchor)
            if open_ is not None and joined is not None and same and width(joined) <= WIDEST:
                open_ = _Stretch(open_.start, end, headings, block.context, block.anchor)
                continue
            if open_:
                yield open_
            open_ = _Stretch(start, end, headings, block.context, block.anchor)
    if open_:
        yield open_


def _parts(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """A block without the white space around it, in parts that are no wider than a passage."""
    start, end = _trimmed(text, block.start, block.end)
    while start < end and width(text[start:end]) > WIDEST:
        stop = _stop(text, start, end)
        yield _trimmed(text, start, stop)
        start, _ = _trimmed(text, stop, end)
    if start < end:
        yield start, end


def _stop(text: str, start: int, end: int) -> int:
    """Where to cut: behind the last sentence that fits, or the last word, or the last character."""
    limit = _fitting(text, start, end)
    for pattern in (_SENTENCE_END, _SPACE):
        ends = [found.end() for found in pattern.finditer(text, start, limit)]
        if ends and ends[-1] > start and not text[start : ends[-1]].isspace():
            return ends[-1]
    return limit


def _fitting(text: str, start: int, end: int) -> int:
    room = float(WIDEST)
    for place in range(start, min(end, start + WIDEST)):
        room -= DENSE if _DENSE.match(text[place]) else 1
        if room < 0:
            return max(place, start + 1)
    return min(end, start + WIDEST)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _link(document: Document, anchor: str) -> str | None:
    return f"{document.link}#{anchor}" if document.link and anchor else document.link
