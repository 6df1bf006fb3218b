"""Splitting a data set in two: stratified, repeatable, and with equal texts on one side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import numpy as np

from tradewind.core.errors import InputError
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.data.normalise import group_by_text

Stratum = Callable[[Example], Hashable]
Group = list[int]


def split(
    dataset: Dataset, fraction: float, *, seed: int, by: Stratum | None = None
) -> tuple[Dataset, Dataset]:
    """Take a part of a data set away for validation.

    Each stratum gives its share, rounded so that the total is right (largest remainders); texts that are
    equal once normalised stay together; a stratum with a single text stays in training. Both sides keep the
    order.

    Args:
        dataset: what to split.
        fraction: share of the examples for validation, between 0 and 1.
        seed: the same seed gives the same split.
        by: stratum of an example; None: its label, else its rarest label or span type.

    Returns:
        Training and validation set; rows skipped while reading stay with the first.

    Raises:
        InputError: the fraction is not between 0 and 1.
    """
    if not 0 < fraction < 1:
        raise InputError(f"validation share {fraction} is not between 0 and 1", hint="for example 0.1")
    examples = dataset.examples
    strata = _strata(examples, by or _rarest(examples))
    quotas = _quotas([sum(map(len, groups)) for groups in strata], fraction)
    order = np.random.default_rng(seed)
    held: set[int] = set()
    for groups, quota in zip(strata, quotas, strict=True):
        held.update(_take(groups, quota, order))
    kept = tuple(example for index, example in enumerate(examples) if index not in held)
    taken = tuple(example for index, example in enumerate(examples) if index in held)
    return replace(dataset, examples=kept), replace(dataset, examples=taken, skipped=())


def _strata(examples: Sequence[Example], by: Stratum) -> list[list[Group]]:
    strata: dict[Hashable, list[Group]] = defaultdict(list)
    for group in group_by_text(examples):
        strata[by(examples[group[0]])].append(group)
    return list(strata.values())


def _rarest(examples: Sequence[Example]) -> Stratum:
    counts = Counter(name for example in examples for name in _names(example))

    def stratum(example: Example) -> Hashable:
        return min(_names(example), key=lambda name: (counts[name], name), default="")

    return stratum


def _names(example: Example) -> Sequence[str]:
    if example.label is not None:
        return (example.label,)
    return example.labels or [span.type for span in example.spans or ()]


def _quotas(sizes: Sequence[int], fraction: float) -> list[int]:
    """Whole numbers near `size * fraction` whose sum is right (Hamilton's method)."""
    shares = [size * fraction for size in sizes]
    quotas = [int(share) for share in shares]
    missing = round(sum(shares)) - sum(quotas)
    by_remainder = sorted(range(len(sizes)), key=lambda index: quotas[index] - shares[index])
    for index in by_remainder[:missing]:
        quotas[index] += 1
    return quotas


def _take(groups: list[Group], quota: int, order: np.random.Generator) -> list[int]:
    """Whole groups up to the quota, at least one left behind."""
    taken: list[int] = []
    shuffled = order.permutation(len(groups))
    for position in shuffled[:-1]:
        group = groups[position]
        if len(taken) + len(group) <= quota:
            taken.extend(group)
    return taken
