"""Personal data in `pii-synth`, five folds disjoint by template: what a model finds in texts of forms it never saw.

For each fold the shipped model of names goes on training on the other four folds, mixed with fresh generated
sentences; then the whole detector, rules and model together, reads the fold's own rows. Counts are pooled over the
folds. One JSON line a type and match, then the micro average; `pii_scoring` says what counts as right.

    python benchmarks/pii_folds.py --data DATA/pii-synth --model built/pii
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pii_scoring as scoring

from tradewind.cli.privacy_train import HEAD, example_of, recipe
from tradewind.cli.train import obtain_encoder
from tradewind.core.ids import MarketId
from tradewind.core.settings import Settings, load_settings
from tradewind.nlp import bundle
from tradewind.nlp.data import Example
from tradewind.nlp.model import Span
from tradewind.nlp.runtime import Engine
from tradewind.nlp.train.build import Group
from tradewind.nlp.train.loop import Progress
from tradewind.nlp.train.run import TrainRequest, train
from tradewind.privacy.detect import Detector
from tradewind.privacy.model import NAME_TYPES, PiiSpan
from tradewind.privacy.names.generate import generate
from tradewind.workspace import ModelNames

MARKET = MarketId("us")
SEED = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of pii-synth")
    parser.add_argument(
        "--model", type=Path, required=True, help="what `tradewind privacy train --out` wrote"
    )
    parser.add_argument("--epochs", type=float, default=3.0, help="passes over the four folds")
    parser.add_argument("--fresh", type=int, default=1_500, help="generated sentences among them")
    parser.add_argument("--learning-rate", type=float, default=2e-4)
    parser.add_argument("--precision", default="f32", help="of the served graph; f32 saves the choice")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--misses", type=Path, help="write what was missed or wrong here, a JSON line each")
    given = parser.parse_args()
    settings = load_settings(None)
    examples = scoring.read_pii_synth(given.data)
    totals: dict[str, dict[str, scoring.Counts]] = {"exact": {}, "overlap": {}}
    misses = given.misses.open("w", encoding="utf-8") if given.misses else None
    for number, fold in enumerate(scoring.folds(examples)):
        held_out = [examples[row] for row in fold]
        others = [example for row, example in enumerate(examples) if row not in set(fold)]
        with tempfile.TemporaryDirectory() as folder:
            continued(others, Path(folder) / "pii", given, settings, seed=SEED + number)
            with Engine.open(Path(folder) / "pii", threads=given.threads) as engine:
                found = Detector(MARKET, ModelNames(engine)).detect([example.text for example in held_out])
        for match, pooled in totals.items():
            counts = scoring.score(held_out, found, match=match)  # type: ignore[arg-type]
            for kind, count in counts.items():
                pooled[kind] = pooled.get(kind, scoring.Counts()) + count
            note = f"fold {number}: {match} micro F1 {scoring.micro(counts).f1:.4f}"
            print(note, file=sys.stderr, flush=True)
        if misses:
            for example, spans in zip(held_out, found, strict=True):
                write_misses(misses, example, spans)
    for match, pooled in totals.items():
        for kind, count in [*pooled.items(), ("micro", scoring.micro(pooled))]:
            print(json.dumps(line(f"privacy.pii_synth.{match}.{kind}", count)), flush=True)


def continued(
    others: Sequence[scoring.Example], out: Path, given: argparse.Namespace, settings: Settings, seed: int
) -> None:
    """Train the model on, on the other folds and fresh sentences; the folder is written at `out`."""
    info = bundle.read_info(given.model)
    rows = [taught(example) for example in others]
    fresh = [example_of(sentence) for sentence in generate(given.fresh + 200, seed=seed)]
    config = replace(
        recipe(layers=info.encoder.config["layers"], seed=seed, epochs=given.epochs),
        learning_rate=given.learning_rate,
    )
    request = TrainRequest(
        groups=(Group({HEAD: "tag"}, (*rows, *fresh[200:]), tuple(fresh[:200])),),
        encoder=obtain_encoder(info.encoder.name, settings),
        out=out,
        name="pii",
        config=config,
        serve_precision=given.precision,
        threads=given.threads,
        start=given.model,
    )
    train(request, say)


def taught(example: scoring.Example) -> Example:
    """A row as the tagger is taught it: names, organisations, addresses and places only."""
    spans = sorted((s for s in example.spans if s.type in NAME_TYPES), key=lambda span: span.start)
    return Example(example.text, spans=tuple(Span(s.type, s.start, s.end) for s in spans), lang="en")


def say(progress: Progress | str) -> None:
    if isinstance(progress, str) or progress.scores:
        print(progress if isinstance(progress, str) else progress.scores, file=sys.stderr, flush=True)


def line(name: str, count: scoring.Counts) -> dict[str, object]:
    return {
        "name": name,
        "value": round(count.f1, 4),
        "unit": "F1",
        "precision": round(count.precision, 4),
        "recall": round(count.recall, 4),
        "marked": count.right + count.missed,
    }


def write_misses(file: object, example: scoring.Example, found: Sequence[PiiSpan]) -> None:
    """The marked and found spans of a row that was not read wholly right."""
    counts = scoring.score([example], [found])
    if any(count.wrong or count.missed for count in counts.values()):
        kinds = [kind for kind, count in counts.items() if count.wrong or count.missed]
        shown = {
            "text": example.text,
            "marked": [
                (s.type, example.text[s.start : s.end])
                for s in example.spans
                if scoring.merged(s.type) in kinds
            ],
            "found": [
                (s.type, example.text[s.start : s.end]) for s in found if scoring.merged(s.type) in kinds
            ],
        }
        print(json.dumps(shown, ensure_ascii=False), file=file, flush=True)  # type: ignore[call-overload]


if __name__ == "__main__":
    main()
