"""`tradewind webhook`: which programs are told what happens in conversations, and what could not be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.output import print_json, print_table, say, write_line

if TYPE_CHECKING:
    from tradewind.channels.model import Webhook
    from tradewind.channels.webhooks.webhooks import Webhooks
    from tradewind.core.ids import RegionId, TenantId

OPERATOR = "operator"

app = typer.Typer(help="Programs that are told what happens in conversations.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Of = Annotated[str, typer.Option("--tenant", help="Whose.")]
In = Annotated[
    str | None, typer.Option("--region", help="Region of the conversations; the home region if absent.")
]
Id = Annotated[str, typer.Argument(help="The webhook's id, see `tradewind webhook list`.")]


@app.command()
def make(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Where the program is told.")],
    events: Annotated[
        list[str] | None,
        typer.Option("--event", help="An event to be told of, again and again; all if absent."),
    ] = None,
    tenant: Of = "local",
    region: In = None,
    as_json: AsJson = False,
) -> None:
    """Make a webhook; the secret that signs it is shown once."""
    with _webhooks(context, tenant, region) as (webhooks, of, own):
        made, secret = webhooks.make(of, own, url, events or [], by=OPERATOR)
    if as_json:
        print_json({**_shown(made), "secret": secret})
        return
    say(f"webhook {made.id} is told of {', '.join(made.events)} in region {made.region}")
    say("The secret that signs it. It is shown this once:")
    write_line(secret)


@app.command("list")
def list_command(
    context: typer.Context, tenant: Of = "local", region: In = None, as_json: AsJson = False
) -> None:
    """List the webhooks of a region."""
    with _webhooks(context, tenant, region) as (webhooks, of, own):
        found = webhooks.all(of, own)
    if as_json:
        print_json({"webhooks": [_shown(each) for each in found]})
    elif found:
        print_table(("id", "address", "events"), [(w.id, w.url, len(w.events)) for w in found])
    else:
        say("no webhook yet: tradewind webhook make URL")


@app.command()
def remove(
    context: typer.Context, webhook: Id, tenant: Of = "local", region: In = None, as_json: AsJson = False
) -> None:
    """Remove a webhook with its dead letters."""
    with _webhooks(context, tenant, region) as (webhooks, of, own):
        removed = webhooks.remove(of, own, webhook, by=OPERATOR)
    if as_json:
        print_json(_shown(removed))
    else:
        write_line(f"{removed.id}: removed")


@app.command()
def deliveries(
    context: typer.Context,
    webhook: Id,
    dead: Annotated[bool, typer.Option("--dead", help="Only what was given up: dead letters.")] = False,
    tenant: Of = "local",
    region: In = None,
    as_json: AsJson = False,
) -> None:
    """What a webhook was told or is to be told, the newest first."""
    from tradewind.channels.model import State
    from tradewind.journal.encode import moment

    with _webhooks(context, tenant, region) as (webhooks, of, own):
        found = webhooks.deliveries(of, own, webhook, State.DEAD if dead else None)
    rows = [
        {
            "id": each.id,
            "event": each.kind,
            "conversation": each.conversation,
            "state": str(each.state),
            "attempts": each.attempts,
            "recorded": moment(each.order_us).isoformat(),
            "error": each.error,
        }
        for each in found
    ]
    if as_json:
        print_json({"deliveries": rows})
    elif rows:
        names = ("id", "event", "state", "attempts", "recorded", "error")
        print_table(names, [[row[name] for name in names] for row in rows])
    else:
        say("nothing")


@app.command()
def retry(
    context: typer.Context,
    webhook: Id,
    delivery: Annotated[str | None, typer.Argument(help="One dead letter; all of them if absent.")] = None,
    tenant: Of = "local",
    region: In = None,
    as_json: AsJson = False,
) -> None:
    """Try dead letters again; a running server does it."""
    with _webhooks(context, tenant, region) as (webhooks, of, own):
        number = webhooks.retry(of, own, webhook, delivery)
    if as_json:
        print_json({"retried": number})
    else:
        write_line(f"{number} to be tried again")


@contextmanager
def _webhooks(
    context: typer.Context, tenant: str, region: str | None
) -> Iterator[tuple[Webhooks, TenantId, RegionId]]:
    from tradewind.core.ids import RegionId, tenant_id
    from tradewind.workspace import open_ground

    with open_ground(context.obj) as ground:
        of = tenant_id(tenant)
        home = ground.access.home_of(of)
        yield ground.webhooks, of, RegionId(region) if region else home


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "tenant": webhook.tenant,
        "region": webhook.region,
        "url": webhook.url,
        "events": list(webhook.events),
        "created": webhook.created.isoformat(),
    }
