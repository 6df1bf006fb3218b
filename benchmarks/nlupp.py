"""NLU++ (banking): several intents at once, and slots, learned from one or two folds of twenty.

Protocols of the paper (Casanueva et al. 2022, arXiv:2204.13021): "20-fold" trains on one fold (about 100 messages) and
tests on the other nineteen, "10-fold" on two folds and tests on the other eighteen; figures are means over the folds.
Intents are scored by micro F1 over all labels, those that a training fold lacks included; slots by micro F1 of exact
spans with their type. The settings below were fixed before any test fold was scored. A probability becomes a label at
half of the F1 that may be hoped for (Lipton et al. 2014, arXiv:1402.1892: that threshold is the best one for F1).

    python benchmarks/nlupp.py --data DATA/nlupp-banking --out DIR
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tradewind.core.settings import load_settings
from tradewind.nlp.data import Example
from tradewind.nlp.encoders import EncoderFolder, pull
from tradewind.nlp.model import Prediction, Span
from tradewind.nlp.runtime import Engine
from tradewind.nlp.train.build import Group
from tradewind.nlp.train.config import TrainConfig
from tradewind.nlp.train.run import TrainRequest, train

FOLDS = 20
PROTOCOLS = {"20-fold": 1, "10-fold": 2}
TEXTS = 4_000
"""Texts that a run sees, passes over its messages counted."""
THRESHOLD = 0.35
"""Half of an F1 of 0.7."""


def read(folder: Path) -> list[list[Example]]:
    folds = []
    for number in range(FOLDS):
        rows = json.loads((folder / f"fold{number}.json").read_text(encoding="utf-8"))
        folds.append([_example(row) for row in rows])
    return folds


def _example(row: dict[str, Any]) -> Example:
    spans: list[Span] = []
    found = [Span(name, *slot["span"]) for name, slot in row.get("slots", {}).items()]
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not spans or span.start >= spans[-1].end:  # a tagger cannot mark one word twice
            spans.append(span)
    return Example(row["text"], labels=tuple(row.get("intents", ())), spans=tuple(spans), lang="en")


def wanted_spans(folder: Path) -> list[list[set[tuple[str, int, int]]]]:
    """All slots, overlapping ones too: what the slots are scored against."""
    return [
        [
            {(name, *slot["span"]) for name, slot in row.get("slots", {}).items()}
            for row in json.loads((folder / f"fold{number}.json").read_text(encoding="utf-8"))
        ]
        for number in range(FOLDS)
    ]


def taught(rows: Sequence[Example], encoder: EncoderFolder, out: Path) -> Engine:
    config = TrainConfig(epochs=TEXTS / len(rows), batch_size=16, patience=0, max_tokens=96, word_dropout=0.1)
    group = Group({"intents": "multilabel", "slots": "tag"}, tuple(rows), ())
    request = TrainRequest((group,), encoder, out, "nlupp", config, serve_precision="f32")
    train(request, lambda _: None)
    return Engine.open(out, verify=False)


def scores(predictions: Sequence[Prediction]) -> list[dict[str, float]]:
    return [dict(prediction.heads[0].scores) for prediction in predictions]


def f1(hits: int, found: int, wanted: int) -> float:
    return 2 * hits / (found + wanted) if found + wanted else 0.0


def intent_f1(own: Sequence[dict[str, float]], rows: Sequence[Example], threshold: float) -> float:
    chosen = [{label for label, value in each.items() if value >= threshold} for each in own]
    hits = sum(len(labels & set(row.labels or ())) for labels, row in zip(chosen, rows, strict=True))
    return f1(hits, sum(map(len, chosen)), sum(len(row.labels or ()) for row in rows))


def run(
    protocol: str, folds: list[list[Example]], slots: list[list[set[tuple[str, int, int]]]],
    encoder: EncoderFolder, out: Path, first: int, last: int,
) -> None:  # fmt: skip
    width = PROTOCOLS[protocol]
    done = out / f"{protocol}.jsonl"
    known = {json.loads(line)["run"] for line in done.read_text().splitlines()} if done.exists() else set()
    for number in range(FOLDS // width):
        if number in known or not first <= number < last:
            continue
        own = range(number * width, number * width + width)
        rows = [row for fold in own for row in folds[fold]]
        tests = [row for fold in range(FOLDS) if fold not in own for row in folds[fold]]
        wanted = [spans for fold in range(FOLDS) if fold not in own for spans in slots[fold]]
        with taught(rows, encoder, out / "model") as engine:
            predictions = engine.predict([row.text for row in tests])
        marked = [{(s.type, s.start, s.end) for s in each.heads[1].spans} for each in predictions]
        hits = sum(len(found & right) for found, right in zip(marked, wanted, strict=True))
        result = {
            "run": number,
            "train": len(rows),
            "test": len(tests),
            "intent_f1": intent_f1(scores(predictions), tests, THRESHOLD),
            "intent_f1_at_half": intent_f1(scores(predictions), tests, 0.5),
            "slot_f1": f1(hits, sum(map(len, marked)), sum(map(len, wanted))),
        }
        with done.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result) + "\n")


def summary(protocol: str, out: Path) -> None:
    done = out / f"{protocol}.jsonl"
    runs = [json.loads(line) for line in done.read_text().splitlines()] if done.exists() else []
    if not runs:
        return
    for name in ("intent_f1", "intent_f1_at_half", "slot_f1"):
        values = [run[name] for run in runs]
        spread = statistics.stdev(values) if len(values) > 1 else None
        print(
            json.dumps(
                {"name": f"nlupp.{protocol}.{name}", "value": float(np.mean(values)), "unit": "F1",
                 "runs": len(runs), "deviation": spread}
            ),
            flush=True,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder nlupp-banking")
    parser.add_argument("--out", type=Path, required=True, help="folder for the model and the folds' figures")
    parser.add_argument("--encoder", default="minilm-l6")
    parser.add_argument("--protocol", action="append", choices=list(PROTOCOLS), help="both when left out")
    parser.add_argument("--first", type=int, default=0, help="first run; finished runs are kept in OUT")
    parser.add_argument("--last", type=int, default=FOLDS, help="the run to stop before")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    folds, slots = read(arguments.data), wanted_spans(arguments.data)
    encoder = pull(arguments.encoder, load_settings(None), lambda *_: None)
    for protocol in arguments.protocol or PROTOCOLS:
        run(protocol, folds, slots, encoder, arguments.out, arguments.first, arguments.last)
        summary(protocol, arguments.out)


if __name__ == "__main__":
    main()
