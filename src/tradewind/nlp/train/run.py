"""Training a model from beginning to end: examples in, a sealed model folder out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save as save_arrays

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import InputError
from tradewind.core.files import replacing_folder, write_bytes, write_json, write_text
from tradewind.nlp import bundle
from tradewind.nlp.bundle import EncoderInfo, ModelInfo
from tradewind.nlp.card import card, headline
from tradewind.nlp.data import Dataset, Example, split
from tradewind.nlp.encoders import EncoderFolder
from tradewind.nlp.evaluate import Evaluation, evaluate
from tradewind.nlp.evaluate.report import TrainingCurve, write_report
from tradewind.nlp.export import export_graph
from tradewind.nlp.model import Task
from tradewind.nlp.runtime import Engine
from tradewind.nlp.train import checkpoint
from tradewind.nlp.train.build import Group, Prepared, kept_layers, prepare
from tradewind.nlp.train.calibrate import Answers, calibrate
from tradewind.nlp.train.config import TrainConfig
from tradewind.nlp.train.items import Item
from tradewind.nlp.train.loop import Outcome, Progress
from tradewind.nlp.train.lora import merge_adapters
from tradewind.nlp.train.tracking import Tracker

MOST_BANK_ROWS = 20_000
FEWEST_FOR_SPLIT = 10


@dataclass(frozen=True)
class TrainRequest:
    """What to train, on what, and where to.

    `oos_label` marks rows that are none of the classes. `serve_precision` forces a served precision instead of the
    fastest that loses nothing. `log_folder` gets TensorBoard's files; checkpoints lie in `OUT.training`. `start` is a
    model whose weights the run begins with.
    """

    groups: tuple[Group, ...]
    encoder: EncoderFolder
    out: Path
    name: str
    config: TrainConfig
    oos_label: str | None = None
    serve_precision: str | None = None
    threads: int = 0
    resume: bool = False
    log_folder: Path | None = None
    wandb_project: str | None = None
    start: Path | None = None


Report = Callable[[Progress | str], None]


def group_of(
    tasks: Mapping[str, Task],
    examples: tuple[Example, ...],
    validation: tuple[Example, ...] | None,
    config: TrainConfig,
) -> Group:
    """A group of examples with its validation set: the given one, or a share held out of the examples.

    Raises:
        InputError: there are too few examples to hold any out.
    """
    if validation is not None:
        return Group(tasks, examples, validation)
    if len(examples) < FEWEST_FOR_SPLIT:
        raise InputError(
            f"{len(examples)} examples are too few to train on", hint=f"give at least {FEWEST_FOR_SPLIT}"
        )
    kept, held_out = split(Dataset(examples), config.held_out(len(examples)), seed=config.seed)
    return Group(tasks, kept.examples, held_out.examples)


def train(request: TrainRequest, report: Report, clock: Clock = SYSTEM_CLOCK) -> ModelInfo:
    """Train, export, calibrate, evaluate on the validation data, and put the model folder in place.

    The old folder at `request.out`, if any, stays until the new one is complete.

    Raises:
        InputError: the data does not suffice.
        ConfigError: the encoder has fewer layers than are to be kept, or `start` grew from another.
        TrainingStopped: Ctrl-C; `resume` goes on from the checkpoint.
        QualityError: a forced precision loses too much.
        StorageError: the disk refused.
    """
    bundle.require_replaceable(request.out)
    request = replace(request, encoder=kept_layers(request.encoder, request.config))
    if request.threads:
        torch.set_num_threads(request.threads)
    work = request.out.with_name(f"{request.out.name}.training")
    prepared = prepare(request.groups, request.encoder, request.config, request.oos_label, request.start)
    report(_opening_line(prepared))
    settings = asdict(request.config)
    with Tracker(request.log_folder, request.wandb_project, settings) as tracker:

        def follow(progress: Progress) -> None:
            tracker.record(progress)
            report(progress)

        outcome = prepared.trainer.run(work, prepared.fingerprint, resume=request.resume, report=follow)
    merge_adapters(prepared.trainer.network.encoder)
    with replacing_folder(request.out) as folder:
        info = _write_model(request, prepared, outcome, folder, report, clock)
    checkpoint.discard(work)
    return info


def _opening_line(prepared: Prepared) -> str:
    trainer = prepared.trainer
    cut = f", {prepared.cut} cut at the token limit" if prepared.cut else ""
    return (
        f"{len(trainer.train)} texts{cut}, {len(trainer.validation)} held out, {trainer.total_steps} steps "
        f"in {str(prepared.dtype).removeprefix('torch.')} on {prepared.device}"
    )


def _write_model(
    request: TrainRequest, prepared: Prepared, outcome: Outcome, folder: Path, report: Report, clock: Clock
) -> ModelInfo:
    """Everything that a model folder holds, ending with its seal."""
    network = prepared.trainer.network.cpu().eval()
    info = _describe(request, prepared, outcome, clock)
    table = prepared.trainer.words.merged_into(prepared.table)
    write_bytes(folder / bundle.EMBEDDINGS, save_arrays({"embeddings": table}))
    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    write_bytes(folder / bundle.WEIGHTS, save_arrays(weights))
    _write_tokenizer(request.encoder, folder)
    bundle.write_info(folder, info)
    report("exporting and measuring candidates")
    runtime = export_graph(
        network,
        folder,
        info,
        training=[example for group in request.groups for example in group.train],
        validation=[example for group in request.groups for example in group.validation],
        precision=request.serve_precision,
        threads=request.threads,
    )
    info = replace(info, runtime=runtime)
    bundle.write_info(folder, info)
    report("calibrating")
    info = _calibrated(request, prepared, info, folder)
    report("evaluating on the held-out texts")
    info = _evaluated(request, info, folder, outcome)
    bundle.seal(folder)
    return info


def _describe(request: TrainRequest, prepared: Prepared, outcome: Outcome, clock: Clock) -> ModelInfo:
    encoder = request.encoder
    now = clock.now()
    trainer = prepared.trainer
    return ModelInfo(
        name=request.name,
        version=now.strftime("%Y%m%d-%H%M%S"),
        created=now.isoformat(timespec="seconds"),
        encoder=EncoderInfo(encoder.name, encoder.sha256, encoder.source, asdict(encoder.config)),
        heads=prepared.heads,
        pooling=request.config.pooling,
        max_tokens=min(request.config.max_tokens, encoder.config.max_positions),
        prefix=encoder.prefix,
        training={
            "config": asdict(request.config),
            "data_sha256": prepared.fingerprint,
            "texts": len(trainer.train),
            "validation_texts": len(trainer.validation),
            "cut_texts": prepared.cut,
            "languages": _languages(request.groups),
            "device": str(prepared.device),
            "dtype": str(prepared.dtype).removeprefix("torch."),
            "steps": outcome.steps,
            "best_step": outcome.best_step,
            "seconds": round(outcome.seconds, 1),
            "texts_per_s": round(outcome.texts_per_s, 1),
        },
    )


def _languages(groups: Sequence[Group]) -> list[str]:
    return sorted({example.lang for group in groups for example in group.train if example.lang})


def _write_tokenizer(encoder: EncoderFolder, folder: Path) -> None:
    write_bytes(folder / bundle.TOKENIZER, encoder.tokenizer_path.read_bytes())


def _calibrated(request: TrainRequest, prepared: Prepared, info: ModelInfo, folder: Path) -> ModelInfo:
    """Fit calibration on what the exported graph says of the held-out texts, and store it."""
    trainer = prepared.trainer
    train = [example for group in request.groups for example in group.train]
    # Only verdicts on classes compare with what was trained on.
    asked = any(head.task in ("classify", "pair") for head in info.heads)
    chosen: list[int] = list(range(len(train))) if asked else []
    if asked and len(train) > MOST_BANK_ROWS:
        chosen = sorted(random.Random(request.config.seed).sample(chosen, MOST_BANK_ROWS))
    with Engine.open(folder, threads=request.threads, verify=False) as engine:
        seen = _answers(engine, [train[row] for row in chosen], [trainer.train[row] for row in chosen])
        held = [example for group in request.groups for example in group.validation]
        unseen = _answers(engine, held, trainer.validation)
    calibration, arrays = calibrate(info.heads, seen, unseen, request.config.false_rejection_rate)
    if arrays:
        write_bytes(folder / bundle.SCOPE, save_arrays(arrays))
    info = replace(info, calibration=calibration)
    bundle.write_info(folder, info)
    return info


def _answers(engine: Engine, examples: Sequence[Example], items: Sequence[Item]) -> Answers:
    if not examples:
        return Answers((), {}, np.empty((0, 0), dtype=np.float32))
    outputs = engine.outputs([example.text for example in examples], _pairs(engine.info, examples))
    return Answers(items, outputs.logits, outputs.vectors)


def _pairs(info: ModelInfo, examples: Sequence[Example]) -> list[str] | None:
    if all(head.task != "pair" for head in info.heads):
        return None
    return [example.text_b or "" for example in examples]


def _evaluated(request: TrainRequest, info: ModelInfo, folder: Path, outcome: Outcome) -> ModelInfo:
    """Judge each group's heads on its held-out texts; write metrics, report and card."""
    evaluations: dict[str, Evaluation] = {}
    with Engine.open(folder, threads=request.threads, verify=False) as engine:
        for group in request.groups:
            for name, task in group.tasks.items():
                if task != "embed" and group.validation:
                    held_out = Dataset(group.validation, source="held-out training texts")
                    evaluations[name] = evaluate(engine, held_out, head=name, calibrated_on_these=True)
    metrics = {name: evaluation.as_json() for name, evaluation in evaluations.items()}
    write_json(
        folder / bundle.METRICS, {"heads": metrics, "training": [asdict(step) for step in outcome.history]}
    )
    if evaluations:
        whole = replace(
            next(iter(evaluations.values())), heads=tuple(e.heads[0] for e in evaluations.values())
        )
        write_report(folder / bundle.REPORT, whole, curve=_curve(outcome))
    info = replace(info, metrics={name: headline(found) for name, found in metrics.items()})
    bundle.write_info(folder, info)
    write_text(folder / bundle.CARD, card(info))
    return info


def _curve(outcome: Outcome) -> TrainingCurve:
    return TrainingCurve(
        loss=[(step.step, step.loss) for step in outcome.history],
        validation=[
            (step.epoch, sum(step.scores.values()) / len(step.scores))
            for step in outcome.history
            if step.scores
        ],
    )
