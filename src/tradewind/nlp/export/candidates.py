"""The graphs among which an export chooses, written one after the other into the model's `runtime` folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradewind.core.errors import ConfigError, StorageError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import ModelInfo, RuntimeInfo
from tradewind.nlp.data import Example
from tradewind.nlp.export.graph import to_onnx, to_openvino
from tradewind.nlp.export.quantise import calibration_inputs, quantise_onnx, quantise_openvino
from tradewind.nlp.export.served import packs
from tradewind.nlp.network import Network
from tradewind.nlp.runtime.engine import open_table, open_tokeniser
from tradewind.nlp.runtime.graphs import openvino_core

PRECISIONS = ("f32", "bf16", "int8", "int8-bf16")


def write_candidates(
    network: Network, folder: Path, info: ModelInfo, examples: Sequence[Example], precision: str | None
) -> Iterator[RuntimeInfo]:
    """Write graphs and say what they are; OpenVINO's float32 first, as the others are judged against it.

    Args:
        network: what was trained.
        folder: the model folder, with tokenizer and embeddings.
        info: the model's description.
        examples: texts that int8 ranges are fitted on.
        precision: write only this one, and float32; None writes all.

    Raises:
        ConfigError: an unknown precision.
        StorageError: the disk refused.
    """
    if precision is not None and precision not in PRECISIONS:
        raise ConfigError(f"unknown precision {precision!r}", hint=f"one of {', '.join(PRECISIONS)}")
    width, packed = int(info.encoder.config["hidden"]), packs(network)

    def option(backend: str, file: str, precision: str) -> RuntimeInfo:
        return RuntimeInfo(backend, f"{bundle.RUNTIME}/{file}", precision, packed=packed)

    def wanted(*names: str) -> bool:
        return precision is None or precision in names

    runtime = folder / bundle.RUNTIME
    model = to_openvino(network, width)
    _save(model, runtime / "float.xml")
    yield option("openvino", "float.xml", "f32")
    if wanted("bf16") and has_bfloat16():
        _save(model, runtime / "half.xml", halved=True)
        yield option("openvino", "half.xml", "bf16")
    if wanted("int8", "int8-bf16"):
        paired = any(head.task == "pair" for head in info.heads)
        inputs = calibration_inputs(
            open_tokeniser(folder, info), open_table(folder), examples, paired=paired, packed=packed
        )
        _save(quantise_openvino(model, inputs), runtime / "int8.xml")
        for name in ("int8", "int8-bf16"):
            if wanted(name) and (name == "int8" or has_bfloat16()):
                yield option("openvino", "int8.xml", name)
    if precision is None:
        to_onnx(network, width, runtime / "float.onnx")
        quantise_onnx(runtime / "float.onnx", runtime / "int8.onnx")
        yield option("onnxruntime", "int8.onnx", "int8")


def has_bfloat16() -> bool:
    """Whether this CPU computes in bfloat16."""
    return "BF16" in openvino_core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _save(model: Any, file: Path, *, halved: bool = False) -> None:
    import openvino

    try:
        openvino.save_model(model, file, compress_to_fp16=halved)
    except RuntimeError as error:  # all that OpenVINO says of a full disk
        raise StorageError(f"{file}: cannot write the graph: {error}", hint="free some space") from error
