"""From rows to examples: every value is checked where it is taken; errors name file, line and column."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from tradewind.core.errors import DataError
from tradewind.nlp.data.columns import Found
from tradewind.nlp.data.model import Example
from tradewind.nlp.data.span_formats import from_markup, has_markup, parse_spans
from tradewind.nlp.data.table import Row, Table
from tradewind.nlp.model import Span, Task

_SEPARATORS = ("|", ";", ",")


@dataclass
class ExampleReader:
    """Turns the rows of one table into examples; afterwards `formats` names how spans were written."""

    found: Found
    tasks: Collection[Task]
    separator: str
    in_text: bool
    max_characters: int
    split_cells: bool = False
    formats: set[str] = field(default_factory=set)

    @classmethod
    def for_table(
        cls, table: Table, found: Found, tasks: Collection[Task], max_characters: int
    ) -> ExampleReader:
        """Settle what only the whole table shows: what separates labels, whether the texts carry markup."""
        reader = cls(found, tasks, separator=",", in_text=False, max_characters=max_characters)
        if found["labels"] is not None:
            cells = [value for value in _values(table, found["labels"]) if isinstance(value, str)]
            reader.split_cells = bool(cells)
            reader.separator = next(
                (mark for mark in _SEPARATORS if any(mark in cell for cell in cells)), ","
            )
        if "tag" in tasks and found["spans"] is None and found["text"] is not None:
            texts = _values(table, found["text"])
            reader.in_text = any(isinstance(text, str) and has_markup(text) for text in texts)
        return reader

    def read(self, row: Row) -> Example:
        """The example of a row; raises DataError."""
        text = self._text(row, "text")
        spans: tuple[Span, ...] | None = None
        if "tag" in self.tasks:
            text, spans = self._spans(row, text)
        return Example(
            text=text,
            text_b=None if self.found["text_b"] is None else self._text(row, "text_b"),
            label=None if self.found["label"] is None else self._label(row, self.found["label"]),
            labels=None if self.found["labels"] is None else self._labels(row, self.found["labels"]),
            spans=spans,
            lang=self._lang(row),
            weight=self._weight(row),
            line=row.line,
            file=row.file,
        )

    def notes(self) -> tuple[str, ...]:
        """How spans and label lists were read, in plain words."""
        notes = [f"spans written as {name}" for name in sorted(self.formats)]
        if self.split_cells:
            notes.append(f"labels of one cell are separated by {self.separator!r}")
        return tuple(notes)

    def _text(self, row: Row, field: str) -> str:
        column = self.found[field]
        value = _joined_tokens(row) if column is None else row.fields.get(column)
        if isinstance(value, str) and value.strip():
            return self._clean(value, row, column)
        if value is None or isinstance(value, str):
            raise row.error("the text is empty", column=column, hint="every row needs a text")
        raise row.error(f"expected a text, found {json.dumps(value, default=str)[:40]}", column=column)

    def _clean(self, text: str, row: Row, column: str | None) -> str:
        if len(text) > self.max_characters:
            raise row.error(
                f"the text has {len(text):,} characters, more than {self.max_characters:,}",
                column=column,
                hint="split it, or raise the limit",
            )
        if "\0" in text:
            raise row.error(f"NUL character at position {text.index(chr(0))}", column=column)
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError as error:
                half = f"U+{ord(text[error.start]):04X}"
                raise row.error(
                    f"half a character ({half}) at position {error.start}",
                    column=column,
                    hint="a character beyond U+FFFF is written as two escapes; one of them is missing",
                ) from error
        return text

    def _spans(self, row: Row, text: str) -> tuple[str, tuple[Span, ...]]:
        column = self.found["spans"]
        if column is not None:
            spans, name = parse_spans(row.fields.get(column), text, row, column)
        else:
            name = "markup in the text"
            text, spans = from_markup(text, row, self.found["text"] or "text")
        if spans:
            self.formats.add(name)
        return text, spans

    def _label(self, row: Row, column: str) -> str:
        label = _name(row.fields.get(column), row, column)
        if not label:
            raise row.error("the label is empty", column=column, hint="every row needs a label")
        return label

    def _labels(self, row: Row, column: str) -> tuple[str, ...]:
        value = row.fields.get(column)
        if isinstance(value, str):
            value = self._split(value.strip(), row, column)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            value = [value]
        names = [_name(entry, row, column) for entry in value]
        if not all(names):
            raise row.error("an empty label stands among the labels", column=column)
        return tuple(dict.fromkeys(names))

    def _split(self, cell: str, row: Row, column: str) -> object:
        if cell.startswith("["):
            try:
                return json.loads(cell)
            except (ValueError, RecursionError) as error:
                raise row.error(f"not valid JSON: {error}", column=column) from error
        return cell.split(self.separator) if cell else None

    def _lang(self, row: Row) -> str | None:
        column = self.found["lang"]
        value = None if column is None else row.fields.get(column)
        return None if value is None else str(value).strip() or None

    def _weight(self, row: Row) -> float:
        column = self.found["weight"]
        value = None if column is None else row.fields.get(column)
        if value is None or value == "":
            return 1.0
        try:
            weight = math.nan if isinstance(value, bool) else float(str(value))
        except ValueError:
            weight = math.nan
        if not (weight > 0 and math.isfinite(weight)):
            raise row.error(f"weight {value!r} is not a positive number", column=column)
        return weight


def examples_of(table: Table, reader: ExampleReader) -> Iterator[Example | DataError]:
    """Every row as an example, or as the error that says why it is none."""
    for row in table.rows:
        if isinstance(row, DataError):
            yield row
            continue
        try:
            yield reader.read(row)
        except DataError as error:
            yield error


def _values(table: Table, column: str) -> Iterator[object]:
    return (row.fields.get(column) for row in table.rows if isinstance(row, Row))


def _joined_tokens(row: Row) -> str | None:
    tokens = row.fields.get("tokens")
    return " ".join(map(str, tokens)) if isinstance(tokens, list) else None


def _name(value: object, row: Row, column: str) -> str:
    """A label as text: JSON's numbers and truth values are taken as they would be written."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and not (isinstance(value, float) and math.isnan(value)):
        return str(value)
    if isinstance(value, Mapping | list | float):
        shown = json.dumps(value, default=str)[:40]
        raise row.error(f"expected one label, found {shown}", column=column, hint="a text or a number")
    return str(value)
