"""config.json of the families, and of none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewind.core.errors import InputError
from tradewind.nlp.encoders import EncoderConfig
from tradewind.nlp.encoders.config import as_hugging_face, parse_config, read_config

BERT: dict[str, Any] = {
    "model_type": "bert",
    "num_hidden_layers": 6,
    "hidden_size": 384,
    "num_attention_heads": 12,
    "intermediate_size": 1536,
    "vocab_size": 30522,
    "max_position_embeddings": 512,
    "type_vocab_size": 2,
    "layer_norm_eps": 1e-12,
    "hidden_act": "gelu",
    "pad_token_id": 0,
}
XLM_R = BERT | {
    "model_type": "xlm-roberta",
    "max_position_embeddings": 514,
    "pad_token_id": 1,
    "type_vocab_size": 1,
}


def test_a_bert_counts_positions_from_nought() -> None:
    config = parse_config(BERT, "config.json")
    assert config == EncoderConfig("bert", 6, 384, 12, 1536, 30522, 512, 0, 2, 1e-12, "gelu", 0)


def test_xlm_roberta_counts_positions_after_the_padding_id() -> None:
    config = parse_config(XLM_R, "config.json")
    assert (config.family, config.max_positions, config.position_offset) == ("roberta", 512, 2)
    assert (config.pad_id, config.type_vocab) == (1, 1)


@pytest.mark.parametrize("raw", [BERT, XLM_R])
def test_what_is_written_reads_back(raw: dict[str, Any]) -> None:
    config = parse_config(raw, "config.json")
    assert parse_config(as_hugging_face(config), "config.json") == config


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "modernbert", "hidden_activation": "gelu", "hidden_act": None, "norm_eps": 1e-5},
        {"position_embedding_type": "relative_key"},
        {"hidden_act": "gelu_new"},
    ],
)
def test_what_the_own_network_cannot_compute_is_left_to_transformers(change: dict[str, Any]) -> None:
    assert parse_config(BERT | change, "config.json").family == "other"


def test_other_families_name_their_sizes_otherwise() -> None:
    raw = {"model_type": "distilbert", "n_layers": 6, "dim": 768, "n_heads": 12, "hidden_dim": 3072}
    config = parse_config(raw | {"vocab_size": 30522, "max_position_embeddings": 512}, "config.json")
    assert (config.family, config.layers, config.hidden, config.intermediate) == ("other", 6, 768, 3072)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hidden_size": None}, "'hidden_size' is None"),
        ({"num_hidden_layers": 0}, "'num_hidden_layers' is 0"),
        ({"vocab_size": True}, "'vocab_size' is True"),
        ({"num_attention_heads": 7}, "384 cannot be shared by 7"),
        ({"layer_norm_eps": "small"}, "eps is 'small'"),
        ({"max_position_embeddings": 2, "model_type": "roberta", "pad_token_id": 1}, "none for text"),
    ],
)
def test_a_size_that_cannot_be_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=f"config.json: .*{says}"):
        parse_config(BERT | change, "config.json")


def test_a_missing_size_is_named() -> None:
    without = {key: value for key, value in BERT.items() if key != "intermediate_size"}
    with pytest.raises(InputError, match="'intermediate_size' is missing"):
        parse_config(without, "config.json")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe{}"])
def test_a_file_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"config\.json: (cannot be read|expected)"):
        read_config(path)
