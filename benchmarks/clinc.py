"""CLINC150 as the assistant would understand it: in-scope accuracy and out-of-scope recall at its own threshold.

The threshold is the one that training fitted on in-scope validation texts; the assistant adds phrases and the second
look at clauses, and both are in these figures. An in-scope text that is turned away counts as wrong.

    tradewind train --data DATA/clinc150/data_full.json#train,oos_train --oos-label oos --encoder minilm-l6 \
        --validation DATA/clinc150/data_full.json#val,oos_val --epochs 5 --out MODEL
    python benchmarks/clinc.py MODEL --data DATA/clinc150
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tradewind.assistant.understanding import ModelUnderstander
from tradewind.assistant.understanding.understand import INTENT
from tradewind.core.ids import MarketId
from tradewind.markets import load_markets
from tradewind.nlp.model import Floats, Prediction
from tradewind.nlp.runtime import Engine
from tradewind.packs import Pack


class OneHead:
    """An engine whose only head is taken for intents, whatever it was called when it was trained."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, texts: Sequence[str]) -> tuple[list[Prediction], Floats]:
        predictions, vectors = self._engine.read(texts)
        return [replace(each, heads=(replace(each.heads[0], head=INTENT),)) for each in predictions], vectors


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the folder clinc150")
    arguments = parser.parse_args()
    rows = json.loads((arguments.data / "data_full.json").read_text(encoding="utf-8"))
    pack = Pack("clinc", 1, "any", {}, "CLINC150", ("en",), (), arguments.data)
    with Engine.open(arguments.model) as engine:
        understander = ModelUnderstander(OneHead(engine), pack, load_markets())
        inside, outside = (
            understander.understand([text for text, _ in rows[part]], MarketId("us"))
            for part in ("test", "oos_test")
        )
    right = sum(
        found.in_scope and found.intents[0].name == label
        for found, (_, label) in zip(inside, rows["test"], strict=True)
    )
    several = sum(len(found.intents) > 1 for found in inside)
    refused = sum(not found.in_scope for found in outside)
    for name, value in (
        ("assistant.clinc_in_scope_accuracy", right / len(inside)),
        ("assistant.clinc_oos_recall", refused / len(outside)),
        ("assistant.clinc_several_intents", several / len(inside)),
    ):
        print(json.dumps({"name": name, "value": round(value, 4), "unit": "share"}))


if __name__ == "__main__":
    main()
