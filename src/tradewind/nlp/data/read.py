"""Reading labelled text: from a path to a data set."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tradewind.core.errors import DataError, InputError
from tradewind.nlp.data.columns import find_columns, missing_column
from tradewind.nlp.data.delimited import read_delimited
from tradewind.nlp.data.examples import ExampleReader, examples_of
from tradewind.nlp.data.json_rows import read_json, read_json_lines
from tradewind.nlp.data.model import Columns, Dataset, Example, merge
from tradewind.nlp.data.other_files import read_folder, read_lines, read_parquet
from tradewind.nlp.data.source import MAX_LINE_BYTES, load, not_found
from tradewind.nlp.data.table import Row, Table
from tradewind.nlp.model import Task

FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".txt")


def read(
    path: Path | str,
    tasks: Collection[Task] = (),
    columns: Columns | None = None,
    *,
    skip_bad: bool = False,
    limit: int | None = None,
    max_line_bytes: int = MAX_LINE_BYTES,
) -> Dataset:
    """Read a data file.

    Args:
        path: a file in one of `FORMATS`, `FILE.json#part,part`, a pattern such as `train_*.json`, or a folder
            of `LABEL/NAME.txt`.
        tasks: what the examples are for; decides which columns must be there. None: texts alone.
        columns: names of the columns.
        skip_bad: keep going past bad rows and collect them in `Dataset.skipped`.
        limit: read at most this many examples.
        max_line_bytes: longest accepted line, and longest accepted text.

    Raises:
        DataError: a row is bad (the first one, unless `skip_bad`), a column is missing, or the whole file
            cannot be used; says file, line and column, and what would be right.
        NotFoundError: nothing is there.
    """
    columns = columns or Columns()
    paths, parts = _resolve(str(path))
    read_one = [_read_one(each, parts, tasks, columns, skip_bad, limit, max_line_bytes) for each in paths]
    if len(read_one) == 1:
        return read_one[0]
    whole = merge(read_one)
    return Dataset(whole.examples[:limit], whole.skipped, str(path), whole.notes)


def _resolve(path: str) -> tuple[list[Path], tuple[str, ...]]:
    """The files that a path names, and the parts of them that are wanted."""
    whole = Path(path)
    if whole.exists():
        return [whole], ()
    name, _, fragment = path.rpartition("#")
    parts = tuple(part.strip() for part in fragment.split(",") if part.strip())
    if name and parts:
        if Path(name).suffix.lower() != ".json":
            raise InputError(f"{path}: only a JSON document has parts", hint=f"give {name}")
        whole = Path(name)
    else:
        parts = ()
    if any(mark in whole.name for mark in "*?[") and whole.parent.is_dir():
        matches = sorted(whole.parent.glob(whole.name))
        if matches:
            return matches, parts
    if not whole.exists():
        raise not_found(whole)
    return [whole], parts


def _read_one(
    path: Path,
    parts: tuple[str, ...],
    tasks: Collection[Task],
    columns: Columns,
    skip_bad: bool,
    limit: int | None,
    max_line_bytes: int,
) -> Dataset:
    table = _table(path, parts, columns, max_line_bytes)
    file = str(path)
    if not any(isinstance(row, Row) for row in table.rows):
        bad = tuple(row for row in table.rows if isinstance(row, DataError))
        if bad and skip_bad:
            return Dataset((), bad, file, table.notes)
        raise (
            bad[0]
            if bad
            else DataError("the file holds no rows", file=file, hint="a header alone is not enough")
        )
    found = find_columns(table.columns, tasks, columns, file)
    reader = ExampleReader.for_table(table, found, tasks, max_line_bytes)
    if "tag" in tasks and found["spans"] is None and not reader.in_text:
        raise missing_column("spans", columns.spans, table.columns, file)
    good: list[Example] = []
    skipped: list[DataError] = []
    for example in examples_of(table, reader):
        if isinstance(example, DataError):
            if not skip_bad:
                raise example
            skipped.append(example)
            continue
        good.append(example)
        if limit is not None and len(good) >= limit:
            break
    notes = (*table.notes, *found.notes, *reader.notes())
    return Dataset(tuple(good), tuple(skipped), f"{file}#{','.join(parts)}" if parts else file, notes)


def _table(path: Path, parts: tuple[str, ...], columns: Columns, max_line_bytes: int) -> Table:
    if path.is_dir():
        return read_folder(path, columns, max_line_bytes=max_line_bytes)
    match path.suffix.lower():
        case ".csv":
            return read_delimited(load(path, max_line_bytes=max_line_bytes), columns)
        case ".tsv" | ".tab":
            return read_delimited(load(path, max_line_bytes=max_line_bytes), columns, delimiter="\t")
        case ".jsonl" | ".ndjson":
            return read_json_lines(load(path, max_line_bytes=max_line_bytes), columns)
        case ".json":
            # A whole document may stand on one line, so only its texts are measured.
            return read_json(load(path, max_line_bytes=None), columns, parts)
        case ".parquet" | ".pq":
            return read_parquet(path)
        case ".txt":
            return read_lines(load(path, max_line_bytes=max_line_bytes), columns)
        case suffix:
            raise InputError(
                f"{path}: unknown kind of file {suffix or '(no ending)'!r}",
                hint=f"known: {', '.join(FORMATS)}",
            )
