"""`tradewind journal`: look at the record of everything, check it, and take proof of it elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from tradewind.cli.output import print_json, print_json_line, print_table, say, write_line
from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.journal.follow import Progress
    from tradewind.journal.journal import Journal
    from tradewind.journal.model import Entry
    from tradewind.journal.verify import Verification

FOLLOW_S = 0.5
BODY_WIDTH = 80

app = typer.Typer(help="The record of everything: look at it, verify it, export it.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsLines = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]
Tenant = Annotated[str, typer.Option(help="Whose entries.")]
OneTenant = Annotated[str | None, typer.Option(help="Only this tenant's; all tenants' when absent.")]
Region = Annotated[str | None, typer.Option(help="Only this region; all regions when absent.")]
LOCAL = "local"


@app.command()
def tail(
    context: typer.Context,
    tenant: Tenant = LOCAL,
    region: Region = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only this kind; may be given again.")] = None,
    market: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only about this subject.")] = None,
    lines: Annotated[int, typer.Option("-n", "--lines", min=0, help="How many of the newest.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what is recorded.")] = False,
    as_json: AsLines = False,
) -> None:
    """Show the newest entries; personal fields stay sealed."""
    with _journal(context) as journal:
        wanted: dict[str, Any] = {
            "kinds": kind or None,
            "market": None if market is None else MarketId(market),
            "subject": None if subject is None else SubjectId(subject),
        }
        last: dict[RegionId, Entry | None] = {}
        shown: list[Entry] = []
        for name in _regions(journal, region):
            newest = list(journal.read(TenantId(tenant), name, newest_first=True, limit=lines, **wanted))
            last[name] = newest[0] if newest else None
            shown += newest
        shown.sort(key=lambda entry: (entry.recorded, entry.stream.region, entry.stream.lane, entry.sequence))
        for entry in shown[len(shown) - min(lines, len(shown)) :]:
            _print_entry(entry, as_json)
        while follow:
            time.sleep(FOLLOW_S)
            for name, seen in last.items():
                for entry in journal.read(TenantId(tenant), name, after=_place(seen), **wanted):
                    _print_entry(entry, as_json)
                    last[name] = entry


@app.command()
def verify(
    context: typer.Context,
    tenant: OneTenant = None,
    region: Region = None,
    processes: Annotated[int, typer.Option(min=0, help="How many may work; 0 for one on each core.")] = 0,
    export: Annotated[
        Path | None, typer.Option(help="Verify this export instead; needs no workspace, only --key.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The public key that checkpoints are signed with.")] = None,
    as_json: AsJson = False,
) -> None:
    """Hash every entry anew, compare heads and checkpoints, and name the first wrong entry."""
    if (export is None) != (key is None):
        raise InputError(
            "--export and --key belong together", hint="the key is what `checkpoint --key` wrote"
        )
    if export is not None and key is not None:
        from tradewind.journal.export import verify_export
        from tradewind.journal.signing import read_public

        found = verify_export(export, read_public(key))
    else:
        with _journal(context) as journal:
            found = journal.verify(
                None if tenant is None else TenantId(tenant),
                None if region is None else RegionId(region),
                processes=processes or None,
            )
    if as_json:
        print_json(found.as_json())
    else:
        _print_verification(found)
    if not found.sound:
        raise typer.Exit(1)


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    region: Annotated[str, typer.Option(help="Which region's entries.")],
    tenant: Tenant = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Write a tenant's entries and checkpoints of a region for an outsider to verify."""
    from tradewind.core.files import storage_errors

    with _journal(context) as journal, storage_errors(file):
        partial = file.with_name(f".{file.name}.part")
        try:
            with partial.open("wb") as out:
                out.writelines(journal.export(TenantId(tenant), RegionId(region)))
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    size = file.stat().st_size
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        write_line(
            f"{file}: {size:,} bytes; verify it with `tradewind journal verify --export {file} --key …`"
        )


