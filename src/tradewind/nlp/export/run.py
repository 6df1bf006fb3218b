"""Choosing the served graph: every candidate is measured on this machine, the fastest that loses nothing is kept."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tradewind.core.errors import ConfigError, QualityError, StorageError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import ModelInfo, RuntimeInfo
from tradewind.nlp.data import Example
from tradewind.nlp.data.spans import spans_to_tags
from tradewind.nlp.export.graph import to_onnx, to_openvino
from tradewind.nlp.export.quantise import calibration_batches, quantise_onnx, quantise_openvino
from tradewind.nlp.model import HeadSpec
from tradewind.nlp.network import Network
from tradewind.nlp.runtime.engine import Engine, available_threads, open_table, open_tokeniser
from tradewind.nlp.runtime.outputs import Outputs

MOST_POINTS_LOST = 0.3
TEXTS_TO_JUDGE = 1500
SPEED_TEXTS, SPEED_ROUNDS = 384, 3
LATENCY_TEXTS = 40
REFERENCE = "f32"


@dataclass(frozen=True)
class Candidate:
    """One graph as it was measured: `points_lost` against float32 on the validation data, in percentage points."""

    backend: str
    precision: str
    texts_per_s: float
    latency_ms: float
    points_lost: float
    accepted: bool


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

    A candidate's loss is how many points of accuracy (F1 for tags and label sets) it loses against float32 on the
    validation data. Fewer than 1,500 texts cannot show 0.3 points, so training texts fill them up.

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
        ConfigError: an unknown precision.
        QualityError: the precision that was asked for loses more.
    """
    runtime = folder / bundle.RUNTIME
    runtime.mkdir(exist_ok=True)
    judge = _Judge(info, validation, training)
    calibration_texts = [example.text for example in training]
    measured: list[tuple[RuntimeInfo, Candidate]] = []
    for option in _candidates(network, folder, info, calibration_texts, precision):
        measured.append(
            (option, _measure(folder, replace(info, runtime=option), judge, threads, most_points_lost))
        )
    chosen = _choose(measured, precision, most_points_lost)
    _remove_others(runtime, folder / chosen.file)
    return replace(chosen, candidates=tuple(asdict(candidate) for _, candidate in measured))


def _candidates(
    network: Network, folder: Path, info: ModelInfo, texts: Sequence[str], precision: str | None
) -> Iterator[RuntimeInfo]:
    """Write graphs and say what they are; float32 first, as the others are measured against it."""
    import openvino

    known = ("f32", "bf16", "int8", "int8-bf16")
    if precision is not None and precision not in known:
        raise ConfigError(f"unknown precision {precision!r}", hint=f"one of {', '.join(known)}")
    width = int(info.encoder.config["hidden"])
    model = to_openvino(network, width)
    whole = f"{bundle.RUNTIME}/float.xml"
    _save(model, folder / whole)
    yield RuntimeInfo("openvino", whole, "f32")
    if precision in (None, "bf16") and "BF16" in openvino.Core().get_property(
        "CPU", "OPTIMIZATION_CAPABILITIES"
    ):
        yield RuntimeInfo("openvino", whole, "bf16")
    if precision in (None, "int8", "int8-bf16"):
        batches = calibration_batches(open_tokeniser(folder, info), open_table(folder), texts)
        small = f"{bundle.RUNTIME}/int8.xml"
        _save(quantise_openvino(model, batches), folder / small)
        if precision in (None, "int8"):
            yield RuntimeInfo("openvino", small, "int8")
        if precision in (None, "int8-bf16"):
            yield RuntimeInfo("openvino", small, "int8-bf16")
    if precision is None:
        to_onnx(network, width, folder / bundle.RUNTIME / "float.onnx")
        quantised = f"{bundle.RUNTIME}/int8.onnx"
        quantise_onnx(folder / bundle.RUNTIME / "float.onnx", folder / quantised)
        yield RuntimeInfo("onnxruntime", quantised, "int8")


def _save(model: Any, file: Path) -> None:
    import openvino

    try:
        openvino.save_model(model, file, compress_to_fp16=False)
    except RuntimeError as error:  # all that OpenVINO says of a full disk
        raise StorageError(f"{file}: cannot write the graph: {error}", hint="free some space") from error


