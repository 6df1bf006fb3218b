"""Accuracy on `pii-synth`, type by type, beside Presidio on the same texts and spans.

    python benchmarks/pii_accuracy.py --data DATA/pii-synth [--folds FOLDS.jsonl] [--match overlap]

Identifiers are found by rules, which learn nothing from the data: they are measured here on all of it. Their words of
context were written by somebody who had seen these texts. Names need a model: `--folds` takes the lines that
`pii_folds.py` printed. Presidio runs as installed, on spaCy's en_core_web_md (its default is the larger
en_core_web_lg; with that one 0.618 F1 as installed and 0.845 tuned are published, over more types).
"""

from __future__ import annotations

import argparse
import json
import platform
from pathlib import Path
from typing import cast

import pii_scoring as scoring
from pii_peer import Presidio

from tradewind.core.ids import MarketId
from tradewind.privacy.detect import Detector

MARKET = MarketId("us")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of pii-synth")
    parser.add_argument("--folds", type=Path, help="what pii_folds.py printed")
    parser.add_argument("--match", choices=("exact", "overlap"), default="exact")
    parser.add_argument("--no-peer", action="store_true", help="leave Presidio out")
    given = parser.parse_args()
    match = cast(scoring.Match, given.match)
    examples = scoring.read_pii_synth(given.data)
    texts = [example.text for example in examples]
    own = scoring.score(examples, Detector(MARKET).detect(texts), types=scoring.STRUCTURED, match=match)
    peer: dict[str, scoring.Counts] = {}
    if not given.no_peer:
        with Presidio() as presidio:
            _, found = presidio.detect(texts)
        peer = scoring.score(examples, found, match=match)
    values = {kind: count.f1 for kind, count in own.items()}
    values["structured"] = scoring.micro(own).f1
    peers = {kind: count.f1 for kind, count in peer.items()}
    if peer:
        peers["micro"] = scoring.micro(peer).f1
        peers["structured"] = scoring.micro({kind: peer[kind] for kind in scoring.STRUCTURED}).f1
    for kind, value in {**values, **_folds(given.folds, match)}.items():
        report(f"privacy.pii_synth.{match}.{kind}", value, peers.get(kind))
    for kind in [kind for kind in peers if kind not in values and given.folds is None]:
        report(f"privacy.pii_synth.{match}.{kind}", None, peers[kind])


def _folds(file: Path | None, match: str) -> dict[str, float]:
    """F1 by type of the whole detector over the five folds; it replaces that of the rules alone."""
    if file is None:
        return {}
    found = {}
    for text in file.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        prefix, _, kind = line["name"].rpartition(".")
        if prefix.endswith(match):
            found[kind] = line["value"]
    return found


def report(name: str, value: float | None, peer_value: float | None) -> None:
    ratio = value / peer_value if value is not None and peer_value else None
    line = {
        "name": name,
        "value": None if value is None else round(value, 4),
        "unit": "F1",
        "peer": "presidio",
        "peer_value": None if peer_value is None else round(peer_value, 4),
        "ratio": None if ratio is None else round(ratio, 3),
        "machine": platform.machine(),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
