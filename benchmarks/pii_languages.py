"""Names, organisations and addresses in six languages, on sentences written apart from the training templates.

One JSON line a language and match. The sentences lie beside the tests (`tests/privacy/names/data`), marked as
`[Anna Müller|PERSON]`.

    python benchmarks/pii_languages.py --model built/pii
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import pii_scoring as scoring

from tradewind.core.ids import MarketId
from tradewind.nlp.runtime import Engine
from tradewind.privacy.detect import Detector
from tradewind.privacy.model import PiiSpan
from tradewind.workspace import ModelNames

MARKETS = {"zh": "cn", "ja": "jp", "de": "de", "fr": "fr", "es": "es", "pt": "br"}
DATA = Path(__file__).parents[1] / "tests" / "privacy" / "names" / "data"
_MARK = re.compile(r"\[([^\[\]|]+)\|([A-Z_]+)\]")


def read_marked(path: Path) -> list[scoring.Example]:
    """The sentences of a file, a line each, without their marks."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        text, spans, read = "", [], 0
        for match in _MARK.finditer(line):
            text += line[read : match.start()]
            spans.append(PiiSpan(match[2], len(text), len(text) + len(match[1]), 1.0))
            text, read = text + match[1], match.end()
        found.append(scoring.Example(text + line[read:], spans, number))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", type=Path, required=True, help="what `tradewind privacy train --out` wrote"
    )
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument(
        "--show", action="store_true", help="print what was missed or wrong on standard error"
    )
    given = parser.parse_args()
    with Engine.open(given.model, threads=given.threads) as engine:
        for language, market in MARKETS.items():
            examples = read_marked(DATA / f"{language}.txt")
            detector = Detector(MarketId(market), ModelNames(engine))
            found = detector.detect([example.text for example in examples])
            for match in ("exact", "overlap"):
                counts = scoring.score(examples, found, types=scoring.NAMES, match=match)  # type: ignore[arg-type]
                micro = scoring.micro(counts)
                print(
                    json.dumps(
                        {
                            "name": f"privacy.names.{language}.{match}",
                            "value": round(micro.f1, 4),
                            "unit": "F1",
                            **{kind: round(count.f1, 4) for kind, count in counts.items()},
                            "precision": round(micro.precision, 4),
                            "recall": round(micro.recall, 4),
                            "marked": micro.right + micro.missed,
                        }
                    ),
                    flush=True,
                )
            if given.show:
                for example, spans in zip(examples, found, strict=True):
                    show(language, example, spans)


def show(language: str, example: scoring.Example, found: list[PiiSpan]) -> None:
    counts = scoring.score([example], [found], types=scoring.NAMES)
    if any(count.wrong or count.missed for count in counts.values()):
        marked, guessed = (
            [(s.type, example.text[s.start : s.end]) for s in spans] for spans in (example.spans, found)
        )
        print(language, example.text, "| marked", marked, "| found", guessed, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
