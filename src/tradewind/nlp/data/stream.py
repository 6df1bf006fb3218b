"""Texts of a file one after the other, for prediction: any number of them in bounded memory, labels not needed."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, get_args

from tradewind.core.errors import DataError, InputError
from tradewind.nlp.data.columns import Found, find_columns
from tradewind.nlp.data.delimited import delimiter_of
from tradewind.nlp.data.json_rows import read_json
from tradewind.nlp.data.model import Columns
from tradewind.nlp.data.source import source_of

TextFormat = Literal["lines", "csv", "tsv", "jsonl", "json", "parquet"]
TEXT_FORMATS: tuple[TextFormat, ...] = get_args(TextFormat)
SUFFIXES: Mapping[str, TextFormat] = {
    ".txt": "lines",
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
}
LONGEST_LINE_BYTES = 16_000_000
READ_OVER_BYTES = 1 << 16
PARQUET_ROWS = 4096


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text, with its second text where there is one; or the reason why this row has none.

    `line` counts from 1: the line of a text file on which the row ends, the row of a Parquet file.
    """

    line: int
    text: str = ""
    text_b: str | None = None
    fault: DataError | None = None


def format_of(path: Path) -> TextFormat:
    """The format that a file's name tells.

    Raises:
        InputError: it tells none.
    """
    if found := SUFFIXES.get(path.suffix.lower()):
        return found
    raise InputError(f"{path}: what kind of file is it?", hint=f"--format {'|'.join(TEXT_FORMATS)}")


def stream_texts(source: BinaryIO, format: TextFormat, columns: Columns, *, file: str) -> Iterator[TextRow]:
    """Read texts as they are asked for.

    Args:
        source: the file, opened in binary.
        format: how it is read; `lines` takes each line for a text.
        columns: which columns hold `text` and `text_b`, where there are columns.
        file: its name, for messages.

    Raises:
        DataError: the header lacks the column, or the file is not of this format. A single bad row is no
            error: it is a row with a `fault`.
    """
    rows = _READERS[format](source, columns, file)
    return (_checked(row, file) for row in rows)


def _checked(row: TextRow, file: str) -> TextRow:
    if row.fault is None and (not row.text or row.text.isspace()):
        return TextRow(row.line, fault=DataError("the text is empty", file=file, line=row.line))
    return row


def _lines(source: BinaryIO, columns: Columns, file: str) -> Iterator[TextRow]:
    for number, raw in _raw_lines(source):
        yield _decoded(raw, number, file)


def _jsonl(source: BinaryIO, columns: Columns, file: str) -> Iterator[TextRow]:
    find = cache(lambda keys: find_columns(keys, (), columns, file))
    for number, raw in _raw_lines(source):
        line = _decoded(raw, number, file)
        yield line if line.fault else _json_row(line, find, file)


def _json_row(line: TextRow, find: Callable[[tuple[str, ...]], Found], file: str) -> TextRow:
    try:
        value = json.loads(line.text)
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            raise ValueError("expected an object or a string")
        names = find(tuple(value))
    except DataError as error:
        found = error.message.removeprefix(f"{file}: ")
        return TextRow(line.line, fault=DataError(found, file=file, line=line.line, hint=error.hint))
    except (ValueError, RecursionError) as error:
        return TextRow(line.line, fault=DataError(f"not usable JSON: {error}", file=file, line=line.line))
    return _picked(line.line, value, names, file)


def _json(source: BinaryIO, columns: Columns, file: str) -> Iterator[TextRow]:
    """A whole document: it is held in memory."""
    table = read_json(source_of(source.read(), file, max_line_bytes=None), columns)
    names = find_columns(table.columns, (), columns, file)
    for row in table.rows:
        if isinstance(row, DataError):
            yield TextRow(row.line or 0, fault=row)
        else:
            yield _picked(row.line, row.fields, names, file)


def _delimited(delimiter: str | None) -> Callable[[BinaryIO, Columns, str], Iterator[TextRow]]:
    def read(source: BinaryIO, columns: Columns, file: str) -> Iterator[TextRow]:
        csv.field_size_limit(LONGEST_LINE_BYTES)
        # Bytes that are not UTF-8 become lone surrogates here, so that only their own row is lost.
        text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")
        first = text.readline()
        if not first:
            raise DataError("the file is empty", file=file)
        records = csv.reader(itertools.chain([first], text), delimiter=delimiter or delimiter_of(first))
        header = next(records)
        names = find_columns(header, (), columns, file)
        for line, record in _records(records, file):
            if isinstance(record, DataError):
                yield TextRow(line, fault=record)
            elif len(record) != len(header):
                found = f"{len(record)} fields, the header has {len(header)}"
                yield TextRow(line, fault=DataError(found, file=file, line=line))
            else:
                yield _picked(line, dict(zip(header, record, strict=True)), names, file)

    return read


def _records(records: Any, file: str) -> Iterator[tuple[int, list[str] | DataError]]:
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            yield records.line_num, DataError(str(error), file=file, line=records.line_num)
            continue
        if record:
            yield records.line_num, record


def _parquet(source: BinaryIO, columns: Columns, file: str) -> Iterator[TextRow]:
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(source)
        names = find_columns(table.schema_arrow.names, (), columns, file)
        wanted = [name for name in (names["text"], names["text_b"]) if name is not None]
        number = 0
        for batch in table.iter_batches(PARQUET_ROWS, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield _picked(number, row, names, file)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"not a Parquet file: {error}", file=file) from error


def _picked(line: int, fields: Mapping[str, object], names: Found, file: str) -> TextRow:
    """The row of a record: its text and, where there is one, its second text."""
    text, text_b, column = fields.get(names["text"] or ""), fields.get(names["text_b"] or ""), names["text"]
    for value in (text, "" if text_b is None else text_b):
        if not isinstance(value, str):
            kind = "nothing" if value is None else f"a {type(value).__name__}"
            return TextRow(
                line, fault=DataError(f"expected text, found {kind}", file=file, line=line, column=column)
            )
        try:
            value.encode()
        except UnicodeEncodeError as error:
            where = f"character {error.start + 1} is not valid UTF-8"
            return TextRow(line, fault=DataError(where, file=file, line=line, column=column))
    return TextRow(line, str(text), None if text_b is None else str(text_b))


def _raw_lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines without their ends; one that is too long is cut there, and its rest read over."""
    number = 0
    while raw := source.readline(LONGEST_LINE_BYTES + 1):
        number += 1
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        rest = raw
        while len(raw) > LONGEST_LINE_BYTES and rest and not rest.endswith(b"\n"):
            rest = source.readline(READ_OVER_BYTES)
        yield number, raw.rstrip(b"\r\n")


def _decoded(raw: bytes, number: int, file: str) -> TextRow:
    if len(raw) > LONGEST_LINE_BYTES:
        found = f"the line has more than {LONGEST_LINE_BYTES:,} bytes"
        return TextRow(number, fault=DataError(found, file=file, line=number))
    try:
        return TextRow(number, raw.decode())
    except UnicodeDecodeError as error:
        found = f"byte 0x{raw[error.start]:02X} at byte {error.start + 1} of the line is not UTF-8"
        return TextRow(number, fault=DataError(found, file=file, line=number))


_READERS: Mapping[TextFormat, Callable[[BinaryIO, Columns, str], Iterator[TextRow]]] = {
    "lines": _lines,
    "csv": _delimited(None),
    "tsv": _delimited("\t"),
    "jsonl": _jsonl,
    "json": _json,
    "parquet": _parquet,
}
