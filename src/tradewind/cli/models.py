"""`tradewind models`: what is installed in the workspace, what is live, and changing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.runtime.versions import Installed

app = typer.Typer(help="The workspace's models: install, promote, roll back, verify.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Name = Annotated[str, typer.Argument(help="The model's name, see `tradewind models list`.")]


@app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
    """List the models of the workspace."""
    from tradewind.nlp.runtime.versions import list_models

    models = _models(context)
    found = list_models(models)
    if as_json:
        print_json({"models": [_as_json(model) for model in found]})
        return
    if not found:
        say(f"no models in {models} yet: tradewind train --help, then tradewind models install FOLDER")
        return
    rows = []
    for model in found:
        live = model.pointer.version if model.pointer else None
        shown = next((info for info in model.versions if info.version == live), None)
        figures = (
            (shown.encoder.name, shown.figure("accuracy"), shown.figure("ece")) if shown else (None,) * 3
        )
        rows.append((model.name, live, len(model.versions), *figures))
    print_table(("name", "live", "versions", "encoder", "accuracy", "ece"), rows)


@app.command()
def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show a model's versions and which of them is live."""
    from tradewind.nlp.runtime.versions import find

    found = find(_models(context), name)
    if as_json:
        print_json(_as_json(found))
        return
    live = found.pointer.version if found.pointer else None
    rows = []
    for info in found.versions:
        mark = "live" if info.version == live else ""
        rows.append((info.version, mark, info.created, info.figure("accuracy"), info.figure("ece")))
    print_table(("version", "", "created", "accuracy", "ece"), rows)


@app.command()
def install(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="A model folder, as `train` writes it.")],
    live: Annotated[bool, typer.Option("--promote", help="Make it live at once.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy a model folder into the workspace, checking its hashes."""
    from tradewind.nlp.runtime import versions

    models = _models(context)
    name, version = versions.install(models, folder)
    if live:
        versions.promote(models, name, version)
    if as_json:
        print_json({"name": name, "version": version, "live": live})
        return
    write_line(f"{name} {version}")
    if not live:
        say(f"installed, not live yet: tradewind models promote {name} {version}")


@app.command()
def promote(
    context: typer.Context,
    name: Name,
    version: Annotated[str, typer.Argument(help="An installed version, see `tradewind models show NAME`.")],
    as_json: AsJson = False,
) -> None:
    """Make a version live; a running server takes it up within a second, dropping no request."""
    from tradewind.nlp.runtime import versions

    pointer = versions.promote(_models(context), name, version)
    _print_pointer(name, pointer.version, pointer.previous, as_json)


@app.command()
def rollback(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Go back to the version that was live before; again goes one further back."""
    from tradewind.nlp.runtime import versions

    pointer = versions.rollback(_models(context), name)
    _print_pointer(name, pointer.version, pointer.previous, as_json)


@app.command()
def grant(
    context: typer.Context,
    name: Name,
    tenant: Annotated[str, typer.Option(help="Who reaches the model from now on.")],
    end: Annotated[bool, typer.Option("--end", help="Take the grant back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a tenant reach a model, and nobody who was not granted it. A model without grants is everybody's."""
    from tradewind.core.ids import TenantId
    from tradewind.workspace import open_ground

    with open_ground(context.obj) as ground:
        grants = ground.access.grants
        (grants.end if end else grants.grant)(TenantId(tenant), name, by="operator")
        granted = sorted(grants.all().get(name, ()))
    if as_json:
        print_json({"model": name, "tenants": granted})
    else:
        write_line(f"{name}: {', '.join(granted) if granted else 'everybody'}")


@app.command()
def verify(
    context: typer.Context,
    model: Annotated[
        str | None, typer.Argument(help="A name or a model folder; all of them if absent.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every file against the manifest of hashes."""
    from tradewind.nlp import bundle

    folders = _folders(_models(context), model)
    for folder in folders:
        bundle.verify(folder)
    if as_json:
        print_json({"verified": [str(folder) for folder in folders]})
    else:
        for folder in folders:
            write_line(f"{folder}: every file is as written")


def _folders(models: Path, model: str | None) -> list[Path]:
    from tradewind.nlp.bundle import MANIFEST
    from tradewind.nlp.runtime.versions import VERSIONS, find, names

    if model is not None and (Path(model) / MANIFEST).is_file():
        return [Path(model)]
    chosen = names(models) if model is None else (find(models, model).name,)
    return [
        folder
        for name in chosen
        for folder in sorted((models / name / VERSIONS).iterdir())
        if folder.is_dir() and not folder.name.startswith(".")
    ]


def _models(context: typer.Context) -> Path:
    assert isinstance(context.obj, Settings)
    return context.obj.models


def _as_json(model: Installed) -> dict[str, object]:
    live = model.pointer.version if model.pointer else None
    return {
        "name": model.name,
        "live": live,
        "previous": list(model.pointer.previous) if model.pointer else [],
        "versions": [
            {
                "version": info.version,
                "created": info.created,
                "encoder": info.encoder.name,
                "heads": {head.name: head.task for head in info.heads},
                "metrics": info.metrics,
            }
            for info in model.versions
        ],
    }


def _print_pointer(name: str, version: str, previous: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        print_json({"name": name, "version": version, "previous": list(previous)})
    else:
        write_line(f"{name} {version} is live")
