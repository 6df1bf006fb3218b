"""`tradewind export`: measure and write the served graph of a model again, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from tradewind.cli.labelled import read_labelled
from tradewind.cli.model_folder import model_folder
from tradewind.cli.output import print_json, say
from tradewind.core.settings import Settings


def export(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="A model folder, or a name of the workspace.")],
    out: Annotated[Path, typer.Option(help="The model folder to write; the old one is not touched.")],
    data: Annotated[str, typer.Option(help="Labelled texts to measure the loss on and to quantise with.")],
    precision: Annotated[
        str | None, typer.Option(help="Force a precision, for example int8, bf16 or f32.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="CPU threads; 0 means all cores.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Pass over broken rows and count them.")
    ] = False,
    text: Annotated[str, typer.Option(help="Column of the text.")] = "text",
    text_b: Annotated[str, typer.Option(help="Column of the second text (pair).")] = "text_b",
    label: Annotated[str, typer.Option(help="Column of the label.")] = "label",
    labels: Annotated[str, typer.Option(help="Column of the labels (multilabel).")] = "labels",
    spans: Annotated[str, typer.Option(help="Column of the spans (tag).")] = "spans",
    lang: Annotated[str, typer.Option(help="Column of the language.")] = "lang",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
) -> None:
    """Write the fastest graph that loses no accuracy on this machine, as a new version of the model.

    A model trained on one machine may be served on another with other instructions: int8 wins on one, bf16 on the
    next. The calibration stays that of the training.
    """
    from tradewind.nlp.bundle import read_info
    from tradewind.nlp.data import Columns
    from tradewind.nlp.export.again import export_again

    settings = cast(Settings, context.obj)
    folder = model_folder(settings, model)
    columns = Columns(text=text, text_b=text_b, label=label, labels=labels, spans=spans, lang=lang)
    info = export_again(
        folder,
        out,
        read_labelled([data], read_info(folder).heads, None, columns, skip_bad),
        precision=precision,
        threads=settings.threads if threads is None else threads,
    )
    runtime = info.runtime
    assert runtime is not None
    if as_json:
        candidates = list(runtime.candidates)
        chosen = {"backend": runtime.backend, "precision": runtime.precision, "candidates": candidates}
        print_json({"model": str(out), "name": info.name, "version": info.version, "runtime": chosen})
    else:
        say(f"{out}: {info.name} {info.version}, {runtime.backend} in {runtime.precision}")


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(export)
