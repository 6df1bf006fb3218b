"""Reading and writing `config.json`, the description of a network in Hugging Face layout."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tradewind.core.errors import InputError
from tradewind.nlp.encoders.model import EncoderConfig, Family

ROBERTA_TYPES = {"roberta", "xlm-roberta", "camembert"}
ACTIVATIONS = {"gelu", "relu", "silu"}

# Other families give the same sizes under other names; the first that is there counts.
SIZE_KEYS = {
    "layers": ("num_hidden_layers", "n_layers", "num_layers"),
    "hidden": ("hidden_size", "dim", "d_model"),
    "heads": ("num_attention_heads", "n_heads", "num_heads"),
    "intermediate": ("intermediate_size", "hidden_dim", "d_ff"),
    "vocab": ("vocab_size",),
}
POSITION_KEYS = ("max_position_embeddings", "n_positions")
DEFAULT_POSITIONS = 512
DEFAULT_EPS = 1e-12


def read_config(path: Path) -> EncoderConfig:
    """Read a `config.json`.

    Raises:
        InputError: the file is not JSON, lacks a size, or gives one that cannot be.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: cannot be read: {error}", hint="it must be a JSON object") from error
    if not isinstance(raw, dict):
        raise InputError(f"{path}: expected a JSON object", hint="is this a Hugging Face config.json?")
    return parse_config(raw, str(path))


def parse_config(raw: Mapping[str, Any], where: str) -> EncoderConfig:
    """Make an `EncoderConfig` of a parsed `config.json`; `where` names it in errors."""
    sizes = {name: _size(raw, keys, where) for name, keys in SIZE_KEYS.items()}
    if sizes["hidden"] % sizes["heads"]:
        raise InputError(
            f"{where}: width {sizes['hidden']} cannot be shared by {sizes['heads']} attention heads"
        )
    family = _family(raw)
    eps = raw.get("layer_norm_eps", raw.get("norm_eps", DEFAULT_EPS))
    if isinstance(eps, bool) or not isinstance(eps, int | float) or not 0 < eps < 1:
        raise InputError(
            f"{where}: the layer norm's eps is {eps!r}", hint="it is a small number such as 1e-12"
        )
    pad_id = raw.get("pad_token_id")
    pad_id = pad_id if isinstance(pad_id, int) and pad_id >= 0 else (1 if family == "roberta" else 0)
    # RoBERTa counts positions from the padding id + 1 on, a habit inherited from fairseq.
    offset = pad_id + 1 if family == "roberta" else 0
    has_positions = family != "other" or any(key in raw for key in POSITION_KEYS)
    positions = _size(raw, POSITION_KEYS, where) if has_positions else DEFAULT_POSITIONS
    if positions <= offset:
        raise InputError(f"{where}: {positions} positions leave none for text after the first {offset}")
    return EncoderConfig(
        family=family,
        **sizes,
        max_positions=positions - offset,
        position_offset=offset,
        type_vocab=_size(raw, ("type_vocab_size",), where) if raw.get("type_vocab_size") else 1,
        eps=float(eps),
        activation=_activation(raw),
        pad_id=pad_id,
    )


def as_hugging_face(config: EncoderConfig) -> dict[str, object]:
    """The `config.json` of a BERT or RoBERTa of that shape, readable by transformers too."""
    return {
        "architectures": ["BertModel" if config.family == "bert" else "RobertaModel"],
        "model_type": config.family,
        "num_hidden_layers": config.layers,
        "hidden_size": config.hidden,
        "num_attention_heads": config.heads,
        "intermediate_size": config.intermediate,
        "vocab_size": config.vocab,
        "max_position_embeddings": config.max_positions + config.position_offset,
        "type_vocab_size": config.type_vocab,
        "layer_norm_eps": config.eps,
        "hidden_act": config.activation,
        "pad_token_id": config.pad_id,
        "position_embedding_type": "absolute",
    }


def _family(raw: Mapping[str, Any]) -> Family:
    ours = raw.get("position_embedding_type", "absolute") == "absolute" and _activation(raw) in ACTIVATIONS
    kind = raw.get("model_type")
    if ours and kind == "bert":
        return "bert"
    if ours and kind in ROBERTA_TYPES:
        return "roberta"
    return "other"


def _activation(raw: Mapping[str, Any]) -> str:
    return str(raw.get("hidden_act") or raw.get("hidden_activation") or raw.get("activation") or "gelu")


def _size(raw: Mapping[str, Any], keys: tuple[str, ...], where: str) -> int:
    for key in keys:
        if key in raw:
            value = raw[key]
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise InputError(f"{where}: {key!r} is {value!r}", hint="it must be a whole number above 0")
            return value
    raise InputError(f"{where}: {keys[0]!r} is missing", hint="is this the config.json of a text encoder?")
