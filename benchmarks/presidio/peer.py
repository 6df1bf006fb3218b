"""Presidio in an environment of its own: reads requests, a JSON line each, from standard input and answers them.

    python benchmarks/presidio/peer.py SPACY_MODEL_FOLDER

`{"engine": "full" | "patterns", "texts": […], "processes": 1}` is answered by `{"seconds", "spans"}`. `full` is
Presidio as installed, on the spaCy model; `patterns` leaves names out: an empty spaCy pipeline that only splits words.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

BATCH = 64
# Its list of domains is taken from the package: Presidio would fetch a newer one from the network at every e-mail.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())


def main() -> None:
    print(json.dumps({"spacy": spacy.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        engine = engine_of(request["engine"])
        started = time.perf_counter()
        results = engine.analyze_iterator(
            request["texts"], language="en", batch_size=BATCH, n_process=request["processes"]
        )
        found = [[plain(result) for result in results_of_text] for results_of_text in results]
        print(json.dumps({"seconds": time.perf_counter() - started, "spans": found}), flush=True)


@cache
def engine_of(kind: str) -> BatchAnalyzerEngine:
    if kind == "full":
        return BatchAnalyzerEngine(AnalyzerEngine(nlp_engine=nlp_of(sys.argv[1])))
    folder = Path(tempfile.mkdtemp()) / "blank"
    spacy.blank("en").to_disk(folder)
    engine = AnalyzerEngine(nlp_engine=nlp_of(str(folder)))
    engine.registry.remove_recognizer("SpacyRecognizer")
    return BatchAnalyzerEngine(engine)


def nlp_of(model: str) -> Any:
    configuration = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": model}]}
    return NlpEngineProvider(nlp_configuration=configuration).create_engine()


def plain(result: Any) -> list[Any]:
    return [result.entity_type, result.start, result.end, result.score]


if __name__ == "__main__":
    main()
