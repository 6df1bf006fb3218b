"""CSV and TSV: rows with their physical lines, quoting that is found out, and a way on after a broken row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from tradewind.core.errors import DataError
from tradewind.nlp.data.model import Columns
from tradewind.nlp.data.source import Source
from tradewind.nlp.data.table import Row, Table

# Facebook's multilingual task data (Schuster et al. 2019): intent, slots, text, locale, without a header.
_SLOTS = re.compile(r"-?\d+:-?\d+:[^,\s]+(?:,-?\d+:-?\d+:[^,\s]+)*")
_LOCALE = re.compile(r"[a-z]{2,3}[_-][A-Z]{2}")

Record = tuple[int, int, list[str]]
"""First line, last line, fields."""


def read_delimited(source: Source, columns: Columns, *, delimiter: str | None = None) -> Table:
    """Read CSV or TSV.

    Args:
        source: the file's text.
        columns: names for the fields of a headerless intent-and-slots file.
        delimiter: the separator; None finds it in the first line (comma, else semicolon, tab or bar).

    Returns:
        Table of string fields. Rows with a wrong number of fields or a broken quote are errors in it.

    Raises:
        DataError: the header cannot be read or names a column twice.
    """
    lines = source.lines()
    notes: list[str] = []
    if delimiter is None:
        delimiter = delimiter_of(lines[0])
        if delimiter != ",":
            notes.append(f"fields are separated by {_NAMES[delimiter]}")
    quoting = csv.QUOTE_MINIMAL
    if delimiter == "\t" and '"' in source.text and not _parses_with_quotes(source, lines):
        quoting = csv.QUOTE_NONE
        notes.append("quotes are read as ordinary characters: they do not enclose fields in this file")
    records = _records(source, lines, delimiter, quoting)
    header, first = _header(records, columns, delimiter)
    if first is not None:
        notes.append("no header: read as intent, start:end:label slots, text, locale")
    return Table(rows=list(_rows(source.file, header, first, records)), notes=tuple(notes))


_NAMES = {";": "semicolons", "\t": "tabs", "|": "bars"}


def delimiter_of(first_line: str) -> str:
    """The separator that a header uses: comma, else semicolon, tab or bar."""
    return next((mark for mark in (",", ";", "\t", "|") if mark in first_line), ",")


def _parses_with_quotes(source: Source, lines: Sequence[str]) -> bool:
    """Whether quotes enclose fields: no record breaks, and none swallows a line with its tabs."""
    for record in _records(source, lines, "\t", csv.QUOTE_MINIMAL):
        if isinstance(record, DataError):
            return False
        first, last, fields = record
        if last > first and any("\n" in field and "\t" in field for field in fields):
            return False
    return True


def _records(
    source: Source, lines: Sequence[str], delimiter: str, quoting: int
) -> Iterator[Record | DataError]:
    """Records of the file; after a broken one reading goes on at the line below its first."""
    longest = max(map(len, lines))
    csv.field_size_limit(max(csv.field_size_limit(), longest, 1_000_000))
    start = 0
    while start < len(lines):
        # Indexed rather than sliced: a file of broken rows would otherwise be copied once for each of them.
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, quoting=quoting, strict=True)  # type: ignore[arg-type]
        done = 0
        try:
            for fields in reader:
                first, done = start + done + 1, reader.line_num
                if fault := source.fault(first, start + done):
                    yield fault
                elif fields:
                    yield first, start + done, fields
            return
        except csv.Error as error:
            first = start + done + 1
            yield source.fault(first, first) or _quote_error(
                source.file, first, reader.line_num - done, error
            )
            start = first


def _quote_error(file: str, line: int, lines_taken: int, error: csv.Error) -> DataError:
    double = 'a quote inside a quoted field is written twice: ""'
    if "expected after" in str(error) and lines_taken <= 1:
        return DataError("text follows a closing quote", file=file, line=line, hint=double)
    return DataError("a quote opened in this row is never closed", file=file, line=line, hint=double)


def _header(
    records: Iterator[Record | DataError], columns: Columns, delimiter: str
) -> tuple[list[str], Record | None]:
    """Column names, and the first row where it is no header."""
    first = next(records)
    if isinstance(first, DataError):
        raise first
    names = [name.strip() for name in first[2]]
    if delimiter == "\t" and _is_intent_and_slots(first[2]):
        return [columns.label, columns.spans, columns.text, columns.lang], first
    return names, None


def _is_intent_and_slots(fields: Sequence[str]) -> bool:
    if len(fields) != 4:
        return False
    intent, slots, text, locale = fields
    return bool(intent and text and _LOCALE.fullmatch(locale) and (not slots or _SLOTS.fullmatch(slots)))


def _rows(
    file: str, header: list[str], first: Record | None, records: Iterator[Record | DataError]
) -> Iterator[Row | DataError]:
    if twice := next((name for name in header if header.count(name) > 1), None):
        raise DataError(f"the header names {twice!r} twice", file=file, line=1, hint="name each column once")
    width = len(header)
    if first is not None:
        yield Row(file, first[0], dict(zip(header, first[2], strict=True)))
    for record in records:
        if isinstance(record, DataError):
            yield record
        elif len(record[2]) != width:
            yield _width_error(file, record, header)
        else:
            yield Row(file, record[0], dict(zip(header, record[2], strict=True)))


def _width_error(file: str, record: Record, header: Sequence[str]) -> DataError:
    line, _, fields = record
    few = len(fields) < len(header)
    return DataError(
        f"{len(fields)} field{'' if len(fields) == 1 else 's'} where the header has {len(header)}",
        file=file,
        line=line,
        column=header[len(fields)] if few else f"field {len(header) + 1}",
        hint="a field is missing" if few else "enclose a field that holds the separator in quotes",
    )
