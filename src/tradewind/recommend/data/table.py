"""Rows of a file by column, each row with its line, so that a message can name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite

from tradewind.core.errors import DataError


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows: every column has one value a row.

    Attributes:
        lines: where each row stands in the file, from 1 (in Parquet: its number).
        types: what a typed header says of a column (`token`, `float`, `token_seq`); empty elsewhere.
    """

    file: str
    columns: Mapping[str, Sequence[object]]
    lines: Sequence[int]
    types: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def names(self, column: str) -> list[str]:
        """A column of ids as text; 17850.0 is 17850, as a column with gaps stores it. None where empty."""
        return [_name(value) for value in self.columns[column]]

    def numbers(self, column: str) -> list[float]:
        """A column of numbers.

        Raises:
            DataError: a value is none; says the line.
        """
        return [self._number(row, column, value) for row, value in enumerate(self.columns[column])]

    def seconds(self, column: str) -> list[float]:
        """A column of times as seconds since 1970: numbers stay, dates are read (UTC where no zone is given).

        Raises:
            DataError: a value is neither; says the line.
        """
        return [self._seconds(row, column, value) for row, value in enumerate(self.columns[column])]

    def error(self, row: int, column: str, message: str, hint: str) -> DataError:
        """An error about one value."""
        return DataError(message, file=self.file, line=self.lines[row], column=column, hint=hint)

    def _number(self, row: int, column: str, value: object) -> float:
        try:
            number = float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = float("nan")
        if not isfinite(number):
            raise self.error(row, column, f"{value!r} is no number", "for example 4 or 0.5")
        return number

    def _seconds(self, row: int, column: str, value: object) -> float:
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
        if isinstance(value, str):
            try:
                return float(value)
            except ValueError:
                pass
            try:
                moment = datetime.fromisoformat(value.strip())
            except ValueError:
                raise self.error(
                    row, column, f"{value!r} is no time", "seconds since 1970, or 2026-03-31T17:05:00"
                ) from None
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        return self._number(row, column, value)


def _name(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        if value != value:
            return ""
        if value.is_integer():
            return str(int(value))
    return str(value).strip()
