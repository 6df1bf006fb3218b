"""Item-based nearest neighbours (Sarwar et al. 2001): items whose audiences overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradewind.recommend.candidates.fitted import ItemWeights
from tradewind.recommend.candidates.histories import histories
from tradewind.recommend.model import Interactions

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ROWS = 2_000
"""Items whose co-occurrences are held at once."""


@dataclass(frozen=True, slots=True)
class ItemNeighbours:
    """Cosine of the audiences, shrunk for those that share few people; the nearest `neighbours` are kept.

    Attributes:
        neighbours: how many items speak for an item; 20 to 500.
        shrink: people added to the denominator: pairs seen less often than this hardly count.
    """

    neighbours: int = 100
    shrink: float = 10.0
    name: str = "item-knn"

    def fit(self, train: Interactions, seed: int) -> ItemWeights:
        seen = histories(train)
        return ItemWeights(seen, nearest(seen, self.neighbours, self.shrink))


def nearest(seen: csr_array, neighbours: int, shrink: float) -> csr_array:
    """float32 [items, items], sparse: column j holds the similarities of the items nearest to j, never j itself."""
    from scipy.sparse import csr_array, vstack

    items = seen.shape[1]
    audiences = seen.T.tocsr()
    norms = np.sqrt(np.asarray(audiences.multiply(audiences).sum(axis=1)).ravel())
    blocks = []
    for start in range(0, items, ROWS):
        block = (audiences[start : start + ROWS] @ seen).tocoo()
        rows, columns, counts = block.row + start, block.col, block.data
        other = rows != columns
        rows, columns, counts = rows[other], columns[other], counts[other]
        similar = counts / (norms[rows] * norms[columns] + shrink)
        kept = strongest(rows, similar, neighbours)
        size = min(ROWS, items - start)
        blocks.append(
            csr_array(
                (similar[kept].astype(np.float32), (rows[kept] - start, columns[kept])), shape=(size, items)
            )
        )
    return vstack(blocks, format="csr").T.tocsr()


def strongest(
    rows: np.ndarray[tuple[int], np.dtype[np.int32]],
    values: np.ndarray[tuple[int], np.dtype[np.float32]],
    count: int,
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Places of the `count` highest values of each row."""
    order = np.lexsort((-values, rows))
    grouped = rows[order]
    starts = np.searchsorted(grouped, grouped, "left")
    return order[np.arange(len(order)) - starts < count]
