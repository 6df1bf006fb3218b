"""Parquet, plain text and folders of text files."""

from __future__ import annotations

from pathlib import Path

from tradewind.core.errors import DataError
from tradewind.nlp.data.model import Columns
from tradewind.nlp.data.source import Source, load
from tradewind.nlp.data.table import Row, Table


def read_parquet(path: Path) -> Table:
    """Read a Parquet file; a row's line is its number, from 1.

    Raises:
        DataError: the file is empty, damaged or not Parquet.
    """
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
    except (pyarrow.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"not readable as Parquet: {reason}", file=path, hint="the file may be truncated"
        ) from error
    names: list[str] = table.column_names
    values = [column.to_pylist() for column in table.columns]
    rows = zip(*values, strict=True)
    file = str(path)
    return Table(rows=[Row(file, n, dict(zip(names, row, strict=True))) for n, row in enumerate(rows, 1)])


def read_lines(source: Source, columns: Columns) -> Table:
    """Read plain text: one unlabelled text a line, blank lines passed over."""
    rows: list[Row | DataError] = []
    for number, line in enumerate(source.lines(), 1):
        if fault := source.fault(number, number):
            rows.append(fault)
        elif line.strip():
            rows.append(Row(source.file, number, {columns.text: line.rstrip("\r\n")}))
    return Table(rows=rows, notes=("read as plain text: one unlabelled text a line",))


def read_folder(folder: Path, columns: Columns, *, max_line_bytes: int | None) -> Table:
    """Read `LABEL/NAME.txt`, each file one text labelled by its folder; a file without one has no label.

    Raises:
        DataError: there is no `.txt` file; names the data files that are there instead.
    """
    files = sorted(path for path in folder.rglob("*.txt") if path.is_file() and not path.name.startswith("."))
    if not files:
        others = sorted(path.name for path in folder.iterdir())
        hint = (
            "give one of its files, or a pattern such as 'FOLDER/train_*.json'" if others else "it is empty"
        )
        shown = ", ".join(others[:5]) + (", …" if len(others) > 5 else "")
        raise DataError(f"no .txt file in this folder{f': {shown}' if shown else ''}", file=folder, hint=hint)
    return Table(
        rows=[_file_row(path, folder, columns, max_line_bytes) for path in files],
        notes=("each .txt file is one text, its folder the label",),
    )


def _file_row(path: Path, folder: Path, columns: Columns, max_line_bytes: int | None) -> Row | DataError:
    try:
        source = load(path, max_line_bytes=max_line_bytes)
    except DataError as error:
        return error
    if source.broken:
        return next(iter(source.broken.values()))
    fields: dict[str, object] = {columns.text: source.text.strip()}
    if path.parent != folder:
        fields[columns.label] = path.parent.relative_to(folder).as_posix()
    return Row(str(path), 1, fields)
