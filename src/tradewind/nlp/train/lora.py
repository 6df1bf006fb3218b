"""Low-rank adapters on the encoder's matrices (Hu et al. 2021), merged into them when training ends."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class LowRankLinear(nn.Module):
    """y = W x + b + (alpha / rank) · B A x, with W and b frozen and B starting at zero."""

    def __init__(self, inner: nn.Linear, rank: int) -> None:
        super().__init__()
        self.inner = inner.requires_grad_(False)
        self.scale = 2.0  # alpha = 2 × rank
        self.down = nn.Parameter(torch.empty(rank, inner.in_features))
        self.up = nn.Parameter(torch.zeros(inner.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    @property
    def weight(self) -> Tensor:
        """The merged matrix, differentiable in the adapters: the first-token shortcut slices it."""
        return self.inner.weight + self.scale * (self.up @ self.down)

    @property
    def bias(self) -> Tensor:
        return self.inner.bias

    def forward(self, hidden: Tensor) -> Tensor:
        adapted = functional.linear(functional.linear(hidden, self.down), self.up)
        result: Tensor = self.inner(hidden) + self.scale * adapted
        return result

    def merged(self) -> nn.Linear:
        """A plain layer that computes the same."""
        with torch.no_grad():
            self.inner.weight.copy_(self.weight)
        return self.inner.requires_grad_(True)


def add_adapters(encoder: nn.Module, rank: int) -> None:
    """Freeze an encoder and put an adapter on each of its linear layers."""
    encoder.requires_grad_(False)
    for parent in list(encoder.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear):
                setattr(parent, name, LowRankLinear(child, rank))


def merge_adapters(encoder: nn.Module) -> None:
    """Put the trained adapters into the matrices: nothing is left of them at run time."""
    for parent in list(encoder.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, LowRankLinear):
                setattr(parent, name, child.merged())
