"""A real, very small encoder in Hugging Face layout: random weights, a real WordPiece tokenizer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from tradewind.core.settings import Settings
from tradewind.nlp.encoders import EncoderFolder, resolve

WIDTH, LAYERS, INNER, POSITIONS = 32, 2, 64, 64
SENTENCE = (
    "card lost stolen money send transfer abroad balance how much please my the a is where i want to open "
    "account close help what rate loan fee wrong again weather pizza berlin paris from in tomorrow today"
)
WORDS = SENTENCE.split()


def write_tiny_encoder(folder: Path) -> EncoderFolder:
    """Write it to a folder and read it as any other."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]
    _write_tokenizer(folder, vocabulary)
    config = {
        "model_type": "bert", "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": 4,
        "intermediate_size": INNER, "vocab_size": len(vocabulary), "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu", "pad_token_id": 0,
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    save_file(_random_weights(len(vocabulary)), folder / "model.safetensors")
    return resolve(str(folder), Settings(cache=folder / "cache"))


def _write_tokenizer(folder: Path, vocabulary: list[str]) -> None:
    tokenizer = Tokenizer(models.WordPiece({word: i for i, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))


def _random_weights(vocabulary: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(7)

    def matrix(*shape: int) -> np.ndarray:
        return random.normal(0, 0.1, shape).astype(np.float32)

    def norm(name: str) -> dict[str, np.ndarray]:
        return {f"{name}.weight": np.ones(WIDTH, np.float32), f"{name}.bias": np.zeros(WIDTH, np.float32)}

    def dense(name: str, out: int, into: int) -> dict[str, np.ndarray]:
        return {f"{name}.weight": matrix(out, into), f"{name}.bias": np.zeros(out, np.float32)}

    weights = {
        "embeddings.word_embeddings.weight": matrix(vocabulary, WIDTH),
        "embeddings.position_embeddings.weight": matrix(POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": matrix(2, WIDTH),
        **norm("embeddings.LayerNorm"),
    }
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            weights |= dense(f"{name}.attention.self.{part}", WIDTH, WIDTH)
        weights |= dense(f"{name}.attention.output.dense", WIDTH, WIDTH) | norm(
            f"{name}.attention.output.LayerNorm"
        )
        weights |= dense(f"{name}.intermediate.dense", INNER, WIDTH) | dense(
            f"{name}.output.dense", WIDTH, INNER
        )
        weights |= norm(f"{name}.output.LayerNorm")
    return weights
