"""From the trained network to graphs that run without torch."""

from __future__ import annotations

import contextlib
import copy
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tradewind.nlp.network import Network

INPUTS = ("embeddings", "mask")


class ServedNetwork(nn.Module):
    """A network as the run time calls it: float16 vectors and a float32 mask in, float32 arrays out, in order."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = copy.deepcopy(network).float().eval()
        self.names = tuple(spec.name for spec in network.specs if spec.task != "embed")

    def forward(self, embeddings: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """`[B, L, H]` and `[B, L]` to the logits of each head that has labels, then the pooled vectors."""
        outputs = self.network(embeddings.float(), mask)
        return (*(outputs[name] for name in self.names), outputs["vector"])


def example_inputs(width: int) -> tuple[Tensor, Tensor]:
    """A small batch with padding, to trace the network with."""
    random = torch.Generator().manual_seed(0)
    embeddings = torch.randn(2, 8, width, generator=random).half()
    mask = torch.ones(2, 8)
    mask[1, 5:] = 0
    return embeddings, mask


@contextlib.contextmanager
def _tracing() -> Iterator[None]:
    """Both converters still trace with `torch.jit`, which torch announces to be on its way out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # type: ignore[attr-defined]
        yield


def to_openvino(network: Network, width: int) -> Any:
    """The network as an OpenVINO model (float32) for any batch size and length.

    Args:
        network: what was trained.
        width: H, the length of a word vector.
    """
    import openvino

    served = ServedNetwork(network)
    with torch.no_grad(), _tracing():
        model = openvino.convert_model(served, example_input=example_inputs(width))
    model.reshape({model.inputs[0]: [-1, -1, width], model.inputs[1]: [-1, -1]})
    for port, name in zip(model.inputs, INPUTS, strict=True):
        port.get_tensor().set_names({name})
    return model


def to_onnx(network: Network, width: int, file: Path) -> None:
    """Write the network as an ONNX file (float32) for any batch size and length."""
    served = ServedNetwork(network)
    outputs = [f"logits.{name}" for name in served.names] + ["vector"]
    free = {0: "batch", 1: "length"}
    axes = dict.fromkeys(INPUTS, free) | {
        f"logits.{spec.name}": free if spec.task == "tag" else {0: "batch"}
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
            dynamic_axes={**axes, "vector": {0: "batch"}},
            dynamo=False,
        )
