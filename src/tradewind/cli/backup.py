"""`tradewind backup create | restore`: copies of the databases, and bringing them back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.output import print_json, say, write_line
from tradewind.core.errors import ConflictError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.journal.databases import Databases

app = typer.Typer(help="Copy the databases while they are used; bring them back.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def create(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A new folder.")],
    keys: Annotated[
        bool, typer.Option("--keys", help="Copy the key files too: whoever has the folder can then read all.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy every database into a folder; without keys its personal fields cannot be read from it."""
    from tradewind.privacy import backup
    from tradewind.workspace import open_ground

    settings = _settings(context)
    with open_ground(settings) as ground:
        ground.open()
        made = backup.create(ground.databases, folder, keys=settings.var / "keys" if keys else None)
    if as_json:
        print_json({"folder": str(folder), "made": made.made.isoformat(), "files": sorted(made.files)})
    else:
        write_line(f"{folder}: {len(made.files)} databases{' and the keys' if keys else ''}")


@app.command()
def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A folder that `create` made.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the databases' place; who was erased since is erased in it before anybody can read it."""
    from tradewind.assistant.conversations.persons import ConversationEraser
    from tradewind.assistant.conversations.store import open_region
    from tradewind.journal.store.executor import ExecutorLock
    from tradewind.privacy import backup
    from tradewind.privacy.replay import replay
    from tradewind.workspace import open_ground

    backup.read(folder)
    if not yes:
        typer.confirm("What was recorded since the backup will be gone. Go on?", abort=True, err=True)
    settings = _settings(context)
    with open_ground(settings) as ground:
        lock = ExecutorLock(ground.databases.control, settings.var / "locks")
        if not lock.take():
            raise ConflictError("a server uses these databases", hint="stop it first")
        try:
            erasures = ground.privacy.ledger.all()
            ground.journal.close()
            again: list[int] = []

            def ready(restored: Databases) -> None:
                home = ground.access.home_of
                for database in restored.regions.values():
                    open_region(database)
                erasers = [ConversationEraser()]
                again.append(
                    replay(
                        restored,
                        erasures,
                        ground.keys,
                        ground.markets,
                        home,
                        var=settings.var,
                        erasers=erasers,
                    )
                )

            done = backup.restore(ground.databases, folder, ready, keys=settings.var / "keys")
        finally:
            lock.release()
    if as_json:
        print_json({"restored": sorted(done.files), "made": done.made.isoformat(), "erased_again": again[0]})
    else:
        write_line(f"{folder}: restored as of {done.made:%Y-%m-%d %H:%M} UTC")
        say(f"{again[0]} erasures since then were done again")


def _settings(context: typer.Context) -> Settings:
    assert isinstance(context.obj, Settings)
    return context.obj
