"""Ridge regressions on a few items each, for catalogues whose square does not fit the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.candidates.knn import strongest

if TYPE_CHECKING:
    from scipy.sparse import csr_array

BATCH = 256


def local_weights(
    gram: csr_array, target: csr_array, ridge: NDArray[np.float32], neighbours: int
) -> csr_array:
    """float32 [items, items], sparse: column j solves (G_NN + diag(ridge_N)) b = T_Nj on the items N best for j.

    With G = T = XᵀX this is EASE in which each item sees only its `neighbours`; with T from past to future it is a
    regression of the next item. N are the items of highest T_ij / √(G_ii · G_jj); j is never among them.

    Args:
        gram: symmetric [items, items], what the inputs share, diagonal included.
        target: [items, items], what input i has in common with the wanted item j.
        ridge: float32 [items], above 0: added to the diagonal.
        neighbours: inputs an item: cost grows with its square.
    """
    from scipy.sparse import coo_array, csr_array

    items = gram.shape[0]
    gram, diagonal = gram.tocsr(), gram.diagonal()
    gram.sort_indices()
    keys = np.repeat(np.arange(items, dtype=np.int64), np.diff(gram.indptr)) * items + gram.indices
    entries = coo_array(target)
    inputs, wanted, values = entries.row, entries.col, entries.data
    other = inputs != wanted
    inputs, wanted, values = inputs[other], wanted[other], values[other]
    scale = np.sqrt(np.maximum(diagonal, 1e-6))
    kept = strongest(wanted, values / (scale[inputs] * scale[wanted]), neighbours)
    kept = kept[np.lexsort((inputs[kept], wanted[kept]))]  # rising, so that look-ups stay near one another
    inputs, wanted, values = inputs[kept], wanted[kept], values[kept]
    columns, starts, counts = np.unique(wanted, return_index=True, return_counts=True)
    solved = np.empty(len(values), np.float32)
    order = np.argsort(counts, kind="stable")  # like sizes together, so that little is padded
    for first in range(0, len(columns), BATCH):
        batch = order[first : first + BATCH]
        width = int(counts[batch].max())
        place = starts[batch, None] + np.arange(width)
        real = np.arange(width) < counts[batch, None]
        place = np.where(real, place, 0)
        chosen = inputs[place]
        system = _looked_up(chosen, keys, gram.data, items)
        system *= real[:, :, None] & real[:, None, :]
        system[:, np.arange(width), np.arange(width)] += np.where(real, ridge[chosen], 1)
        right = np.where(real, values[place], 0)[..., None]
        solution = np.linalg.solve(system, right)[..., 0]
        solved[place[real]] = solution[real]
    return csr_array((solved, (inputs, wanted)), shape=(items, items))


def _looked_up(
    chosen: NDArray[np.int32], keys: NDArray[np.int64], values: NDArray[np.float32], items: int
) -> NDArray[np.float32]:
    """float32 [batch, width, width]: the entries of a sparse matrix between each row's chosen items."""
    wanted = chosen[:, :, None].astype(np.int64) * items + chosen[:, None, :]
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0).astype(np.float32)
