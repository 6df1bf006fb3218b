"""One loss a head; the run minimises their weighted mean."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tradewind.nlp.model import HeadSpec
from tradewind.nlp.network import Outputs
from tradewind.nlp.train.batches import IGNORED, Batch
from tradewind.nlp.train.items import OUT_OF_SCOPE

CONTRASTIVE_TEMPERATURE = 0.05


def loss_of(
    heads: tuple[HeadSpec, ...],
    outputs: Outputs,
    batch: Batch,
    *,
    label_smoothing: float,
    oos_weight: float,
    class_weights: dict[str, Tensor],
    second: Tensor | None = None,
) -> Tensor:
    """Mean loss over the heads that the batch is labelled for (a scalar, float32)."""
    losses = []
    for spec in heads:
        if spec.task == "embed":
            assert second is not None
            losses.append(contrastive_loss(outputs["vector"].float(), second.float()))
            continue
        logits, target = outputs[spec.name].float(), batch.targets[spec.name]
        weight = class_weights.get(spec.name)
        if spec.task == "tag":
            losses.append(tag_loss(logits, target, batch.weights, weight))
        elif spec.task == "multilabel":
            losses.append(multilabel_loss(logits, target, batch.weights, weight))
        else:
            losses.append(class_loss(logits, target, batch.weights, weight, label_smoothing, oos_weight))
    return torch.stack(losses).mean()


def class_loss(
    logits: Tensor,
    target: Tensor,
    row_weights: Tensor,
    class_weight: Tensor | None,
    label_smoothing: float,
    oos_weight: float,
) -> Tensor:
    """Smoothed cross-entropy on labelled rows; out-of-scope rows are pulled towards equal scores."""
    known = target >= 0
    outside = target == OUT_OF_SCOPE
    total = logits.sum() * 0.0
    if known.any():
        losses = functional.cross_entropy(
            logits[known], target[known], class_weight, reduction="none", label_smoothing=label_smoothing
        )
        total = total + (losses * row_weights[known]).sum()
    if outside.any():
        total = total - oos_weight * (logits[outside].log_softmax(-1).mean(-1) * row_weights[outside]).sum()
    return total / row_weights[known | outside].sum().clamp(min=1e-6)


def multilabel_loss(
    logits: Tensor, target: Tensor, row_weights: Tensor, class_weight: Tensor | None
) -> Tensor:
    """Binary cross-entropy, mean over labels and labelled rows."""
    known = ~target[:, 0].isnan()
    if not known.any():
        return logits.sum() * 0.0
    losses = functional.binary_cross_entropy_with_logits(
        logits[known], target[known], reduction="none", pos_weight=class_weight
    )
    # Summed over labels, not averaged: with 100 labels a mean would starve each of them of gradient.
    return (losses.sum(-1) * row_weights[known]).sum() / row_weights[known].sum()


def tag_loss(logits: Tensor, target: Tensor, row_weights: Tensor, class_weight: Tensor | None) -> Tensor:
    """Cross-entropy over labelled tokens."""
    known = target != IGNORED
    if not known.any():
        return logits.sum() * 0.0
    weights = row_weights[:, None].expand_as(target)[known]
    losses = functional.cross_entropy(logits[known], target[known], class_weight, reduction="none")
    return (losses * weights).sum() / weights.sum()


def contrastive_loss(first: Tensor, second: Tensor) -> Tensor:
    """Each text must find its partner among the batch's (multiple negatives ranking, Henderson et al. 2017)."""
    similarity = functional.normalize(first, dim=-1) @ functional.normalize(second, dim=-1).T
    partner = torch.arange(len(first))
    return functional.cross_entropy(similarity / CONTRASTIVE_TEMPERATURE, partner.to(similarity.device))
