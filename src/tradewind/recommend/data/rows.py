"""From a file to a table: tab-separated atomic files with typed headers, CSV, JSON Lines, Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.recommend.data.table import Table

ATOMIC = (".inter", ".item", ".user")
FORMATS = (*ATOMIC, ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
FIELD_TYPES = ("token", "token_seq", "float", "float_seq")


def read_table(path: Path) -> Table:
    """Read a file in one of `FORMATS`.

    Raises:
        DataError: it is broken; says the line, and the column where there is one.
        NotFoundError: there is no such file.
    """
    suffix = path.suffix.lower()
    if suffix in ATOMIC:
        return _read_atomic(path)
    if suffix in (".csv", ".tsv"):
        return _read_delimited(path, "\t" if suffix == ".tsv" else ",")
    if suffix in (".jsonl", ".ndjson"):
        return _read_json_lines(path)
    if suffix == ".parquet":
        return _read_parquet(path)
    raise InputError(f"{path}: interactions are not read from {suffix or 'such'} files",
                     hint=f"one of {', '.join(FORMATS)}")  # fmt: skip


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise NotFoundError(f"there is no file {path}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError("this is not UTF-8", file=path, line=line, hint="save it as UTF-8") from None
    if not text.strip():
        raise DataError("the file is empty", file=path)
    return text


def _read_atomic(path: Path) -> Table:
    """RecBole's format: tab-separated, a header of `name:type`, no quoting."""
    lines = _text(path).split("\n")
    names, types = _typed_header(lines[0].rstrip("\r"), path)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.rstrip("\r").split("\t")
        if cells == [""]:
            continue
        if len(cells) != len(names):
            raise _wrong_width(path, number, len(cells), names)
        rows.append(cells)
        numbers.append(number)
    return _by_column(path, names, rows, numbers, types)


def _typed_header(header: str, path: Path) -> tuple[list[str], dict[str, str]]:
    types: dict[str, str] = {}
    for cell in header.split("\t"):
        name, _, kind = cell.strip().rpartition(":")
        if not name or kind not in FIELD_TYPES:
            raise DataError(
                f"{cell!r} in the header is not NAME:TYPE",
                file=path,
                line=1,
                hint=f"for example user_id:token; types are {', '.join(FIELD_TYPES)}",
            )
        if name in types:
            raise DataError(f"the header names {name!r} twice", file=path, line=1)
        types[name] = kind
    return list(types), types


def _read_delimited(path: Path, delimiter: str) -> Table:
    reader = csv.reader(io.StringIO(_text(path), newline=""), delimiter=delimiter)
    names: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    last = 0
    try:
        for cells in reader:
            first, last = last + 1, reader.line_num
            if not names:
                names = [cell.strip() for cell in cells]
                continue
            if not cells:
                continue
            if len(cells) != len(names):
                raise _wrong_width(path, first, len(cells), names)
            rows.append(cells)
            numbers.append(first)
    except csv.Error as error:
        raise DataError(f"broken quoting: {error}", file=path, line=reader.line_num) from None
    return _by_column(path, names, rows, numbers)


def _wrong_width(path: Path, line: int, found: int, names: Sequence[str]) -> DataError:
    return DataError(
        f"{found} values where the header names {len(names)}",
        file=path,
        line=line,
        hint=f"expected {', '.join(names)}",
    )


def _by_column(
    path: Path,
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    types: Mapping[str, str] | None = None,
) -> Table:
    if not rows:
        raise DataError("the file holds no rows", file=path, hint="a header alone is not enough")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return Table(str(path), columns, numbers, types or {})


def _read_json_lines(path: Path) -> Table:
    rows: list[dict[str, object]] = []
    numbers: list[int] = []
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise DataError(f"no JSON: {error}", file=path, line=number) from None
        if not isinstance(value, dict):
            raise DataError("a row must be an object", file=path, line=number, hint='{"user_id": "17", …}')
        rows.append(value)
        numbers.append(number)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name) for row in rows] for name in names}
    return Table(str(path), columns, numbers)


def _read_parquet(path: Path) -> Table:
    import pyarrow
    import pyarrow.parquet

    if not path.is_file():
        raise NotFoundError(f"there is no file {path}")
    try:
        table = pyarrow.parquet.read_table(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(f"not a Parquet file: {error}", file=path) from None
    if not table.num_rows:
        raise DataError("the file holds no rows", file=path)
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    return Table(str(path), columns, range(1, table.num_rows + 1))
