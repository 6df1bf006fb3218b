"""From the trained network to graphs that run without torch."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tradewind.nlp.export.served import ServedNetwork
from tradewind.nlp.network import Network
from tradewind.nlp.runtime.embeddings import GraphInputs

INPUTS = GraphInputs._fields


def example_inputs(width: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Two rows with padding, to trace the network with; the first holds two texts."""
    random = torch.Generator().manual_seed(0)
    embeddings = torch.randn(2, 16, width, generator=random).half()
    segments, positions = torch.zeros(2, 16, dtype=torch.int32), torch.zeros(2, 16, dtype=torch.int32)
    for row, start, stop, slot in ((0, 0, 6, 1), (0, 6, 14, 2), (1, 0, 9, 1)):
        segments[row, start:stop] = slot
        positions[row, start:stop] = torch.arange(stop - start)
    return embeddings, segments, positions, torch.tensor([[0, 6], [16, 16]], dtype=torch.int32)


@contextlib.contextmanager
def _tracing() -> Iterator[None]:
    """Both converters still trace with `torch.jit`, which torch announces to be on its way out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # type: ignore[attr-defined]
        yield


def to_openvino(network: Network, width: int) -> Any:
    """The network as an OpenVINO model (float32) for any numbers of rows, tokens and slots.

    Args:
        network: what was trained.
        width: H, the length of a word vector.
    """
    import openvino

    served = ServedNetwork(network)
    with torch.no_grad(), _tracing():
        model = openvino.convert_model(served, example_input=example_inputs(width))
    model.reshape(
        {port: [-1, -1, width] if place == 0 else [-1, -1] for place, port in enumerate(model.inputs)}
    )
    for port, name in zip(model.inputs, INPUTS, strict=True):
        port.get_tensor().set_names({name})
    return model


def to_onnx(network: Network, width: int, file: Path) -> None:
    """Write the network as an ONNX file (float32) for any numbers of rows, tokens and slots."""
    served = ServedNetwork(network)
    outputs = [f"logits.{name}" for name in served.names] + ["vector"]
    by_token, by_slot = {0: "rows", 1: "tokens"}, {0: "rows", 1: "slots"}
    axes = {name: by_slot if name == "firsts" else by_token for name in INPUTS}
    axes |= {
        f"logits.{spec.name}": by_token if spec.task == "tag" else by_slot
        for spec in network.specs
        if spec.task != "embed"
    }
    with torch.no_grad(), _tracing():
        torch.onnx.export(
            served,
            example_inputs(width),
            str(file),
            input_names=list(INPUTS),
            output_names=outputs,
            dynamic_axes={**axes, "vector": by_slot},
            dynamo=False,
        )
