"""Rows as a file holds them, before anybody asks what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tradewind.core.errors import DataError


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row by column name, with the physical line (from 1) on which the row begins."""

    file: str
    line: int
    fields: Mapping[str, object]

    def error(self, message: str, *, column: str | None = None, hint: str | None = None) -> DataError:
        """An error that says where this row stands."""
        return DataError(message, file=self.file, line=self.line, column=column, hint=hint)


@dataclass(frozen=True)
class Table:
    """Rows of one file, bad ones as the error that says why, in file order; `notes` say what was guessed."""

    rows: list[Row | DataError]
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that some row has, in order of appearance."""
        names: dict[str, None] = {}
        for row in self.rows:
            if isinstance(row, Row):
                names.update(dict.fromkeys(row.fields))
        return tuple(names)
