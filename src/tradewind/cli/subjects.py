"""`tradewind privacy consent | export | erase | retention | requests | receipt | keys |
trained | retraining`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.privacy.privacy import Privacy
    from tradewind.privacy.records import Consent, Request
    from tradewind.workspace import Ground

LOCAL = "local"
BY = "operator"
WAIT_S = 300.0

consent = typer.Typer(help="What persons agreed to, by purpose.", no_args_is_help=True)
retention = typer.Typer(help="How long each kind of data is kept, and keeping to it.", no_args_is_help=True)
receipt = typer.Typer(help="Signed receipts of erasures.", no_args_is_help=True)
keys = typer.Typer(help="The keys of regions, which wrap those of persons.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Tenant = Annotated[str, typer.Option(help="Whose person it is.")]
Market = Annotated[
    str, typer.Option(help="Where they are, see `tradewind market list`: decides law and region.")
]
Person = Annotated[
    str, typer.Option("--subject", help="E-mail address, telephone number with +, or customer number.")
]
Persons = Annotated[
    list[str],
    typer.Option("--subject", help="As in consent; give again for each name that the person goes by."),
]
Purpose = Annotated[str, typer.Option(help="What for: marketing, training, recommendation, …")]
Wait = Annotated[
    float, typer.Option("--wait", min=0, help="Seconds to wait until it is done; 0: not at all.")
]


def register(app: typer.Typer) -> None:
    """Add these commands to `tradewind privacy`."""
    app.command()(export)
    app.command()(erase)
    app.command()(requests)
    app.command()(trained)
    app.command()(retraining)
    app.add_typer(consent, name="consent")
    app.add_typer(retention, name="retention")
    app.add_typer(receipt, name="receipt")
    app.add_typer(keys, name="keys")


@consent.command()
def give(
    context: typer.Context,
    market: Market,
    subject: Person,
    purpose: Purpose,
    text_version: Annotated[str, typer.Option("--version", help="Of the text that they were shown.")],
    language: Annotated[str, typer.Option(help="Of that text, such as de.")],
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Record that a person agreed to a purpose."""
    with _ground(context) as ground:
        place, person = _person(ground, tenant, market, subject)
        given = ground.privacy.consents.give(
            TenantId(tenant), place, person, purpose=purpose, version=text_version, language=language, by=BY
        )
    _print_consents([given], as_json)


