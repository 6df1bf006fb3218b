"""Batches in which hardly a padding token is computed, in an order that a seed and an epoch determine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tradewind.nlp.model import HeadSpec
from tradewind.nlp.train.items import Ids, Item

POOL_BATCHES = 64
MOST_TOKENS = 16_384
IGNORED = -100


@dataclass(frozen=True)
class Batch:
    """Padded ids int64 `[B, L]`, mask float32 `[B, L]` (None: no padding), targets by head, weights `[B]`.

    Rows not labelled for a head have −100 (class, tag) or NaN (multilabel) as its target. `second` holds ids and
    mask of the other texts of an embed head.
    """

    ids: Tensor
    mask: Tensor | None
    targets: Mapping[str, Tensor]
    weights: Tensor
    second: tuple[Tensor, Tensor | None] | None = None

    def __len__(self) -> int:
        return len(self.ids)


def order(lengths: Sequence[int], batch_size: int, seed: int, epoch: int) -> list[list[int]]:
    """One epoch's batches of item indices: shuffled, then sorted by length within pools of 64 batches.

    Pools keep neighbours alike in length (about 2 % padding on Banking77) while batches stay random; a batch of
    long texts is split so that none holds more than 16,384 tokens.
    """
    random = np.random.default_rng((seed, epoch))
    shuffled = random.permutation(len(lengths))
    sizes = np.asarray(lengths)
    batches: list[list[int]] = []
    for start in range(0, len(shuffled), batch_size * POOL_BATCHES):
        pool = shuffled[start : start + batch_size * POOL_BATCHES]
        pool = pool[np.argsort(sizes[pool], kind="stable")]
        for first in range(0, len(pool), batch_size):
            batches += _split(pool[first : first + batch_size].tolist(), lengths)
    return [batches[number] for number in random.permutation(len(batches))]


def _split(indices: list[int], lengths: Sequence[int]) -> list[list[int]]:
    if len(indices) == 1 or len(indices) * max(lengths[index] for index in indices) <= MOST_TOKENS:
        return [indices]
    middle = len(indices) // 2
    return _split(indices[:middle], lengths) + _split(indices[middle:], lengths)


def collate(items: Sequence[Item], heads: Sequence[HeadSpec]) -> Batch:
    """Pad items into one batch."""
    ids, mask = pad([item.ids for item in items])
    second = None
    if items[0].second_ids is not None:
        second = pad([item.second_ids for item in items if item.second_ids is not None])
    targets = {spec.name: _stack(spec, items, ids.shape[1]) for spec in heads if spec.task != "embed"}
    return Batch(ids, mask, targets, torch.tensor([item.weight for item in items]), second)


def pad(sequences: Sequence[Ids]) -> tuple[Tensor, Tensor | None]:
    """Ids `[B, L]` padded with 0, and the mask, None where nothing is padded."""
    length = max(len(ids) for ids in sequences)
    padded = np.zeros((len(sequences), length), dtype=np.int64)
    mask = np.zeros((len(sequences), length), dtype=np.float32)
    for row, ids in enumerate(sequences):
        padded[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
    return torch.from_numpy(padded), None if mask.all() else torch.from_numpy(mask)


def _stack(spec: HeadSpec, items: Sequence[Item], length: int) -> Tensor:
    found = [item.targets.get(spec.name) for item in items]
    if spec.task == "tag":
        tags = np.full((len(items), length), IGNORED, dtype=np.int64)
        for row, target in enumerate(found):
            if isinstance(target, np.ndarray):
                tags[row, : len(target)] = target
        return torch.from_numpy(tags)
    if spec.task == "multilabel":
        missing = np.full(len(spec.labels), np.nan, dtype=np.float32)
        return torch.from_numpy(
            np.stack([missing if target is None else np.asarray(target) for target in found])
        )
    return torch.tensor([IGNORED if target is None else target for target in found])
