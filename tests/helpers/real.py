"""A model folder for the real engine, built without torch: words have random vectors, a label is its example's mean.

The graph is OpenVINO's and reads what `GraphInputs` says: the mean of the word vectors of each text in a row, then
the product with each label's mean.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tradewind.nlp import bundle
from tradewind.nlp.bundle import EncoderInfo, ModelInfo, RuntimeInfo
from tradewind.nlp.model import HeadSpec

WIDTH = 64
EXAMPLES = {
    "card_arrival": "where is my new card it has not arrived in the post",
    "lost_card": "i lost my card somebody stole it block it now",
    "exchange_rate": "what exchange rate do you use for dollars and euros",
}


def write_real_model(folder: Path, *, name: str = "banking", version: str = "1") -> Path:
    """Write a sealed folder that `Engine.open` takes."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    words = ["[PAD]", "[UNK]", *sorted({word for text in EXAMPLES.values() for word in text.split()})]
    table = np.random.default_rng(7).normal(size=(len(words), WIDTH)).astype(np.float16)
    _write_tokenizer(folder / bundle.TOKENIZER, words)
    save_file({"embeddings": table}, folder / bundle.EMBEDDINGS)
    means = np.stack(
        [table[[words.index(word) for word in text.split()]].mean(0) for text in EXAMPLES.values()]
    )
    _write_graph(folder / bundle.RUNTIME, means.astype(np.float32))
    info = ModelInfo(
        name=name,
        version=version,
        created="2026-11-23T12:00:00+00:00",
        encoder=EncoderInfo("words", "0" * 64, "built in the test", {}),
        heads=(HeadSpec("intent", "classify", tuple(EXAMPLES)),),
        pooling="mean",
        max_tokens=128,
        runtime=RuntimeInfo("openvino", f"{bundle.RUNTIME}/graph.xml", "f32"),
    )
    bundle.write_info(folder, info)
    bundle.seal(folder)
    return folder


def _write_tokenizer(path: Path, words: list[str]) -> None:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(
        models.WordLevel({word: number for number, word in enumerate(words)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))


def _write_graph(folder: Path, means: np.ndarray) -> None:
    import openvino
    from openvino import opset13 as ops

    embeddings = ops.parameter([-1, -1, WIDTH], np.float16, name="embeddings")
    segments, positions, firsts = (
        ops.parameter([-1, -1], np.int32, name=name) for name in ("segments", "positions", "firsts")
    )
    count = ops.squeeze(ops.gather(ops.shape_of(firsts, "i32"), np.int32([1]), np.int32(0)), np.int32(0))
    slots = ops.unsqueeze(
        ops.range(np.int32(1), ops.add(count, np.int32(1)), np.int32(1), "i32"), np.int32(1)
    )
    within = ops.convert(ops.equal(ops.unsqueeze(segments, np.int32(1)), slots), "f32")
    total = ops.matmul(within, ops.convert(embeddings, "f32"), False, False)
    vector = ops.divide(total, ops.maximum(ops.reduce_sum(within, np.int32(2), True), np.float32(1)))
    logits = ops.matmul(vector, ops.constant(means), False, True)
    model = openvino.Model([logits, vector], [embeddings, segments, positions, firsts], "words")
    folder.mkdir()
    openvino.save_model(model, folder / "graph.xml", compress_to_fp16=False)
