"""Protocols: which interactions a model learns from, is tuned on, and is judged by.

| protocol | judged by | tuned on | the judged model learns from |
|---|---|---|---|
| `stratified75` | 25 % of each person's | three tenths of the rest in turn | the other 75 %, as published |
| `random811` | 10 % of each person's | 10 % of each person's | the other 80 %, as in RecBole |
| `temporal` | the last 10 % of all | the 10 % before | all before the last 10 % |
| `leave-one-out` | each person's last | the last but one | all but the last |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import InputError
from tradewind.recommend.model import Interactions

SplitProtocol = Literal["stratified75", "random811", "temporal", "leave-one-out"]
PROTOCOLS: tuple[SplitProtocol, ...] = get_args(SplitProtocol)

ORDERED: tuple[SplitProtocol, ...] = ("temporal", "leave-one-out")
"""What is judged comes after what was learnt from, so that the order can help."""

TEMPORAL_TRAIN, TEMPORAL_VALID = 0.8, 0.9
STRATIFIED_TEST = 0.25
FOLDS, FOLD = 3, 0.1
TRAIN, VALID, TEST = 0, 1, -1
"""What a row is for; further folds count on from `VALID`."""


@dataclass(frozen=True, slots=True)
class Fold:
    """What a setting is tried on: no row is in both parts."""

    train: Interactions
    valid: Interactions


@dataclass(frozen=True, slots=True)
class Split:
    """Parts that share people's and items' positions.

    Attributes:
        folds: what hyper-parameters are chosen by; their mean counts. Empty where too little is left for them.
        fit: what the judged model learns from.
        known: what people are not offered again when they are judged.
        test: what is to be found.
    """

    folds: tuple[Fold, ...]
    fit: Interactions
    known: Interactions
    test: Interactions
    protocol: SplitProtocol
    seed: int


def split(interactions: Interactions, protocol: SplitProtocol, seed: int = 0) -> Split:
    """Part interactions by a protocol; the same seed gives the same parts.

    Raises:
        InputError: the protocol needs times that the data does not have, or leaves nothing to judge by.
    """
    data = interactions if protocol in ORDERED else first_of_each_pair(interactions)
    match protocol:
        case "stratified75":
            labels = _stratified(data, seed)
        case "random811":
            labels = _random811(data, seed)
        case "temporal":
            labels = _temporal(data)
        case "leave-one-out":
            labels = _leave_one_out(data)
    known, test = data.take(labels != TEST), data.take(labels == TEST)
    if not len(known) or not len(test):
        raise InputError(
            f"{protocol}: {len(data):,} interactions of {data.shape[0]:,} people leave "
            f"{len(known):,} to learn from and {len(test):,} to judge by",
            hint="give more data, or another protocol",
        )
    folds = []
    for fold in range(1, FOLDS + 1) if protocol == "stratified75" else (1,):
        train = data.take((labels != TEST) & (labels != fold))
        valid = data.take(labels == fold)
        if len(train) and len(valid):
            folds.append(Fold(train, valid))
    fit = folds[0].train if protocol == "random811" and folds else known
    return Split(tuple(folds), fit, known, test, protocol, seed)


def first_of_each_pair(data: Interactions) -> Interactions:
    """Each person's first interaction with each item, so that nothing to be found was seen already."""
    pairs = data.users.astype(np.int64) * data.shape[1] + data.items
    _, first = np.unique(pairs, return_index=True)
    return data if len(first) == len(data) else data.take(np.sort(first))


def _stratified(data: Interactions, seed: int) -> NDArray[np.int8]:
    """A quarter of each person's to judge by; of the rest every tenth row in turn to a fold, the others to none."""
    order, place, count = _shuffled_by_user(data, seed)
    test = np.rint(STRATIFIED_TEST * count)
    size = np.maximum(np.rint(FOLD * (count - test)), 1)
    fold = 1 + (place - test) // size
    labels = np.empty(len(order), np.int8)
    labels[order] = np.where(place < test, TEST, np.where(fold <= FOLDS, fold, TRAIN))
    return labels


def _random811(data: Interactions, seed: int) -> NDArray[np.int8]:
    """RecBole's counts: whole tenths, and one row of the training part where a tenth is less than one row."""
    order, place, count = _shuffled_by_user(data, seed)
    tenth = (0.1 * count).astype(np.int64)
    train, test = count - 2 * tenth, tenth.copy()
    lends = (tenth == 0) & (train > 1)
    test, train = test + lends, train - lends
    lends = (tenth == 0) & (train > 1)
    train = train - lends
    return _by_place(order, place, train, count - test)


def _shuffled_by_user(
    data: Interactions, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows grouped by person in random order; each one's place in its group, and the group's size."""
    shuffled = np.random.default_rng(seed).permutation(len(data))
    order = shuffled[np.argsort(data.users[shuffled], kind="stable")]
    return order, *_places(data, order)


def _places(data: Interactions, order: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    counts = np.bincount(data.users, minlength=data.shape[0]).astype(np.int64)
    starts = np.cumsum(counts) - counts
    users = data.users[order]
    return np.arange(len(order)) - starts[users], counts[users]


def _by_place(
    order: NDArray[np.int64],
    place: NDArray[np.int64],
    train: NDArray[np.floating] | NDArray[np.integer],
    until_test: NDArray[np.floating] | NDArray[np.integer],
) -> NDArray[np.int8]:
    """What each row is for, by its place among its person's."""
    labels = np.empty(len(order), np.int8)
    labels[order] = np.where(place < train, TRAIN, np.where(place < until_test, VALID, TEST))
    return labels


def _temporal(data: Interactions) -> NDArray[np.int8]:
    if data.times is None or not data.dated:
        raise InputError(
            "temporal: the data says no time",
            hint="name its column with --time, or take leave-one-out or a random protocol",
        )
    first, second = np.quantile(data.times, (TEMPORAL_TRAIN, TEMPORAL_VALID), method="lower")
    labels: NDArray[np.int8] = np.where(
        data.times <= first, TRAIN, np.where(data.times <= second, VALID, TEST)
    ).astype(np.int8)
    return labels


def _leave_one_out(data: Interactions) -> NDArray[np.int8]:
    """People with one interaction are only learnt from; those with two are judged and not tuned on."""
    if data.times is None:
        raise InputError(
            "leave-one-out: the data says no order",
            hint="name the column of the time with --time, or take stratified75 or random811",
        )
    order = np.lexsort((np.arange(len(data)), data.times, data.users))
    place, count = _places(data, order)
    test = np.where(count > 1, count - 1, count)
    return _by_place(order, place, np.where(count > 2, count - 2, test), test)
