"""CSV files of questions and answers: each row is a document."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from tradewind.assistant.knowledge.model import Block, Document
from tradewind.assistant.model import Language
from tradewind.core.errors import DataError
from tradewind.core.ids import MarketId

LONGEST_FIELD = 1_000_000
COLUMNS = ("question", "answer", "id", "title", "market", "link", "lang")


def read_table(file: Path, text: str, *, id: str, language: Language | None = None) -> Iterator[Document]:
    """Read rows with the columns `question` and `answer`, and `id`, `title`, `market`, `link`, `lang` if there are.

    Args:
        file: where the text stands, for errors.
        text: with newlines as "\\n".
        id: begins the ids of rows that have none.
        language: of rows that name none.

    Raises:
        DataError: a column is missing, or a row has no answer; says file, line and column.
    """
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        for name in COLUMNS[:2]:
            if name not in header:
                hint = f"the first line names the columns, such as {COLUMNS[0]},{COLUMNS[1]}"
                raise DataError(f"no column {name!r}", file=file, line=1, column=name, hint=hint)
        for row in reader:
            if any(cell.strip() for cell in row):
                yield _document(file, dict(zip(header, row, strict=False)), reader.line_num, id, language)
    except csv.Error as error:
        raise DataError(f"no CSV: {error}", file=file, line=reader.line_num) from error


def _document(file: Path, row: dict[str, str], line: int, id: str, language: Language | None) -> Document:
    cells = {name: row.get(name, "").strip() for name in COLUMNS}
    for name in COLUMNS[:2]:
        if not cells[name]:
            raise DataError(f"no {name}", file=file, line=line, column=name, hint="fill it or remove the row")
    answer = row["answer"]
    return Document(
        id=cells["id"] or f"{id}/{line}",
        title=cells["title"] or cells["question"],
        text=f"{cells['question']}\n\n{answer}",
        blocks=(
            Block("heading", 0, len(cells["question"]), 1, cells["question"]),
            Block("text", len(cells["question"]) + 2, len(cells["question"]) + 2 + len(answer)),
        ),
        language=Language(cells["lang"]) if cells["lang"] else language,
        markets=tuple(MarketId(market) for market in cells["market"].split()),
        link=cells["link"] or None,
        file=file,
        asked=(cells["question"],),
    )
