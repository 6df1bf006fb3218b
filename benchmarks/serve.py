"""Serving throughput, latency and memory on Banking77's test texts, beside the transformers pipeline, plain
ONNX Runtime int8 and plain OpenVINO with the same weights.

    python benchmarks/serve.py MODEL_FOLDER --data DATA/banking77 [--rounds 5] [--e5-model MODEL_FOLDER]

Peers run in a process of their own, which waits while another is measured; rounds are interleaved and ratios
are medians over rounds. Each peer gets its best batch size of 1, 8, 32 and 128; the two runtimes also get their
texts sorted by length. Memory is that of `tradewind serve` with its console, after all texts went through it.
Without `--e5-model` an untrained one is exported for the memory figure.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.request import Request, urlopen

import numpy as np

from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.runtime import Engine
from tradewind.nlp.runtime.engine import available_threads

BATCH_SIZES = (1, 8, 32, 128)
PIPELINE_TEXTS = 768
LATENCY_TEXTS = 150
RATE_SIZE, RATE_LAYERS, RATE_S = 2048, 4, 2.0


class Peers:
    """The process of `serve_peers.py`."""

    def __init__(self, model: Path) -> None:
        script = Path(__file__).with_name("serve_peers.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def ask(self, **request: object) -> Any:
        assert self.process.stdin is not None
        print(json.dumps(request), file=self.process.stdin, flush=True)
        return self._answer()

    def rate(self, run: str, texts: Sequence[str], batch: int) -> float:
        """Texts a second."""
        return len(texts) / float(self.ask(run=run, texts=texts, batch=batch)["seconds"])

    def best_batch(self, run: str, texts: Sequence[str]) -> int:
        self.rate(run, texts[:128], 32)
        rates = {batch: self.rate(run, texts[: 256 if batch == 1 else 768], batch) for batch in BATCH_SIZES}
        print(run, {batch: round(rate) for batch, rate in rates.items()}, file=sys.stderr)
        return max(rates, key=lambda batch: rates[batch])

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the peers' process ended; its messages are above")
        return json.loads(line)

    def __enter__(self) -> Peers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(30)


def compare(engine: Engine, peers: Peers, texts: list[str], labels: list[str], rounds: int) -> None:
    """Throughput, accuracy and latency."""
    some = random.Random(0).sample(texts, min(PIPELINE_TEXTS, len(texts)))
    batch = {run: peers.best_batch(run, some) for run in ("pipeline", "onnxruntime", "openvino")}
    engine.predict(texts)
    rates: dict[str, list[float]] = {"ours": [], **{run: [] for run in batch}}
    waits: dict[str, list[float]] = {"ours": [], "pipeline": []}
    for _ in range(rounds):
        start = time.perf_counter()
        engine.predict(texts)
        rates["ours"].append(len(texts) / (time.perf_counter() - start))
        for run in batch:
            rates[run].append(peers.rate(run, some if run == "pipeline" else texts, batch[run]))
        waits["ours"] += _waits(engine, some[: 2 * LATENCY_TEXTS])
        waits["pipeline"] += peers.ask(run="pipeline", texts=some[:LATENCY_TEXTS], each=True)["times_ms"]
    print({run: [round(rate) for rate in found] for run, found in rates.items()}, file=sys.stderr)
    for name, run, peer in (
        ("serve.throughput", "pipeline", "transformers pipeline"),
        ("serve.throughput_vs_ort_int8", "onnxruntime", "ONNX Runtime, dynamic int8"),
        ("serve.throughput_vs_openvino", "openvino", "OpenVINO, defaults"),
    ):
        ratio = statistics.median(a / b for a, b in zip(rates["ours"], rates[run], strict=True))
        values = statistics.median(rates["ours"]), statistics.median(rates[run])
        emit(name, values[0], "texts/s", f"{peer}, batch {batch[run]}", values[1], ratio)
    ours = _share(labels, [answer.heads[0].label or "" for answer in engine.predict(texts)])
    theirs = _share(labels, peers.ask(run="pipeline", texts=texts, batch=batch["pipeline"])["labels"])
    emit("serve.accuracy_loss", theirs - ours, "points", "transformers pipeline, accuracy in %", theirs, None)
    for share in (50, 99):
        mine, its = (float(np.percentile(waits[run], share)) for run in ("ours", "pipeline"))
        emit(f"serve.latency_p{share}", mine, "ms", "transformers pipeline", its, mine / its)
    rate = matrix_rate(engine.info)
    reached = statistics.median(rates["ours"]) * work_of(engine, texts)
    emit("serve.roofline_share", reached / rate, "share", "matrix products alone, operations/s", rate, None)


def _waits(engine: Engine, texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        start = time.perf_counter()
        engine.predict([text])
        times.append(1000 * (time.perf_counter() - start))
    return times


def _share(wanted: Sequence[str], found: Sequence[str]) -> float:
    return 100 * sum(a == b for a, b in zip(wanted, found, strict=True)) / len(wanted)


def work_of(engine: Engine, texts: Sequence[str]) -> float:
    """Operations that a text needs on average: 2 per multiply-add, padding not counted."""
    config = engine.info.encoder.config
    tokens = engine.outputs(texts).tokens.astype(float)
    width, inner, layers = config["hidden"], config["intermediate"], config["layers"]
    whole = 2 * tokens * (4 * width**2 + 2 * width * inner) + 4 * tokens**2 * width
    # Under first-token pooling the last layer needs all tokens only as keys and values.
    first = 2 * tokens * 2 * width**2 + 2 * (2 * width**2 + 2 * width * inner) + 4 * tokens * width
    last = first if engine.info.pooling == "cls" else whole
    return float(np.mean((layers - 1) * whole + last))


def matrix_rate(info: ModelInfo) -> float:
    """Operations a second of large matrix products in the model's precision: the best of two ways to thread them."""
    import openvino
    from openvino import opset13 as ops

    int8 = info.runtime is not None and info.runtime.precision.startswith("int8")
    node = given = ops.parameter([RATE_SIZE, RATE_SIZE], np.float32)
    random_numbers = np.random.default_rng(0)
    for _ in range(RATE_LAYERS):
        weights = random_numbers.integers(-127, 128, (RATE_SIZE, RATE_SIZE)).astype(
            np.int8 if int8 else np.float32
        )
        factor: Any = ops.constant(weights)
        if int8:
            low, high = (np.float32(limit) for limit in (-1, 127 / 128))
            node = ops.fake_quantize(node, low, high, low, high, 256)
            factor = ops.multiply(ops.convert(factor, "f32"), np.float32(1e-4))
        node = ops.matmul(node, factor, False, True)
    core, threads = openvino.Core(), available_threads()
    rates = []
    for streams in {1, threads}:
        settings = {
            "NUM_STREAMS": streams,
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "f32" if info.runtime and info.runtime.precision == "f32" else "bf16",
        }
        queue = openvino.AsyncInferQueue(
            core.compile_model(openvino.Model([node], [given]), "CPU", settings), streams
        )
        data = random_numbers.standard_normal((RATE_SIZE, RATE_SIZE)).astype(np.float32)
        for count in (streams, None):
            start, done = time.perf_counter(), 0
            while done < count if count else time.perf_counter() - start < RATE_S:
                queue.start_async([data])
                done += 1
            queue.wait_all()
            rate = done * RATE_LAYERS * 2 * RATE_SIZE**3 / (time.perf_counter() - start)
        rates.append(rate)
    return max(rates)


