"""Exporting a finished model once more: for another machine, or in another precision."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import InputError
from tradewind.core.files import replacing_folder, write_json, write_text
from tradewind.nlp import bundle
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.card import card, headline
from tradewind.nlp.data import Dataset
from tradewind.nlp.encoders import EncoderConfig
from tradewind.nlp.evaluate import evaluate
from tradewind.nlp.evaluate.report import write_report
from tradewind.nlp.export.run import export_graph
from tradewind.nlp.network import Network, TextEncoder
from tradewind.nlp.runtime import Engine


def export_again(
    source: Path,
    out: Path,
    data: Dataset,
    *,
    precision: str | None = None,
    threads: int = 0,
    clock: Clock = SYSTEM_CLOCK,
) -> ModelInfo:
    """Write a copy of a model with a newly chosen graph, as a new version.

    Args:
        source: a model folder; it is verified and left as it is.
        out: the folder to write.
        data: labelled texts on which candidates are measured.
        precision: forces one.
        threads: CPU threads to measure with; 0 means all.

    Raises:
        NotFoundError, IntegrityError: there is no whole model at `source`.
        InputError: `out` is `source`, or the encoder's family cannot be rebuilt from a model folder.
        QualityError: a forced precision loses too much.
    """
    if out.resolve() == source.resolve():
        raise InputError(f"{out} is the model itself", hint="give another folder with --out")
    bundle.require_replaceable(out)
    bundle.verify(source)
    info = bundle.read_info(source)
    network = load_network(source, info)
    with replacing_folder(out) as folder:
        for path in source.iterdir():
            if path.is_file() and path.name != bundle.MANIFEST:
                shutil.copy2(path, folder / path.name)
        now = clock.now()
        info = replace(info, version=now.strftime("%Y%m%d-%H%M%S"), created=now.isoformat(timespec="seconds"))
        runtime = export_graph(
            network,
            folder,
            info,
            training=data.examples,
            validation=data.examples,
            precision=precision,
            threads=threads,
        )
        info = replace(info, runtime=runtime)
        bundle.write_info(folder, info)
        info = _evaluated(folder, info, data, threads)
        bundle.seal(folder)
    return info


def _evaluated(folder: Path, info: ModelInfo, data: Dataset, threads: int) -> ModelInfo:
    """Metrics, report and card of the new graph on `data`, in place of the old one's."""
    with Engine.open(folder, threads=threads, verify=False) as engine:
        evaluation = evaluate(engine, data)
    figures = {head.head: head.as_json() for head in evaluation.heads}
    write_json(folder / bundle.METRICS, {"heads": figures})
    write_report(folder / bundle.REPORT, evaluation)
    info = replace(info, metrics={name: headline(found) for name, found in figures.items()})
    bundle.write_info(folder, info)
    write_text(folder / bundle.CARD, card(info))
    return info


def load_network(folder: Path, info: ModelInfo) -> Network:
    """The trained network of a model folder, in float32, ready to evaluate.

    Raises:
        InputError: the encoder is of a family that transformers builds.
    """
    config = EncoderConfig(**info.encoder.config)
    if config.family == "other":
        raise InputError(
            f"{folder}: a model on {info.encoder.name!r} cannot be exported again",
            hint="train it again; only BERT and RoBERTa encoders are rebuilt from a model folder",
        )
    network = Network(TextEncoder(config), config.hidden, info.heads, info.pooling)
    network.load_state_dict(load_file(folder / bundle.WEIGHTS))
    assert all(parameter.dtype == torch.float32 for parameter in network.parameters())
    return network.eval()
