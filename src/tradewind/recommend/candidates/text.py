"""What an item's text says: the way to items that nobody has touched yet."""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.candidates.fitted import ItemWeights
from tradewind.recommend.candidates.histories import histories
from tradewind.recommend.model import Interactions

if TYPE_CHECKING:
    from scipy.sparse import csr_array

COLUMNS = 2**17
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Text:
    """A person's interactions regressed on the texts of the items, in closed form (kernel ridge).

    weights = (K_bb + l2·I)⁻¹ K_bj, where K are cosines of texts and b are the `basis` items known to most people: so
    an item without any interaction gets the score that its text deserves, and people need no text of their own.

    Attributes:
        vectors: [items, n] of unit length, sparse or dense: `word_vectors`, or an encoder's.
        l2: ridge; 0.1 trusts single texts, 30 only what many agree on.
        basis: items that are regressed on; memory grows with basis · items.
    """

    vectors: NDArray[np.float32] | csr_array = field(repr=False, compare=False)
    l2: float = 10.0
    basis: int = 4_000
    name: str = "text"

    def fit(self, train: Interactions, seed: int) -> ItemWeights:
        from scipy import linalg

        popularity = train.popularity()
        order = np.argsort(-popularity, kind="stable")[: self.basis]
        known = np.sort(order[popularity[order] > 0])
        to_all = _dense(self.vectors[known] @ self.vectors.T)
        between = to_all[:, known].astype(np.float64)
        between[np.diag_indices(len(known))] += self.l2
        solved = linalg.cho_solve(linalg.cho_factor(between, lower=True, overwrite_a=True), to_all)
        return ItemWeights(histories(train)[:, known], solved.astype(np.float32))


def word_vectors(texts: Sequence[str]) -> csr_array:
    """float32 [texts, 2**17], unit length: words and groups of three letters, rare ones counting more (tf-idf).

    Groups of letters let texts without spaces, as Chinese or Japanese, and inflected words be compared.
    """
    from scipy.sparse import csr_array, diags_array

    counts = [Counter(_pieces(text)) for text in texts]
    seen = Counter(piece for each in counts for piece in each)
    rows, columns, values = [], [], []
    for row, each in enumerate(counts):
        for piece, count in each.items():
            rows.append(row)
            columns.append(zlib.crc32(piece.encode()) % COLUMNS)
            values.append((1 + math.log(count)) * math.log((1 + len(texts)) / seen[piece]))
    found = csr_array(
        (np.array(values, np.float32), (np.array(rows, np.int32), np.array(columns, np.int32))),
        shape=(len(texts), COLUMNS),
    )
    norms = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
    return csr_array(diags_array((1 / np.maximum(norms, 1e-12)).astype(np.float32)) @ found)


def _pieces(text: str) -> list[str]:
    words = WORD.findall(text.casefold())
    groups = [f"{word[at : at + 3]}*" for word in words for at in range(len(word) - 2)]
    return [*words, *groups]


def _dense(product: Any) -> NDArray[np.float32]:
    return np.asarray(product if isinstance(product, np.ndarray) else product.toarray(), np.float32)
