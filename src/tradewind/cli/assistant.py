"""`tradewind assistant`: check, draw and test what a pack says of dialogue; train and measure what understands it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tradewind.cli import assistant_train
from tradewind.cli.output import print_json, say, write_line
from tradewind.core.errors import DataError, NotFoundError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.assistant.model import Understander
    from tradewind.assistant.trials.play import Stage
    from tradewind.markets import Markets
    from tradewind.packs import Pack
    from tradewind.packs.conversation_file import Case

app = typer.Typer(
    help="The assistant: check, draw and test its flows; teach what understands.", no_args_is_help=True
)
assistant_train.register(app)

PackName = Annotated[str, typer.Argument(help="A pack's name, for example finance, or its folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


class GraphFormat(StrEnum):
    """What draws the picture."""

    MERMAID = "mermaid"
    DOT = "dot"


@app.command()
def check(context: typer.Context, pack: PackName, as_json: AsJson = False) -> None:
    """Check a pack's flows, texts, actions and tests; every fault by file, line and field. Exit code 2 if any."""
    from tradewind.markets import load_markets
    from tradewind.packs.conversation_file import conversation_files, read_conversations
    from tradewind.packs.flow_check import check_flows, missing_titles
    from tradewind.packs.load import load
    from tradewind.packs.product_file import read_products
    from tradewind.packs.reply_files import check_replies, missing_replies

    settings = cast(Settings, context.obj)
    known = load(pack)
    problems = [*check_flows(known), *check_replies(known.folder)]
    problems += read_products(known.folder, load_markets(settings.workspace / "markets"))[1]
    for file in conversation_files(known.folder / "conversations"):
        problems += read_conversations(file)[1]
    missing = [*missing_titles(known), *missing_replies(known.folder)]
    if as_json:
        print_json(
            {
                "pack": known.name,
                "problems": [_as_json(p) for p in problems],
                "missing": [_as_json(p) for p in missing],
            }
        )
    else:
        for problem in (*problems, *missing):
            write_line(str(problem))
        say(f"{known.name}: {len(problems)} problems, {len(missing)} missing translations")
    if problems or missing:
        raise typer.Exit(2)


@app.command()
def graph(
    pack: PackName,
    flow: Annotated[str | None, typer.Option(help="Only this flow; all of them if absent.")] = None,
    form: Annotated[
        GraphFormat, typer.Option("--format", help="Text for Mermaid or for Graphviz.")
    ] = GraphFormat.MERMAID,
) -> None:
    """Draw a pack's flows as text for Mermaid or Graphviz."""
    from tradewind.assistant.flows.book import load_book
    from tradewind.assistant.flows.graph import dot, mermaid
    from tradewind.packs.load import load

    flows = load_book(load(pack)).flows
    if flow is not None and flow not in flows:
        raise NotFoundError(f"no flow {flow!r}", hint=f"there are: {', '.join(flows) or 'none'}")
    chosen = [flows[flow]] if flow is not None else list(flows.values())
    write_line((mermaid if form is GraphFormat.MERMAID else dot)(chosen).rstrip())


@app.command("test")
def play_tests(
    context: typer.Context,
    pack: PackName,
    tests: Annotated[
        Path | None,
        typer.Option(
            help="A file or folder of conversation tests or Rasa stories; the pack's own if absent."
        ),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(help="The folder of a model that was taught the pack: it reads every message."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Tell every turn, with the words that are said.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Play conversation tests against the invented business; exit code 1 if one does not come out as expected."""
    from tradewind.assistant.trials.play import play
    from tradewind.assistant.trials.present import as_json as report
    from tradewind.assistant.trials.present import lines
    from tradewind.markets import load_markets
    from tradewind.packs.conversation_file import conversation_files, read_conversations
    from tradewind.packs.load import load

    settings = cast(Settings, context.obj)
    known = load(pack)
    files = conversation_files(tests if tests is not None else known.folder / "conversations")
    if not files:
        raise NotFoundError(
            f"no tests in {tests or known.folder}", hint="conversations/*.yaml, or --tests PATH"
        )
    cases: list[Case] = []
    for file in files:
        found, problems = read_conversations(file)
        for problem in problems:
            raise problem
        cases += found
    markets = load_markets(settings.workspace / "markets")
    with _understander(model, known, markets, settings) as understander:
        played, coverage = play(_stage(known, markets, understander), cases, known.folder)
    if as_json:
        print_json(report(played, coverage))
    else:
        for line in lines(played, coverage, everything=verbose):
            write_line(line)
    if not all(each.passed for each in played):
        raise typer.Exit(1)


def _stage(pack: Pack, markets: Markets, understander: Understander | None) -> Stage:
    from tradewind.assistant.flows.book import load_book
    from tradewind.assistant.products.catalogue import Catalogue
    from tradewind.assistant.replies.replies import FluentReplies
    from tradewind.assistant.trials.play import Stage
    from tradewind.packs.product_file import read_products
    from tradewind.packs.reply_files import reply_files

    products, _ = read_products(pack.folder, markets)
    catalogue = Catalogue(products, markets) if products is not None else None
    files = reply_files(pack.folder)
    titles = catalogue.titles if catalogue is not None else None
    replies = FluentReplies.of(pack.folder, markets, titles=titles) if files else None
    keys = frozenset(key for found in files for key in found.messages)
    return Stage(load_book(pack), markets, understander, None, catalogue, replies, keys)


@contextmanager
def _understander(
    model: Path | None, pack: Pack, markets: Markets, settings: Settings
) -> Iterator[Understander | None]:
    if model is None:
        yield None
        return
    from tradewind.assistant.understanding import ModelUnderstander
    from tradewind.nlp.runtime import Engine

    with Engine.open(model, threads=settings.threads) as engine:
        yield ModelUnderstander(engine, pack, markets)


def _as_json(problem: DataError) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "field": problem.column,
        "message": problem.message,
        "hint": problem.hint,
    }