@consent.command()
def withdraw(
    context: typer.Context,
    market: Market,
    subject: Person,
    purpose: Purpose,
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Record that a person took their consent back; it holds at once."""
    with _ground(context) as ground:
        place, person = _person(ground, tenant, market, subject)
        taken = ground.privacy.consents.withdraw(TenantId(tenant), place, person, purpose=purpose, by=BY)
    _print_consents([taken], as_json)


@consent.command("show")
def show_consent(
    context: typer.Context, market: Market, subject: Person, tenant: Tenant = LOCAL, as_json: AsJson = False
) -> None:
    """Show what a person last said about each purpose."""
    with _ground(context) as ground:
        place, person = _person(ground, tenant, market, subject)
        found = ground.privacy.consents.all(TenantId(tenant), ground.markets.region_of(place), person)
    _print_consents(found, as_json)


def export(
    context: typer.Context,
    market: Market,
    subject: Persons,
    out: Annotated[Path, typer.Option(help="Folder for export.json and export.html.")],
    language: Annotated[str | None, typer.Option(help="Of the page; the market's first when absent.")] = None,
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Write everything that is known about a person, for the person."""
    from tradewind.core.files import write_json, write_text
    from tradewind.privacy.export import page

    with _ground(context) as ground:
        made = ground.privacy.exports.export(TenantId(tenant), MarketId(market), subject, language=language)
    write_json(out / "export.json", made.content)
    write_text(out / "export.html", page(made.content))
    if as_json:
        print_json(
            {"request": made.request.id, "files": [str(out / "export.json"), str(out / "export.html")]}
        )
    else:
        write_line(str(out / "export.html"))


def erase(
    context: typer.Context,
    market: Market,
    subject: Persons,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: Wait = WAIT_S,
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Make unreadable for ever what is recorded about a person; print the signed receipt."""
    if not yes:
        typer.confirm("What is erased cannot be brought back. Go on?", abort=True, err=True)
    with _ground(context) as ground:
        privacy = ground.privacy
        executing = privacy.durable.start()
        request = privacy.erasures.begin(TenantId(tenant), MarketId(market), subject)
        if wait or executing:  # nobody else would do it
            request = privacy.erasures.wait(TenantId(tenant), request, wait or WAIT_S)
    if as_json:
        print_json(_as_json(request))
    elif request.done is None:
        write_line(f"{request.id} is begun")
    else:
        print_json(request.receipt)


def requests(
    context: typer.Context,
    id: Annotated[str | None, typer.Argument(help="One request, with its receipt; all if absent.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those not done yet.")] = False,
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """List what persons asked for, the most urgent first, with the deadlines of their law."""
    with _ground(context) as ground:
        asked = ground.privacy.requests
        if id is not None:
            print_json(_as_json(asked.get(TenantId(tenant), id)))
            return
        found = asked.all(TenantId(tenant), open_only=open_only)
    if as_json:
        print_json({"requests": [_as_json(one) for one in found]})
        return
    rows = [
        (
            one.id,
            one.kind,
            one.market,
            one.regulation,
            _minute(one.received),
            _minute(one.due),
            _minute(one.done),
        )
        for one in found
    ]
    print_table(("id", "asked", "market", "law", "received", "due", "done"), rows)


def trained(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="The model's name.")],
    version: Annotated[str, typer.Argument(help="Its version.")],
    market: Market,
    subjects: Annotated[Path, typer.Option(help="File with a person's name on each line, as in consent.")],
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Record whose text a model version was trained on, so that an erasure marks it for retraining."""
    from tradewind.core.errors import DataError

    try:
        names = [line.strip() for line in subjects.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read: {error}", file=subjects, hint="a UTF-8 file of names") from error
    if not any(names):
        raise DataError("nobody is named", file=subjects, hint="one e-mail address or number a line")
    with _ground(context) as ground:
        place = MarketId(market)
        persons = {_person(ground, tenant, place, name)[1] for name in names if name}
        region = ground.markets.region_of(place)
        ground.privacy.lineage.trained(TenantId(tenant), region, model, version, persons)
    if as_json:
        print_json({"model": model, "version": version, "persons": len(persons)})
    else:
        write_line(f"{model} {version}: trained on text of {len(persons)} persons")


def retraining(context: typer.Context, tenant: Tenant = LOCAL, as_json: AsJson = False) -> None:
    """List model versions that were trained on the text of somebody who was erased since."""
    with _ground(context) as ground:
        found = ground.privacy.lineage.needs_retraining(TenantId(tenant))
    if as_json:
        listed = [
            {
                "model": one.model,
                "version": one.version,
                "request": one.request,
                "since": one.since.isoformat(),
            }
            for one in found
        ]
        print_json({"needs_retraining": listed})
    else:
        rows = [(one.model, one.version, one.request, _minute(one.since)) for one in found]
        print_table(("model", "version", "request", "since"), rows)


@retention.command("show")
def show_retention(context: typer.Context, market: Market, as_json: AsJson = False) -> None:
    """Show how long a market lets each kind of data be kept, and from which month on it can be read now."""
    from tradewind.core.clock import SYSTEM_CLOCK
    from tradewind.privacy.retention import oldest_months

    with _ground(context) as ground:
        place = ground.markets.get(MarketId(market))
        months = oldest_months(place, SYSTEM_CLOCK.now())
    rows: list[dict[str, Any]] = [
        {
            "kind": kind,
            "most": str(limits.most) if limits.most else None,
            "least": str(limits.least) if limits.least else None,
            "from": f"{months[kind] // 12}-{months[kind] % 12 + 1:02}" if kind in months else None,
            "source": limits.source,
        }
        for kind, limits in place.retention.items()
    ]
    if as_json:
        print_json({"market": market, "retention": rows})
    else:
        print_table(("kind", "most", "least", "from", "source"), [row.values() for row in rows])


@retention.command("run")
def run_retention(context: typer.Context, wait: Wait = WAIT_S, as_json: AsJson = False) -> None:
    """Make unreadable now what is over its limit; a server does it once a day."""
    with _ground(context) as ground:
        privacy = ground.privacy
        privacy.durable.start()
        found = privacy.retention.run(wait or WAIT_S)
    if as_json:
        print_json({"keys_moved_on": found})
    else:
        print_table(("region", "keys moved on"), sorted(found.items()))


@receipt.command()
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The receipt, as `erase` or `requests ID` printed it.")],
    key: Annotated[
        Path | None,
        typer.Option(help="Public key of who must have signed it; this workspace's when absent and there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the signature of a receipt; needs no database."""
    from tradewind.journal.signing import FILE_NAME, Signer, Verifier, read_public
    from tradewind.privacy.receipts import verify as verified

    own = _settings(context).var / "keys"
    trusted: Verifier | None = read_public(key) if key is not None else None
    if trusted is None and (own / FILE_NAME).exists():
        trusted = Signer(own)
    statement = verified(_signed(file), trusted)
    if as_json:
        print_json({"verified": True, "key": trusted.id if trusted else None, "statement": statement})
        return
    if trusted is None:
        say("whose key it is was not checked: name it by --key")
    write_line(f"{file}: signed, and not changed since; erased {statement.get('erased')}")


@keys.command("list")
def list_keys(context: typer.Context, as_json: AsJson = False) -> None:
    """List the regions' current keys; a region that has recorded nobody yet gets its key now."""
    with _ground(context) as ground:
        rows = [(region, ground.keys.of(region).current()) for region in ground.keys.regions]
    if as_json:
        print_json({"keys": [{"region": region, "current": current} for region, current in rows]})
    else:
        print_table(("region", "current key"), rows)


@keys.command()
def rotate(
    context: typer.Context,
    region: Annotated[str, typer.Option(help="Whose key.")],
    wait: Wait = WAIT_S,
    as_json: AsJson = False,
) -> None:
    """Make a region's next key, wrap every person's key under it, and forget the last one."""
    with _ground(context) as ground:
        privacy = ground.privacy
        privacy.durable.start()
        key, count = privacy.rotation.rotate(RegionId(region), wait or WAIT_S)
    if as_json:
        print_json({"region": region, "current": key, "keys": count})
    else:
        write_line(f"{region}: {key} now wraps {count} keys")


@contextlib.contextmanager
def _ground(context: typer.Context) -> Iterator[Ground]:
    from tradewind.workspace import open_ground

    with open_ground(_settings(context)) as ground:
        yield ground


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj


def _person(ground: Ground, tenant: str, market: str, subject: str) -> tuple[MarketId, SubjectId]:
    from tradewind.privacy.subjects import identifier_of

    place = ground.markets.get(MarketId(market))
    named = identifier_of(subject, place.formats.phone_country)
    privacy: Privacy = ground.privacy
    return place.id, privacy.subjects.pseudonym(TenantId(tenant), place.region, named)


def _signed(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read: {error}", hint="a receipt is one JSON document") from error
    if isinstance(content, dict) and isinstance(content.get("receipt"), dict):
        content = content["receipt"]
    if not isinstance(content, dict):
        raise InputError(f"{file} is no receipt", hint="it has statement, signature and public_key")
    return content


def _as_json(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "asked": request.kind,
        "market": request.market,
        "regulation": request.regulation,
        "article": request.article,
        "received": request.received.isoformat(),
        "due": request.due.isoformat() if request.due else None,
        "done": request.done.isoformat() if request.done else None,
        "found": len(request.targets),
        "receipt": request.receipt,
    }


def _print_consents(found: list[Consent], as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "consents": [
                    {
                        "purpose": one.purpose,
                        "granted": one.granted,
                        "market": one.market,
                        "version": one.version,
                        "language": one.language,
                        "at": one.at.isoformat(),
                    }
                    for one in found
                ]
            }
        )
        return
    rows = [
        (one.purpose, "given" if one.granted else "withdrawn", one.version, one.language, _minute(one.at))
        for one in found
    ]
    print_table(("purpose", "consent", "version", "language", "at"), rows)


def _minute(moment: Any) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"
