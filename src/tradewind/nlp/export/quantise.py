"""Eight-bit graphs: OpenVINO's by post-training quantisation, ONNX Runtime's by dynamic quantisation."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradewind.nlp.runtime.batches import plan
from tradewind.nlp.runtime.embeddings import EmbeddingTable
from tradewind.nlp.runtime.tokenise import Tokeniser

CALIBRATION_TEXTS = 320


def calibration_batches(
    tokeniser: Tokeniser, table: EmbeddingTable, texts: Sequence[str]
) -> list[tuple[Any, Any]]:
    """Graph inputs of up to 320 texts spread over `texts`, batched as the engine batches them."""
    step = max(1, len(texts) // CALIBRATION_TEXTS)
    windows = [text[0] for text in tokeniser.encode(texts[::step][:CALIBRATION_TEXTS])]
    ids = [window.ids for window in windows]
    return [
        table.batch([ids[member] for member in batch.members.tolist()], batch.length, batch.rows)
        for batch in plan([len(tokens) for tokens in ids])
    ]


def quantise_openvino(model: Any, batches: Sequence[tuple[Any, Any]]) -> Any:
    """Weights and activations in int8 where it does no harm, with smoothing of outliers (Xiao et al. 2023)."""
    import nncf

    with _quiet():
        return nncf.quantize(
            model,
            nncf.Dataset(list(batches), lambda batch: list(batch)),
            model_type=nncf.ModelType.TRANSFORMER,
            preset=nncf.QuantizationPreset.MIXED,
            subset_size=len(batches),
        )


def quantise_onnx(source: Path, target: Path) -> None:
    """Weights in int8, activations quantised as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet():
        quantize_dynamic(source, target, weight_type=QuantType.QInt8)


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
