"""How many texts a second are searched for personal data, beside Presidio on the same texts in the same run.

    python benchmarks/privacy.py --data DATA/pii-synth [--model MODEL_FOLDER] [--rounds 5]

`privacy.structured_texts_per_s`: identifiers, one process and with `--processes` that many; Presidio with its pattern
recognisers and no model. `privacy.detect_texts_per_s`: with the model of names, on all CPUs; Presidio as installed, on
spaCy's en_core_web_md. Rounds of both are interleaved, figures are medians; Presidio gets the better of one process and
two. The texts are those of `pii-synth`, mean 85 characters.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import pii_scoring as scoring
from pii_peer import Presidio

from tradewind.core.ids import MarketId
from tradewind.privacy.detect import Detector

MARKET = MarketId("us")
REPEATS = 20
"""The texts so many times over, for the rules: one pass takes 50 ms."""
SLICE = 1_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of pii-synth")
    parser.add_argument("--model", type=Path, help="a model folder with the tag head of names")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--no-peer", action="store_true", help="leave Presidio out")
    given = parser.parse_args()
    texts = [example.text for example in scoring.read_pii_synth(given.data)]
    presidio = None if given.no_peer else Presidio()
    structured(texts, presidio, given.rounds, given.processes)
    if given.model:
        with_names(texts, presidio, given.rounds, given.model)
    if presidio is not None:
        presidio.__exit__(None, None, None)


def structured(texts: Sequence[str], presidio: Presidio | None, rounds: int, processes: int) -> None:
    """The rules alone, in one process and in several."""
    detector, many = Detector(MARKET), list(texts) * REPEATS
    with ProcessPoolExecutor(processes) as pool:
        slices = [many[start : start + SLICE] for start in range(0, len(many), SLICE)]

        def spread() -> None:
            for _ in pool.map(search, slices):
                pass

        peer = peers(presidio, texts, "patterns")
        spread()
        one, several, theirs = interleaved(rounds, lambda: detector.detect(many), spread, peer)
    count = len(many)
    report("privacy.structured_texts_per_s", count / several, len(texts), theirs, processes=processes)
    report("privacy.structured_texts_per_s_one_process", count / one, len(texts), theirs, processes=1)


def with_names(texts: Sequence[str], presidio: Presidio | None, rounds: int, model: Path) -> None:
    """The whole detector."""
    from tradewind.nlp.runtime import Engine
    from tradewind.workspace import ModelNames

    with Engine.open(model) as engine:
        detector = Detector(MARKET, ModelNames(engine))
        detector.detect(texts[:64])
        own, _, theirs = interleaved(
            rounds, lambda: detector.detect(texts), lambda: None, peers(presidio, texts, "full")
        )
    report("privacy.detect_texts_per_s", len(texts) / own, len(texts), theirs)


def search(texts: Sequence[str]) -> int:
    """What a process of the pool does with a slice."""
    return sum(map(len, Detector(MARKET).detect(texts)))


def peers(presidio: Presidio | None, texts: Sequence[str], engine: str) -> Callable[[], float] | None:
    """Presidio's seconds for the texts, in its better number of processes."""
    if presidio is None:
        return None
    presidio.detect(texts[:64], engine=engine)
    seconds = {count: presidio.detect(texts, engine=engine, processes=count)[0] for count in (1, 2)}
    best = min(seconds, key=lambda count: seconds[count])
    return lambda: presidio.detect(texts, engine=engine, processes=best)[0]


def interleaved(
    rounds: int, one: Callable[[], object], other: Callable[[], object], peer: Callable[[], float] | None
) -> tuple[float, float, float | None]:
    """Medians of seconds, a round of each in turn."""
    ones, others, theirs = [], [], []
    for _ in repeat(None, rounds):
        ones.append(timed(one))
        others.append(timed(other))
        if peer is not None:
            theirs.append(peer())
    median = statistics.median
    return median(ones), median(others), median(theirs) if theirs else None


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(name: str, value: float, texts: int, seconds: float | None, **more: object) -> None:
    peer_value = None if seconds is None else texts / seconds
    line = {
        "name": name,
        "value": round(value),
        "unit": "texts/s",
        "peer": "presidio",
        "peer_value": None if peer_value is None else round(peer_value, 1),
        "ratio": None if peer_value is None else round(value / peer_value, 1),
        "machine": f"{platform.machine()}, {os.cpu_count()} CPUs",
        **more,
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
