"""Markdown documents: what is a heading, a paragraph, a list item or a table row, by its characters."""

from __future__ import annotations

import re
from itertools import accumulate
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tradewind.assistant.knowledge.model import Block, Document
from tradewind.assistant.model import Language
from tradewind.core.ids import MarketId
from tradewind.packs.front_matter import split_front_matter

LEAVES = {"paragraph_open", "fence", "code_block", "html_block", "tr_open"}
_WORDS = re.compile(r"\w")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^()\s]*(?:\s\"[^\"\n]*\")?\)")
_MARKS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1|`([^`\n]+)`", re.DOTALL)
_HEADING_MARKS = re.compile(r"^\s{0,3}#{1,6}\s+|\s+#+\s*$|\n\s*[=-]+\s*$")


def read_markdown(file: Path, text: str, *, id: str, language: Language | None = None) -> Document:
    """Read a Markdown document.

    Args:
        file: where it stands, for errors.
        text: with newlines as "\\n".
        id, language: where the front matter says nothing.

    Raises:
        DataError: the front matter is wrong.
    """
    head, _, body = split_front_matter(file, text)
    blocks = markdown_blocks(body)
    title = head.title or next((block.title for block in blocks if block.kind == "heading"), file.stem)
    return Document(
        id=head.id or id,
        title=title,
        text=body,
        blocks=blocks,
        language=Language(head.lang) if head.lang else language,
        markets=tuple(MarketId(market) for market in head.where),
        link=head.link,
        file=file,
        marked=True,
    )


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text; every word of it is in one of them."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    starts[-1] = len(text)  # the last line has no newline of its own

    def lines(token: Token) -> tuple[int, int]:
        first, last = token.map or [0, 0]
        return starts[first], starts[min(last, len(starts) - 1)]

    found: list[Block] = []
    header, in_head, end = "", False, 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in ("thead_open", "thead_close"):
            in_head = token.type == "thead_open"
        elif token.type == "table_close":
            header = ""
        start, stop = lines(token) if token.map else (0, 0)
        if start < end or not (token.type in LEAVES or token.type == "heading_open"):
            continue
        if token.type == "heading_open":
            title = shown(_HEADING_MARKS.sub("", text[start:stop].rstrip())).strip()
            found.append(Block("heading", start, stop, int(token.tag[1:]), title))
        elif token.type == "tr_open" and in_head:
            header = text[start:stop].strip()
            found.append(Block("text", start, stop))
        else:
            found.append(Block("text", start, stop, context=header))
        end = stop
    return _without_gaps(text, found)


def shown(text: str) -> str:
    """Markdown as a reader sees it: the same words without the marks of emphasis, code and links."""
    return _MARKS.sub(lambda found: found[2] or found[3], _LINK.sub(r"\1", text))


def _without_gaps(text: str, blocks: list[Block]) -> tuple[Block, ...]:
    """Words that no block claims, such as a definition of a link, become blocks of their own."""
    filled: list[Block] = []
    end = 0
    for block in [*blocks, Block("text", len(text), len(text))]:
        if _WORDS.search(text, end, block.start):
            filled.append(Block("text", end, block.start))
        if block.end > block.start:
            filled.append(block)
        end = block.end
    return tuple(filled)
