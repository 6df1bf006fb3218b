"""Taught in English, working elsewhere: intents and slots trained on English only, tested in nine languages.

Trains on xnlu/en, snips and xsid/en.valid; tests on xnlu/es and on xsid's test files. The three sources name some
intents and slots differently; `SNIPS_*` and `XNLU_SLOTS` bring them to xSID's names (van der Goot et al. 2021, who
merged the same two sources).

    python benchmarks/crosslingual.py --data DATA --out crosslingual-model
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
LANGUAGES = ("de", "ja", "zh", "it", "nl", "id", "tr", "ar")
SNIPS_INTENTS = {"GetWeather": "weather/find"}
SNIPS_SLOTS = {
    "timeRange": "datetime", "year": "datetime", "city": "location", "state": "location", "country": "location",
    "geographic_poi": "location", "poi": "location", "current_location": "location", "spatial_relation": "location",
    "playlist_owner": "reference",
}  # fmt: skip
XNLU_SLOTS = {"reminder/reference": "reference", "reminder/recurring_period": "recurring_datetime"}
# Slots that xSID does not annotate.
DROPPED_SLOTS = {
    "weather/noun", "reminder/noun", "weather/temperatureUnit", "alarm/alarm_modifier", "negation", "news/type",
    "reminder/reminder_modifier", "demonstrative_reference",
}  # fmt: skip


def snips(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.json")):
        for intent, sentences in json.loads(path.read_text(encoding="utf-8", errors="replace")).items():
            for sentence in sentences:
                text, spans = "", []
                for piece in sentence["data"]:
                    if "entity" in piece:
                        name = SNIPS_SLOTS.get(piece["entity"], piece["entity"])
                        spans.append(
                            {"type": name, "start": len(text), "end": len(text) + len(piece["text"])}
                        )
                    text += piece["text"]
                yield _row(text, SNIPS_INTENTS.get(intent, intent), spans, "en")


def xnlu(path: Path, language: str) -> Iterator[Row]:
    for line in path.read_text(encoding="utf-8").splitlines():
        intent, slots, text = line.split("\t")[:3]
        spans = []
        for slot in filter(None, slots.split(",")):
            start, end, name = slot.split(":", 2)
            if name not in DROPPED_SLOTS:
                spans.append({"type": XNLU_SLOTS.get(name, name), "start": int(start), "end": int(end)})
        yield _row(text, intent, spans, language)


def xsid(path: Path) -> Iterator[Row]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield _row(row["text"], row["intent"], list(_token_spans(row)), row["lang"])


def _token_spans(row: Row) -> Iterator[Row]:
    """Character spans of BIO tags, by finding the tokens one after another in the text."""
    position, open_span = 0, None
    for token, tag in zip(row["tokens"], row["slots"], strict=True):
        start = row["text"].index(token, position)
        position = start + len(token)
        if open_span is not None and tag == f"I-{open_span['type']}":
            open_span["end"] = position
            continue
        if open_span is not None:
            yield open_span
        open_span = None if tag == "O" else {"type": tag[2:], "start": start, "end": position}
    if open_span is not None:
        yield open_span


def _row(text: str, intent: str, spans: list[Row], language: str) -> Row:
    # Some sources keep stray blanks at the ends of texts and spans.
    trimmed = []
    for span in spans:
        piece = text[span["start"] : span["end"]]
        start = span["start"] + len(piece) - len(piece.lstrip())
        end = span["end"] - (len(piece) - len(piece.rstrip()))
        if 0 <= start < end <= len(text):
            trimmed.append({**span, "start": start, "end": end})
    return {"text": text, "label": intent, "spans": trimmed, "lang": language}


def write(path: Path, rows: Iterable[Row], known: set[str] | None = None) -> set[str]:
    """Write JSON lines; with `known`, spans of types that were never taught are left out. Returns the span types."""
    types: set[str] = set()
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            kept = [span for span in row["spans"] if known is None or span["type"] in known]
            types |= {span["type"] for span in kept}
            file.write(json.dumps({**row, "spans": kept}, ensure_ascii=False) + "\n")
    return types


def tradewind(*arguments: str) -> str:
    command = [sys.executable, "-m", "tradewind", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with xnlu, snips and xsid")
    parser.add_argument("--out", type=Path, required=True, help="folder for the data and the model")
    parser.add_argument("--epochs", default="2")
    parser.add_argument("--set", action="append", default=[], help="passed on to train")
    arguments = parser.parse_args()
    data, out = arguments.data, arguments.out
    out.mkdir(parents=True, exist_ok=True)
    english = [*xnlu(data / "xnlu/en/eval.tsv", "en"), *xnlu(data / "xnlu/en/test.tsv", "en")]
    english += [*snips(data / "snips"), *xsid(data / "xsid/en.valid.jsonl")]
    known = write(out / "train.jsonl", english)
    model = out / "model"
    if not model.exists():
        settings = [part for pair in arguments.set for part in ("--set", pair)]
        tradewind(
            "train", "--data", str(out / "train.jsonl"), "--task", "classify,tag", "--encoder", "e5-small",
            "--epochs", arguments.epochs, "--out", str(model), *settings,
        )  # fmt: skip
    tests = {"xnlu es": [*xnlu(data / "xnlu/es/test.tsv", "es")]}
    tests |= {f"xsid {language}": [*xsid(data / f"xsid/{language}.test.jsonl")] for language in LANGUAGES}
    intents = []
    for name, rows in tests.items():
        file = out / f"{name.replace(' ', '-')}.jsonl"
        write(file, rows, known)
        found = json.loads(tradewind("evaluate", str(model), str(file), "--json"))
        spans = found["heads"]["tag"]["spans"]
        figures = {
            "name": f"crosslingual.{name}",
            "rows": found["rows"],
            "intent_accuracy": found["accuracy"],
        }
        print(
            json.dumps({**figures, "slot_f1": spans["f1"], "slot_precision": spans["precision"]}), flush=True
        )
        if name.startswith("xsid"):
            intents.append(found["accuracy"])
    print(json.dumps({"name": "crosslingual.xsid_mean", "intent_accuracy": sum(intents) / len(intents)}))


if __name__ == "__main__":
    main()
