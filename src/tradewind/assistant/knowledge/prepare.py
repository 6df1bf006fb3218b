"""The model that turns questions and passages into vectors: an encoder as it is, or taught with pairs.

Needs torch, which answering does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save as save_arrays

from tradewind.assistant.knowledge.embed import PASSAGE, QUESTION
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.files import replacing_folder, write_bytes, write_text
from tradewind.nlp import bundle
from tradewind.nlp.bundle import EncoderInfo, ModelInfo
from tradewind.nlp.card import card
from tradewind.nlp.data import Example
from tradewind.nlp.encoders import EncoderFolder
from tradewind.nlp.model import HeadSpec

EMBED_MODEL, PAIR_MODEL = "knowledge-embed", "knowledge-pair"
"""Names in the workspace of the two models that answering uses."""
MOST_TOKENS = 512
WITHOUT_RUN = {"dtype": "float32", "device": "cpu"}


def write_embedder(
    encoder: EncoderFolder,
    out: Path,
    texts: Sequence[str],
    *,
    precision: str | None = None,
    threads: int = 0,
    report: Callable[[str], None] = lambda _line: None,
    clock: Clock = SYSTEM_CLOCK,
) -> ModelInfo:
    """Write a model folder with the encoder as it is: mean of all tokens, no head that would have to be taught.

    Args:
        encoder: one that was made to embed, such as e5-small.
        out: the folder; replaced when the new one is whole.
        texts: passages and questions like those to come, to fit int8 ranges on.
        precision: of the graph; None takes the fastest.

    Raises:
        InputError: `out` holds something else.
        ConfigError: this CPU has not the precision.
        StorageError: the disk refused.
    """
    from tradewind.nlp.export import export_graph
    from tradewind.nlp.train.build import build_network
    from tradewind.nlp.train.config import TrainConfig

    bundle.require_replaceable(out)
    heads = (HeadSpec("embed", "embed"),)
    network, table = build_network(encoder, heads, TrainConfig(pooling="mean"))
    now = clock.now()
    origin = EncoderInfo(encoder.name, encoder.sha256, encoder.source, asdict(encoder.config))
    most = min(MOST_TOKENS, encoder.config.max_positions)
    info = ModelInfo(
        name=EMBED_MODEL,
        version=f"{now:%Y%m%d-%H%M%S}",
        created=now.isoformat(timespec="seconds"),
        encoder=origin,
        heads=heads,
        pooling="mean",
        max_tokens=most,
        training={"texts": 0, "validation_texts": 0, "steps": 0, "seconds": 0, "texts_per_s": 0}
        | WITHOUT_RUN,
    )
    examples = tuple(Example(prefix + text) for text in texts for prefix in (QUESTION, PASSAGE))
    report("exporting and measuring candidates")
    with replacing_folder(out) as folder:
        write_bytes(
            folder / bundle.EMBEDDINGS, save_arrays({"embeddings": np.asarray(table, dtype=np.float16)})
        )
        write_bytes(folder / bundle.TOKENIZER, encoder.tokenizer_path.read_bytes())
        bundle.write_info(folder, info)
        runtime = export_graph(
            network.eval(),
            folder,
            info,
            training=examples,
            validation=(),
            precision=precision,
            threads=threads,
        )
        info = replace(info, runtime=runtime)
        bundle.write_info(folder, info)
        write_text(folder / bundle.CARD, card(info))
        bundle.seal(folder)
    return info
