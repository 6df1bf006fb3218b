"""`tradewind privacy redact | reveal`: personal data out of texts, and back by whoever may."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from tradewind.cli.output import print_json_line, write_line
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
    readable,
)
from tradewind.core.ids import MarketId, tenant_id

Tenant = Annotated[str, typer.Option(help="Whose key makes the pseudonyms.")]
How = Annotated[str, typer.Option(help="mask (***), placeholder (<PERSON>) or pseudonym (<PERSON:token>).")]
COMMAND = "command line"
"""Who asked, in the record, when somebody did at the machine itself."""
OWN = "local"
"""The tenant of an installation that has made none."""


def redact(
    context: typer.Context,
    market: Market,
    how: How = "placeholder",
    tenant: Tenant = OWN,
    file: File = "-",
    text: Text = "text",
    format: Format = None,
    model: Model = NAMES_MODEL,
    threads: Threads = None,
    skip_bad: SkipBad = False,
    as_json: AsJson = False,
) -> None:
    """Take the personal data out of texts; pseudonyms are the same for the same value of a tenant."""
    from tradewind.privacy import redact as redaction
    from tradewind.workspace import open_ground

    way = redaction.way_of(how)
    with ExitStack() as stack:
        rows = read_texts(Source(file, text, format, skip_bad), stack)
        detector = open_detector(context.obj, market, model, threads, stack)
        tokens = None
        if way == "pseudonym":
            ground = stack.enter_context(open_ground(context.obj))
            tokens = ground.tokens(tenant_id(tenant), MarketId(market))
        for row, spans in detected(detector, rows, skip_bad):
            if row.fault is not None:
                print_bad(row, as_json)
            else:
                _print(redaction.redact(row.text, spans, way, tokens), as_json)


def reveal(
    context: typer.Context,
    market: Market,
    tenant: Tenant = OWN,
    file: File = "-",
    text: Text = "text",
    format: Format = None,
    skip_bad: SkipBad = False,
    as_json: AsJson = False,
) -> None:
    """Turn pseudonyms back into what they stand for; needs the region's key."""
    from tradewind.privacy.reveal_tokens import reveal_tokens
    from tradewind.workspace import open_ground

    owner, where = tenant_id(tenant), MarketId(market)
    with ExitStack() as stack:
        rows = read_texts(Source(file, text, format, skip_bad), stack)
        ground = stack.enter_context(open_ground(context.obj))
        tokens = ground.tokens(owner, where)
        for some, bad in readable(rows, skip_bad):
            shown = reveal_tokens(
                ground.journal, tokens, [row.text for row in some], tenant=owner, market=where, by=COMMAND
            )
            for told in shown:
                _print(told, as_json)
            if bad is not None:
                print_bad(bad, as_json)


def _print(text: str, as_json: bool) -> None:
    if as_json:
        print_json_line({"text": text})
    else:
        write_line(" ".join(text.splitlines()))


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command()(redact)
    app.command()(reveal)
