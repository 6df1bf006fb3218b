"""From a file's bytes to its text, with every line that cannot be used named by number and byte."""

from __future__ import annotations

import codecs
import difflib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.errors import DataError, InputError, NotFoundError

MAX_LINE_BYTES = 1_000_000
TO_UTF8 = "save it as UTF-8, for example with: iconv -f ENCODING -t UTF-8"

# UTF-32 first: its little-endian mark begins with UTF-16's.
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True)
class Source:
    """A file's text; `broken` maps physical lines (from 1) that must not be used to the reason.

    Bytes of broken lines that are not UTF-8 stand in `text` as lone surrogates.
    """

    file: str
    text: str
    broken: Mapping[int, DataError]

    def lines(self) -> list[str]:
        """Physical lines with their ends: split at LF, CR and CRLF only, never at U+2028 and its like."""
        return list(io.StringIO(self.text, newline=""))

    def fault(self, first: int, last: int) -> DataError | None:
        """The reason why a row on lines `first` to `last` cannot be used, or None."""
        if not self.broken:
            return None
        return next((self.broken[line] for line in range(first, last + 1) if line in self.broken), None)


def load(path: Path, *, max_line_bytes: int | None = MAX_LINE_BYTES) -> Source:
    """Read a text file.

    Args:
        path: a file in UTF-8, with or without a byte order mark.
        max_line_bytes: longer lines are broken; None for formats where a line means nothing.

    Raises:
        NotFoundError: there is no such file.
        DataError: the file is empty or in UTF-16 or UTF-32.
    """
    return source_of(read_bytes(path), str(path), max_line_bytes=max_line_bytes)


def source_of(raw: bytes, file: str, *, max_line_bytes: int | None = MAX_LINE_BYTES) -> Source:
    """`load` for bytes that were read already; `file` names them in messages."""
    _refuse_other_unicode(raw, file)
    mark = len(codecs.BOM_UTF8) if raw.startswith(codecs.BOM_UTF8) else 0
    content = raw[mark:]
    if not content.strip():
        raise DataError("the file is empty", file=file)
    broken = _broken_lines(content, mark, file, max_line_bytes)
    return Source(file=file, text=content.decode("utf-8", "surrogateescape"), broken=broken)


def read_bytes(path: Path) -> bytes:
    """A file's bytes; raises NotFoundError or InputError with what would be right."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise not_found(path) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def not_found(path: Path) -> NotFoundError:
    """The error for a missing file, naming the neighbour that was probably meant."""
    beside = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    close = difflib.get_close_matches(path.name, beside, n=1)
    where = f"nearest: {path.parent / close[0]}" if close else "check the path"
    return NotFoundError(f"{path}: no such file or folder", hint=where)


def _refuse_other_unicode(raw: bytes, file: str) -> None:
    for mark, name in _FOREIGN_MARKS:
        if raw.startswith(mark):
            raise DataError(f"the file is in {name}, not in UTF-8", file=file, line=1, hint=TO_UTF8)
    head = raw[:2000]
    # Latin text in UTF-16 has a zero in nearly every second byte; binary files have them anywhere.
    if max(head[::2].count(0), head[1::2].count(0)) > 0.4 * len(head[::2]) > 0:
        raise DataError(
            "the file looks like UTF-16 without a byte order mark", file=file, line=1, hint=TO_UTF8
        )


def _broken_lines(content: bytes, mark: int, file: str, max_line_bytes: int | None) -> dict[int, DataError]:
    limit = len(content) if max_line_bytes is None else max_line_bytes
    lines = content.splitlines(keepends=True)
    if b"\0" not in content and _is_utf8(content) and max(map(len, lines)) <= limit:
        return {}
    broken: dict[int, DataError] = {}
    offset = mark
    for number, line in enumerate(lines, 1):
        if fault := _line_fault(line, offset, limit, file, number):
            broken[number] = fault
        offset += len(line)
    return broken


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_fault(line: bytes, offset: int, limit: int, file: str, number: int) -> DataError | None:
    if len(line) > limit:
        return DataError(
            f"the line has {len(line):,} bytes, more than {limit:,}",
            file=file,
            line=number,
            hint="a missing line end or quote, or raise the limit",
        )
    if (nul := line.find(b"\0")) >= 0:
        return DataError(
            f"NUL byte at byte {nul + 1} of the line (offset {offset + nul} of the file)",
            file=file,
            line=number,
            hint="the file is damaged or not text",
        )
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return DataError(
            f"byte 0x{line[error.start]:02X} at byte {error.start + 1} of the line "
            f"(offset {offset + error.start} of the file) is not UTF-8",
            file=file,
            line=number,
            hint=TO_UTF8,
        )
    return None
