"""Eight-bit graphs: OpenVINO's by post-training quantisation, ONNX Runtime's by dynamic quantisation."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradewind.nlp.data import Example
from tradewind.nlp.runtime.batches import plan
from tradewind.nlp.runtime.embeddings import EmbeddingTable, GraphInputs
from tradewind.nlp.runtime.tokenise import Tokeniser

CALIBRATION_TEXTS = 320
CALIBRATION_BATCH_TOKENS = 128


def calibration_inputs(
    tokeniser: Tokeniser, table: EmbeddingTable, examples: Sequence[Example], *, paired: bool, packed: bool
) -> list[GraphInputs]:
    """Graph inputs of up to 320 texts spread over `examples`, laid out as the engine does."""
    step = max(1, len(examples) // CALIBRATION_TEXTS)
    chosen = examples[::step][:CALIBRATION_TEXTS]
    seconds = [example.text_b or "" for example in chosen] if paired else None
    ids = [windows[0].ids for windows in tokeniser.encode([example.text for example in chosen], seconds)]
    batches = plan([len(tokens) for tokens in ids], packed=packed, budget=CALIBRATION_BATCH_TOKENS)
    return [table.inputs(ids, batch) for batch in batches]


def quantise_openvino(model: Any, inputs: Sequence[GraphInputs]) -> Any:
    """Weights and activations in int8 where it does no harm, with smoothing of outliers (Xiao et al. 2023)."""
    import nncf

    with _quiet():
        return nncf.quantize(
            model,
            nncf.Dataset(list(inputs), list),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(inputs),
        )


def quantise_onnx(source: Path, target: Path) -> None:
    """Weights in int8 with a scale for each output, activations quantised as they come."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = onnx.load(source)
    # The kernel takes no scales by output for stacks of matrices; they do little work.
    stacks = {tensor.name for tensor in model.graph.initializer if len(tensor.dims) > 2}
    left_out = [
        node.name for node in model.graph.node if node.op_type == "MatMul" and stacks & set(node.input)
    ]
    with _quiet():
        quantize_dynamic(
            source, target, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=left_out
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' progress bars and notices off the terminal: ours says what matters."""
    import io

    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield
    finally:
        logging.disable(previous)
