"""What the server counts, for Prometheus."""

from __future__ import annotations

import re

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from tradewind.nlp.model import ModelName
from tradewind.nlp.runtime.live import LiveModels, Reaches, all_models
from tradewind.nlp.runtime.service import BatchReport

LATENCY_S = (
    0.001,
    0.002,
    0.003,
    0.005,
    0.0075,
    0.01,
    0.02,
    0.03,
    0.05,
    0.075,
    0.1,
    0.2,
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
)
BATCH_TEXTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
_MODEL = re.compile(rb'[{,]model="((?:[^"\\]|\\.)*)"')
BATCH_TOKENS = (16, 64, 256, 1024, 4096, 16384)


class Metrics:
    """The counters of one server, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "tradewind_requests", "Predict requests", ["model", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "tradewind_request_seconds",
            "Predict requests: from the parsed body to the predictions",
            ["model"],
            buckets=LATENCY_S,
            registry=self.registry,
        )
        self._answered: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._batch_texts = Histogram(
            "tradewind_batch_texts",
            "Texts in one engine call",
            ["model"],
            buckets=BATCH_TEXTS,
            registry=self.registry,
        )
        self._batch_tokens = Histogram(
            "tradewind_batch_tokens",
            "Estimated tokens in one engine call",
            ["model"],
            buckets=BATCH_TOKENS,
            registry=self.registry,
        )
        self._batch_seconds = Counter(
            "tradewind_engine_seconds",
            "Seconds spent in engine calls",
            ["model", "lane"],
            registry=self.registry,
        )

    def watch(self, live: LiveModels) -> None:
        """Report the loaded models and their queues at each scrape."""
        self.registry.register(_Models(live))

    def answered(self, model: str, status: int, seconds: float) -> None:
        """Count one predict request. `model` must be the name of a model that is there, or "unknown"."""
        counters = self._answered.get((model, status))
        if counters is None:
            counters = self._requests.labels(model, str(status)), self._seconds.labels(model)
            self._answered[model, status] = counters
        requests, times = counters
        requests.inc()
        times.observe(seconds)

    def on_batch(self, model: ModelName, report: BatchReport) -> None:
        """Count one engine call."""
        self._batch_texts.labels(model).observe(report.texts)
        self._batch_tokens.labels(model).observe(report.tokens)
        self._batch_seconds.labels(model, report.lane).inc(report.seconds)

    def text(self, reaches: Reaches = all_models) -> bytes:
        """The exposition format, without what is about other models than these."""
        text = generate_latest(self.registry)
        lines = text.splitlines(keepends=True)
        return b"".join(line for line in lines if (of := _MODEL.search(line)) is None or reaches(_name(of)))


def _name(found: re.Match[bytes]) -> str:
    return re.sub(r"\\(.)", r"\1", found[1].decode())


class _Models(Collector):
    def __init__(self, live: LiveModels) -> None:
        self._live = live

    def collect(self) -> list[Metric]:
        info = InfoMetricFamily("tradewind_model", "Loaded models", labels=["model"])
        waiting = GaugeMetricFamily(
            "tradewind_queue_tokens", "Tokens that wait for the engine", labels=["model"]
        )
        refused = GaugeMetricFamily(
            "tradewind_model_refused", "1 when a newer version was refused", labels=["model"]
        )
        for state in self._live.state():
            refused.add_metric([state.name], 1.0 if state.problem else 0.0)
            if state.loaded is not None:
                model = state.loaded.info
                info.add_metric([state.name], {"version": model.version, "encoder": model.encoder.name})
                waiting.add_metric([state.name], state.loaded.service.waiting_tokens)
        return [info, waiting, refused]
