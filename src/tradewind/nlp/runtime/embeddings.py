"""Word vectors looked up outside the graph, from a float16 table that stays in its file."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import IntegrityError
from tradewind.nlp.encoders.weights import TensorFile
from tradewind.nlp.runtime.batches import Batch


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
    """The word vectors of a vocabulary, float16 `[vocabulary, width]`, read by memory map.

    Only rows of tokens that occur are ever read from the disk: of a multilingual vocabulary of 192 MB a market's
    texts touch a few per cent.
    """

    def __init__(self, rows: NDArray[Any]) -> None:
        self._rows = rows

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
            self._rows.take(ids.reshape(shape), axis=0),
            segments.reshape(shape),
            positions.reshape(shape),
            firsts,
        )
