"""The text of an HTML letter, for reading: no markup, no scripts, no quoted letters."""

from __future__ import annotations

from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object", "iframe"})
QUOTES = frozenset({"blockquote"})
QUOTE_MARKS = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "divRplyFwdMsg", "gmail_signature")
"""Classes and ids by which mail programs mark what they quote or sign."""
BLOCKS = frozenset({"p", "div", "br", "tr", "li", "table", "ul", "ol", "h1", "h2", "h3", "h4", "hr", "pre"})
VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "area", "base", "col", "embed", "source", "wbr"}
)
MAX_DEPTH = 500
MAX_CHARACTERS = 200_000
"""The library's parser takes quadratic time on some markup: 11 s for 800,000 characters of `<!`."""


class _Reader(HTMLParser):
    """Collects text; `_hidden` is the depth at which something silent or quoted began."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[str] = []
        self._hidden: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.found.append("\n")
        if tag in VOID or len(self._open) >= MAX_DEPTH:
            return
        if self._hidden is None and (tag in SILENT or tag in QUOTES or _marks_quote(attrs)):
            self._hidden = len(self._open)
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass
        if self._hidden is not None and len(self._open) <= self._hidden:
            self._hidden = None
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden is None:
            self.found.append(data.replace("\n", " "))


def plain_text(html: str) -> str:
    """What a person reads of an HTML document, a line for each block."""
    reader = _Reader()
    reader.feed(html[:MAX_CHARACTERS])
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).split("\n"))
    return "\n".join(line for line in lines if line)


def _marks_quote(attributes: list[tuple[str, str | None]]) -> bool:
    return any(
        mark in value
        for name, value in attributes
        if name in ("class", "id") and value
        for mark in QUOTE_MARKS
    )
