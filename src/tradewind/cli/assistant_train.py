"""`tradewind assistant train` and `evaluate`: the model that understands a pack's customers, and how well it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.bundle import ModelInfo
    from tradewind.nlp.train.config import TrainConfig


def train_pack(
    settings: Settings, pack: str, out: Path, encoder: str, config: TrainConfig, *, resume: bool
) -> ModelInfo:
    """Teach an encoder what a pack teaches, and write the model to `out`; its name is the folder's."""
    from tradewind.assistant.understanding.teach import groups
    from tradewind.cli.progress import training_progress
    from tradewind.cli.train import obtain_encoder
    from tradewind.nlp.train.run import TrainRequest
    from tradewind.nlp.train.run import train as run_training
    from tradewind.packs import OUT_OF_SCOPE, load

    request = TrainRequest(
        groups(load(pack), config), obtain_encoder(encoder, settings), out, out.resolve().name, config,
        oos_label=OUT_OF_SCOPE, threads=settings.threads, resume=resume,
    )  # fmt: skip
    with training_progress() as report:
        return run_training(request, report)


def train(
    context: typer.Context,
    pack: Annotated[str, typer.Argument(help="A pack's name, for example finance, or its folder.")],
    out: Annotated[Path, typer.Option(help="The model folder to write.")],
    encoder: Annotated[str, typer.Option(help="The encoder to fine-tune.")] = "e5-small",
    epochs: Annotated[float, typer.Option(help="Passes over the pack's examples.")] = 5.0,
    seed: Annotated[
        int, typer.Option(min=0, help="The same seed, data and threads give the same weights.")
    ] = 0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the checkpoint of an interrupted run.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
) -> None:
    """Train the model that understands a pack's customers: intents, entities, sentiment and urgency together."""
    from tradewind.assistant.understanding.teach import recipe
    from tradewind.cli.output import print_json

    settings = cast(Settings, context.obj)
    info = train_pack(settings, pack, out, encoder, recipe(epochs, seed), resume=resume)
    if as_json:
        print_json({"model": str(out), "name": info.name, "version": info.version, "metrics": info.metrics,
                    "training": info.training})  # fmt: skip
    else:
        typer.echo(f"{out}: {info.name} {info.version}; see {out / 'CARD.md'} and {out / 'report.html'}")


def evaluate(
    context: typer.Context,
    pack: Annotated[str, typer.Argument(help="A pack's name, for example finance, or its folder.")],
    model: Annotated[Path, typer.Option(help="The folder of a model that was taught the pack.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """How well a model understands a pack's fresh messages, by language; none of them was ever taught."""
    from tradewind.assistant.understanding import ModelUnderstander
    from tradewind.assistant.understanding.measure import measure
    from tradewind.cli.output import print_json, print_table
    from tradewind.markets import load_markets
    from tradewind.nlp.runtime import Engine
    from tradewind.packs import load

    settings = cast(Settings, context.obj)
    known = load(pack)
    with Engine.open(model, threads=settings.threads) as engine:
        found = measure(ModelUnderstander(engine, known, load_markets(settings.workspace / "markets")), known)
    if as_json:
        print_json({language: figures.as_json() for language, figures in found.items()})
        return
    print_table(
        ("language", "messages", "intent accuracy", "in scope", "language known"),
        [(name, own.rows, own.accuracy, own.in_scope, own.language) for name, own in found.items()],
    )


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command()(train)
    app.command()(evaluate)
