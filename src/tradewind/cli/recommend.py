"""`tradewind recommend`: how well items are found for people, on data held out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.errors import InputError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.recommend.evaluate import Evaluation
    from tradewind.recommend.split import SplitProtocol

app = typer.Typer(help="Find items that suit a person, and measure how well.", no_args_is_help=True)

Column = Annotated[str | None, typer.Option(help="Name of this column, where it is not a usual one.")]


@app.callback()
def prepare() -> None:
    """Find items that suit a person, and measure how well."""


@app.command()
def evaluate(
    context: typer.Context,
    folder: Annotated[
        str, typer.Argument(help="A folder or file of interactions; TRADEWIND_DATA is searched too.")
    ],
    protocol: Annotated[
        str, typer.Option(help="stratified75, random811, temporal or leave-one-out.")
    ] = "stratified75",
    k: Annotated[int, typer.Option("--k", "-k", min=1, max=1000, help="Length of a list.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="Of the first split and fit.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="How many seeds, from --seed on.")] = 1,
    model: Annotated[
        list[str] | None, typer.Option(help="Our models to judge; repeat for several, all if absent.")
    ] = None,
    baselines: Annotated[
        bool,
        typer.Option("--baselines/--no-baselines", help="Judge popularity, item-kNN, ALS and BPR beside."),
    ] = True,
    tune: Annotated[
        bool, typer.Option("--tune/--no-tune", help="Search hyper-parameters on the validation part.")
    ] = True,
    repeats: Annotated[
        bool, typer.Option("--repeats", help="Offer again what a person has already.")
    ] = False,
    cold_items: Annotated[
        float,
        typer.Option(min=0, max=0.5, help="Also hold out this share of the items, found by text alone."),
    ] = 0.0,
    user: Column = None,
    item: Column = None,
    rating: Column = None,
    time: Column = None,
    market: Column = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Judge our models and the baselines on the same split: nDCG, recall, MRR, hit rate, coverage and more."""
    from tradewind.recommend.candidates.factors import require_implicit
    from tradewind.recommend.data import Columns, read
    from tradewind.recommend.evaluate import Plan
    from tradewind.recommend.evaluate import evaluate as judge

    if baselines:
        require_implicit()
    plan = Plan(
        protocol=_protocol(protocol),
        k=k,
        seeds=range(seed, seed + seeds),
        models=tuple(model or ()),
        baselines=baselines,
        tuned=tune,
        repeats=repeats,
        cold_items=cold_items,
    )
    columns = Columns(user=user, item=item, rating=rating, time=time, market=market)
    behaviour = read(_place(cast(Settings, context.obj), folder), columns)
    with _progress(quiet) as report:
        evaluation = judge(behaviour, plan, report)
    if as_json:
        print_json(evaluation.as_json())
    else:
        _print_evaluation(evaluation)


def _protocol(name: str) -> SplitProtocol:
    from tradewind.recommend.split import PROTOCOLS

    for protocol in PROTOCOLS:
        if protocol == name:
            return protocol
    raise InputError(f"there is no protocol {name!r}", hint=f"one of {', '.join(PROTOCOLS)}")


def _place(settings: Settings, folder: str) -> Path:
    """The path as given, or below the folder of public data sets."""
    given = Path(folder)
    if given.exists() or settings.data is None or not (settings.data / folder).exists():
        return given
    return settings.data / folder


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """One line that changes on a terminal; a line each elsewhere."""
    from tradewind.cli.output import console

    if quiet:
        yield lambda message: None
        return
    if not console().is_terminal:
        yield say
        return
    with console().status("reading") as status:
        yield status.update


def _print_evaluation(evaluation: Evaluation) -> None:
    people, items = evaluation.shape
    write_line(
        f"{evaluation.source}: {evaluation.interactions:,} interactions, {people:,} people, {items:,} items; "
        f"{evaluation.protocol}, {len(evaluation.seeds)} seed{'s' if len(evaluation.seeds) > 1 else ''}"
    )
    for note in evaluation.notes:
        write_line(f"  {note}")
    write_line("")
    k = evaluation.k
    measures = [f"{name}@{k}" for name in ("ndcg", "recall", "mrr", "hit")]
    rows = [_row(evaluation, name, measures) for name in evaluation.runs]
    print_table(
        ("model", *measures, "coverage", "fit s", f"{evaluation.best} ahead by (95 %)"),
        rows,
    )
    if evaluation.cold is not None:
        write_line("")
        write_line(evaluation.cold.in_words(k))


def _row(evaluation: Evaluation, name: str, measures: list[str]) -> tuple[Any, ...]:
    figures = evaluation.figures(name)
    gain = "best of ours"
    if name != evaluation.best:
        difference = evaluation.difference(name, "ndcg")
        gain = f"{difference.mean:+.4f} ({difference.lower:+.4f} to {difference.upper:+.4f})"
    return (
        name,
        *(f"{figures[m]:.4f}" for m in measures),
        f"{figures['coverage']:.3f}",
        figures["fit_s"],
        gain,
    )
