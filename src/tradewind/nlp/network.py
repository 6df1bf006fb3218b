"""The trainable network: a transformer encoder with one or more heads, written for short texts on CPUs.

Word embeddings stay outside: the network starts from looked-up vectors. So the run time can keep the table in a
memory-mapped file, and training touches only the rows that occur in its data.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tradewind.core.errors import InputError
from tradewind.nlp.model import HeadSpec, Pooling

if TYPE_CHECKING:
    from tradewind.nlp.encoders import EncoderConfig

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "gelu": functional.gelu,
    "relu": functional.relu,
    "silu": functional.silu,
}
Outputs = dict[str, Tensor]


class EncoderLayer(nn.Module):
    """One post-norm transformer layer (Devlin et al. 2019) with query, key and value in one matrix."""

    def __init__(self, config: EncoderConfig, dropout: float) -> None:
        super().__init__()
        self.heads = config.heads
        self.head_width = config.hidden // config.heads
        self.dropout = dropout
        self.activation = ACTIVATIONS[config.activation]
        self.query_key_value = nn.Linear(config.hidden, 3 * config.hidden)
        self.attention_output = nn.Linear(config.hidden, config.hidden)
        self.attention_norm = nn.LayerNorm(config.hidden, config.eps)
        self.intermediate = nn.Linear(config.hidden, config.intermediate)
        self.output = nn.Linear(config.intermediate, config.hidden)
        self.output_norm = nn.LayerNorm(config.hidden, config.eps)

    def forward(self, hidden: Tensor, bias: Tensor | None, *, first_only: bool = False) -> Tensor:
        """Hidden states `[B, L, H]` to `[B, L, H]`, or `[B, 1, H]` of the first token when `first_only`.

        With `first_only` the other positions' queries, projections and feed-forward are never computed: in the
        last layer under first-token pooling that saves five sixths of the layer and changes nothing.
        """
        batch, _, width = hidden.shape
        shape = (batch, -1, self.heads, self.head_width)
        if first_only:
            weight, offset = self.query_key_value.weight, self.query_key_value.bias
            key, value = functional.linear(hidden, weight[width:], offset[width:]).chunk(2, dim=-1)
            hidden = hidden[:, :1]
            query = functional.linear(hidden, weight[:width], offset[:width])
        else:
            query, key, value = self.query_key_value(hidden).chunk(3, dim=-1)
        query, key, value = (part.reshape(shape).transpose(1, 2) for part in (query, key, value))
        # Plain products: on CPUs the fused kernel's backward pass is six times slower at these lengths.
        scores = query @ key.transpose(-1, -2) * (1.0 / math.sqrt(self.head_width))
        if bias is not None:
            scores = scores + bias
        mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(batch, -1, width)
        attended = drop(self.attention_output(mixed), self.dropout, self.training)
        hidden = self.attention_norm(hidden + attended)
        expanded = self.activation(self.intermediate(hidden))
        expanded = drop(self.output(expanded), self.dropout, self.training)
        result: Tensor = self.output_norm(hidden + expanded)
        return result


class TextEncoder(nn.Module):
    """BERT, RoBERTa and XLM-R: absolute positions, learned; token type 0 is folded into the positions."""

    def __init__(self, config: EncoderConfig, dropout: float = 0.0) -> None:
        super().__init__()
        self.positions = nn.Parameter(torch.zeros(config.max_positions, config.hidden))
        self.embedding_norm = nn.LayerNorm(config.hidden, config.eps)
        self.layers = nn.ModuleList(EncoderLayer(config, dropout) for _ in range(config.layers))
        self.dropout = dropout

    def forward(self, embeddings: Tensor, mask: Tensor | None, *, first_only: bool = False) -> Tensor:
        """Word vectors `[B, L, H]` and a mask `[B, L]` (1 = token, None = no padding) to hidden states."""
        hidden: Tensor = self.embedding_norm(embeddings + self.positions[: embeddings.shape[1]])
        hidden = drop(hidden, self.dropout, self.training)
        bias = None
        if mask is not None:
            bias = ((1.0 - mask.to(hidden.dtype)) * torch.finfo(torch.float16).min)[:, None, None, :]
        last = len(self.layers) - 1
        for index, layer in enumerate(self.layers):
            hidden = layer(hidden, bias, first_only=first_only and index == last)
        return hidden


class HubEncoder(nn.Module):
    """Any other family that transformers can load and that accepts `inputs_embeds` (ModernBERT, DeBERTa …)."""

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, embeddings: Tensor, mask: Tensor | None, *, first_only: bool = False) -> Tensor:
        if mask is None:
            mask = embeddings.new_ones(embeddings.shape[:2])
        hidden: Tensor = self.body(inputs_embeds=embeddings, attention_mask=mask).last_hidden_state
        return hidden[:, :1] if first_only else hidden


class Network(nn.Module):
    """An encoder and its heads; see `forward` for what goes in and comes out."""

    def __init__(
        self,
        encoder: nn.Module,
        width: int,
        heads: Sequence[HeadSpec],
        pooling: Pooling,
        head_dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.specs = tuple(heads)
        self.pooling = pooling
        self.head_dropout = head_dropout
        self.heads = nn.ModuleDict(
            {spec.name: nn.Linear(width, len(spec.labels)) for spec in heads if spec.task != "embed"}
        )

    @property
    def needs_every_token(self) -> bool:
        """Whether hidden states of all tokens are used, by a tag head or by mean pooling."""
        return self.pooling == "mean" or any(spec.task == "tag" for spec in self.specs)

    def forward(self, embeddings: Tensor, mask: Tensor | None) -> Outputs:
        """Word vectors `[B, L, H]` to logits by head (`[B, C]`; tag heads `[B, L, C]`) and `"vector"` `[B, H]`."""
        hidden = self.encoder(embeddings, mask, first_only=not self.needs_every_token)
        return self.read(hidden, self._pool(hidden, mask))

    def read(self, hidden: Tensor | None, vector: Tensor) -> Outputs:
        """The heads on hidden states `[B, L, H]` (None where no tag head needs them) and pooled vectors `[B, H]`."""
        outputs: Outputs = {}
        for spec in self.specs:
            features = hidden if spec.task == "tag" else vector
            if spec.task != "embed" and features is not None:
                # Heads compute in float32: bf16 logits are too coarse to calibrate.
                dropped = drop(features.float(), self.head_dropout, self.training)
                outputs[spec.name] = self.heads[spec.name](dropped)
        outputs["vector"] = vector
        return outputs

    def _pool(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        if self.pooling == "cls":
            return hidden[:, 0]
        if mask is None:
            return hidden.mean(1)
        weights = mask.to(hidden.dtype)[:, :, None]
        return (hidden * weights).sum(1) / weights.sum(1)


def load_encoder(tensors: Mapping[str, np.ndarray], config: EncoderConfig, dropout: float) -> TextEncoder:
    """Build a `TextEncoder` from Hugging Face tensors named without a family prefix.

    Raises:
        InputError: a tensor is missing or has another shape than the configuration says.
    """
    encoder = TextEncoder(config, dropout)

    def take(name: str) -> Tensor:
        if name not in tensors:
            raise InputError(f"encoder weights lack {name!r}", hint="is this a BERT or RoBERTa model?")
        return torch.from_numpy(np.array(tensors[name], dtype=np.float32))

    start = config.position_offset
    positions = take("embeddings.position_embeddings.weight")[start : start + config.max_positions]
    state = {
        "positions": positions + take("embeddings.token_type_embeddings.weight")[0],
        "embedding_norm.weight": take("embeddings.LayerNorm.weight"),
        "embedding_norm.bias": take("embeddings.LayerNorm.bias"),
    }
    for index in range(config.layers):
        source = f"encoder.layer.{index}."
        for kind in ("weight", "bias"):
            parts = [take(f"{source}attention.self.{part}.{kind}") for part in ("query", "key", "value")]
            state[f"layers.{index}.query_key_value.{kind}"] = torch.cat(parts)
            for ours, theirs in LAYER_NAMES.items():
                state[f"layers.{index}.{ours}.{kind}"] = take(f"{source}{theirs}.{kind}")
    try:
        encoder.load_state_dict(state)
    except RuntimeError as error:
        raise InputError(f"encoder weights do not fit their config.json: {error}") from error
    return encoder


def drop(hidden: Tensor, share: float, training: bool) -> Tensor:
    """Inverted dropout whose random bits are drawn eight elements at a time; `share` is rounded to 1/256.

    torch draws one number an element on one CPU thread, which took a quarter of a training step.
    """
    cut = round(share * 256)
    if not training or cut == 0:
        return hidden
    words = torch.randint(-(2**63), 2**63 - 1, (-(-hidden.numel() // 8),), device=hidden.device)
    kept = words.view(torch.uint8)[: hidden.numel()].view(hidden.shape) >= cut
    return hidden * (kept.to(hidden.dtype) * (256 / (256 - cut)))


LAYER_NAMES = {
    "attention_output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "intermediate": "intermediate.dense",
    "output": "output.dense",
    "output_norm": "output.LayerNorm",
}