@app.command()
def checkpoint(
    context: typer.Context,
    tenant: OneTenant = None,
    region: Region = None,
    key: Annotated[Path | None, typer.Option(help="Write the public key here, for those who verify.")] = None,
    as_json: AsJson = False,
) -> None:
    """Sign how far each stream has grown."""
    from tradewind.core.files import write_bytes

    with _journal(context) as journal:
        taken = journal.checkpoint(
            None if tenant is None else TenantId(tenant), None if region is None else RegionId(region)
        )
        if key is not None:
            write_bytes(key, journal.signer().pem())
    if as_json:
        print_json({"checkpoints": [each.as_json() for each in taken]})
        return
    rows = [(each.tenant, each.region, each.number, each.entries, each.key) for each in taken]
    print_table(("tenant", "region", "number", "entries", "key"), rows)


@app.command()
def stats(context: typer.Context, tenant: Tenant = LOCAL, as_json: AsJson = False) -> None:
    """Count a tenant's entries by region, kind and day."""
    with _journal(context) as journal:
        found = journal.stats(TenantId(tenant))
    flat = [
        (region, kind, day.isoformat(), count)
        for region, kinds in found.items()
        for kind, days in kinds.items()
        for day, count in days.items()
    ]
    names = ("region", "kind", "day", "entries")
    if as_json:
        print_json({"counts": [dict(zip(names, row, strict=True)) for row in flat]})
    else:
        print_table(names, flat)


@app.command()
def rebuild(
    context: typer.Context,
    reading: Annotated[
        str | None, typer.Argument(help="A reading of the journal; all of them if absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Throw readings away and make them again from the journal."""
    from tradewind.journal.counts import Counts

    known = {each.name: each for each in (Counts(),)}
    if reading is not None and reading not in known:
        raise InputError(f"{reading!r:.80} is no reading", hint=f"there are: {', '.join(known)}")
    done = {}
    with _journal(context) as journal:
        for name in known if reading is None else (reading,):
            with _progress(name) as progress:
                done[name] = journal.rebuild(known[name], progress)
    if as_json:
        print_json({"entries": done})
    else:
        print_table(("reading", "entries"), done.items())


@contextlib.contextmanager
def _journal(context: typer.Context) -> Iterator[Journal]:
    from tradewind.workspace import open_ground

    with open_ground(cast(Settings, context.obj)) as ground:
        yield ground.journal


@contextlib.contextmanager
def _progress(name: str) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.progress import Progress as Bar

    from tradewind.cli.output import console

    with Bar(console=console(), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _regions(journal: Journal, region: str | None) -> list[RegionId]:
    if region is None:
        return list(journal.databases.regions)
    journal.databases.region(RegionId(region))
    return [RegionId(region)]


def _place(entry: Entry | None) -> Any:
    from tradewind.journal.model import Place

    return None if entry is None else Place(entry.recorded, entry.stream.lane, entry.sequence)


def _print_entry(entry: Entry, as_json: bool) -> None:
    from tradewind.journal.present import entry_as_json

    shown = entry_as_json(entry)
    if as_json:
        print_json_line(shown)
        return
    import json

    body = json.dumps(shown["body"], ensure_ascii=False)
    place = f"{entry.stream.region}/{entry.stream.lane}/{entry.sequence}"
    about = " ".join(part for part in (entry.market, entry.subject) if part)
    cut = body if len(body) <= BODY_WIDTH else f"{body[:BODY_WIDTH]}…"
    write_line(f"{entry.recorded:%Y-%m-%d %H:%M:%S}  {place}  {entry.kind}  {about}  {cut}")


def _print_verification(found: Verification) -> None:
    rate = f", {found.entries / found.seconds:,.0f} a second" if found.seconds else ""
    write_line(
        f"{found.entries:,} entries in {found.streams} streams, {found.checkpoints} checkpoints over "
        f"{found.checkpointed:,} of them{rate}"
    )
    for problem in found.problems:
        say(f"wrong: {problem}")
    write_line("everything is as it was written" if found.sound else f"{len(found.problems)} wrong")
