"""The libraries that run the graph: OpenVINO and ONNX Runtime, behind one small interface.

A graph reads `GraphInputs` of R rows, P tokens and S slots, and gives logits for each head that has labels ([R, S, C];
of a tag head [R, P, C]), then the pooled vectors [R, S, H].
"""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from tradewind.core.errors import IntegrityError, UnavailableError
from tradewind.nlp.bundle import RuntimeInfo
from tradewind.nlp.model import Floats
from tradewind.nlp.runtime.embeddings import GraphInputs


class Backend(Protocol):
    """A loaded graph; any number of threads may call `run` at once.

    `streams` calls at once use the machine fully. A call that is `alone` gets all threads, for the shortest wait.
    """

    @property
    def streams(self) -> int: ...

    def run(self, inputs: GraphInputs, *, alone: bool) -> list[Floats]:
        """The graph's outputs for one batch."""
        ...


class OpenVinoBackend:
    """OpenVINO on CPUs: one compiled model with a stream for each thread, one with all threads for a lone text.

    Args:
        file: the IR's `.xml`.
        precision: ends in "bf16" where what is not int8 runs in bfloat16.
        threads: CPU threads to use.
    """

    def __init__(self, file: Path, precision: str, threads: int) -> None:
        import openvino

        hint = "bf16" if precision.endswith("bf16") else "f32"
        # The bindings set themselves up on the first array they see, and deadlock where two threads are first at once.
        openvino.Tensor(np.zeros((1, 1), np.float16), shared_memory=True)
        openvino.Type.f32.to_dtype()
        core = openvino.Core()
        model = core.read_model(file)
        if len(model.inputs) != len(GraphInputs._fields):
            raise IntegrityError(
                f"{file}: written by another version of tradewind", hint="export the model again"
            )
        common = {
            "INFERENCE_PRECISION_HINT": hint,
            "INFERENCE_NUM_THREADS": threads,
            "CPU_DENORMALS_OPTIMIZATION": True,
        }
        self._many = _Requests(core.compile_model(model, "CPU", {**common, "NUM_STREAMS": threads}))
        self._one = self._many
        if threads > 1:
            self._one = _Requests(core.compile_model(model, "CPU", {**common, "NUM_STREAMS": 1}))
        self.streams = threads

    def run(self, inputs: GraphInputs, *, alone: bool) -> list[Floats]:
        requests = self._one if alone else self._many
        with requests.borrow() as request:
            outputs = request.infer(list(inputs), share_inputs=True, share_outputs=True)
            return [np.array(value) for value in outputs.to_tuple()]


class _Requests:
    """Infer requests of a compiled model, made when needed and used again; each keeps its buffers."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled
        self._free: queue.LifoQueue[Any] = queue.LifoQueue()

    @contextlib.contextmanager
    def borrow(self) -> Iterator[Any]:
        try:
            request = self._free.get_nowait()
        except queue.Empty:
            request = self._compiled.create_infer_request()
        try:
            yield request
        finally:
            self._free.put(request)


class OnnxBackend:
    """ONNX Runtime on CPUs.

    Args:
        file: the `.onnx` file.
        threads: CPU threads to use.
    """

    def __init__(self, file: Path, threads: int) -> None:
        self._many = _onnx_session(file, 1)
        self._one = _onnx_session(file, threads) if threads > 1 else self._many
        self.streams = threads

    def run(self, inputs: GraphInputs, *, alone: bool) -> list[Floats]:
        session = self._one if alone else self._many
        outputs: list[Floats] = session.run(None, inputs._asdict())
        return outputs


def _onnx_session(file: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Its threads otherwise spin for a while after each batch, on the cores that the next step needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def load_backend(runtime: RuntimeInfo, folder: Path, threads: int) -> Backend:
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
            return OpenVinoBackend(file, runtime.precision, threads)
        if runtime.backend == "onnxruntime":
            return OnnxBackend(file, threads)
    except IntegrityError:
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
