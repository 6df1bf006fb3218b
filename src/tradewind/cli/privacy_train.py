"""`tradewind privacy train`: teach the tagger that finds names, organisations and addresses, on generated sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from tradewind.core.errors import InputError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.data import Example
    from tradewind.nlp.train.build import Group
    from tradewind.nlp.train.config import TrainConfig
    from tradewind.privacy.names.model import Sentence

MODEL = "pii"
HEAD = "names"
ENCODER = "e5-small"
SENTENCES = 40_000
LAYERS, FROZEN = 6, 1
LEARNING_RATE, MAX_TOKENS = 3e-4, 128
HELD_OUT = 1_000


def train(
    context: typer.Context,
    out: Annotated[
        Path | None, typer.Option(help="The model folder to write; `built/pii` of the workspace.")
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Make it the workspace's live model `pii`, which `detect` uses.")
    ] = False,
    sentences: Annotated[int, typer.Option(min=1_000, help="How many sentences to generate.")] = SENTENCES,
    encoder: Annotated[str, typer.Option(help="The encoder to fine-tune.")] = ENCODER,
    layers: Annotated[int, typer.Option(min=0, help="Layers of it that are kept; 0 keeps all.")] = LAYERS,
    seed: Annotated[int, typer.Option(min=0, help="Of the sentences and the run.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
) -> None:
    """Train the model that finds names, organisations and addresses."""
    from tradewind.cli.output import print_json
    from tradewind.cli.progress import training_progress
    from tradewind.cli.train import obtain_encoder
    from tradewind.nlp.runtime import versions
    from tradewind.nlp.train.run import TrainRequest
    from tradewind.nlp.train.run import train as run_training

    settings = cast(Settings, context.obj)
    if out is None and not install:
        raise InputError("say where the model goes", hint="--install, or --out FOLDER, or both")
    folder = out or settings.workspace / "built" / MODEL
    config = recipe(layers=layers, seed=seed)
    request = TrainRequest(
        groups=(taught(sentences, seed),),
        encoder=obtain_encoder(encoder, settings),
        out=folder,
        name=MODEL,
        config=config,
        threads=settings.threads,
    )
    with training_progress() as report:
        info = run_training(request, report)
    if install:
        _, version = versions.install(settings.models, folder)
        versions.promote(settings.models, MODEL, version)
    if as_json:
        print_json({"model": str(folder), "name": info.name, "version": info.version, "installed": install,
                    "metrics": info.metrics, "training": info.training})  # fmt: skip
    else:
        typer.echo(
            f"{folder}: {info.name} {info.version}{', live' if install else ''}; see {folder / 'report.html'}"
        )


def recipe(*, layers: int = LAYERS, seed: int = 0, epochs: float = 1.0) -> TrainConfig:
    """The settings of a run: each sentence is seen once, for there are always new ones."""
    from tradewind.nlp.train.config import TrainConfig

    return TrainConfig(
        epochs=epochs,
        layers=layers,
        frozen_layers=FROZEN,
        learning_rate=LEARNING_RATE,
        max_tokens=MAX_TOKENS,
        dropout=0.0,
        word_dropout=0.05,
        patience=0,
        seed=seed,
    )


def taught(sentences: int, seed: int) -> Group:
    """Generated sentences to train on, and others to validate on."""
    from tradewind.nlp.train.build import Group
    from tradewind.privacy.names.generate import generate

    own = [example_of(sentence) for sentence in generate(sentences, seed=seed)]
    held_out = [example_of(sentence) for sentence in generate(HELD_OUT, seed=seed + 1)]
    return Group({HEAD: "tag"}, tuple(own), tuple(held_out))


def example_of(sentence: Sentence) -> Example:
    """A sentence as the trainer reads it."""
    from tradewind.nlp.data import Example
    from tradewind.nlp.model import Span

    spans = tuple(Span(span.type, span.start, span.end) for span in sentence.spans)
    return Example(sentence.text, spans=spans, lang=sentence.language)


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command()(train)
