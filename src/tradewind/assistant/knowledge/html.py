"""HTML documents: the words that a reader sees, by heading, paragraph, list item and table row."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from tradewind.assistant.knowledge.model import Block, Document
from tradewind.assistant.model import Language
from tradewind.core.errors import DataError

HEADINGS = {f"h{level}": level for level in range(1, 7)}
HIDDEN = {"script", "style", "template", "noscript", "svg", "nav", "button", "select", "title"}
LINES = {"li", "tr", "dt", "dd", "option", "br"}
BLOCKS = LINES | set(HEADINGS) | {
    "address", "article", "aside", "blockquote", "body", "caption", "div", "dl", "fieldset", "figcaption", "figure",
    "footer", "form", "header", "hr", "main", "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
CELL_BREAK = " | "
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")


def read_html(file: Path, raw: bytes, *, id: str, language: Language | None = None) -> Document:
    """Read an HTML document: its words, its `<title>`, `<html lang>` and canonical link.

    Raises:
        DataError: it is not in the encoding that it names (UTF-8 where it names none).
    """
    reader = _Reader()
    reader.feed(_decoded(file, raw))
    reader.close()
    reader.end_block()
    said = reader.language if _LANGUAGE.fullmatch(reader.language) else ""
    heading = next((block.title for block in reader.blocks if block.kind == "heading"), "")
    title = _SPACE.sub(" ", reader.title).strip() or heading or file.stem
    return Document(
        id=id,
        title=title,
        text="".join(reader.parts),
        blocks=tuple(reader.blocks),
        language=Language(said) if said else language,
        link=reader.link,
        file=file,
    )


def _decoded(file: Path, raw: bytes) -> str:
    name = "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    elif found := _CHARSET.search(raw, 0, 4096):
        name = found[1].decode("ascii")
        name = "utf-8-sig" if name.lower() in ("utf-8", "utf8") else name
    try:
        return raw.decode(name)
    except LookupError as error:
        raise DataError(f"unknown encoding {name!r}", file=file, line=1, hint="save it as UTF-8") from error
    except UnicodeError as error:
        line = raw[: getattr(error, "start", 0)].count(b"\n") + 1
        raise DataError(
            f"not {name.removesuffix('-sig').upper()}", file=file, line=line, hint="save it as UTF-8"
        ) from error


class _Reader(HTMLParser):
    """Collects visible text; whatever is broken in the page, words are kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.blocks: list[Block] = []
        self.title, self.language = "", ""
        self.link: str | None = None
        self._length = 0
        self._words: list[str] = []
        self._hidden: list[str] = []
        self._level = 0
        self._line = False
        self._cells, self._headers = 0, 0
        self._context = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag == "link" and given.get("rel") == "canonical" and given.get("href"):
            self.link = given["href"]
        if tag in HIDDEN:
            self._hidden.append(tag)
        if tag in BLOCKS:
            self.end_block()
            self._level = HEADINGS.get(tag, 0)
            self._line = tag in LINES
        if tag in ("td", "th"):
            if self._cells:
                self._words.append(CELL_BREAK)
            self._cells += 1
            self._headers += tag == "th"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        if tag in BLOCKS:
            self.end_block()
        if tag == "table":
            self._context = ""

    def handle_data(self, data: str) -> None:
        if self._hidden:
            if self._hidden == ["title"]:
                self.title += data
        else:
            self._words.append(data)

    def end_block(self) -> None:
        """What was collected becomes a block."""
        words = _SPACE.sub(" ", "".join(self._words)).strip()
        if words.strip(" |"):
            gap = "" if not self.parts else "\n" if self._line else "\n\n"
            start = self._length + len(gap)
            self.parts += [gap, words]
            self._length = start + len(words)
            kind, title = ("heading", words) if self._level else ("text", "")
            self.blocks.append(
                Block(
                    "heading" if kind == "heading" else "text",
                    start,
                    self._length,
                    self._level,
                    title,
                    self._context,
                )
            )
            if self._cells and self._cells == self._headers:
                self._context = words
        self._words, self._level, self._line = [], 0, False
        self._cells, self._headers = 0, 0
