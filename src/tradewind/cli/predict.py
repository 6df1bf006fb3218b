"""`tradewind predict`: texts in, one answer a text out, in order, however many there are."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.model_folder import model_folder
from tradewind.cli.output import print_json_line, say, write_line
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.data.stream import TextFormat, TextRow
    from tradewind.nlp.model import HeadPrediction, Prediction
    from tradewind.nlp.runtime.service import Predictor

FIRST_CHUNK = 64
CHUNK = 2048
LONGEST_SHOWN = 72


def predict(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model folder, a name of the workspace, or NAME@VERSION.")],
    inputs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|-|TEXT...]", help="A file, - for standard input, or texts."),
    ] = None,
    text: Annotated[str, typer.Option(help="Column of the text.")] = "text",
    text_b: Annotated[str, typer.Option(help="Column of the second text, of a pair model.")] = "text_b",
    format: Annotated[
        str | None, typer.Option(help="lines, csv, tsv, jsonl, json or parquet; found by the file's name.")
    ] = None,
    top: Annotated[int | None, typer.Option(min=1, help="Most labels in `scores`; all if absent.")] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="CPU threads; 0 means all cores.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Answer a bad row by its error, and go on.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a text.")] = False,
) -> None:
    """What a model says of texts: of the arguments, of a file's rows, or of lines from standard input."""
    from tradewind.nlp.data.model import Columns
    from tradewind.nlp.runtime.engine import Engine

    settings: Settings = context.obj
    source = _source(inputs or ["-"], format)
    with ExitStack() as stack:
        columns = Columns(text=text, text_b=text_b)
        rows = _rows(source, columns, stack)
        engine = stack.enter_context(
            Engine.open(
                model_folder(settings, model), threads=settings.threads if threads is None else threads
            )
        )
        run = _Run(skip_bad=skip_bad, paired=any(head.task == "pair" for head in engine.info.heads))
        started = SYSTEM_CLOCK.monotonic()
        for row, prediction in answers(engine, rows, run):
            _print(row, prediction, top=top, as_json=as_json, numbered=source.format is not None)
        seconds = SYSTEM_CLOCK.monotonic() - started
    if source.format is not None:
        bad = f", {run.bad:,} bad rows" if run.bad else ""
        say(f"{run.texts:,} texts{bad} in {seconds:.1f} s, {run.texts / max(seconds, 1e-9):,.0f} texts/s")


@dataclass
class _Run:
    """How bad rows are met, and what has been seen."""

    skip_bad: bool
    paired: bool
    texts: int = 0
    bad: int = 0


@dataclass(frozen=True)
class _Source:
    """Texts given outright (`format` None), or a file or standard input to be read as `format`."""

    format: TextFormat | None
    path: Path | None = None
    texts: Sequence[str] = field(default=())


