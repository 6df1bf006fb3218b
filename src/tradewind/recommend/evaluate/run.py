"""The whole evaluation: split, tune on the validation part, fit again, judge on the test part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from tradewind.recommend.candidates.blend import Blend
from tradewind.recommend.candidates.fallback import filled
from tradewind.recommend.candidates.recipes import (
    BASELINES,
    BLEND,
    BLEND_WEIGHTS,
    BLENDED,
    Recipe,
    our_recipes,
)
from tradewind.recommend.evaluate.cold import judge_cold
from tradewind.recommend.evaluate.metrics import beyond, per_person
from tradewind.recommend.evaluate.rank import recommend
from tradewind.recommend.evaluate.results import Evaluation, Run
from tradewind.recommend.evaluate.tune import Report, judged, tune, validated
from tradewind.recommend.model import Behaviour, Candidates, Fitted, Interactions, Ints
from tradewind.recommend.split import ORDERED, Split, SplitProtocol, split

EVERYBODY = 2**31
MARKETS_LISTED = 40


@dataclass(frozen=True, slots=True)
class Plan:
    """What to evaluate, and how.

    Attributes:
        protocol: how the data is parted.
        k: length of a list, at least 1.
        seeds: one split and one fit each.
        models: ours by name; all that the data allows where empty.
        baselines: judge the others' models beside.
        tuned: search hyper-parameters on the validation part; else the defaults.
        repeats: offer again what a person has already.
        cold_items: share of the items held out altogether, to see how well their texts alone find people; 0 to 0.5.
    """

    protocol: SplitProtocol
    k: int = 10
    seeds: Sequence[int] = (0,)
    models: Sequence[str] = ()
    baselines: bool = True
    tuned: bool = True
    repeats: bool = False
    cold_items: float = 0.0
    timer: Callable[[], float] = field(default=perf_counter)


def evaluate(behaviour: Behaviour, plan: Plan, report: Report) -> Evaluation:
    """Judge our models and the baselines on the same splits.

    Raises:
        InputError: the data does not allow the protocol or a model.
        UnavailableError: a baseline's package is not installed.
    """
    data = behaviour.interactions
    recipes = {
        **our_recipes(data, plan.models, ordered=plan.protocol in ORDERED),
        **(BASELINES if plan.baselines else {}),
    }
    ours = [name for name in recipes if name not in BASELINES]
    runs: dict[str, list[Run]] = {}
    for seed in plan.seeds:
        parts = split(data, plan.protocol, seed)
        report(f"seed {seed}: {len(parts.fit):,} to learn from, {len(parts.test):,} to judge by")
        for name, run in _one_seed(recipes, ours, parts, plan, report):
            runs.setdefault(name, []).append(run)
    names = [*ours, *([BLEND] if BLEND in runs else [])]
    ordered = {name: runs[name] for name in [*names, *(name for name in runs if name not in names)]}
    return Evaluation(
        source=behaviour.source,
        protocol=plan.protocol,
        k=plan.k,
        seeds=plan.seeds,
        shape=data.shape,
        interactions=len(data),
        notes=behaviour.notes,
        runs=ordered,
        ours=names,
        best=max(names, key=lambda name: _mean_validation(runs[name])),
        groups=_groups(data, parts),
        cold=judge_cold(behaviour, plan.protocol, plan.k, plan.seeds, plan.cold_items)
        if plan.cold_items
        else None,
    )


def _one_seed(
    recipes: Mapping[str, Recipe], ours: Sequence[str], parts: Split, plan: Plan, report: Report
) -> Iterator[tuple[str, Run]]:
    """Each model's run; last a blend of them, where blending helps on the folds."""
    chosen: dict[str, tuple[Candidates, float | None]] = {}
    for name, recipe in recipes.items():
        model, score = recipe.model, None
        if parts.folds:
            tuned = tune(recipe if plan.tuned else Recipe(model), parts, plan.k, report)
            model, score = tuned.model, tuned.score
        chosen[name] = (model, score)
        yield name, _judged(model, score, parts, plan)
    if parts.folds and plan.tuned:
        blend, score = _blended(chosen, ours, parts, plan.k, report)
        if len(blend.members) > 1:
            yield BLEND, _judged(blend, score, parts, plan)


def _blended(
    chosen: Mapping[str, tuple[Candidates, float | None]],
    ours: Sequence[str],
    parts: Split,
    k: int,
    report: Report,
) -> tuple[Blend, float]:
    """The best of our models, and the others added to it one after the other where a weight on them helps."""
    names = sorted(ours, key=lambda name: -(chosen[name][1] or 0.0))
    names += [name for name in BLENDED if name in chosen]
    ready = {name: [chosen[name][0].fit(fold.train, parts.seed) for fold in parts.folds] for name in names}
    members, weights, score = [names[0]], [1.0], chosen[names[0]][1] or 0.0
    for name in names[1:]:
        gains = []
        for weight in BLEND_WEIGHTS:
            tried = (*members, name)
            reached = [
                validated(
                    Blend(tuple(_Ready(ready[each][at], each) for each in tried), (*weights, weight)),
                    fold,
                    parts.seed,
                    k,
                )
                for at, fold in enumerate(parts.folds)
            ]
            gains.append((float(np.mean(reached)), weight))
            report(f"{BLEND} {' + '.join(members)} + {weight:g} {name}: nDCG {gains[-1][0]:.4f}")
        best, weight = max(gains)
        if best > score:
            score = best
            members.append(name)
            weights.append(weight)
    return Blend(tuple(chosen[name][0] for name in members), tuple(weights)), score


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A model that was fitted on the training part already."""

    fitted: Fitted
    name: str

    def fit(self, train: Interactions, seed: int) -> Fitted:
        return self.fitted


def _judged(model: Candidates, validation: float | None, parts: Split, plan: Plan) -> Run:
    started = plan.timer()
    fitted = filled(model.fit(parts.fit, parts.seed), parts.fit)
    fit_s = plan.timer() - started
    users = judged(parts.test, parts.seed, EVERYBODY)
    lists = recommend(fitted, users, plan.k, parts.fit.shape[1], None if plan.repeats else parts.known)
    return Run(
        users=users,
        per_person=per_person(lists, users, parts.test),
        beyond=beyond(lists, parts.fit),
        fit_s=fit_s,
        validation=validation,
        settings=_settings(model),
    )


def _settings(model: Candidates) -> dict[str, Any]:
    if isinstance(model, Blend):
        return {
            member.name: {"weight": weight, **_settings(member)}
            for member, weight in zip(model.members, model.weights, strict=True)
        }
    return {name: value for name, value in asdict(model).items() if name != "name"}  # type: ignore[call-overload]


def _mean_validation(runs: Sequence[Run]) -> float:
    scores = [run.validation for run in runs if run.validation is not None]
    return float(np.mean(scores)) if scores else 0.0


def _groups(data: Interactions, parts: Split) -> dict[str, Ints]:
    """People by whether they were there before, and by market, the larger markets first."""
    sizes = np.bincount(parts.known.users, minlength=data.shape[0])
    groups = {
        "new people": np.flatnonzero(sizes == 0).astype(np.int32),
        "people with one item": np.flatnonzero(sizes == 1).astype(np.int32),
        "people with more": np.flatnonzero(sizes > 1).astype(np.int32),
    }
    if data.markets is None:
        return groups
    people = {market: np.unique(data.users[data.markets == at]) for at, market in enumerate(data.market_ids)}
    largest = sorted(people, key=lambda market: -len(people[market]))[:MARKETS_LISTED]
    return {**groups, **{f"market {market}": people[market] for market in largest}}
