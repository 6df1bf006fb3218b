"""Item-to-item weights in closed form: each item's column is a ridge regression on all other items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.candidates.fitted import ItemWeights
from tradewind.recommend.candidates.histories import histories
from tradewind.recommend.candidates.local import local_weights
from tradewind.recommend.model import Floats, Interactions

if TYPE_CHECKING:
    from scipy.sparse import csr_array

EXACT_ITEMS = 6_000
"""Up to here the whole inverse is computed (0.9 GB at most); above, each item sees its neighbours only."""


@dataclass(frozen=True, slots=True)
class Ease:
    """EASE (Steck 2019) with three refinements, each off at 0.

    B = argmin ‖W^½(X - X B)‖² + Σ_j (l2 + q·c_j) ‖B_j·‖² with diag B = 0, where X are the histories, W weighs people,
    and c_j is item j's weighted count; with P = (XᵀWX + diag(l2 + q·c))⁻¹ its solution is B_ij = -P_ij / P_jj.

    Attributes:
        l2: ridge; 100 to 1,000 on a few thousand items.
        dropout: share p of the history that is imagined missing in training, q = p / (1 - p) (EDLAE, Steck 2020):
            keeps the popular items from explaining everything; 0 to 0.8.
        fairness: people weigh (size of their history) ** -fairness, so that the busiest do not decide alone; 0 to 1.
        rating_power: how much ratings count, see `histories`.
        neighbours: with more than `EXACT_ITEMS` items, how many each one is regressed on; cost grows with its square.
    """

    l2: float = 300.0
    dropout: float = 0.0
    fairness: float = 0.0
    rating_power: float = 0.0
    neighbours: int = 32
    name: str = "ease"

    def fit(self, train: Interactions, seed: int) -> ItemWeights:
        seen = histories(train, self.rating_power)
        if train.shape[1] <= EXACT_ITEMS:
            return ItemWeights(seen, ease_weights(seen, self.l2, self.dropout, self.fairness))
        gram = gram_matrix(seen, self.fairness).astype(np.float32)
        ridge = (self.l2 + emphasis(self.dropout) * gram.diagonal()).astype(np.float32)
        return ItemWeights(seen, local_weights(gram, gram, ridge, self.neighbours))


def emphasis(dropout: float) -> float:
    """How much of an item's count its own ridge is raised by, where this share of histories is imagined missing."""
    return dropout / (1 - dropout)


def ease_weights(seen: csr_array, l2: float, dropout: float = 0.0, fairness: float = 0.0) -> Floats:
    """float32 [items, items] with a zero diagonal; takes items³ operations and 3 · 8 · items² bytes."""
    gram = gram_matrix(seen, fairness).toarray()
    diagonal = np.diag_indices(len(gram))
    gram[diagonal] += l2 + emphasis(dropout) * gram[diagonal]
    inverse = inverted(gram)
    weights = (inverse / -np.diag(inverse)).astype(np.float32)
    weights[diagonal] = 0
    return weights


def gram_matrix(seen: csr_array, fairness: float = 0.0) -> csr_array:
    """float64 [items, items]: XᵀWX with W = size ** -fairness, scaled so that the mean count of an item stays."""
    from scipy.sparse import diags_array

    weighted = seen.astype(np.float64)
    if fairness:
        sizes = np.maximum(np.diff(seen.indptr), 1).astype(np.float64)
        people = sizes**-fairness
        people *= sizes.sum() / (people @ sizes)
        weighted = (diags_array(np.sqrt(people)) @ weighted).tocsr()
    return (weighted.T @ weighted).tocsr()


def inverted(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse of a symmetric positive definite matrix, by Cholesky in place of it."""
    from scipy.linalg import lapack

    # LAPACK reads Fortran order: the transposed view of a symmetric matrix is itself, so nothing is copied.
    lower, failed = lapack.dpotrf(matrix.T, lower=1, overwrite_a=1)
    if not failed:
        lower, failed = lapack.dpotri(lower, lower=1, overwrite_c=1)
    if failed:
        raise np.linalg.LinAlgError("the matrix is not positive definite: the ridge must be above 0")
    inverse: NDArray[np.float64] = np.tril(lower) + np.tril(lower, -1).T
    return inverse