def memory_mb(model: Path, texts: Sequence[str]) -> float:
    """Resident memory of `tradewind serve` after it answered all texts, singly and in batches."""
    command = [sys.executable, "-m", "tradewind", "serve", str(model), "--port", "0", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        document = ""
        while not document.rstrip().endswith("}"):
            document += process.stdout.readline()
        address = json.loads(document)["address"]
        _wait_for(f"{address}/readyz")
        with urlopen(f"{address}/v1/models") as answer:
            name = json.load(answer)["models"][0]["name"]
        requests = [{"texts": list(texts[first : first + 256])} for first in range(0, len(texts), 256)]
        for body in [*requests, *({"text": text} for text in texts[::10])]:
            url = f"{address}/v1/models/{name}:predict"
            with urlopen(Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})):
                pass
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    finally:
        process.terminate()
        process.wait(30)
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1e6


def _wait_for(url: str) -> None:
    for _ in range(600):
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} was not ready in a minute")


def untrained(encoder_name: str, out: Path, texts: Sequence[str]) -> None:
    """A model folder with the encoder as it is and a random head, exported in int8."""
    import shutil
    from dataclasses import asdict

    import torch
    from safetensors.numpy import save_file

    from tradewind.core.settings import load_settings
    from tradewind.nlp import bundle
    from tradewind.nlp.bundle import EncoderInfo
    from tradewind.nlp.data import Dataset, Example
    from tradewind.nlp.encoders import resolve
    from tradewind.nlp.export import export_graph
    from tradewind.nlp.model import HeadSpec
    from tradewind.nlp.train.build import build_network
    from tradewind.nlp.train.config import TrainConfig

    torch.manual_seed(0)
    encoder = resolve(encoder_name, load_settings())
    heads = (HeadSpec("intent", "classify", tuple(f"intent {number}" for number in range(77))),)
    network, table = build_network(encoder, heads, TrainConfig())
    out.mkdir(parents=True)
    save_file({"embeddings": np.asarray(table, dtype=np.float16)}, out / bundle.EMBEDDINGS)
    shutil.copy(encoder.tokenizer_path, out / bundle.TOKENIZER)
    origin = EncoderInfo(encoder.name, encoder.sha256, encoder.source, asdict(encoder.config))
    info = ModelInfo(encoder_name, "0", "never", origin, heads, "cls", 256, encoder.prefix)
    bundle.write_info(out, info)
    data = Dataset(tuple(Example(text, label="intent 0") for text in texts[:400]))
    # Of random heads any precision changes answers; only the memory matters here.
    runtime = export_graph(
        network.eval(),
        out,
        info,
        training=data.examples,
        validation=(),
        precision="int8",
        most_points_lost=100,
    )
    bundle.write_info(out, ModelInfo(**{**info.__dict__, "runtime": runtime}))
    bundle.seal(out)


