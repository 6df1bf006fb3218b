"""Reading documents from files and folders: Markdown, HTML, PDF, CSV."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tradewind.assistant.knowledge.html import read_html
from tradewind.assistant.knowledge.markdown import read_markdown
from tradewind.assistant.knowledge.model import Document
from tradewind.assistant.knowledge.pdf import read_pdf
from tradewind.assistant.knowledge.table import read_table
from tradewind.assistant.model import Language
from tradewind.core.errors import DataError, InputError, NotFoundError, TooLargeError

SUFFIXES = (".md", ".markdown", ".html", ".htm", ".pdf", ".csv")
MOST_BYTES = 50_000_000
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z][A-Za-z0-9]*)?")


def read_documents(paths: Iterable[Path]) -> list[Document]:
    """Every document of files, and of folders with all that is in them.

    A document's id is its path below the folder, without suffix; a first folder that is named as a language (`de/`)
    is its language and no part of its id. Files of other kinds in a folder are passed over, hidden ones too.

    Raises:
        NotFoundError: a path is not there.
        DataError: a file cannot be read; says which, where, and what would be right.
        TooLargeError: a file has more than 50 MB.
        InputError: a file is of a kind that is not read, or there is no document.
    """
    documents: list[Document] = []
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                inside = file.relative_to(path)
                if file.suffix.lower() in SUFFIXES and file.is_file() and not _hidden(inside):
                    documents += read_file(file, inside)
        elif path.is_file():
            documents += read_file(path, Path(path.name))
        else:
            raise NotFoundError(f"{path}: no such file or folder")
    if not documents:
        raise InputError("no documents", hint=f"files that end with {', '.join(SUFFIXES)} are read")
    return documents


def read_file(file: Path, inside: Path) -> Iterator[Document]:
    """The documents of one file.

    Args:
        inside: its path below the folder that is read: gives id and language.
    """
    kind = file.suffix.lower()
    if kind not in SUFFIXES:
        raise InputError(f"{file}: files of this kind are not read", hint=f"one of {', '.join(SUFFIXES)}")
    if (size := file.stat().st_size) > MOST_BYTES:
        raise TooLargeError(f"{file}: {size / 1e6:.0f} MB", hint="at most 50 MB: split it")
    language = Language(inside.parts[0]) if len(inside.parts) > 1 and _is_language(inside) else None
    parts = inside.with_suffix("").parts[1 if language else 0 :]
    id = "/".join(parts)
    if kind == ".pdf":
        yield read_pdf(file, id=id, language=language)
        return
    raw = file.read_bytes()
    if kind in (".html", ".htm"):
        yield read_html(file, raw, id=id, language=language)
        return
    text = _text(file, raw)
    if kind == ".csv":
        yield from read_table(file, text, id=id, language=language)
    else:
        yield read_markdown(file, text, id=id, language=language)


def _text(file: Path, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataError("not UTF-8", file=file, line=line, hint="save it as UTF-8") from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DataError("no text: it has zero bytes", file=file, line=line, hint="save it as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _hidden(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts)


def _is_language(inside: Path) -> bool:
    return _LANGUAGE.fullmatch(inside.parts[0]) is not None
