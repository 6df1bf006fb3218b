"""Word vectors looked up outside the graph, from a float16 table that stays in its file."""

from __future__ import annotations

import itertools
import mmap
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import IntegrityError
from tradewind.nlp.encoders.weights import TensorFile
from tradewind.nlp.runtime.batches import Batch

CACHED_ROWS = 16_384
ROWS_TOUCHED = 256


class GraphInputs(NamedTuple):
    """What a served graph reads: R rows of P tokens, with S slots each.

    `embeddings` float16 [R, P, H]; `segments` int32 [R, P], for each token the slot of its text + 1, 0 for padding;
    `positions` int32 [R, P], a token's place in its text; `firsts` int32 [R, S], where the text of a slot begins,
    counted through all rows.
    """

    embeddings: NDArray[np.float16]
    segments: NDArray[np.int32]
    positions: NDArray[np.int32]
    firsts: NDArray[np.int32]


class EmbeddingTable:
    """The word vectors of a vocabulary, float16 `[vocabulary, width]`, read by memory map. Threads may share it.

    Vectors in use are copied into a small cache and the mapped pages given back: the kernel maps 64 KB around
    each row that is touched, so that a few thousand words of a multilingual table would hold most of its 192 MB.
    """

    def __init__(self, rows: NDArray[Any]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._cache = _Cache.empty(rows)
        self._touched = 0

    @classmethod
    def open(cls, path: Path) -> EmbeddingTable:
        """Map a safetensors file that holds the one table.

        Raises:
            IntegrityError: the file is missing, truncated, or holds something else.
        """
        if not path.is_file():
            raise IntegrityError(f"{path}: missing", hint="restore the model from its source")
        tensors = TensorFile(path)
        if len(tensors) != 1:
            raise IntegrityError(f"{path}: holds {len(tensors)} tensors, expected one table of word vectors")
        rows = tensors[next(iter(tensors))]
        if rows.ndim != 2 or rows.dtype != np.float16:
            raise IntegrityError(f"{path}: expected a float16 matrix, found {rows.dtype} {rows.shape}")
        return cls(rows)

    @property
    def size(self) -> int:
        """How many tokens have a vector."""
        return int(self._rows.shape[0])

    @property
    def width(self) -> int:
        """How long a vector is."""
        return int(self._rows.shape[1])

    def rows(self, ids: NDArray[np.intp]) -> NDArray[np.float16]:
        """Vectors `[..., width]` of token ids `[...]`.

        Raises:
            IntegrityError: an id has no vector; the tokenizer is another model's.
        """
        cache = self._cache
        try:
            places = cache.place_of[ids]
        except IndexError as error:
            raise IntegrityError(
                f"token {int(ids.max())} has no vector, there are {self.size}",
                hint="tokenizer.json and embeddings.safetensors belong to different models",
            ) from error
        if places.min() < 0:
            cache = self._fill(ids)
            places = cache.place_of[ids]
        return cache.vectors.take(places, axis=0)

    def _fill(self, ids: NDArray[np.intp]) -> _Cache:
        """A cache that holds all these ids.

        Vectors are written before their places are, and a full cache is replaced, never emptied: readers need no lock.
        """
        with self._lock:
            cache = self._cache
            missing = np.unique(ids[cache.place_of[ids] < 0])
            if cache.used + len(missing) > len(cache.vectors):
                missing = np.unique(ids)
                cache = _Cache.empty(self._rows, at_least=len(missing))
            places = np.arange(cache.used, cache.used + len(missing), dtype=np.int32)
            cache.vectors[places] = self._rows[missing]
            cache.place_of[missing] = places
            cache.used += len(missing)
            self._cache = cache
            self._touched += len(missing)
            if self._touched > ROWS_TOUCHED:
                self._touched = 0
                _give_pages_back(self._rows)
        return cache

    def inputs(self, sequences: Sequence[Sequence[int]], batch: Batch) -> GraphInputs:
        """What the graph reads for a batch; `sequences` are the token ids of all sequences of its plan."""
        chosen = [sequences[member] for member in batch.members.tolist()]
        lengths = np.fromiter(map(len, chosen), dtype=np.intp, count=len(chosen))
        begins = batch.row_of * batch.width + batch.starts
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        places = np.repeat(begins, lengths) + within
        ids = np.zeros(batch.rows * batch.width, dtype=np.intp)
        segments, positions = np.zeros_like(ids, dtype=np.int32), np.zeros_like(ids, dtype=np.int32)
        firsts = np.zeros((batch.rows, batch.slots), dtype=np.int32)
        ids[places] = np.fromiter(itertools.chain.from_iterable(chosen), dtype=np.intp, count=len(places))
        segments[places] = np.repeat(batch.slot_of + 1, lengths)
        positions[places] = within
        firsts[batch.row_of, batch.slot_of] = begins
        shape = (batch.rows, batch.width)
        return GraphInputs(
            self.rows(ids.reshape(shape)),
            segments.reshape(shape),
            positions.reshape(shape),
            firsts,
        )


@dataclass(slots=True)
class _Cache:
    """Copies of vectors: token t's is `vectors[place_of[t]]` where that is not negative."""

    place_of: NDArray[np.int32]
    vectors: NDArray[np.float16]
    used: int = 0

    @classmethod
    def empty(cls, rows: NDArray[Any], at_least: int = 0) -> _Cache:
        size = min(len(rows), max(CACHED_ROWS, at_least))
        return cls(np.full(len(rows), -1, dtype=np.int32), np.empty((size, rows.shape[1]), dtype=np.float16))


def _give_pages_back(rows: NDArray[Any]) -> None:
    """Let the kernel unmap the pages of a mapped array; they stay in its page cache and come back when touched."""
    base: Any = rows
    while base is not None and not isinstance(base, mmap.mmap):
        base = base.base if isinstance(base, np.ndarray) else None
    if base is not None and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)
