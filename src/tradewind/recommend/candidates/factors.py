"""Factor models of the `implicit` package: alternating least squares and Bayesian personalised ranking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tradewind.core.errors import UnavailableError
from tradewind.recommend.candidates.fitted import Factors
from tradewind.recommend.candidates.histories import histories
from tradewind.recommend.model import Floats, Interactions

if TYPE_CHECKING:
    from scipy.sparse import csr_array, csr_matrix


@dataclass(frozen=True, slots=True)
class Als:
    """Weighted matrix factorisation (Hu, Koren and Volinsky 2008).

    Attributes:
        rank: numbers a person and an item are described by.
        regularization: ridge on them.
        alpha: how much more an item done counts than one not done.
        iterations: passes over people and items.
    """

    rank: int = 64
    regularization: float = 10.0
    alpha: float = 3.0
    iterations: int = 15
    name: str = "implicit-als"

    def fit(self, train: Interactions, seed: int) -> Factors:
        from implicit.als import AlternatingLeastSquares

        return _fitted(
            lambda: AlternatingLeastSquares(
                factors=self.rank,
                regularization=self.regularization,
                alpha=self.alpha,
                iterations=self.iterations,
                random_state=seed,
                num_threads=1,
            ),
            histories(train),
        )


@dataclass(frozen=True, slots=True)
class Bpr:
    """Pairwise ranking by gradient steps (Rendle et al. 2009).

    Attributes:
        rank: numbers a person and an item are described by.
        learning_rate: length of a step.
        regularization: ridge on the numbers.
        iterations: passes over the interactions.
    """

    rank: int = 64
    learning_rate: float = 0.05
    regularization: float = 0.01
    iterations: int = 100
    name: str = "implicit-bpr"

    def fit(self, train: Interactions, seed: int) -> Factors:
        from implicit.bpr import BayesianPersonalizedRanking

        return _fitted(
            lambda: BayesianPersonalizedRanking(
                factors=self.rank,
                learning_rate=self.learning_rate,
                regularization=self.regularization,
                iterations=self.iterations,
                random_state=seed,
                num_threads=1,  # with more it races with itself, and a seed means nothing
            ),
            histories(train),
        )


def require_implicit() -> None:
    """Raise UnavailableError, saying what to install, where `implicit` is not there."""
    try:
        import implicit  # noqa: F401
    except ImportError as error:
        raise UnavailableError(
            "the baselines ALS and BPR need the package `implicit`",
            hint="pip install 'tradewind[recommend]', or leave them out with --no-baselines",
        ) from error


def _fitted(make: Callable[[], Any], seen: csr_array) -> Factors:
    from scipy.sparse import csr_matrix
    from threadpoolctl import threadpool_limits

    matrix: csr_matrix = csr_matrix(seen)
    with threadpool_limits(
        1, "blas"
    ):  # implicit has its own threads and warns of others, when it is made too
        model = make()
        model.fit(matrix, show_progress=False)
    people, items = np.asarray(model.user_factors), np.asarray(model.item_factors)
    return Factors(_float32(people), _float32(items))


def _float32(values: np.ndarray[Any, Any]) -> Floats:
    return np.ascontiguousarray(values, np.float32)