def _measure(
    folder: Path, info: ModelInfo, judge: _Judge, threads: int, most_points_lost: float
) -> Candidate:
    assert info.runtime is not None
    bundle.write_info(folder, info)
    with Engine.open(folder, threads=threads or available_threads(), verify=False) as engine:
        lost = judge.points_lost(engine)
        texts = judge.texts[:SPEED_TEXTS]
        pairs = None if judge.pairs is None else judge.pairs[:SPEED_TEXTS]
        rates = []
        for _ in range(SPEED_ROUNDS):
            start = time.perf_counter()
            engine.outputs(texts, pairs)
            rates.append(len(texts) / (time.perf_counter() - start))
        waits = []
        for number, text in enumerate(texts[:LATENCY_TEXTS]):
            start = time.perf_counter()
            engine.outputs([text], None if pairs is None else [pairs[number]])
            waits.append(time.perf_counter() - start)
    return Candidate(
        info.runtime.backend,
        info.runtime.precision,
        round(max(rates), 1),
        round(1000 * statistics.median(waits), 2),
        round(lost, 3),
        lost <= most_points_lost,
    )


def _choose(
    measured: Sequence[tuple[RuntimeInfo, Candidate]], precision: str | None, most_points_lost: float
) -> RuntimeInfo:
    if precision is not None:
        wanted = [pair for pair in measured if pair[1].precision == precision]
        if not wanted:
            raise ConfigError(
                f"this CPU has no {precision}", hint="leave --precision out to measure what it has"
            )
        option, candidate = wanted[0]
        if not candidate.accepted:
            raise QualityError(
                f"{precision} loses {candidate.points_lost:.2f} points, more than {most_points_lost}",
                hint="leave the precision out, and the fastest that loses less is taken",
            )
        return option
    accepted = [pair for pair in measured if pair[1].accepted]
    return max(accepted, key=lambda pair: pair[1].texts_per_s)[0]


def _remove_others(runtime: Path, kept: Path) -> None:
    for path in runtime.iterdir():
        if path.stem != kept.stem or (path.suffix == ".onnx") != (kept.suffix == ".onnx"):
            path.unlink() if path.is_file() else shutil.rmtree(path)


class _Judge:
    """Scores a graph on the validation data, float32 first; later ones are compared with it."""

    def __init__(self, info: ModelInfo, validation: Sequence[Example], training: Sequence[Example]) -> None:
        paired = any(head.task == "pair" for head in info.heads)
        missing = max(0, TEXTS_TO_JUDGE - len(validation))
        step = max(1, len(training) // max(1, missing))
        self.info = info
        self.examples = [*validation, *training[::step][:missing]]
        self.texts = [example.text for example in self.examples]
        self.pairs = [example.text_b or "" for example in self.examples] if paired else None
        self._reference: dict[str, float] | None = None

    def points_lost(self, engine: Engine) -> float:
        outputs = engine.outputs(self.texts, self.pairs)
        scores = {head.name: self._score(head, outputs) for head in self.info.heads}
        if self._reference is None:
            self._reference = scores
        return 100 * max(self._reference[name] - score for name, score in scores.items())

    def _score(self, head: HeadSpec, outputs: Outputs) -> float:
        if head.task == "embed":
            return 1.0
        logits = outputs.logits[head.name]
        if head.task == "tag":
            return self._tag_f1(head, outputs)
        rows = np.asarray(logits)
        if head.task == "multilabel":
            index = {label: column for column, label in enumerate(head.labels)}
            true = np.zeros(rows.shape, dtype=bool)
            for row, example in enumerate(self.examples):
                for label in example.labels or ():
                    if label in index:
                        true[row, index[label]] = True
            return _f1(int((true & (rows > 0)).sum()), int(true.sum()), int((rows > 0).sum()))
        known = [row for row, example in enumerate(self.examples) if example.label in set(head.labels)]
        if not known:
            return 1.0
        best = rows[known].argmax(1)
        return float(
            np.mean([head.labels[b] == self.examples[row].label for b, row in zip(best, known, strict=True)])
        )

    def _tag_f1(self, head: HeadSpec, outputs: Outputs) -> float:
        types = [label[2:] for label in head.labels if label.startswith("B-")]
        both = true = found = 0
        for row, example in enumerate(self.examples):
            if example.spans is None:
                continue
            known = tuple(span for span in example.spans if span.type in types)
            wanted = np.array(spans_to_tags(known, outputs.offsets[row], types))
            said = np.asarray(outputs.logits[head.name][row]).argmax(-1)
            taught = wanted >= 0
            both += int(((wanted == said) & (wanted > 0))[taught].sum())
            true += int((wanted[taught] > 0).sum())
            found += int((said[taught] > 0).sum())
        return _f1(both, true, found)


def _f1(both: int, true: int, found: int) -> float:
    return 2 * both / (true + found) if true + found else 1.0
