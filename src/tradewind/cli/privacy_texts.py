"""Texts in, one answer a text out, for the commands that look for personal data."""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.output import print_json_line, say
from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.ids import MarketId
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.data.stream import TextFormat, TextRow
    from tradewind.privacy.detect import Detector
    from tradewind.privacy.model import PiiSpan

CHUNK = 1024
NAMES_MODEL = "pii"

Market = Annotated[str, typer.Option(help="Whose identifiers and languages to expect, such as us.")]
File = Annotated[
    str,
    typer.Option("--file", metavar="FILE|-", help="Texts: lines, JSON lines, CSV …; - is standard input."),
]
Text = Annotated[str, typer.Option(help="Column of the text.")]
Format = Annotated[
    str | None, typer.Option(help="lines, csv, tsv, jsonl, json or parquet; found by the file's name.")
]
Model = Annotated[str, typer.Option(help="The model that finds names: a folder, NAME or NAME@VERSION.")]
Threads = Annotated[int | None, typer.Option(min=0, help="CPU threads of the model; 0 means all cores.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Answer a bad row by its error, and go on.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a text.")]


@dataclass(frozen=True)
class Source:
    """Where the texts come from and how bad rows are met."""

    file: str
    text: str
    format: str | None
    skip_bad: bool


def read_texts(source: Source, stack: ExitStack) -> Iterator[TextRow]:
    """The rows of a file or of standard input, where JSON lines are told by their first character.

    Raises:
        NotFoundError: there is no such file. DataError: it cannot be read as this format.
    """
    from tradewind.nlp.data.model import Columns
    from tradewind.nlp.data.stream import TEXT_FORMATS, format_of, stream_texts

    columns = Columns(text=source.text)
    if source.format is not None and source.format not in TEXT_FORMATS:
        raise InputError(f"unknown format {source.format!r}", hint=f"one of {', '.join(TEXT_FORMATS)}")
    if source.file == "-":
        return stream_texts(sys.stdin.buffer, source.format or _format_of_stdin(), columns, file="<stdin>")
    path = Path(source.file)
    if not path.is_file():
        raise NotFoundError(f"{path}: no such file", hint="give a file, or - for standard input")
    stream = stack.enter_context(path.open("rb"))
    return stream_texts(stream, source.format or format_of(path), columns, file=str(path))


def _format_of_stdin() -> TextFormat:
    buffer = sys.stdin.buffer
    first = buffer.peek(1)[:1] if isinstance(buffer, io.BufferedReader) else b""
    return "jsonl" if first in (b"{", b'"') else "lines"


def chunks(rows: Iterable[TextRow]) -> Iterator[list[TextRow]]:
    """Rows, so many at once as a model takes well."""
    source = iter(rows)
    while chunk := list(itertools.islice(source, CHUNK)):
        yield chunk


def detected(
    detector: Detector, rows: Iterable[TextRow], skip_bad: bool
) -> Iterator[tuple[TextRow, Sequence[PiiSpan]]]:
    """Each row with what was found in it, in order; a bad row has nothing.

    Raises:
        DataError: a row is bad and bad rows are not passed over; those before it have been answered.
    """
    for chunk in chunks(rows):
        good = list(itertools.takewhile(lambda row: row.fault is None or skip_bad, chunk))
        found = iter(detector.detect([row.text for row in good if row.fault is None]))
        for row in good:
            yield row, next(found) if row.fault is None else ()
        if len(good) < len(chunk):
            fault = chunk[len(good)].fault
            assert fault is not None
            raise fault


def readable(rows: Iterable[TextRow], skip_bad: bool) -> Iterator[tuple[list[TextRow], TextRow | None]]:
    """Rows that can be read, many at once, and the bad one that ended them, if one did.

    Raises:
        DataError: a row is bad and bad rows are not passed over; those before it have been handed out.
    """
    for chunk in chunks(rows):
        good: list[TextRow] = []
        for row in chunk:
            if row.fault is None:
                good.append(row)
                continue
            if not skip_bad:
                yield good, None
                raise row.fault
            yield good, row
            good = []
        yield good, None


def print_bad(row: TextRow, as_json: bool) -> None:
    """What is said of a bad row that is passed over."""
    if as_json:
        print_json_line({"line": row.line, "error": str(row.fault)})
    else:
        say(f"bad row: {row.fault}")


def open_detector(
    settings: Settings, market: str, model: str, threads: int | None, stack: ExitStack
) -> Detector:
    """The detector of a market, with the model of names where there is one.

    Raises:
        NotFoundError: there is no such market, or a model was asked for by another name and is not there.
    """
    from tradewind.workspace import ModelNames, open_ground

    ground = stack.enter_context(open_ground(settings))
    detector = ground.detector(MarketId(market))
    folder = _names_folder(settings, model)
    if folder is None:
        say("only identifiers are found: there is no model of names yet: tradewind privacy train")
        return detector
    from tradewind.nlp.runtime.engine import Engine

    used = settings.threads if threads is None else threads
    engine = stack.enter_context(Engine.open(folder, threads=used))
    return ground.detector(MarketId(market), ModelNames(engine))


def _names_folder(settings: Settings, model: str) -> Path | None:
    from tradewind.cli.model_folder import model_folder

    try:
        return model_folder(settings, model)
    except NotFoundError:
        if model == NAMES_MODEL:
            return None
        raise
