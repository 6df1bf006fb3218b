"""PDF documents: the text of their pages; a link leads to the page."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from tradewind.assistant.knowledge.model import Block, Document
from tradewind.assistant.model import Language
from tradewind.core.errors import DataError, TooLargeError

MOST_PAGES = 2000
_PARAGRAPH = re.compile(r"\S.*?(?=\n[ \t]*\n|\Z)", re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udfff\0]")


def read_pdf(file: Path, *, id: str, language: Language | None = None) -> Document:
    """Read a PDF document.

    Raises:
        DataError: it is broken, locked by a password, or holds pictures of text only.
        TooLargeError: it has more than 2,000 pages.
    """
    pages, title = _pages(file)
    text, blocks = "", []
    for number, page in enumerate(pages, 1):
        for found in _PARAGRAPH.finditer(page):
            start = len(text)
            text += found[0]
            blocks.append(Block("text", start, len(text), anchor=f"page={number}"))
            text += "\n\n"
    if not blocks:
        raise DataError("no text in it", file=file, hint="a scan needs character recognition first")
    return Document(id, title or file.stem, text, tuple(blocks), language, link=None, file=file)


def _pages(file: Path) -> tuple[list[str], str]:
    """The text of each page, and the title in the document's properties."""
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of every oddity that it copes with
    try:
        with PdfReader(file) as reader:
            if reader.is_encrypted and not reader.decrypt(""):
                raise DataError("locked by a password", file=file, hint="save it without one")
            if len(reader.pages) > MOST_PAGES:
                raise TooLargeError(f"{file}: {len(reader.pages):,} pages", hint=f"at most {MOST_PAGES:,}")
            pages = [_SURROGATES.sub("\ufffd", page.extract_text()) for page in reader.pages]
            title = (reader.metadata.title if reader.metadata else None) or ""
            return pages, str(title).strip()
    except (DataError, TooLargeError):
        raise
    except Exception as error:  # a broken file raises whatever its bytes lead to: KeyError, RecursionError …
        what = str(error).partition("\n")[0][:200] or type(error).__name__
        raise DataError(f"no readable PDF: {what}", file=file, hint="save or export it again") from error
