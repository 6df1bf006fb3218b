"""Training throughput on Banking77: Tradewind beside Hugging Face's Trainer at its defaults and the textbook loop.

Same encoder, data and dropout, one process, rounds interleaved; figures are medians of the rounds' ratios. With
`--accuracy` both Tradewind and Trainer also train for the same number of epochs and are tested.

    python benchmarks/train.py --data DATA/banking77 [--rounds 3] [--accuracy 3]
"""

from __future__ import annotations

import argparse
import json
import logging
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from tradewind.core.settings import load_settings
from tradewind.nlp.data import Columns, Example, read
from tradewind.nlp.encoders import EncoderFolder, resolve
from tradewind.nlp.train.build import Group, Prepared, prepare
from tradewind.nlp.train.config import TrainConfig
from tradewind.nlp.train.loop import Progress

OUR_TEXTS, TRAINER_TEXTS, TEXTBOOK_TEXTS = 1600, 320, 16
WARM_STEPS = 5
TEXTBOOK_LENGTH = 512
Rows = list[tuple[list[int], int]]


def prepared(
    encoder: EncoderFolder, train: tuple[Example, ...], test: tuple[Example, ...], epochs: float
) -> Prepared:
    config = TrainConfig(epochs=epochs, patience=0, checkpoint_s=1e9)
    return prepare([Group({"intent": "classify"}, train, test)], encoder, config, None)


def ours(encoder: EncoderFolder, train: tuple[Example, ...]) -> float:
    """Texts a second of the training loop, first steps left out."""
    run = prepared(encoder, train[:OUR_TEXTS], train[:32], 1)
    times: list[float] = []

    def note(progress: Progress) -> None:
        if progress.scores is None:
            times.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        run.trainer.run(Path(folder), run.fingerprint, resume=False, report=note)
    steps = len(times) - WARM_STEPS
    return steps * run.trainer.config.batch_size / (times[-1] - times[WARM_STEPS - 1])


def hugging_face(
    encoder: EncoderFolder, rows: Rows, labels: int, epochs: float | None
) -> tuple[float, object]:
    """Trainer with every argument at its default: batch 8, float32, dynamic padding."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

    model = AutoModelForSequenceClassification.from_pretrained(str(encoder.path), num_labels=labels)
    data = [{"input_ids": ids, "attention_mask": [1] * len(ids), "labels": label} for ids, label in rows]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder, report_to=[], save_strategy="no", logging_strategy="no", disable_tqdm=True,
            **({"num_train_epochs": epochs} if epochs else {"max_steps": TRAINER_TEXTS // 8}),
        )  # fmt: skip
        tokenizer = AutoTokenizer.from_pretrained(str(encoder.path))
        trainer = Trainer(model=model, args=arguments, train_dataset=data, processing_class=tokenizer)
        metrics = trainer.train().metrics
    return float(metrics["train_samples_per_second"]), model


def textbook(encoder: EncoderFolder, rows: Rows, labels: int) -> float:
    """The loop of the tutorials: pad to 512, float32, batch 16, AdamW."""
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(str(encoder.path), num_labels=labels).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-5)
    batch = rows[:TEXTBOOK_TEXTS]
    ids = torch.zeros(len(batch), TEXTBOOK_LENGTH, dtype=torch.long)
    for row, (tokens, _) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
    target = torch.tensor([label for _, label in batch])
    start = time.perf_counter()
    model(input_ids=ids, attention_mask=(ids != 0).long(), labels=target).loss.backward()
    optimiser.step()
    optimiser.zero_grad()
    return len(batch) / (time.perf_counter() - start)


def accuracy(encoder: EncoderFolder, train: tuple[Example, ...], test: tuple[Example, ...], rows: Rows, epochs: float,
             test_rows: Rows, labels: int) -> tuple[float, float]:  # fmt: skip
    """Test accuracy of both after the same number of epochs."""
    run = prepared(encoder, train, test, epochs)
    with tempfile.TemporaryDirectory() as folder:
        run.trainer.run(Path(folder), run.fingerprint, resume=False, report=lambda _: None)
    _, model = hugging_face(encoder, rows, labels, epochs)
    assert isinstance(model, torch.nn.Module)
    model.eval()
    hits = 0
    with torch.no_grad():
        for ids, label in test_rows:
            hits += int(model(input_ids=torch.tensor([ids])).logits.argmax() == label)
    return run.trainer.evaluate()["intent"], hits / len(test_rows)


def emit(name: str, value: float, unit: str, peer: str, peer_value: float, ratio: float) -> None:
    machine = f"{platform.machine()}, {torch.get_num_threads()} threads, torch {torch.__version__}"
    figures = {"value": round(value, 4), "unit": unit, "peer": peer, "peer_value": round(peer_value, 4)}
    print(json.dumps({"name": name, **figures, "ratio": round(ratio, 2), "machine": machine}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with Banking77's train.csv and test.csv"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--accuracy", type=float, metavar="EPOCHS", help="also train both to the end and test"
    )
    arguments = parser.parse_args()
    logging.getLogger("transformers").setLevel(logging.ERROR)
    encoder = resolve("minilm-l6", load_settings())
    columns = Columns(label="category")
    train, test = (
        read(arguments.data / f"{part}.csv", ["classify"], columns).examples for part in ("train", "test")
    )
    train = tuple(
        train[row] for row in torch.randperm(len(train), generator=torch.Generator().manual_seed(0))
    )
    labels = sorted({example.label or "" for example in train})
    rows, test_rows = (_encoded(encoder, part, labels) for part in (train, test))
    measure: dict[str, Callable[[], float]] = {
        "trainer": lambda: hugging_face(encoder, rows, len(labels), None)[0],
        "textbook": lambda: textbook(encoder, rows, len(labels)),
        "ours": lambda: ours(encoder, train),
    }
    found: dict[str, list[float]] = {name: [] for name in measure}
    for _ in range(arguments.rounds):
        for name, run in measure.items():
            found[name].append(run())
    for peer, name in (("trainer", "train.throughput_vs_hf"), ("textbook", "train.throughput_vs_textbook")):
        ratio = statistics.median(a / b for a, b in zip(found["ours"], found[peer], strict=True))
        emit(name, statistics.median(found["ours"]), "texts/s", peer, statistics.median(found[peer]), ratio)
    if arguments.accuracy:
        mine, theirs = accuracy(encoder, train, test, rows, arguments.accuracy, test_rows, len(labels))
        emit(
            f"train.accuracy_after_{arguments.accuracy:g}_epochs",
            mine,
            "share",
            "trainer",
            theirs,
            mine / theirs,
        )


def _encoded(encoder: EncoderFolder, examples: tuple[Example, ...], labels: list[str]) -> Rows:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder.tokenizer_path))
    tokenizer.no_padding()
    encodings = tokenizer.encode_batch([example.text for example in examples])
    return [
        (encoding.ids, labels.index(example.label or ""))
        for encoding, example in zip(encodings, examples, strict=True)
    ]


if __name__ == "__main__":
    main()
