"""The models by name, with the values that tuning may give their hyper-parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tradewind.core.errors import InputError
from tradewind.recommend.candidates.ease import Ease
from tradewind.recommend.candidates.factors import Als, Bpr
from tradewind.recommend.candidates.knn import ItemNeighbours
from tradewind.recommend.candidates.popularity import Popularity
from tradewind.recommend.candidates.sequence import Transitions
from tradewind.recommend.model import Candidates, Interactions

Grid = Mapping[str, Sequence[Any]]

EASE: Grid = {
    "l2": (5.0, 20.0, 50.0, 100.0, 200.0, 300.0, 500.0, 1000.0),
    "dropout": (0.0, 0.3, 0.5, 0.65, 0.8),
    "fairness": (0.0, 0.3, 0.5, 0.7),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model at its defaults, and what may be tuned.

    Attributes:
        model: where tuning starts.
        grid: values of each hyper-parameter in rising order, the default among them.
        ordered: it needs to know what came first.
    """

    model: Candidates
    grid: Grid = field(default_factory=dict)
    ordered: bool = False


OURS: Mapping[str, Recipe] = {
    "ease": Recipe(Ease(300.0, 0.5, 0.5), EASE),
    "transitions": Recipe(
        Transitions(),
        {
            "forget": (0.5, 0.7, 0.8, 0.9, 1.0),
            "nearness": (0.6, 0.8, 0.9),
            "backward": (0.0, 0.3, 0.7, 1.0),
            "to_power": (0.2, 0.3, 0.4),
            "from_power": (0.4, 0.5, 0.7),
        },
        ordered=True,
    ),
}
BASELINES: Mapping[str, Recipe] = {
    "popularity": Recipe(Popularity()),
    "item-knn": Recipe(
        ItemNeighbours(), {"neighbours": (20, 50, 100, 200, 500), "shrink": (0.0, 10.0, 50.0)}
    ),
    "implicit-als": Recipe(
        Als(32, 10.0, 1.0),
        {"rank": (16, 32, 64, 128), "regularization": (1.0, 3.0, 10.0, 30.0), "alpha": (0.5, 1.0, 3.0, 10.0)},
    ),
    "implicit-bpr": Recipe(
        Bpr(64, 0.01, 0.01, 30),
        {"iterations": (10, 30, 100), "rank": (16, 64), "regularization": (0.001, 0.01, 0.1)},
    ),
}
BLEND = "blend"
BLENDED = ("implicit-als", "item-knn")
"""Baselines that may join a blend of ours."""
BLEND_WEIGHTS = (0.1, 0.2, 0.35, 0.5, 1.0)


def our_recipes(train: Interactions, names: Sequence[str] = (), *, ordered: bool = True) -> dict[str, Recipe]:
    """The models that can learn from this data: those that need an order only where there is one.

    Args:
        train: what they would learn from.
        names: these alone; all that fit where there are none.
        ordered: whether what is looked for comes after what is known; else order says nothing.

    Raises:
        InputError: a name is not known, or its model needs an order that the data does not have.
    """
    can_order = ordered and train.times is not None
    for name in names:
        if name not in OURS:
            raise InputError(f"there is no model {name!r}", hint=f"one of {', '.join(OURS)}")
        if OURS[name].ordered and not can_order:
            raise InputError(
                f"{name} needs data that says what came first, and a protocol that looks for what comes next",
                hint="take temporal or leave-one-out, and name the column of the time with --time",
            )
    chosen = {name: OURS[name] for name in names or OURS if can_order or not OURS[name].ordered}
    if train.ratings is None or "ease" not in chosen:
        return chosen
    rated = Recipe(Ease(300.0, 0.5, 0.5, 0.5), {**EASE, "rating_power": (0.0, 0.5, 1.0)})
    return {**chosen, "ease": rated}
