"""What an evaluation found, and how it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewind.recommend.evaluate.cold import Cold
from tradewind.recommend.evaluate.metrics import ACCURACY, Beyond, PerPerson
from tradewind.recommend.evaluate.significance import Difference, paired
from tradewind.recommend.model import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One model on one seed's split.

    Attributes:
        users: int32, the people judged.
        per_person: float64 of each measure, in their order.
        fit_s: seconds that the last fit took.
        validation: nDCG on the validation part, None where there is none.
        settings: hyper-parameters.
    """

    users: Ints
    per_person: PerPerson
    beyond: Beyond
    fit_s: float
    validation: float | None
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """All models on all seeds.

    Attributes:
        runs: model to one run a seed, in the order of `seeds`.
        ours: models of this product; the others are baselines.
        best: the one of ours that was best on the validation parts.
        groups: name to the people (by position) who belong to it.
        cold: items without any interaction, None where none were held out.
    """

    source: str
    protocol: str
    k: int
    seeds: Sequence[int]
    shape: tuple[int, int]
    interactions: int
    notes: Sequence[str]
    runs: Mapping[str, Sequence[Run]]
    ours: Sequence[str]
    best: str
    groups: Mapping[str, Ints]
    cold: Cold | None = None

    def as_json(self) -> dict[str, Any]:
        """One document: the best model's figures on top, then those of all others."""
        others = [name for name in self.runs if name not in self.ours]
        return {
            "source": self.source,
            "protocol": self.protocol,
            "k": self.k,
            "seeds": list(self.seeds),
            "people": self.shape[0],
            "items": self.shape[1],
            "interactions": self.interactions,
            "notes": list(self.notes),
            "model": self.best,
            **self.figures(self.best),
            "candidates": {name: self._row(name) for name in self.ours},
            "baselines": {name: self._row(name) for name in others},
            "groups": self._groups(),
            **({"cold": self.cold.as_json(self.k)} if self.cold else {}),
            "by_seed": [
                {"seed": seed, **self._figures([self.runs[self.best][at]])}
                for at, seed in enumerate(self.seeds)
            ],
        }

    def figures(self, name: str) -> dict[str, Any]:
        """A model's measures, means over seeds, and the settings of each seed."""
        runs = self.runs[name]
        settings = [dict(run.settings) for run in runs]
        return {
            **self._figures(runs),
            "fit_s": round(float(np.mean([run.fit_s for run in runs])), 3),
            "settings": settings[0] if all(each == settings[0] for each in settings) else settings,
        }

    def difference(self, name: str, measure: str) -> Difference:
        """The best model's gain over another, a person's seeds averaged first so that people stay independent."""
        ours, theirs = (self._by_person(each, measure) for each in (self.best, name))
        return paired(ours, theirs)

    def _row(self, name: str) -> dict[str, Any]:
        row = self.figures(name)
        if name != self.best:
            row["gain"] = {
                f"{measure}@{self.k}": _rounded(asdict(self.difference(name, measure)))
                for measure in ACCURACY
            }
        return row

    def _figures(self, runs: Sequence[Run]) -> dict[str, Any]:
        accuracy = {
            f"{measure}@{self.k}": float(np.mean([run.per_person[measure].mean() for run in runs]))
            for measure in ACCURACY
        }
        names = asdict(runs[0].beyond)
        beyond = {name: float(np.mean([getattr(run.beyond, name) for run in runs])) for name in names}
        validation = [run.validation for run in runs if run.validation is not None]
        held = {f"validation_ndcg@{self.k}": float(np.mean(validation))} if validation else {}
        return {**_rounded({**accuracy, **beyond, **held}), "people_judged": len(runs[0].users)}

    def _by_person(self, name: str, measure: str) -> NDArray[np.float64]:
        sums, counts = np.zeros(self.shape[0]), np.zeros(self.shape[0])
        for run in self.runs[name]:
            sums[run.users] += run.per_person[measure]
            counts[run.users] += 1
        judged = counts > 0
        values: NDArray[np.float64] = sums[judged] / counts[judged]
        return values

    def _groups(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for group, people in self.groups.items():
            inside = [np.isin(run.users, people) for run in self.runs[self.best]]
            if not all(mask.any() for mask in inside):
                continue
            found[group] = {
                "people": int(inside[0].sum()),
                **{
                    name: _rounded(
                        {
                            f"{measure}@{self.k}": float(
                                np.mean(
                                    [
                                        run.per_person[measure][mask].mean()
                                        for run, mask in zip(runs, inside, strict=True)
                                    ]
                                )
                            )
                            for measure in ACCURACY
                        }
                    )
                    for name, runs in self.runs.items()
                },
            }
        return found


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.6g}") for name, value in values.items()}
