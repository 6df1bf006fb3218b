"""Choosing the served graph: candidates are measured on this machine, the fastest that loses nothing is kept."""

from __future__ import annotations

import contextlib
import shutil
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tradewind.core.errors import ConfigError, QualityError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import ModelInfo, RuntimeInfo
from tradewind.nlp.data import Example
from tradewind.nlp.export.candidates import write_candidates
from tradewind.nlp.export.judge import Judge
from tradewind.nlp.export.pieces import write_unigram
from tradewind.nlp.network import Network
from tradewind.nlp.runtime.engine import Engine, available_threads

MOST_POINTS_LOST = 0.3
SPEED_TEXTS, SPEED_ROUNDS = 256, 3
LATENCY_TEXTS = 30
REFERENCE = "f32"


@dataclass(frozen=True)
class Candidate:
    """One graph as it was measured.

    `points_lost` against float32, in percent of the labelled texts; None where a faster graph was good enough
    and nobody asked. A graph that was not asked is not `accepted`.
    """

    backend: str
    precision: str
    texts_per_s: float
    latency_ms: float
    points_lost: float | None = None
    accepted: bool = False


def export_graph(
    network: Network,
    folder: Path,
    info: ModelInfo,
    *,
    training: Sequence[Example],
    validation: Sequence[Example],
    precision: str | None = None,
    threads: int = 0,
    most_points_lost: float = MOST_POINTS_LOST,
) -> RuntimeInfo:
    """Write candidates, measure them, keep the best in `folder/runtime`.

    All are timed; then, from the fastest on, each is asked for the points of accuracy (F1 for tags and label sets)
    that it loses against float32, until one loses at most `most_points_lost`.

    Args:
        network: the trained network, on the CPU in float32.
        folder: a model folder with model.json, tokenizer and embeddings, not yet sealed.
        info: its description.
        training: labelled texts; int8 ranges are fitted on some of them.
        validation: labelled texts that were not trained on.
        precision: take this one: "f32", "bf16", "int8" or "int8-bf16".
        threads: CPU threads to measure with; 0 means all.
        most_points_lost: what an accepted candidate may lose.

    Raises:
        ConfigError: an unknown precision, or one that this CPU has not.
        QualityError: the precision that was asked for loses more.
        StorageError: the disk refused.
    """
    runtime = folder / bundle.RUNTIME
    runtime.mkdir(exist_ok=True)
    write_unigram(folder, [example.text for example in training])
    judge = Judge(info, validation, training)
    with contextlib.ExitStack() as stack:
        engines: dict[RuntimeInfo, Engine] = {}
        for option in write_candidates(network, folder, info, training, precision):
            bundle.write_info(folder, replace(info, runtime=option))
            engine = Engine.open(folder, threads=threads or available_threads(), verify=False)
            engines[option] = stack.enter_context(engine)
        speeds = _speeds(list(engines.values()), judge)
        measured = {
            option: Candidate(option.backend, option.precision, *speed)
            for option, speed in zip(engines, speeds, strict=True)
        }
        chosen = _choose(engines, measured, judge, precision, most_points_lost)
    _remove_others(runtime, folder / chosen.file)
    return replace(chosen, candidates=tuple(asdict(candidate) for candidate in measured.values()))


def _speeds(engines: Sequence[Engine], judge: Judge) -> list[tuple[float, float]]:
    """Texts a second and milliseconds for a lone text of each engine, taking turns so that all meet the same noise."""
    texts = judge.texts[:SPEED_TEXTS]
    pairs = None if judge.pairs is None else judge.pairs[:SPEED_TEXTS]
    rates: list[list[float]] = [[] for _ in engines]
    waits: list[list[float]] = [[] for _ in engines]
    for turn in range(SPEED_ROUNDS + 1):
        for place, engine in enumerate(engines):
            if turn > 1 and rates[place][0] < max(found[0] for found in rates) / 2:
                continue  # once is enough for one that is twice as slow
            seconds = _seconds(engine, texts, pairs)
            alone = [
                _seconds(engine, [text], None if pairs is None else [pairs[number]])
                for number, text in enumerate(texts[:LATENCY_TEXTS])
            ]
            if turn:  # the first turn warms up
                rates[place].append(len(texts) / seconds)
                waits[place].append(1000 * statistics.median(alone))
    return [(round(max(rate), 1), round(min(wait), 2)) for rate, wait in zip(rates, waits, strict=True)]


def _seconds(engine: Engine, texts: Sequence[str], pairs: Sequence[str] | None) -> float:
    start = time.perf_counter()
    engine.outputs(texts, pairs)
    return time.perf_counter() - start


def _choose(
    engines: dict[RuntimeInfo, Engine],
    measured: dict[RuntimeInfo, Candidate],
    judge: Judge,
    precision: str | None,
    most_points_lost: float,
) -> RuntimeInfo:
    """Judge candidates until one is accepted, noting in `measured` what each lost."""
    wanted = [option for option in engines if precision in (None, option.precision)]
    if not wanted:
        raise ConfigError(f"this CPU has no {precision}", hint="leave --precision out to measure what it has")
    reference_option, reference_engine = next(iter(engines.items()))
    reference = judge.scores(reference_engine)
    for option in sorted(wanted, key=lambda option: -measured[option].texts_per_s):
        lost = 0.0
        if option is not reference_option:
            lost = judge.points_lost(reference, judge.scores(engines[option]))
        accepted = lost <= most_points_lost
        measured[option] = replace(measured[option], points_lost=round(lost, 3), accepted=accepted)
        if accepted:
            return option
    raise QualityError(
        f"{precision} loses {lost:.2f} points, more than {most_points_lost}",
        hint="leave the precision out, and the fastest that loses less is taken",
    )


def _remove_others(runtime: Path, kept: Path) -> None:
    for path in runtime.iterdir():
        if path.stem != kept.stem or (path.suffix == ".onnx") != (kept.suffix == ".onnx"):
            path.unlink() if path.is_file() else shutil.rmtree(path)
