"""JSON Lines and JSON documents: rows with their lines, whatever shape the document has.

Shapes of a document, found out in this order:

    [row, …]                                  rows
    {"train": [row, …], "test": [row, …]}     parts, chosen as FILE#train,test
    {"Intent": [{"data": [piece, …]}, …], …}  SNIPS: the key is the label, a piece {"text", "entity"}
    {"label": ["text", …], …}                 the key is the label

where a row is an object, a `[text, label]` pair or a text.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradewind.core.errors import DataError
from tradewind.nlp.data.model import Columns
from tradewind.nlp.data.source import Source
from tradewind.nlp.data.table import Row, Table

_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class _Item:
    first: int
    last: int
    value: object


def read_json_lines(source: Source, columns: Columns) -> Table:
    """Read JSON Lines: one row a line, blank lines passed over; a bad line is an error in the table."""
    return Table(rows=list(_json_line_rows(source, columns)))


def _json_line_rows(source: Source, columns: Columns) -> Iterator[Row | DataError]:
    for number, line in enumerate(source.lines(), 1):
        if fault := source.fault(number, number):
            yield fault
            continue
        if not line.strip():
            continue
        try:
            value = json.loads(line.rstrip("\r\n"))
        except (ValueError, RecursionError) as error:
            yield _json_error(error, source.file, number)
            continue
        yield _row(source.file, _Item(number, number, value), None, columns)


def read_json(source: Source, columns: Columns, parts: Sequence[str] = ()) -> Table:
    """Read a JSON document, or JSON Lines in a file named `.json`.

    Args:
        source: the file's text.
        columns: names for the values of rows that are pairs or texts.
        parts: keys of the document's object whose rows are wanted; empty for all where the keys are labels.

    Raises:
        DataError: the document holds parts and none was named, or one that is not there.
    """
    if not parts and _is_json_lines(source.text):
        table = read_json_lines(source, columns)
        return Table(rows=table.rows, notes=("read as JSON Lines: one object a line",))
    found, trouble = _scan(source)
    named, by_label = _choose(source.file, found, parts, trouble)
    rows: list[Row | DataError] = []
    for key, items in named.items():
        for item in items:
            fault = source.fault(item.first, item.last)
            rows.append(fault or _row(source.file, item, key if by_label else None, columns))
    if trouble is not None:
        rows.append(trouble)
    notes = ["the keys of the document are the labels"] if by_label else []
    if not parts and None not in found and not by_label:
        notes.append(f"rows read from part {next(iter(named))!r}")
    return Table(rows=rows, notes=tuple(notes))


def _is_json_lines(text: str) -> bool:
    """Whether the first line is a whole object, and not one that holds lists of rows on a single line."""
    start = _SPACE.match(text).end()  # type: ignore[union-attr]
    first, _, rest = text[start:].partition("\n")
    if not first.startswith("{"):
        return False
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(rest.strip()) or not any(isinstance(part, list) for part in value.values())


def _scan(source: Source) -> tuple[dict[str | None, list[_Item]], DataError | None]:
    """Lists of items by key (None: the document is a list), and where the document breaks off if it does.

    Raises:
        DataError: the document is neither a list nor an object.
    """
    cursor = _Cursor(source)
    found: dict[str | None, list[_Item]] = {}
    opening = cursor.peek()
    if opening not in ("[", "{"):
        raise DataError("expected a list of rows or an object of lists", file=source.file, line=cursor.line)
    try:
        if opening == "[":
            cursor.items(found.setdefault(None, []))
        else:
            cursor.members(found)
        if cursor.peek():
            raise json.JSONDecodeError("Extra data", source.text, cursor.at)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else cursor.line
        return found, _json_error(error, source.file, line)
    return found, None


class _Cursor:
    """A place in a document that moves on value by value and counts lines as it goes."""

    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.at = 0
        self.line = 1

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        self._move(_SPACE.match(self.text, self.at).end())  # type: ignore[union-attr]
        return self.text[self.at : self.at + 1]

    def members(self, found: dict[str | None, list[_Item]]) -> None:
        """Read an object, adding those of its values that are lists to `found`."""
        more = self._open("{", "}")
        while more:
            self.peek()
            key = self._value()
            if not isinstance(key, str):
                raise json.JSONDecodeError(
                    "Expecting property name enclosed in double quotes", self.text, self.at
                )
            self._expect(":")
            if self.peek() == "[":
                self.items(found.setdefault(key, []))
            else:
                self._value()
            more = self._separator("}")

    def items(self, found: list[_Item]) -> None:
        """Read a list, adding its values with their lines to `found`."""
        more = self._open("[", "]")
        while more:
            self.peek()
            first = self.line
            value = self._value()
            found.append(_Item(first, self.line, value))
            more = self._separator("]")

    def _value(self) -> object:
        value, end = _DECODER.raw_decode(self.text, self.at)
        self._move(end)
        return value

    def _open(self, opening: str, closing: str) -> bool:
        """Step over `opening`; False, and over `closing` as well, where nothing is between."""
        self._expect(opening)
        if self.peek() != closing:
            return True
        self._expect(closing)
        return False

    def _separator(self, closing: str) -> bool:
        """Step over a comma (True) or the closing bracket (False)."""
        more = self.peek() == ","
        self._expect("," if more else closing)
        return more

    def _expect(self, mark: str) -> None:
        if self.peek() != mark:
            raise json.JSONDecodeError(f"Expecting {mark!r}", self.text, self.at)
        self._move(self.at + 1)

    def _move(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to


def _choose(
    file: str,
    found: Mapping[str | None, list[_Item]],
    parts: Sequence[str],
    trouble: DataError | None,
) -> tuple[dict[str | None, list[_Item]], bool]:
    """The lists to be read, and whether their keys are labels."""
    if not found and trouble is not None:
        raise trouble
    present = [key for key in found if key is not None]
    for part in parts:
        if part not in found:
            close = difflib.get_close_matches(part, present, n=1)
            nearest = f"; nearest: {close[0]}" if close else ""
            have = ", ".join(present) or "none, the document is a list"
            raise DataError(f"no part {part!r}", file=file, hint=f"parts present: {have}{nearest}")
    named = {key: found[key] for key in (parts or found)}
    by_label = bool(present) and all(
        _labelled_by_key(item.value) for items in named.values() for item in items
    )
    if not named:
        raise DataError(
            "the document holds no list of rows", file=file, hint="expected [row, …] or {part: [row, …]}"
        )
    if len(named) > 1 and not parts and not by_label:
        raise DataError(
            f"the document holds {len(named)} parts: {', '.join(present)}",
            file=file,
            hint=f"name those to be read, for example {file}#{'train' if 'train' in found else present[0]}",
        )
    return named, by_label


def _labelled_by_key(value: object) -> bool:
    return isinstance(value, str) or _pieces(value) is not None


def _pieces(value: object) -> list[Mapping[str, object]] | None:
    """The text pieces of a SNIPS row, or None."""
    pieces = value.get("data") if isinstance(value, dict) else None
    if not isinstance(pieces, list) or not pieces:
        return None
    if not all(isinstance(piece, dict) and isinstance(piece.get("text"), str) for piece in pieces):
        return None
    return pieces


def _row(file: str, item: _Item, key: str | None, columns: Columns) -> Row | DataError:
    value = item.value
    label: dict[str, object] = {} if key is None else {columns.label: key}
    if isinstance(value, str):
        return Row(file, item.first, {columns.text: value, **label})
    if (pieces := _pieces(value)) is not None:
        text, spans = _join(pieces)
        return Row(file, item.first, {columns.text: text, columns.spans: spans, **label})
    if isinstance(value, dict):
        return Row(file, item.first, value)
    if isinstance(value, list) and len(value) == 2:
        return Row(file, item.first, {columns.text: value[0], columns.label: value[1]})
    return DataError(
        f"a row that is {_kind(value)}",
        file=file,
        line=item.first,
        hint="a row is an object, a [text, label] pair or a text",
    )


def _join(pieces: Sequence[Mapping[str, object]]) -> tuple[str, list[dict[str, object]]]:
    text = ""
    spans: list[dict[str, object]] = []
    for piece in pieces:
        start = len(text)
        text += str(piece["text"])
        # An entity of no characters stands in SNIPS' files; it marks nothing.
        if piece.get("entity") and len(text) > start:
            spans.append({"start": start, "end": len(text), "type": piece["entity"]})
    return text, spans


def _kind(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "null" if value is None else f"{json.dumps(value)}"


def _json_error(error: Exception, file: str, line: int) -> DataError:
    if isinstance(error, json.JSONDecodeError):
        message = f"not valid JSON at character {error.colno} of the line: {error.msg}"
        return DataError(message, file=file, line=line)
    if isinstance(error, RecursionError):
        return DataError("JSON nested too deeply", file=file, line=line)
    return DataError(f"not valid JSON: {error}", file=file, line=line)
