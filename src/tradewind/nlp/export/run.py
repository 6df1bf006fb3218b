"""Choosing the served graph: every candidate is measured on this machine, the fastest that loses nothing is kept."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from tradewind.core.errors import ConfigError, QualityError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import ModelInfo, RuntimeInfo
from tradewind.nlp.data import Dataset
from tradewind.nlp.data.spans import spans_to_tags
from tradewind.nlp.export.graph import to_onnx, to_openvino
from tradewind.nlp.export.quantise import calibration_batches, quantise_onnx, quantise_openvino
from tradewind.nlp.model import HeadSpec
from tradewind.nlp.network import Network
from tradewind.nlp.runtime.engine import Engine, available_threads, open_table, open_tokeniser
from tradewind.nlp.runtime.outputs import Outputs

MOST_POINTS_LOST = 0.3
FEWEST_TO_JUDGE = 400
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
    calibration_texts: Sequence[str],
    validation: Dataset,
    precision: str | None = None,
    threads: int = 0,
    most_points_lost: float = MOST_POINTS_LOST,
) -> RuntimeInfo:
    """Write candidates, measure them, keep the best in `folder/runtime`.

    A candidate's loss is how many points of accuracy (F1 for tags and label sets) it loses on the validation data.
    A small validation set cannot show 0.3 points: where it has fewer than 400 texts, training texts fill it up, and
    their loss is how many answers differ from float32's.

    Args:
        network: the trained network, on the CPU in float32.
        folder: a model folder with model.json, tokenizer and embeddings, not yet sealed.
        info: its description.
        calibration_texts: texts that int8 ranges are fitted on.
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
    judge = _Judge(info, validation, calibration_texts)
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
    openvino.save_model(model, folder / whole, compress_to_fp16=False)
    yield RuntimeInfo("openvino", whole, "f32")
    if precision in (None, "bf16") and "BF16" in openvino.Core().get_property(
        "CPU", "OPTIMIZATION_CAPABILITIES"
    ):
        yield RuntimeInfo("openvino", whole, "bf16")
    if precision in (None, "int8", "int8-bf16"):
        batches = calibration_batches(open_tokeniser(folder, info), open_table(folder), texts)
        small = f"{bundle.RUNTIME}/int8.xml"
        openvino.save_model(quantise_openvino(model, batches), folder / small, compress_to_fp16=False)
        if precision in (None, "int8"):
            yield RuntimeInfo("openvino", small, "int8")
        if precision in (None, "int8-bf16"):
            yield RuntimeInfo("openvino", small, "int8-bf16")
    if precision is None:
        to_onnx(network, width, folder / bundle.RUNTIME / "float.onnx")
        quantised = f"{bundle.RUNTIME}/int8.onnx"
        quantise_onnx(folder / bundle.RUNTIME / "float.onnx", folder / quantised)
        yield RuntimeInfo("onnxruntime", quantised, "int8")


def _measure(
    folder: Path, info: ModelInfo, judge: _Judge, threads: int, most_points_lost: float
) -> Candidate:
    assert info.runtime is not None
    bundle.write_info(folder, info)
    with Engine.open(folder, threads=threads or available_threads(), verify=False) as engine:
        lost = judge.points_lost(engine)
        texts = judge.texts[:SPEED_TEXTS]
        rates = []
        for _ in range(SPEED_ROUNDS):
            start = time.perf_counter()
            engine.outputs(texts, judge.pairs_of(texts))
            rates.append(len(texts) / (time.perf_counter() - start))
        waits = []
        for text in texts[:LATENCY_TEXTS]:
            start = time.perf_counter()
            engine.outputs([text], judge.pairs_of([text]))
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

    def __init__(self, info: ModelInfo, validation: Dataset, more_texts: Sequence[str]) -> None:
        examples = validation.examples
        paired = any(head.task == "pair" for head in info.heads)
        self.info, self.examples = info, examples
        missing = 0 if paired else max(0, FEWEST_TO_JUDGE - len(examples))
        step = max(1, len(more_texts) // max(1, missing))
        self.texts = [example.text for example in examples] + list(more_texts[::step])[:missing]
        self._second = (
            dict(zip(self.texts, (e.text_b or "" for e in examples), strict=False)) if paired else None
        )
        self._reference: tuple[dict[str, float], Outputs] | None = None

    def pairs_of(self, texts: Sequence[str]) -> list[str] | None:
        return None if self._second is None else [self._second[text] for text in texts]

    def points_lost(self, engine: Engine) -> float:
        outputs = engine.outputs(self.texts, self.pairs_of(self.texts))
        scores = {head.name: self._score(head, outputs) for head in self.info.heads}
        if self._reference is None:
            self._reference = scores, outputs
            return 0.0
        before, reference = self._reference
        lost = [before[name] - score for name, score in scores.items()]
        if len(self.texts) > len(self.examples):
            lost += [_differing(head, reference, outputs) for head in self.info.heads]
        return 100 * max(lost)

    def _score(self, head: HeadSpec, outputs: Outputs) -> float:
        if head.task == "embed":
            return 1.0
        logits = outputs.logits[head.name]
        if head.task == "tag":
            return self._tag_f1(head, outputs)
        rows = np.asarray(logits)[: len(self.examples)]
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


def _differing(head: HeadSpec, reference: Outputs, outputs: Outputs) -> float:
    """Share of answers that are not the reference's."""
    if head.task == "embed":
        return 0.0
    before, after = reference.logits[head.name], outputs.logits[head.name]
    if head.task == "tag":
        before, after = np.concatenate(list(before)), np.concatenate(list(after))
    if head.task == "multilabel":
        return float(np.mean((np.asarray(before) > 0) != (np.asarray(after) > 0)))
    return float(np.mean(np.asarray(before).argmax(-1) != np.asarray(after).argmax(-1)))
