"""Word vectors looked up outside the graph, from a float16 table that stays in its file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import IntegrityError
from tradewind.nlp.encoders.weights import TensorFile

Halves = NDArray[np.float16]


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

    def batch(
        self, sequences: Sequence[Sequence[int]], length: int, rows: int
    ) -> tuple[Halves, NDArray[np.float32]]:
        """Vectors `[rows, length, width]` and mask `[rows, length]` of token id sequences.

        Shorter sequences are padded with token 0 and masked; rows beyond the sequences repeat the first one, so
        that they hold nothing unusual to compute.
        """
        ids = np.zeros((rows, length), dtype=np.intp)
        mask = np.zeros((rows, length), dtype=np.float32)
        for row, sequence in enumerate(sequences):
            ids[row, : len(sequence)] = sequence
            mask[row, : len(sequence)] = 1
        ids[len(sequences) :], mask[len(sequences) :] = ids[0], mask[0]
        return self._rows.take(ids, axis=0), mask
