"""`tradewind privacy detect`: where the personal data of each text is."""

from __future__ import annotations

from contextlib import ExitStack

import typer

from tradewind.cli.output import print_json_line, say, write_line
from tradewind.cli.privacy_texts import (
    NAMES_MODEL,
    AsJson,
    File,
    Format,
    Market,
    Model,
    SkipBad,
    Source,
    Text,
    Threads,
    detected,
    open_detector,
    print_bad,
    read_texts,
)
from tradewind.core.clock import SYSTEM_CLOCK


def detect(
    context: typer.Context,
    market: Market,
    file: File = "-",
    text: Text = "text",
    format: Format = None,
    model: Model = NAMES_MODEL,
    threads: Threads = None,
    skip_bad: SkipBad = False,
    as_json: AsJson = False,
) -> None:
    """Find personal data in texts: the type, the place in characters and the score of each."""
    with ExitStack() as stack:
        rows = read_texts(Source(file, text, format, skip_bad), stack)
        detector = open_detector(context.obj, market, model, threads, stack)
        started, count = SYSTEM_CLOCK.monotonic(), 0
        for row, spans in detected(detector, rows, skip_bad):
            count += 1
            if row.fault is not None:
                print_bad(row, as_json)
            elif as_json:
                found = [
                    {"type": span.type, "start": span.start, "end": span.end, "score": span.score}
                    for span in spans
                ]
                print_json_line({"spans": found})
            else:
                for span in spans:
                    value = " ".join(row.text[span.start : span.end].split())
                    write_line(f"{row.line}:{span.start}-{span.end}  {span.type}  {span.score:.2f}  {value}")
        seconds = SYSTEM_CLOCK.monotonic() - started
    say(f"{count:,} texts in {seconds:.1f} s, {count / max(seconds, 1e-9):,.0f} texts/s")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(detect)
