"""`tradewind train`: labelled text in, a calibrated model folder with its report out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from tradewind.core.errors import InputError
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.nlp.data import Columns, Dataset, Example
    from tradewind.nlp.encoders import EncoderFolder
    from tradewind.nlp.model import Task
    from tradewind.nlp.train.build import Group
    from tradewind.nlp.train.config import TrainConfig

PACK_HEAD = "intent"
HEAD_FORM = "NAME:TASK:FILE, for example intent:classify:intents.csv"


def train(
    context: typer.Context,
    out: Annotated[Path, typer.Option(help="The model folder to write.")],
    data: Annotated[
        list[str] | None, typer.Option(help="Training file or folder; repeat for several.")
    ] = None,
    task: Annotated[
        str, typer.Option(help="classify, multilabel, tag, pair or embed; `classify,tag` for two heads.")
    ] = "classify",
    head: Annotated[list[str] | None, typer.Option(help=f"A head with its own file: {HEAD_FORM}.")] = None,
    pack: Annotated[str | None, typer.Option(help="Train on a pack's examples, for example finance.")] = None,
    encoder: Annotated[str, typer.Option(help="minilm-l6, e5-small, a folder, or a hub name.")] = "minilm-l6",
    validation: Annotated[
        str | None, typer.Option(help="Validation file; otherwise a share of the data is held out.")
    ] = None,
    text: Annotated[str, typer.Option(help="Column of the text.")] = "text",
    text_b: Annotated[str, typer.Option(help="Column of the second text (pair, embed).")] = "text_b",
    label: Annotated[str, typer.Option(help="Column of the label.")] = "label",
    labels: Annotated[str, typer.Option(help="Column of the labels (multilabel).")] = "labels",
    spans: Annotated[str, typer.Option(help="Column of the spans (tag).")] = "spans",
    lang: Annotated[str, typer.Option(help="Column of the language.")] = "lang",
    weight: Annotated[str, typer.Option(help="Column of the row's weight.")] = "weight",
    oos_label: Annotated[str | None, typer.Option(help="The label that means: none of these.")] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Pass over broken rows and count them.")
    ] = False,
    epochs: Annotated[
        float | None, typer.Option(help="Passes over the data; chosen by its size when left out.")
    ] = None,
    batch_size: Annotated[int | None, typer.Option(help="Texts a step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Of the encoder's top layer.")] = None,
    tuning: Annotated[str | None, typer.Option(help="full, lora or head.")] = None,
    precision: Annotated[str | None, typer.Option(help="auto, bf16 or fp32 while training.")] = None,
    pooling: Annotated[str | None, typer.Option(help="cls (faster to serve) or mean.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="The same seed, data and threads give the same weights.")
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other knob as NAME=VALUE, see docs/training.md.")
    ] = None,
    serve_precision: Annotated[
        str | None, typer.Option(help="Force a served precision, for example int8, bf16 or f32.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The model's name; the folder's when left out.")] = None,
    threads: Annotated[int | None, typer.Option(min=0, help="CPU threads; 0 means all cores.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the checkpoint of an interrupted run.")
    ] = False,
    log_dir: Annotated[
        Path | None, typer.Option(help="TensorBoard event files; OUT.training/tensorboard when left out.")
    ] = None,
    wandb: Annotated[str | None, typer.Option(help="Also log to this Weights & Biases project.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document at the end.")] = False,
) -> None:
    """Train, calibrate, quantise and measure a model on labelled text."""
    from tradewind.cli.output import print_json
    from tradewind.cli.progress import training_progress
    from tradewind.nlp.data import Columns
    from tradewind.nlp.train.config import TrainConfig
    from tradewind.nlp.train.run import TrainRequest
    from tradewind.nlp.train.run import train as run_training

    settings = cast(Settings, context.obj)
    given = {
        "epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate, "tuning": tuning,
        "precision": precision, "pooling": pooling, "seed": seed,
    }  # fmt: skip
    config = _config(TrainConfig, given, setting or [])
    columns = Columns(
        text=text, text_b=text_b, label=label, labels=labels, spans=spans, lang=lang, weight=weight
    )
    groups, used_oos_label = _groups(data, task, head, pack, validation, columns, skip_bad, config, oos_label)
    request = TrainRequest(
        groups=groups,
        encoder=obtain_encoder(encoder, settings),
        out=out,
        name=name or out.resolve().name,
        config=config,
        oos_label=used_oos_label,
        serve_precision=serve_precision,
        threads=settings.threads if threads is None else threads,
        resume=resume,
        log_folder=log_dir or out.with_name(f"{out.name}.training") / "tensorboard",
        wandb_project=wandb,
    )
    with training_progress() as report:
        info = run_training(request, report)
    if as_json:
        print_json({"model": str(out), "name": info.name, "version": info.version, "metrics": info.metrics,
                    "runtime": info.runtime and {"backend": info.runtime.backend, "precision": info.runtime.precision},
                    "training": info.training})  # fmt: skip
    else:
        typer.echo(f"{out}: {info.name} {info.version}; see {out / 'CARD.md'} and {out / 'report.html'}")


def obtain_encoder(name: str, settings: Settings) -> EncoderFolder:
    """An encoder by name or folder; one of the registry is fetched if it is not here yet."""
    from tradewind.cli.encoders import pull_progress
    from tradewind.nlp.encoders import pull, registry, resolve

    if name not in [spec.name for spec in registry()]:
        return resolve(name, settings)
    with pull_progress() as report:
        return pull(name, settings, report)


def _config(kind: type[TrainConfig], given: dict[str, Any], pairs: list[str]) -> TrainConfig:
    import dataclasses

    fields = {field.name: field for field in dataclasses.fields(kind)}
    values = {key: value for key, value in given.items() if value is not None}
    for pair in pairs:
        key, _, raw = pair.partition("=")
        if key not in fields or not raw:
            raise InputError(
                f"--set {pair}: no such setting", hint=f"NAME=VALUE with one of {', '.join(fields)}"
            )
        values[key] = _value(raw)
    try:
        return kind(**values)
    except TypeError as error:
        raise InputError(f"--set: a value has the wrong type: {error}") from error


def _value(raw: str) -> object:
    """A number, true, false, null or a word; YAML alone would take 1e-4 for a word."""
    import yaml

    try:
        return int(raw) if raw.lstrip("+-").isdigit() else float(raw)
    except ValueError:
        return yaml.safe_load(raw)


def _groups(
    data: list[str] | None,
    task: str,
    heads: list[str] | None,
    pack: str | None,
    validation: str | None,
    columns: Columns,
    skip_bad: bool,
    config: TrainConfig,
    oos_label: str | None,
) -> tuple[tuple[Group, ...], str | None]:
    from tradewind.cli.output import say
    from tradewind.nlp.data import merge, read, require_trainable
    from tradewind.nlp.train.run import group_of

    def usable(source: Dataset, tasks: list[Task]) -> tuple[Example, ...]:
        for note in source.notes:
            say(f"note: {note}")
        if source.skipped:
            say(f"note: {len(source.skipped)} broken rows passed over, first {source.skipped[0]}")
        require_trainable(source, tasks, oos_label=oos_label)
        return source.examples

    if sum(bool(source) for source in (data, heads, pack)) != 1:
        raise InputError("say what to train on", hint="exactly one of --data, --head or --pack")
    if validation is not None and not data:
        raise InputError("--validation goes with --data only", hint="--head and --pack hold out a share")
    if pack is not None:
        from tradewind.packs import OUT_OF_SCOPE, load

        if oos_label not in (None, OUT_OF_SCOPE):
            raise InputError(
                "--oos-label goes with --data or --head", hint=f"a pack's own label is {OUT_OF_SCOPE}"
            )
        return (group_of({PACK_HEAD: "classify"}, load(pack).examples(), None, config),), OUT_OF_SCOPE
    if heads:
        groups: list[Group] = []
        for name, chosen, file in map(_head, heads):
            if any(name in group.tasks for group in groups):
                raise InputError(f"--head {name}: named twice", hint="each head needs a name of its own")
            examples = usable(read(file, [chosen], columns, skip_bad=skip_bad), [chosen])
            groups.append(group_of({name: chosen}, examples, None, config))
        return tuple(groups), oos_label
    tasks = [_task(part) for part in task.split(",")]
    examples = usable(merge([read(path, tasks, columns, skip_bad=skip_bad) for path in data or []]), tasks)
    held_out: tuple[Example, ...] | None = None
    if validation is not None:
        held_out = read(validation, tasks, columns, skip_bad=skip_bad).examples
    return (group_of({part: part for part in tasks}, examples, held_out, config),), oos_label


def _head(given: str) -> tuple[str, Task, str]:
    parts = given.split(":", 2)
    if len(parts) != 3:
        raise InputError(f"--head {given}: not of the form NAME:TASK:FILE", hint=HEAD_FORM)
    return parts[0], _task(parts[1]), parts[2]


def _task(name: str) -> Task:
    from tradewind.nlp.model import TASKS

    for task in TASKS:
        if task == name.strip():
            return task
    raise InputError(f"unknown task {name!r}", hint=f"one of {', '.join(TASKS)}")


def register(app: typer.Typer) -> None:
    """Mount the command."""
    app.command()(train)
