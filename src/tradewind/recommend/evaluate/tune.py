"""Hyper-parameters by the validation folds: up and down each one's values while it helps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tradewind.recommend.candidates.fallback import filled
from tradewind.recommend.candidates.recipes import Grid, Recipe
from tradewind.recommend.evaluate.metrics import per_person
from tradewind.recommend.evaluate.rank import recommend
from tradewind.recommend.model import Candidates, Interactions, Ints
from tradewind.recommend.split import Fold, Split

PEOPLE = 3_000
"""Most people that a setting is judged by: with so many, nDCG is known to about .005, and differences better."""
LEAST_GAIN = 1e-5

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tuned:
    """The best setting that was tried, its mean nDCG on the folds, and all that were tried."""

    model: Candidates
    score: float
    tried: tuple[tuple[Mapping[str, Any], float], ...]


def tune(recipe: Recipe, split: Split, k: int, report: Report) -> Tuned:
    """Search a recipe's grid, one hyper-parameter at a time, until a whole round brings nothing.

    Never looks at what the model is judged by. A recipe without a grid is judged at its defaults.
    """
    seen: dict[tuple[Any, ...], float] = {}

    def score(settings: Mapping[str, Any]) -> float:
        key = tuple(settings.values())
        if key not in seen:
            model = replace(recipe.model, **settings)  # type: ignore[type-var]
            seen[key] = float(np.mean([validated(model, fold, split.seed, k) for fold in split.folds]))
            values = " ".join(f"{name}={value:g}" for name, value in settings.items())
            report(f"{recipe.model.name} {values}: nDCG {seen[key]:.4f}")
        return seen[key]

    settings = {name: getattr(recipe.model, name) for name in recipe.grid}
    best = score(settings)
    improved = bool(recipe.grid)
    while improved:
        improved = False
        for name in recipe.grid:
            settings, reached = _climb(settings, name, recipe.grid, score, best)
            improved, best = improved or reached > best, reached
    tried = tuple((dict(zip(recipe.grid, key, strict=True)), value) for key, value in seen.items())
    return Tuned(replace(recipe.model, **settings), best, tried)  # type: ignore[type-var]


def _climb(
    settings: dict[str, Any], name: str, grid: Grid, score: Callable[[Mapping[str, Any]], float], best: float
) -> tuple[dict[str, Any], float]:
    """Move along one hyper-parameter's values, first up, then down, as long as it gets better."""
    values = grid[name]
    start = values.index(settings[name])
    for step in (1, -1):
        at = start + step
        while 0 <= at < len(values):
            changed = {**settings, name: values[at]}
            reached = score(changed)
            if reached <= best + LEAST_GAIN:
                break
            settings, best, at = changed, reached, at + step
        if settings[name] != values[start]:
            break
    return settings, best


def validated(model: Candidates, fold: Fold, seed: int, k: int) -> float:
    """Mean nDCG@k on a fold of a model that learns from the fold's other part."""
    users = judged(fold.valid, seed)
    fitted = filled(model.fit(fold.train, seed), fold.train)
    lists = recommend(fitted, users, k, fold.train.shape[1], fold.train)
    return float(per_person(lists, users, fold.valid)["ndcg"].mean())


def judged(part: Interactions, seed: int, most: int = PEOPLE) -> Ints:
    """People who have something to be found in a part; a random `most` of them where there are more."""
    users = np.unique(part.users).astype(np.int32)
    if len(users) <= most:
        return users
    return np.sort(np.random.default_rng(seed).choice(users, most, replace=False))
