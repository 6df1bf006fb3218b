"""The engine: a model folder, loaded to answer one text or a million. Never imports torch."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import numpy as np

from tradewind.core.errors import InputError, UnavailableError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import HeadCalibration, ModelInfo
from tradewind.nlp.model import Floats, Prediction
from tradewind.nlp.runtime.batches import Batch, plan
from tradewind.nlp.runtime.decode import Decoder, decode
from tradewind.nlp.runtime.embeddings import EmbeddingTable
from tradewind.nlp.runtime.graphs import Graph, Graphs, load_graphs
from tradewind.nlp.runtime.outputs import Outputs, assemble
from tradewind.nlp.runtime.pieces import TokenizerPieces, UnigramPieces
from tradewind.nlp.runtime.tokenise import Tokeniser
from tradewind.nlp.runtime.warm import warm_up

CHUNK_TEXTS = 4096
"""Texts that are sorted by length together: enough to find companions of like length, few enough to hold."""


class Engine:
    """A loaded model. Threads may share it; `close` it, or use it as a context manager."""

    def __init__(
        self,
        info: ModelInfo,
        tokeniser: Tokeniser,
        table: EmbeddingTable,
        graphs: Graphs,
        decoders: Sequence[Decoder] = (),
    ) -> None:
        self.info = info
        self._tokeniser = tokeniser
        self._table = table
        self._decoders = tuple(decoders)
        self._packed = info.runtime is not None and info.runtime.packed
        self._active = 0
        self._lock = threading.Lock()
        self._graphs = graphs
        # One more than there are streams prepares inputs while the others wait for theirs.
        self._workers = graphs.streams + 1 if graphs.streams > 1 else 1
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="tradewind-stream")
        self._closed = False

    @classmethod
    def open(cls, folder: Path, *, threads: int = 0, verify: bool = True) -> Engine:
        """Load a model folder.

        Args:
            folder: what `train` or `export` wrote.
            threads: CPU threads to use; 0 means all that this process may use.
            verify: check every file against the manifest first.

        Raises:
            NotFoundError: there is no model.
            IntegrityError: a file is missing or was changed.
            UnavailableError: the model was not exported, or its backend cannot be loaded.
        """
        if verify:
            bundle.verify(folder)
        info = bundle.read_info(folder)
        if info.runtime is None:
            raise UnavailableError(
                f"{folder}: this model was not exported",
                hint="run: tradewind export FOLDER --out NEW_FOLDER --data LABELLED_FILE",
            )
        tokeniser, table = open_tokeniser(folder, info), open_table(folder)
        graphs = warm_up(load_graphs(info.runtime, folder, threads or available_threads()), table.width)
        return cls(info, tokeniser, table, graphs, read_decoders(folder, info))

    def predict(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Prediction]:
        """One prediction a text, in order; of a pair head `pairs` are the second texts.

        Raises:
            InputError: a text is empty or not valid Unicode (says which), or `pairs` has another length.
        """
        predictions: list[Prediction] = []
        for first, some, others in _chunks(texts, pairs):
            predictions += decode(self._decoders, self._outputs(some, others, first), some)
        return predictions

    def read(self, texts: Sequence[str]) -> tuple[list[Prediction], Floats]:
        """Predictions and vectors, float32 [n, H], of one pass; raises as `predict` does."""
        predictions: list[Prediction] = []
        vectors = []
        for first, some, _ in _chunks(texts, None):
            outputs = self._outputs(some, None, first)
            predictions += decode(self._decoders, outputs, some)
            vectors.append(outputs.vectors)
        return predictions, np.concatenate(vectors)

    def predict_stream(self, texts: Iterable[str]) -> Iterator[Prediction]:
        """Predictions of any number of texts, in order, reading 4,096 ahead and holding no more than those."""
        first = 0
        source = iter(texts)
        while some := list(itertools.islice(source, CHUNK_TEXTS)):
            yield from decode(self._decoders, self._outputs(some, None, first), some)
            first += len(some)

    def outputs(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> Outputs:
        """Logits and vectors before calibration; see `Outputs`."""
        _check_pairs(texts, pairs)
        return self._outputs(texts, pairs, 0)

    def close(self) -> None:
        """Wait for what is under way; nothing can be asked afterwards. May be called twice."""
        self._closed = True
        self._threads.shutdown()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _outputs(self, texts: Sequence[str], pairs: Sequence[str] | None, first: int) -> Outputs:
        if self._closed:
            raise UnavailableError("this engine is closed", hint="open the model again")
        if not texts:
            raise InputError("no texts", hint="give at least one")
        encoded = self._tokeniser.encode(texts, pairs, first_index=first)
        flat = [window for text in encoded for window in text]
        batches = plan([len(window.ids) for window in flat], packed=self._packed, narrow=not self._active)
        results = self._run([window.ids for window in flat], batches)
        return assemble(self.info.heads, encoded, batches, results)

    def _run(self, sequences: Sequence[Sequence[int]], batches: Sequence[Batch]) -> list[list[Floats]]:
        """The graph's outputs for each batch.

        The calling thread works through the batches, and as many helpers as there are further streams take from
        the same list: a large call cannot keep a small one waiting, whose own thread does its work if need be.
        """
        results: list[list[Floats]] = [[] for _ in batches]
        numbers = iter(range(len(batches)))

        def drain(graph: Graph) -> None:
            for number in numbers:
                results[number] = graph.run(self._table.inputs(sequences, batches[number]))

        with self._lock:
            self._active += 1
            alone = self._active == 1 and len(batches) == 1
        many = self._graphs.many
        try:
            more = min(self._workers, len(batches)) - 1
            helpers = [self._threads.submit(drain, many) for _ in range(more)]
            drain(self._graphs.lone if alone else many)
            for helper in helpers:
                if not helper.cancel():
                    helper.result()
        except BaseException:
            for _ in numbers:  # leave nothing to the helpers
                pass
            raise
        finally:
            with self._lock:
                self._active -= 1
        return results


def available_threads() -> int:
    """CPUs that this process may use: no more than its container's share of time, rounded down."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split()
        return max(1, min(allowed, int(quota) // int(period)))  # "max" is no number: no limit
    return allowed


def open_tokeniser(folder: Path, info: ModelInfo) -> Tokeniser:
    """The tokenizer of a model folder, set up as the model says."""
    tags = any(head.task == "tag" for head in info.heads)
    unigram = folder / bundle.UNIGRAM
    pieces = UnigramPieces(unigram) if unigram.is_file() else TokenizerPieces(folder / bundle.TOKENIZER)
    return Tokeniser(pieces, prefix=info.prefix, max_tokens=info.max_tokens, with_offsets=tags)


def open_table(folder: Path) -> EmbeddingTable:
    """The word vectors of a model folder."""
    return EmbeddingTable.open(folder / bundle.EMBEDDINGS)


def read_decoders(folder: Path, info: ModelInfo) -> tuple[Decoder, ...]:
    """How the model's heads are read: calibration from `model.json`, arrays from `scope.safetensors`."""
    from tradewind.nlp.encoders.weights import TensorFile
    from tradewind.nlp.scope import from_arrays

    path = folder / bundle.SCOPE
    arrays = dict(TensorFile(path)) if path.is_file() else {}
    decoders = []
    for head in info.heads:
        calibration = info.calibration.get(head.name, HeadCalibration())
        own = {
            name.removeprefix(f"{head.name}/"): array
            for name, array in arrays.items()
            if name.startswith(f"{head.name}/")
        }
        scope = None if calibration.scope is None else from_arrays(calibration.scope, own)
        decoders.append(Decoder(head, calibration, scope))
    return tuple(decoders)


def _chunks(
    texts: Sequence[str], pairs: Sequence[str] | None
) -> Iterator[tuple[int, Sequence[str], Sequence[str] | None]]:
    _check_pairs(texts, pairs)
    for first in range(0, len(texts), CHUNK_TEXTS):
        some = slice(first, first + CHUNK_TEXTS)
        yield first, texts[some], None if pairs is None else pairs[some]


def _check_pairs(texts: Sequence[str], pairs: Sequence[str] | None) -> None:
    if isinstance(texts, str):
        raise InputError("texts is a single string", hint="give a list of strings")
    if pairs is not None and len(pairs) != len(texts):
        raise InputError(
            f"{len(texts)} texts but {len(pairs)} pairs", hint="give one second text for each text"
        )
