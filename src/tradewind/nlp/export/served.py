"""The network as it is served: several texts a row, each attending only to itself, one pooled vector a slot.

Same weights and, but for rounding, same outputs as `tradewind.nlp.network`; only the arrangement differs. What goes
in is described by `runtime.embeddings.GraphInputs`.
"""

from __future__ import annotations

import copy
import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from tradewind.nlp.network import EncoderLayer, Network, TextEncoder

MASKED = -(2.0**14)
"""Added to the scores of tokens that must not be seen: far below any score, and exact in bfloat16."""


class ServedNetwork(nn.Module):
    """A network in evaluation mode and float32, for any number of rows, tokens and slots."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        network = copy.deepcopy(network).float().eval()
        self.network = network
        self.names = tuple(spec.name for spec in network.specs if spec.task != "embed")
        self.packs = packs(network)
        self.pool = None
        if isinstance(network.encoder, TextEncoder) and not network.needs_every_token:
            last = network.encoder.layers[-1]
            assert isinstance(last, EncoderLayer)
            self.pool = SlotLayer(last)

    def forward(
        self, embeddings: Tensor, segments: Tensor, positions: Tensor, firsts: Tensor
    ) -> tuple[Tensor, ...]:
        """Logits of each head that has labels (`[R, S, C]`; tag heads `[R, P, C]`), then vectors `[R, S, H]`."""
        slots = torch.arange(1, firsts.shape[1] + 1, dtype=segments.dtype)
        # Not 1 - (a == b): OpenVINO distributes the product over it, and in bfloat16 the terms no longer cancel.
        of_others = (segments[:, None, :] != slots[None, :, None]).float()
        if not self.packs:
            hidden = self.network.encoder(embeddings.float(), (segments > 0).float())
        else:
            hidden = self._encode(embeddings.float(), segments, positions)
        if self.pool is not None:
            vectors = self.pool(hidden, _gather(hidden, firsts), of_others * MASKED)
        elif self.network.pooling == "cls":
            vectors = _gather(hidden, firsts)
        else:
            of_slot = (segments[:, None, :] == slots[None, :, None]).float()
            vectors = of_slot @ hidden / of_slot.sum(2, keepdim=True).clamp(min=1.0)
        outputs = self.network.read(hidden, vectors)
        return (*(outputs[name] for name in self.names), vectors)

    def _encode(self, embeddings: Tensor, segments: Tensor, positions: Tensor) -> Tensor:
        encoder = self.network.encoder
        assert isinstance(encoder, TextEncoder)
        hidden: Tensor = encoder.embedding_norm(
            embeddings + functional.embedding(positions, encoder.positions)
        )
        strangers = (segments[:, None, :, None] != segments[:, None, None, :]).float()
        bias = strangers * MASKED
        for layer in encoder.layers if self.pool is None else encoder.layers[:-1]:
            hidden = layer(hidden, bias)
        return hidden


class SlotLayer(nn.Module):
    """The last layer where only the texts' first tokens are read.

    Query and key matrices are multiplied into the few queries instead of all tokens, and the value matrix into the few
    mixtures: (q Wk) h = q (Wk h) and (Σ a h) Wv = Σ a (h Wv). A key's offset adds the same to all of a query's scores
    and so nothing to their softmax; a value's is added whole because weights sum to one.
    """

    def __init__(self, layer: EncoderLayer) -> None:
        super().__init__()
        self.layer = layer
        width, heads, head_width = layer.attention_output.in_features, layer.heads, layer.head_width
        query, key, value = layer.query_key_value.weight.detach().chunk(3)
        offset, _, self.value_offset = layer.query_key_value.bias.detach().chunk(3)
        scale = 1.0 / math.sqrt(head_width)
        self.query = nn.Linear(width, width)
        self.query.weight.data, self.query.bias.data = query * scale, offset * scale
        self.key = nn.Parameter(key.reshape(heads, head_width, width).clone())
        self.value = nn.Parameter(value.reshape(heads, head_width, width).transpose(1, 2).clone())

    def forward(self, hidden: Tensor, firsts: Tensor, bias: Tensor) -> Tensor:
        """Hidden states `[R, P, H]`, those of first tokens `[R, S, H]`, bias `[R, S, P]` to vectors `[R, S, H]`."""
        layer = self.layer
        rows, slots, width = firsts.shape
        query = self.query(firsts).reshape(rows * slots, layer.heads, -1).transpose(0, 1)
        # [heads, R·S, H] to [R, heads·S, H]: all heads' queries of a row in one product with its tokens.
        query = (
            (query @ self.key)
            .reshape(layer.heads, rows, slots, width)
            .transpose(0, 1)
            .reshape(rows, -1, width)
        )
        scores = (query @ hidden.transpose(1, 2)).reshape(rows, layer.heads, slots, -1) + bias[:, None]
        mixed = scores.softmax(-1).reshape(rows, layer.heads * slots, -1) @ hidden
        mixed = mixed.reshape(rows, layer.heads, slots, width).transpose(0, 1).reshape(layer.heads, -1, width)
        mixed = (mixed @ self.value).transpose(0, 1).reshape(rows, slots, width) + self.value_offset
        vectors = layer.attention_norm(firsts + layer.attention_output(mixed))
        expanded = layer.output(layer.activation(layer.intermediate(vectors)))
        result: Tensor = layer.output_norm(vectors + expanded)
        return result


def _gather(hidden: Tensor, firsts: Tensor) -> Tensor:
    """The hidden states `[R, S, H]` at flat places `[R, S]`."""
    rows, _, width = hidden.shape
    return hidden.reshape(-1, width)[firsts.reshape(-1).long()].reshape(rows, -1, width)


def packs(network: Network) -> bool:
    """Whether several texts may share a row: encoders that transformers builds know no segments."""
    return isinstance(network.encoder, TextEncoder)
