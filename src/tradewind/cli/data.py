"""`tradewind data`: look labelled files over before training on them."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from tradewind.nlp.data import CheckReport
    from tradewind.nlp.data.report import Repeated
    from tradewind.nlp.data.suspects import Suspect
    from tradewind.nlp.model import Task

LISTED = 10
PIPE_WIDTH = 120

app = typer.Typer(help="Check labelled files before training on them.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Check labelled files before training on them."""


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="Data file, FILE.json#part,part, pattern or folder.")],
    test: Annotated[str | None, typer.Option(help="Test file, to be compared with FILE.")] = None,
    task: Annotated[
        str, typer.Option(help="classify, multilabel, tag, pair or embed; `classify,tag` for both.")
    ] = "classify",
    text: Annotated[str, typer.Option(help="Column of the text.")] = "text",
    text_b: Annotated[str, typer.Option(help="Column of the second text (pair, embed).")] = "text_b",
    label: Annotated[str, typer.Option(help="Column of the label.")] = "label",
    labels: Annotated[str, typer.Option(help="Column of the labels (multilabel).")] = "labels",
    spans: Annotated[str, typer.Option(help="Column of the spans (tag).")] = "spans",
    lang: Annotated[str, typer.Option(help="Column of the language.")] = "lang",
    weight: Annotated[str, typer.Option(help="Column of the row's weight.")] = "weight",
    small_class: Annotated[int, typer.Option(min=1, help="List classes with fewer rows than this.")] = 10,
    max_line_bytes: Annotated[int, typer.Option(min=1, help="Longest accepted line.")] = 1_000_000,
    wrong_labels: Annotated[
        bool, typer.Option("--wrong-labels/--no-wrong-labels", help="Look for labels that look wrong.")
    ] = True,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Pass over broken rows and count them.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when something would spoil training or testing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Report labels, duplicates, contradictions, leakage, wrong labels, languages and lengths of a file."""
    from tradewind.cli.output import print_json
    from tradewind.nlp.data import Columns, read
    from tradewind.nlp.data import check as check_dataset

    tasks = _tasks(task)
    columns = Columns(
        text=text, text_b=text_b, label=label, labels=labels, spans=spans, lang=lang, weight=weight
    )
    dataset, tested = (
        None if path is None else read(path, tasks, columns, skip_bad=skip_bad, max_line_bytes=max_line_bytes)
        for path in (file, test)
    )
    assert dataset is not None
    report = check_dataset(dataset, test=tested, small_class=small_class, wrong_labels=wrong_labels)
    if as_json:
        print_json(report.as_json())
    else:
        _print_report(report)
    if strict and report.spoiled:
        raise typer.Exit(1)


def _tasks(given: str) -> tuple[Task, ...]:
    from tradewind.nlp.model import TASKS

    known: dict[str, Task] = {task: task for task in TASKS}
    names = [name.strip() for name in given.split(",")]
    for name in names:
        if name not in known:
            raise InputError(f"unknown task {name!r}", hint=f"one of {', '.join(TASKS)}")
    return tuple(known[name] for name in names)


def _print_report(report: CheckReport) -> None:
    """Render the report whole, then write it as UTF-8 whatever the terminal's encoding is."""
    from rich.console import Console

    from tradewind.cli.output import write_line

    screen = sys.stdout.isatty()
    width = None if screen else PIPE_WIDTH
    console = Console(
        file=io.StringIO(), force_terminal=screen, width=width, highlight=False, markup=False, emoji=False
    )
    _render(console, report)
    assert isinstance(console.file, io.StringIO)
    write_line(console.file.getvalue().rstrip("\n"))


def _render(console: Console, report: CheckReport) -> None:
    console.print(f"{report.source}: {report.rows:,} rows, {len(report.labels):,} labels", style="bold")
    for note in report.notes:
        console.print(f"  {note}", style="dim")
    _render_counts(console, "label", report.labels)
    _render_counts(console, "language (guessed)", report.languages)
    _render_lengths(console, report)
    _render_list(console, "Bad rows", report.skipped, report.skipped_rows)
    _render_repeated(
        console, "Rows that give one text different labels", report.contradictions, report.contradicting_rows
    )
    _render_repeated(console, "Test rows that stand in the training data", report.leaks, report.leaking_rows)
    _render_suspects(console, report.suspects)
    console.print("\nProblems" if report.problems else "\nNo problems found.", style="bold")
    for problem in report.problems:
        console.print(
            f"  {'✗' if problem.spoils else '!'} {problem.message}",
            style="red" if problem.spoils else "yellow",
        )


def _render_counts(console: Console, title: str, counts: Mapping[str, int]) -> None:
    from rich.table import Table
    from rich.text import Text

    if not counts:
        return
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(title)
    table.add_column("rows", justify="right")
    table.add_column("share", justify="right")
    total = sum(counts.values())
    entries = list(counts.items())
    # The ends are what one looks at: the classes that dominate and those that starve.
    cut = len(entries) > 2 * LISTED + 1
    for name, count in entries[:LISTED] if cut else entries:
        table.add_row(Text(name), f"{count:,}", f"{count / total:.1%}")
    if cut:
        table.add_row(f"… {len(entries) - 2 * LISTED:,} more …", "", "")
        for name, count in entries[-LISTED:]:
            table.add_row(Text(name), f"{count:,}", f"{count / total:.1%}")
    console.print()
    console.print(table)


def _render_lengths(console: Console, report: CheckReport) -> None:
    from rich.table import Table

    if not report.rows:
        return
    ranks = list(next(iter(report.lengths.values())))
    table = Table("length in", box=None, padding=(0, 2, 0, 0))
    for rank in ranks:
        table.add_column(rank, justify="right")
    for unit, values in report.lengths.items():
        table.add_row(unit, *(f"{values[rank]:g}" for rank in ranks))
    console.print()
    console.print(table)


def _render_list(console: Console, title: str, lines: Sequence[str], rows: int) -> None:
    """The first few lines under a title that says how many rows there are in all."""
    if not lines:
        return
    console.print(f"\n{title} ({rows:,})", style="bold")
    for line in lines[:LISTED]:
        console.print(f"  {line}", soft_wrap=not console.is_terminal)
    if len(lines) > LISTED:
        console.print("  … more with --json", style="dim")


def _render_repeated(console: Console, title: str, found: Sequence[Repeated], rows: int) -> None:
    lines = [
        f"{each.text!r}: " + " | ".join(f"{_place(p.file, p.line)} {p.answer}" for p in each.places)
        for each in found
    ]
    _render_list(console, title, lines, rows)


def _render_suspects(console: Console, suspects: Sequence[Suspect]) -> None:
    lines = [
        f"{_place(s.file, s.line)} {s.text!r}: {s.label}, rather {s.suggested}? (margin {s.margin:.2f})"
        for s in suspects
    ]
    _render_list(console, "Labels that look wrong", lines, len(lines))


def _place(file: str, line: int) -> str:
    return f"{file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{line}"
