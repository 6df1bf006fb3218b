"""How good the network is on validation data while it trains: one number a head, quick rather than complete."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from tradewind.nlp.model import HeadSpec
from tradewind.nlp.network import Outputs
from tradewind.nlp.train.batches import IGNORED, Batch


@dataclass
class Tally:
    """Counts of one head: hits of tries for a share; for F1 the tries are predicted plus true."""

    hits: float = 0.0
    tries: float = 0.0

    @property
    def share(self) -> float:
        return self.hits / self.tries if self.tries else 0.0


def count(
    heads: Sequence[HeadSpec], outputs: Outputs, batch: Batch, second: Tensor | None, into: dict[str, Tally]
) -> None:
    """Add one batch: accuracy for classes, micro-F1 for label sets and (non-outside) tags, partner found for embed."""
    for spec in heads:
        tally = into.setdefault(spec.name, Tally())
        if spec.task == "embed":
            assert second is not None
            first = functional.normalize(outputs["vector"].float(), dim=-1)
            nearest = (first @ functional.normalize(second.float(), dim=-1).T).argmax(1)
            _add(tally, nearest == torch.arange(len(first), device=first.device))
            continue
        logits, target = outputs[spec.name], batch.targets[spec.name].to(outputs[spec.name].device)
        if spec.task == "multilabel":
            known = ~target[:, 0].isnan()
            _add_f1(tally, logits[known] > 0, target[known] > 0, (logits[known] > 0) & (target[known] > 0))
        elif spec.task == "tag":
            known = target != IGNORED
            found, wanted = logits.argmax(-1)[known], target[known]
            _add_f1(tally, found > 0, wanted > 0, (found == wanted) & (wanted > 0))
        else:
            known = target >= 0
            _add(tally, logits.argmax(-1)[known] == target[known])


def _add(tally: Tally, correct: Tensor) -> None:
    tally.hits += float(correct.sum())
    tally.tries += len(correct)


def _add_f1(tally: Tally, predicted: Tensor, true: Tensor, both: Tensor) -> None:
    tally.hits += 2 * float(both.sum())
    tally.tries += float(predicted.sum() + true.sum())
