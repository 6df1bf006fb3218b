"""The word vectors that a run needs: only the rows of tokens that occur in its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tradewind.nlp.model import Floats
from tradewind.nlp.train.items import Ids, Item


class WordTable(nn.Module):
    """Vectors of the tokens in use, and the way from token ids to their rows.

    A vocabulary of 250,000 tokens is 96 million parameters, of which a data set touches a few thousand rows. The
    others get no gradient, so leaving them out changes nothing but the time and memory of a step.
    """

    def __init__(self, table: Floats, token_ids: np.ndarray, *, trained: bool) -> None:
        super().__init__()
        self.token_ids = token_ids
        self.weight = nn.Parameter(torch.from_numpy(np.array(table[token_ids], dtype=np.float32)), trained)

    def forward(self, rows: Tensor) -> Tensor:
        """Rows int64 `[B, L]` to vectors `[B, L, H]`."""
        return nn.functional.embedding(rows, self.weight)

    def rows(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """The items with token ids replaced by rows."""
        return tuple(
            replace(
                item,
                ids=self._rows(item.ids),
                second_ids=None if item.second_ids is None else self._rows(item.second_ids),
            )
            for item in items
        )

    def _rows(self, ids: Ids) -> Ids:
        return np.searchsorted(self.token_ids, ids).astype(np.int32)

    def merged_into(self, table: Floats) -> NDArray[np.float16]:
        """A copy of the whole table with these rows put back."""
        merged = np.array(table, dtype=np.float16)
        merged[self.token_ids] = self.weight.detach().float().cpu().numpy().astype(np.float16)
        return merged


def tokens_in_use(*groups: Sequence[Item], always: Sequence[int] = ()) -> np.ndarray:
    """Sorted distinct token ids of items, with those that must be there `always`."""
    sequences = [
        ids for group in groups for item in group for ids in (item.ids, item.second_ids) if ids is not None
    ]
    return np.unique(np.concatenate([*sequences, np.array(always, dtype=np.int32)]))
