"""`tradewind market`: the places of business, their formats and their law, and the check of one's own files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.ids import MarketId
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.markets import Market, Markets

app = typer.Typer(help="The markets: what holds where, and the check of your own.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
    """List the markets that ship and those of the workspace."""
    from tradewind.markets.present import summary

    markets = _markets(context)
    if as_json:
        print_json({"markets": [summary(market) for market in markets]})
        return
    rows = (
        (
            market.id,
            market.name,
            ", ".join(market.languages),
            market.currency,
            market.region,
            ", ".join(market.regulations),
        )
        for market in markets
    )
    print_table(("market", "name", "languages", "currency", "region", "law"), rows)


@app.command()
def show(
    context: typer.Context,
    code: Annotated[str, typer.Argument(help="The market's code, see `tradewind market list`.")],
    as_json: AsJson = False,
) -> None:
    """Show what holds in a market: formats with an example each, hours, limits, tax, and every duty of its law."""
    from tradewind.markets.present import detail

    markets = _markets(context)
    market = markets.get(MarketId(code))
    if as_json:
        print_json(detail(market, markets))
    else:
        _print_market(market, markets)


@app.command()
def validate(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(help="A file, or a folder such as the workspace's markets/, which is the default."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check market, region and regulation files; every fault by file, line and field. Exit code 2 if there are any."""
    from tradewind.markets import inspect, inspect_file

    own = _own(context)
    if path is not None and not path.is_dir():
        problems = inspect_file(path, own)
        checked = [str(path)]
    else:
        folder = path or own
        problems = inspect(folder)[1]
        checked = sorted(str(file) for file in folder.rglob("*.yaml"))
    if as_json:
        found = [
            {
                "file": problem.file,
                "line": problem.line,
                "field": problem.column,
                "message": problem.message,
                "hint": problem.hint,
            }
            for problem in problems
        ]
        print_json({"valid": not problems, "checked": checked, "problems": found})
    else:
        for problem in problems:
            write_line(str(problem))
        say(f"{len(checked)} files of your own, {len(problems)} problems")
    if problems:
        raise typer.Exit(2)


def _print_market(market: Market, markets: Markets) -> None:
    from tradewind.markets.present import examples, says

    facts = [
        ("languages", ", ".join(market.languages)),
        ("time zones", ", ".join(market.time_zones)),
        ("region", market.region),
        ("leaves the region", f"{market.transfer.leaving_region} ({market.transfer.note})"),
        ("consent from", f"{market.age_of_consent} years ({market.consent_age.source})"),
        (
            "tax",
            f"{market.tax.name} {'' if market.tax.rate is None else market.tax.rate} {market.tax.prices}",
        ),
        ("channels", ", ".join(market.channels)),
        ("tone", " ".join([market.tone.formality, *market.tone.address.values()])),
        *((f"example of {name}", value) for name, value in examples(market).items()),
    ]
    write_line(f"{market.id}  {market.name}")
    print_table(("what", "is"), facts)
    write_line("")
    hours = (
        (", ".join(window.days), f"{window.since:%H:%M}", f"{window.until:%H:%M}")
        for window in market.quiet_hours.contact
    )
    print_table(("contact on", "since", "until"), hours)
    write_line("")
    limits = (
        (kind, limit.least, limit.most, limit.origin, limit.source)
        for kind, limit in market.retention.items()
    )
    print_table(("kept", "at least", "at most", "by", "source"), limits)
    for law in markets.law_of(market.id):
        write_line("")
        write_line(f"{law.id}  {law.title}, checked {law.checked}")
        if law.caveat:
            write_line(f"caveat: {law.caveat}")
        print_table(
            ("duty", "article", "says", "note"),
            ((name, duty.article, says(duty), duty.note) for name, duty in law.duties),
        )


def _markets(context: typer.Context) -> Markets:
    from tradewind.markets import load_markets

    return load_markets(_own(context))


def _own(context: typer.Context) -> Path:
    assert isinstance(context.obj, Settings)
    return context.obj.workspace / "markets"
