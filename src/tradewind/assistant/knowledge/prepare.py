"""The model that turns questions and passages into vectors: an encoder as it is, or taught with pairs.

Needs torch, which answering does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save as save_arrays

from tradewind.assistant.knowledge.embed import EMBED_MODEL, PAIR_MODEL, PASSAGE, QUESTION
from tradewind.assistant.knowledge.index import Index
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import InputError
from tradewind.core.files import replacing_folder, write_bytes, write_text
from tradewind.nlp import bundle
from tradewind.nlp.bundle import EncoderInfo, ModelInfo
from tradewind.nlp.card import card
from tradewind.nlp.data import Example
from tradewind.nlp.encoders import EncoderFolder
from tradewind.nlp.model import HeadSpec

MOST_TOKENS = 512
PAIR_TOKENS = 96
FEWEST_LESSONS, HELD_OUT = 100, 128
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


def train_pair_head(
    index: Index, encoder: EncoderFolder, out: Path, report: Callable[[str], None], *, threads: int = 0
) -> ModelInfo:
    """Teach a pair head which passages answer the index's known questions, and write its model folder.

    Half of the encoder's layers serve: the head reads five passages for each question. A run that was stopped goes on
    where it was.

    Args:
        index: over the articles, with the known questions.
        report: told of what is done.

    Raises:
        InputError: there are too few known questions.
    """
    from tradewind.assistant.knowledge.lessons import pair_lessons
    from tradewind.nlp.train.build import Group
    from tradewind.nlp.train.config import TrainConfig
    from tradewind.nlp.train.loop import Progress
    from tradewind.nlp.train.run import TrainRequest, train

    plain = index.tuned(replace(index.tuning, known_weight=0.0))  # they would find themselves
    lessons = pair_lessons(plain, index.asked, index.asked_vectors)
    if len(lessons) < FEWEST_LESSONS:
        raise InputError(
            f"{len(lessons)} lessons are too few", hint="add questions to questions/train.LANGUAGE.csv"
        )
    held_out = min(HELD_OUT, len(lessons) // 5)
    group = Group({"answers": "pair"}, tuple(lessons[held_out:]), tuple(lessons[:held_out]))
    config = TrainConfig(
        layers=encoder.config.layers // 2,
        epochs=2,
        max_tokens=PAIR_TOKENS,
        dropout=0.0,
        patience=0,
        checkpoint_s=20,
    )

    def tell(progress: Progress | str) -> None:
        if isinstance(progress, str):
            report(progress)
        elif progress.scores:
            report(f"epoch {progress.epoch}: {progress.scores}")

    resume = out.with_name(f"{out.name}.training").exists()
    request = TrainRequest((group,), encoder, out, PAIR_MODEL, config, threads=threads, resume=resume)
    return train(request, tell)
