"""The libraries that run the graph, OpenVINO and ONNX Runtime, behind one small interface.

A graph reads `GraphInputs` of R rows, P tokens and S slots, and gives logits for each head that has labels
([R, S, C]; of a tag head [R, P, C]), then the pooled vectors [R, S, H].
"""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tradewind.core.errors import IntegrityError, TradewindError, UnavailableError
from tradewind.nlp.bundle import RuntimeInfo
from tradewind.nlp.model import Floats
from tradewind.nlp.runtime.embeddings import GraphInputs

FEW_THREADS = 4
"""A second way to run a graph costs 60 MB and more; on so few threads it gains one text in ten at best."""


class Graph(Protocol):
    """A loaded graph; any number of threads may call `run` at once."""

    def run(self, inputs: GraphInputs) -> list[Floats]:
        """The graph's outputs for one batch."""
        ...


@dataclass(frozen=True)
class Graphs:
    """The graph twice: `lone` gives one call all threads, for the shortest wait; `many` takes `streams` calls at once,
    for the most texts a second. Both may be the same.
    """

    lone: Graph
    many: Graph
    streams: int


class OpenVinoGraph:
    """A compiled model with its infer requests, made when needed and used again; each keeps its buffers.

    Args:
        model: the IR.
        precision: ends in "bf16" where what is not int8 runs in bfloat16.
        threads: CPU threads to use.
        streams: how many requests share them.
    """

    def __init__(self, model: Any, precision: str, threads: int, streams: int) -> None:
        settings = {
            "INFERENCE_PRECISION_HINT": "bf16" if precision.endswith("bf16") else "f32",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": streams,
        }
        self._compiled = openvino_core().compile_model(model, "CPU", settings)
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()

    def run(self, inputs: GraphInputs) -> list[Floats]:
        with self._request() as request:
            outputs = request.infer(list(inputs), share_inputs=True, share_outputs=True)
            return [np.array(value) for value in outputs.to_tuple()]

    @contextlib.contextmanager
    def _request(self) -> Iterator[Any]:
        try:
            request = self._free.get_nowait()
        except queue.Empty:
            request = self._compiled.create_infer_request()
        try:
            yield request
        finally:
            self._free.put(request)


class OnnxGraph:
    """An ONNX Runtime session.

    Args:
        file: the `.onnx` file.
        threads: CPU threads for each call.
    """

    def __init__(self, file: Path, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Its threads otherwise spin for a while after each batch, on the cores that the next step needs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def run(self, inputs: GraphInputs) -> list[Floats]:
        outputs: list[Floats] = self._session.run(None, inputs._asdict())
        return outputs


def load_graphs(runtime: RuntimeInfo, folder: Path, threads: int) -> Graphs:
    """Load the graph that a model's `RuntimeInfo` names from the model's folder.

    Raises:
        UnavailableError: this version does not know the backend, or its library cannot be loaded.
        IntegrityError: the file is missing or cannot be read.
    """
    file = folder / runtime.file
    if not file.is_file():
        raise IntegrityError(f"{file}: missing", hint="export the model again")
    try:
        if runtime.backend == "openvino":
            return _openvino(file, runtime.precision, threads)
        if runtime.backend == "onnxruntime":
            many = OnnxGraph(file, 1)
            return Graphs(OnnxGraph(file, threads) if threads > 1 else many, many, threads)
    except TradewindError:
        raise
    except ImportError as error:
        raise UnavailableError(
            f"{runtime.backend} cannot be loaded: {error}", hint="install it again"
        ) from error
    except Exception as error:  # both libraries raise their own, undocumented kinds
        raise IntegrityError(f"{file}: {runtime.backend} cannot read this graph: {error}") from error
    raise UnavailableError(
        f"{folder}: unknown backend {runtime.backend!r}",
        hint="export the model again with this version of tradewind",
    )


@cache
def openvino_core() -> Any:
    """The one OpenVINO core of this process.

    The CPU plugin gives the thread that loads it a stack for signals, and unmaps that stack when the last core goes,
    from whichever thread that happens: the next signal then crashes the process. So a core stays.
    """
    import openvino

    return openvino.Core()


def _openvino(file: Path, precision: str, threads: int) -> Graphs:
    import openvino

    # The bindings set themselves up on the first array they see, and deadlock where two threads are first at once.
    openvino.Tensor(np.zeros((1, 1), np.float16), shared_memory=True)
    model = openvino_core().read_model(file)
    if len(model.inputs) != len(GraphInputs._fields):
        raise IntegrityError(
            f"{file}: written by another version of tradewind", hint="export the model again"
        )
    lone = OpenVinoGraph(model, precision, threads, streams=1)
    if threads <= FEW_THREADS:
        return Graphs(lone, lone, 1)
    return Graphs(lone, OpenVinoGraph(model, precision, threads, streams=threads), threads)
