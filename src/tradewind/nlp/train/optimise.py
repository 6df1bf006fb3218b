"""The update: AdamW on float32 master weights behind a network that may compute in bf16."""

from __future__ import annotations

import time
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from tradewind.nlp.train.config import Precision, TrainConfig

ADAM_BETAS = (0.9, 0.98)
ADAM_EPSILON = 1e-6


class Optimiser:
    """Owns the master weights, their moments and the schedule.

    Where the network computes in bf16, each update is made in float32 on a master copy and written back: bf16's
    eight bits would swallow small steps.
    """

    def __init__(self, network: nn.Module, config: TrainConfig, layers: int, total_steps: int) -> None:
        named = [
            (name, parameter) for name, parameter in network.named_parameters() if parameter.requires_grad
        ]
        self.names = [name for name, _ in named]
        self.parameters: list[Tensor] = [parameter for _, parameter in named]
        self.masters = [parameter.detach().float().clone() for parameter in self.parameters]
        self.clip = config.clip
        self.warmup_steps = max(1, round(config.warmup * total_steps))
        self.total_steps = total_steps
        self.base_rates = [_rate(name, config, layers) for name in self.names]
        groups = [
            {
                "params": [master],
                "lr": rate,
                "weight_decay": config.weight_decay if _decays(name, master) else 0.0,
            }
            for name, master, rate in zip(self.names, self.masters, self.base_rates, strict=True)
        ]
        self.adam = torch.optim.AdamW(groups, betas=ADAM_BETAS, eps=ADAM_EPSILON, fused=True)

    def factor(self, step: int) -> float:
        """Warm-up and linear decay: the share of the full rate at `step` (from 0)."""
        if step < self.warmup_steps:
            return (step + 1) / self.warmup_steps
        return max(0.0, (self.total_steps - step) / max(1, self.total_steps - self.warmup_steps))

    def update(self, step: int) -> float:
        """Clip, step, write back, clear gradients; returns the gradient's norm before clipping."""
        factor = self.factor(step)
        for group, rate in zip(self.adam.param_groups, self.base_rates, strict=True):
            group["lr"] = rate * factor
        for parameter, master in zip(self.parameters, self.masters, strict=True):
            master.grad = None if parameter.grad is None else parameter.grad.to(master.dtype)
            parameter.grad = None
        norm = torch.nn.utils.clip_grad_norm_(self.masters, self.clip)
        self.adam.step()
        self.write_back()
        return float(norm)

    def write_back(self) -> None:
        """Copy the master weights into the network."""
        with torch.no_grad():
            torch._foreach_copy_(self.parameters, self.masters)

    def read_from_network(self) -> None:
        """Take over weights that were set in the network from outside, before the first step."""
        with torch.no_grad():
            torch._foreach_copy_(self.masters, self.parameters)

    def weights(self) -> dict[str, Tensor]:
        """The master weights by parameter name; not a copy."""
        return dict(zip(self.names, self.masters, strict=True))

    def load_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Replace the master weights and the network's."""
        for name, master in zip(self.names, self.masters, strict=True):
            master.copy_(weights[name])
        self.write_back()

    def state(self) -> dict[str, Tensor]:
        """Everything that the next update depends on, as flat tensors."""
        state = {f"master/{name}": master for name, master in self.weights().items()}
        for name, master in zip(self.names, self.masters, strict=True):
            for key, value in self.adam.state.get(master, {}).items():
                state[f"{key}/{name}"] = value
        return state

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Continue from what `state` returned."""
        self.load_weights({name: state[f"master/{name}"] for name in self.names})
        for name, master in zip(self.names, self.masters, strict=True):
            if f"step/{name}" in state:
                self.adam.state[master] = {
                    key: state[f"{key}/{name}"].clone() for key in ("step", "exp_avg", "exp_avg_sq")
                }


def _rate(name: str, config: TrainConfig, layers: int) -> float:
    """Layer-wise rates (Howard and Ruder 2018): heads, then each layer below at `layer_decay` of the one above."""
    if name.startswith("heads."):
        return config.head_learning_rate
    if name.startswith("encoder.layers."):
        depth = layers - 1 - int(name.split(".")[2])
    else:
        depth = 0 if name.startswith("encoder.body.") else layers
    return config.learning_rate * config.layer_decay**depth


def _decays(name: str, parameter: Tensor) -> bool:
    return parameter.dim() > 1 and not name.startswith(("words.", "encoder.positions"))


def choose_dtype(precision: Precision, device: torch.device) -> torch.dtype:
    """bf16 or float32: as asked, or by timing one matrix product of a small encoder in both on this machine."""
    if precision != "auto":
        return torch.bfloat16 if precision == "bf16" else torch.float32
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    return (
        torch.bfloat16
        if _product_seconds(torch.bfloat16) < 0.9 * _product_seconds(torch.float32)
        else torch.float32
    )


def _product_seconds(dtype: torch.dtype) -> float:
    texts, weights = torch.ones(512, 384, dtype=dtype), torch.ones(1536, 384, dtype=dtype)
    seconds = []
    for _ in range(12):
        start = time.perf_counter()
        nn.functional.linear(texts, weights)
        seconds.append(time.perf_counter() - start)
    return min(seconds)
