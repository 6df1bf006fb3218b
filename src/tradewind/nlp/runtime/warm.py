"""First runs of a freshly loaded model: its usual shapes are compiled, and its threads are set by measurement."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tradewind.nlp.runtime.batches import NARROWEST, ROW_WIDTH, TOKEN_BUDGET, slots_of
from tradewind.nlp.runtime.embeddings import GraphInputs
from tradewind.nlp.runtime.graphs import Graphs

ROUNDS = 4
CLEARLY = 1.1
"""A surprise must be this much faster to be believed: other programs run while we measure."""


def warm_up(graphs: Graphs, width: int, streams_at_once: ThreadPoolExecutor) -> Graphs:
    """Compile the shapes that short texts come in, then keep of the two ways to use threads what is of use.

    More threads a call usually answer a lone text sooner and more calls at once usually answer more texts, but not
    on every machine and model; the way that wins neither is dropped with its memory. Takes about half a second.

    Args:
        graphs: as they were loaded.
        width: H, the length of a word vector.
        streams_at_once: has a thread for each stream.
    """
    for tokens in (NARROWEST, 2 * NARROWEST, ROW_WIDTH):
        graphs.lone.run(_inputs(1, tokens, width))
    row = _inputs(1, ROW_WIDTH, width)
    together = _together(graphs, streams_at_once)
    together(row)
    lone_s = _best(lambda: graphs.lone.run(row))
    stream_s = _best(lambda: graphs.many.run(row))
    round_s = _best(lambda: together(row))
    lone, many, streams = graphs.lone, graphs.many, graphs.streams
    if lone_s > CLEARLY * stream_s:
        lone = many
    elif CLEARLY * lone_s * streams < round_s:
        many, streams = lone, 1
    settled = Graphs(lone, many, streams)
    _together(settled, streams_at_once)(_inputs(TOKEN_BUDGET // ROW_WIDTH, ROW_WIDTH, width))
    return settled


def _together(graphs: Graphs, threads: ThreadPoolExecutor) -> Callable[[GraphInputs], None]:
    """Runs one batch on every stream at the same time."""

    def run(inputs: GraphInputs) -> None:
        list(threads.map(graphs.many.run, [inputs] * graphs.streams))

    return run


def _best(run: Callable[[], object]) -> float:
    """Seconds of the quickest of a few runs: the least disturbed one."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


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
