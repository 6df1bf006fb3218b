"""What commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def print_json(value: object) -> None:
    """Print exactly one JSON document, for people to read and programs to parse."""
    write_line(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def print_json_line(value: object) -> None:
    """Print one document of a stream of JSON lines."""
    write_line(json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=_plain))


def print_table(headers: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Print a table in plain columns, so that it survives a pipe."""
    cells = [list(headers), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        padded = (value.ljust(width) for value, width in zip(row, widths, strict=True))
        write_line("  ".join(padded).rstrip())


def write_line(text: str) -> None:
    """A line of UTF-8 whatever the terminal's encoding is; lone surrogates are replaced."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def say(message: str) -> None:
    """A line for the person at the terminal, on standard error."""
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()


@cache
def console() -> Console:
    """The rich console on standard error, for progress bars and tables that are not the result."""
    from rich.console import Console

    return Console(stderr=True)


def set_up_logging(level: str) -> None:
    """Send logs of `level` and above to standard error, without personal data."""
    from tradewind.privacy.log_filter import redact_logs

    redact_logs()
    logging.basicConfig(
        level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if level != "debug":  # it tells of every database at each start
        logging.getLogger("alembic").setLevel(logging.WARNING)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _plain(value: object) -> object:
    """Paths and numpy's numbers, which the standard encoder does not know."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)