def answers(
    engine: Predictor, rows: Iterable[TextRow], run: _Run
) -> Iterator[tuple[TextRow, Prediction | None]]:
    """Each row with its prediction, in order; None for a bad row that is passed over.

    One chunk is predicted while the one before is being printed: no more than two are held.

    Raises:
        DataError: a row is bad, and bad rows are not passed over; earlier rows have been answered.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="tradewind-predict") as ahead:
        pending: tuple[list[TextRow], Future[list[Prediction]] | None] | None = None
        for chunk in _chunks(_with_pairs(rows) if run.paired else rows):
            good = list(itertools.takewhile(lambda row: row.fault is None or run.skip_bad, chunk))
            future = _start(ahead, engine, good, run.paired)
            if pending is not None:
                yield from _finish(*pending, run)
            pending = (good, future)
            if len(good) < len(chunk):
                yield from _finish(*pending, run)
                fault = chunk[len(good)].fault
                assert fault is not None
                raise fault
        if pending is not None:
            yield from _finish(*pending, run)


def _start(
    ahead: ThreadPoolExecutor, engine: Predictor, rows: Sequence[TextRow], paired: bool
) -> Future[list[Prediction]] | None:
    good = [row for row in rows if row.fault is None]
    if not good:
        return None
    pairs = [row.text_b or "" for row in good] if paired else None
    return ahead.submit(engine.predict, [row.text for row in good], pairs)


def _finish(
    rows: Sequence[TextRow], future: Future[list[Prediction]] | None, run: _Run
) -> Iterator[tuple[TextRow, Prediction | None]]:
    predictions = iter(future.result() if future is not None else ())
    for row in rows:
        if row.fault is None:
            run.texts += 1
            yield row, next(predictions)
        else:
            run.bad += 1
            yield row, None


def _chunks(rows: Iterable[TextRow]) -> Iterator[list[TextRow]]:
    """A small one first, so that the first answers come soon."""
    source = iter(rows)
    size = FIRST_CHUNK
    while chunk := list(itertools.islice(source, size)):
        yield chunk
        size = CHUNK


def _with_pairs(rows: Iterable[TextRow]) -> Iterator[TextRow]:
    """A row without a second text is a bad row, for a model that compares two."""
    for row in rows:
        if row.fault is None and not (row.text_b or "").strip():
            missing = DataError("the second text is missing, and this model compares two", line=row.line)
            yield replace(row, fault=missing)
        else:
            yield row


def _source(inputs: list[str], format: str | None) -> _Source:
    from tradewind.nlp.data.stream import SUFFIXES, TEXT_FORMATS, format_of

    if format is not None and format not in TEXT_FORMATS:
        raise InputError(f"unknown format {format!r}", hint=f"one of {', '.join(TEXT_FORMATS)}")
    if inputs == ["-"]:
        return _Source(format or "lines")
    if len(inputs) == 1:
        path = Path(inputs[0])
        if _is_file(path):
            return _Source(format or format_of(path), path)
        if format or (
            path.suffix.lower() in SUFFIXES and not any(character.isspace() for character in inputs[0])
        ):
            raise NotFoundError(f"{path}: no such file", hint="give a file, - for standard input, or a text")
    return _Source(None, texts=inputs)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a long text, or one with a NUL byte, is no path
        return False


def _rows(source: _Source, columns: object, stack: ExitStack) -> Iterable[TextRow]:
    from tradewind.nlp.data.model import Columns
    from tradewind.nlp.data.stream import TextRow, stream_texts

    assert isinstance(columns, Columns)
    if source.format is None:
        return [TextRow(number, text) for number, text in enumerate(source.texts, 1)]
    if source.path is None:
        return stream_texts(sys.stdin.buffer, source.format, columns, file="<stdin>")
    return stream_texts(
        stack.enter_context(source.path.open("rb")), source.format, columns, file=str(source.path)
    )


def _print(
    row: TextRow, prediction: Prediction | None, *, top: int | None, as_json: bool, numbered: bool
) -> None:
    if prediction is None:
        assert row.fault is not None
        if as_json:
            print_json_line({"line": row.line, "error": str(row.fault)})
        else:
            say(f"bad row: {row.fault}")
        return
    if as_json:
        line = {"line": row.line} if numbered else {}
        second = {} if row.text_b is None else {"text_b": row.text_b}
        print_json_line({**line, "text": row.text, **second, **prediction.as_json(top=top)})
        return
    said = "  ".join(_said(head, row.text) for head in prediction.heads if head.task != "embed")
    shown = row.text if len(row.text) <= LONGEST_SHOWN else f"{row.text[: LONGEST_SHOWN - 1]}…"
    write_line(f"{said}  {' '.join(shown.split())}")


def _said(head: HeadPrediction, text: str) -> str:
    if head.task == "tag":
        return "[" + ", ".join(f"{span.type}: {text[span.start : span.end]}" for span in head.spans) + "]"
    scope = "" if head.in_scope else "  out of scope"
    if head.task == "multilabel":
        return f"{', '.join(head.labels) or '-'}{scope}"
    return f"{head.label}  {head.probability or 0.0:.1%}{scope}"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(predict)
