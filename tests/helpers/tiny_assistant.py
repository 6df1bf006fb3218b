"""The finance pack's assistant without a network: nearest trigrams of the pack's own texts for a model.

Everything but the reading of intents is the real thing. `python tiny_assistant.py WORKSPACE [PORT]` serves it, with
the demo's page.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).parent))

import tiny

from tradewind.cli.serve import address_of, listen, run_server
from tradewind.core.settings import AssistantSettings, Settings
from tradewind.nlp.bundle import seal
from tradewind.nlp.model import HeadPrediction, Prediction
from tradewind.nlp.runtime import versions
from tradewind.packs import load
from tradewind.server import create_app

MODEL = "assistant"
NOTHING = "nothing"
"""Label of messages that ask for nothing by themselves: "19 yuan"."""
FAR = 0.82
"""Farther than this from every example a message is out of scope; more than the trigrams of short Chinese ones."""


class TinyReader(tiny.TinyEngine):
    """The nearest example of the pack, by trigrams; `read` is what the assistant asks of an engine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        examples = json.loads((folder / "examples.json").read_text(encoding="utf-8"))
        self.labels = tuple(intent for intent, texts in examples.items() for _ in texts)
        self.prototypes = np.stack([tiny.features(text) for texts in examples.values() for text in texts])

    def _one(self, text: str) -> Prediction:
        closeness = self.prototypes @ tiny.features(text)
        best = int(closeness.argmax())
        distance = float(1.0 - closeness[best])
        intent = HeadPrediction(
            head="intent",
            task="classify",
            label=self.labels[best],
            probability=1.0 - distance / 2,
            in_scope=distance <= FAR and self.labels[best] != NOTHING,
            scope_score=distance,
            scores={self.labels[best]: 1.0 - distance / 2},
        )
        return Prediction(heads=(intent,), tokens=len(text) // 4 + 2)

    def read(self, texts: Sequence[str]) -> tuple[list[Prediction], np.ndarray]:
        return self.predict(texts), np.stack([tiny.features(text) for text in texts])


def write_assistant(workspace: Path) -> Path:
    """A workspace whose live model knows the examples and the test conversations of the finance pack by heart."""
    folder = load("finance").folder
    examples: dict[str, list[str]] = {}
    for language in ("en", "zh"):
        with (folder / "examples" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                examples.setdefault(row["intent"], []).append(row["text"])
    for file in sorted((folder / "conversations").glob("*.yaml")):
        for conversation in yaml.safe_load(file.read_text(encoding="utf-8"))["conversations"]:
            for turn in conversation["turns"]:
                intent = turn.get("intent", NOTHING)
                if isinstance(intent, str) and "user" in turn:
                    examples.setdefault(intent, []).append(turn["user"])
    built = tiny.write_model(workspace / "built", name=MODEL)
    (built / "examples.json").write_text(json.dumps(examples), encoding="utf-8")
    seal(built)
    models = workspace / "models"
    _, version = versions.install(models, built)
    versions.promote(models, MODEL, version)
    return workspace


def main() -> None:
    listener = listen("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    settings = Settings(workspace=Path(sys.argv[1]), assistant=AssistantSettings(messages_per_s=50))
    app = create_app(settings, opener=TinyReader, demo=True)
    print(address_of(listener), flush=True)
    run_server(app, listener, access_log=False, log_level="info")


if __name__ == "__main__":
    main()
