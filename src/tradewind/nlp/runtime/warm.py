"""First runs of a freshly loaded model: its threads are set by measurement, and its usual shapes are compiled."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tradewind.nlp.runtime import memory
from tradewind.nlp.runtime.batches import NARROWEST, ROW_WIDTH, TOKEN_BUDGET, slots_of
from tradewind.nlp.runtime.embeddings import GraphInputs
from tradewind.nlp.runtime.graphs import Graphs

ROUNDS = 8
CLEARLY = 1.1
"""A surprise must be this much faster to be believed: other programs run while we measure."""


def warm_up(graphs: Graphs, width: int) -> Graphs:
    """Measure the two ways to use threads, keep what is of use, and compile the shapes that short texts come in.

    More threads a call usually answer a lone text sooner and more calls at once usually answer more texts, but not
    on every machine and model; the way that wins neither is dropped with its memory. Takes about half a second.

    Args:
        graphs: as they were loaded.
        width: H, the length of a word vector.
    """
    row, full = _inputs(1, ROW_WIDTH, width), _inputs(TOKEN_BUDGET // ROW_WIDTH, ROW_WIDTH, width)
    if graphs.many is not graphs.lone:
        graphs = _worth_keeping(graphs, row, full)
    for tokens in (NARROWEST, 2 * NARROWEST, ROW_WIDTH):
        graphs.lone.run(_inputs(1, tokens, width))
    for inputs in (row, full):
        _on_every_stream(graphs, inputs)()
    memory.give_back()
    return graphs


def _worth_keeping(graphs: Graphs, row: GraphInputs, full: GraphInputs) -> Graphs:
    """Both ways, or the one that wins at a lone row and at full batches."""
    lone, many, streams = graphs.lone, graphs.many, graphs.streams
    lone_s, stream_s = _best([lambda: lone.run(row), lambda: many.run(row)])
    one_by_one_s, together_s = _best([lambda: lone.run(full), _on_every_stream(graphs, full)])
    if lone_s > CLEARLY * stream_s:
        return Graphs(many, many, streams)
    if CLEARLY * streams * one_by_one_s < together_s:
        return Graphs(lone, lone, 1)
    return graphs


def _on_every_stream(graphs: Graphs, inputs: GraphInputs) -> Callable[[], object]:
    """Runs one batch on every stream at the same time."""

    def run() -> None:
        with ThreadPoolExecutor(graphs.streams) as threads:
            list(threads.map(graphs.many.run, [inputs] * graphs.streams))

    return run


def _best(runs: Sequence[Callable[[], object]]) -> list[float]:
    """Seconds of the quickest, least disturbed of a few turns of each; the first turn is left out."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for found, run in zip(times, runs, strict=True):
            start = time.perf_counter()
            run()
            found.append(time.perf_counter() - start)
    return [min(found[1:]) for found in times]


def _inputs(rows: int, tokens: int, width: int) -> GraphInputs:
    """A full batch: one text a row."""
    firsts = np.zeros((rows, slots_of(tokens)), dtype=np.int32)
    firsts[:, 0] = np.arange(rows) * tokens
    return GraphInputs(
        np.ones((rows, tokens, width), dtype=np.float16),
        np.ones((rows, tokens), dtype=np.int32),
        np.tile(np.arange(tokens, dtype=np.int32), (rows, 1)),
        firsts,
    )