def emit(
    name: str, value: float, unit: str, peer: str | None, peer_value: float | None, ratio: float | None
) -> None:
    line = {
        "name": name,
        "value": round(value, 4),
        "unit": unit,
        "peer": peer,
        "peer_value": None if peer_value is None else round(peer_value, 4),
        "ratio": None if ratio is None else round(ratio, 3),
        "machine": f"{available_threads()} cores, {platform.machine()}",
    }
    print(json.dumps(line), flush=True)


def many_languages(data: Path) -> list[str]:
    """Test texts of every language beside the Banking77 folder, for the memory of a multilingual model."""
    files = sorted((data.parent / "xsid").glob("*.test.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    found = [str(json.loads(line)["text"]) for line in lines]
    return random.Random(0).sample(found, min(3000, len(found)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="model folder trained on Banking77 with minilm-l6")
    parser.add_argument("--data", type=Path, required=True, help="folder with Banking77's test.csv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--e5-model", type=Path, help="model folder on e5-small, for its memory")
    options = parser.parse_args()
    with (options.data / "test.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts, labels = [row["text"] for row in rows], [row["category"] for row in rows]
    with Engine.open(options.model) as engine, Peers(options.model) as peers:
        print(engine.info.runtime, file=sys.stderr)
        compare(engine, peers, texts, labels, options.rounds)
    emit("serve.rss_mb.minilm-l6", memory_mb(options.model, texts), "MB", None, None, None)
    with tempfile.TemporaryDirectory() as folder:
        e5_model = options.e5_model or Path(folder) / "e5"
        if options.e5_model is None:
            untrained("e5-small", e5_model, texts)
        emit(
            "serve.rss_mb.e5-small",
            memory_mb(e5_model, texts + many_languages(options.data)),
            "MB",
            None,
            None,
            None,
        )


if __name__ == "__main__":
    main()
