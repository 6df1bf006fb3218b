"""Many callers, one engine: requests that wait together are answered by one call of it.

A request that arrives at an idle service goes to the engine at once. Under load requests wait, and each free
worker takes as many of the waiting ones as fit its token budget. There are two lanes: short requests, and
bulk (long texts, many texts). Bulk is cut into slices of a few hundredths of a second, taken in turn from
each bulk request, and never holds every worker, so that a sentence does not wait for somebody's archive.

Tokens are estimated from bytes (`pace.estimated_tokens`): all budgets and rates use that one unit.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, Protocol

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import BusyError, DeadlineError, InputError, TradewindError, UnavailableError
from tradewind.nlp.model import Prediction
from tradewind.nlp.runtime.pace import Rate, estimated_tokens
from tradewind.nlp.runtime.tokenise import check_texts

Lane = Literal["short", "bulk"]

SHORT_TOKENS = 256
"""A request of at most this many tokens travels in the short lane."""

BATCH_TOKENS = 8_192
"""Most tokens of waiting short requests that are merged into one call."""

BESIDE_SHARE = 0.5
"""How large, next to the batch that runs, waiting short requests must have grown to start beside it."""

SLICE_S = 0.04
"""How long one slice of bulk may keep a worker: what a short request waits for at most when all are taken."""

LEAST_SLICE_TOKENS = 256
FIRST_SLICE_TOKENS = 1_024


class Predictor(Protocol):
    """What the service needs of an engine: `predict` may be called from two threads at once."""

    def predict(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Prediction]:
        """One prediction a text, in order."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class BatchReport:
    """One call of the engine, for those who measure: how many texts and requests it merged, and how long it
    took.
    """

    lane: Lane
    requests: int
    texts: int
    tokens: int
    seconds: float


@dataclass(eq=False, slots=True)
class _Request:
    key: int
    lane: Lane
    texts: Sequence[str]
    pairs: Sequence[str] | None
    tokens: list[int]
    waiting: int
    answer: asyncio.Future[list[Prediction]]
    results: list[Prediction | None]
    unanswered: int
    taken: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """Texts `start` to `stop` of one request."""

    request: _Request
    start: int
    stop: int


@dataclass(slots=True)
class _Batch:
    lane: Lane
    parts: list[_Part] = field(default_factory=list)
    tokens: int = 0
    started: float = 0.0

    @property
    def texts(self) -> int:
        return sum(part.stop - part.start for part in self.parts)


_Outcome = list[Prediction] | Exception


class Service:
    """Answers concurrent requests with one engine, which it owns and closes. Lives on one event loop.

    Args:
        engine: what predicts.
        queue_tokens: most tokens that may wait in each lane; beyond it requests are refused. A bulk request
            larger than that is accepted when no other bulk waits.
        workers: threads that call the engine; with two, tokenizing one batch hides behind the other's pass.
        on_batch: told of each call of the engine, on the event loop.
    """

    def __init__(
        self,
        engine: Predictor,
        *,
        queue_tokens: int = 262_144,
        workers: int = 2,
        clock: Clock = SYSTEM_CLOCK,
        on_batch: Callable[[BatchReport], None] | None = None,
    ) -> None:
        self._engine = engine
        self._queue_tokens = queue_tokens
        self._workers = workers
        self._clock = clock
        self._on_batch = on_batch
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="tradewind-engine")
        self._keys = itertools.count()
        self._lanes: dict[Lane, OrderedDict[int, _Request]] = {"short": OrderedDict(), "bulk": OrderedDict()}
        self._waiting: dict[Lane, int] = {"short": 0, "bulk": 0}
        self._running: dict[Lane, int] = {"short": 0, "bulk": 0}
        self._running_tokens: dict[Lane, int] = {"short": 0, "bulk": 0}
        self._last_lane: Lane = "bulk"
        self._rate = Rate()
        self._closing = False
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def engine(self) -> Predictor:
        """What predicts, for those who batch by themselves."""
        return self._engine

    @property
    def waiting_tokens(self) -> int:
        """Tokens accepted and not yet given to the engine."""
        return self._waiting["short"] + self._waiting["bulk"]

    @property
    def running_batches(self) -> int:
        """Calls of the engine under way."""
        return self._running["short"] + self._running["bulk"]

    async def predict(
        self, texts: Sequence[str], *, pairs: Sequence[str] | None = None, deadline_s: float = 10.0
    ) -> list[Prediction]:
        """One prediction a text, in order.

        A caller that is cancelled takes its waiting work with it.

        Raises:
            InputError: `pairs` and `texts` differ in number, a text is empty or no Unicode (says which), or the
                engine refuses one.
            BusyError: too many tokens wait; says when to come back.
            DeadlineError: no answer within `deadline_s` seconds; what had not started will not.
            UnavailableError: the service is closing.
        """
        if self._closing:
            raise UnavailableError("this model is being unloaded", hint="send the request again")
        _check(texts, pairs)
        if not texts:
            return []
        request = self._accept(texts, pairs)
        timer = asyncio.get_running_loop().call_later(deadline_s, self._expire, request, deadline_s)
        try:
            self._pump()
            return await request.answer
        finally:
            timer.cancel()
            self._forget(request)

    async def close(self) -> None:
        """Answer what was accepted, refuse the rest, then close the engine. May be called twice."""
        self._closing = True
        await self._empty.wait()
        self._threads.shutdown(wait=False)
        await asyncio.to_thread(self._engine.close)

    def _accept(self, texts: Sequence[str], pairs: Sequence[str] | None) -> _Request:
        tokens = [estimated_tokens(text) for text in texts]
        if pairs is not None:
            tokens = [own + estimated_tokens(pair) for own, pair in zip(tokens, pairs, strict=True)]
        total = sum(tokens)
        lane: Lane = "short" if total <= SHORT_TOKENS else "bulk"
        waiting = self._waiting[lane]
        if waiting and waiting + total > self._queue_tokens:
            raise BusyError(
                f"{waiting:,} tokens wait already and the queue takes {self._queue_tokens:,}",
                retry_after_s=self._rate.seconds_for(waiting + sum(self._running_tokens.values())),
                hint="send the request again later, or fewer texts at once",
            )
        loop = asyncio.get_running_loop()
        request = _Request(
            key=next(self._keys),
            lane=lane,
            texts=texts,
            pairs=pairs,
            tokens=tokens,
            waiting=total,
            answer=loop.create_future(),
            results=[None] * len(texts),
            unanswered=len(texts),
        )
        self._waiting[lane] += total
        self._lanes[lane][request.key] = request
        self._empty.clear()
        return request

    def _forget(self, request: _Request) -> None:
        """Drop what of a request still waits: it is answered, cancelled, too late or failed."""
        if self._lanes[request.lane].pop(request.key, None) is not None:
            self._waiting[request.lane] -= request.waiting
            request.waiting = 0
            self._check_empty()

    def _expire(self, request: _Request, deadline_s: float) -> None:
        if not request.answer.done():
            started = "the engine was still at it" if request.taken else "it was still waiting"
            error = DeadlineError(
                f"no answer within {deadline_s:g} s: {started}",
                hint="allow more time (deadline_s), or send fewer texts at once",
            )
            request.answer.set_exception(error)
            self._forget(request)

    def _check_empty(self) -> None:
        if not self.running_batches and not self._lanes["short"] and not self._lanes["bulk"]:
            self._empty.set()

    def _pump(self) -> None:
        """Give work to every idle worker."""
        while self.running_batches < self._workers:
            lane = self._next_lane()
            if lane is None:
                return
            self._start(self._take(lane))

    def _next_lane(self) -> Lane | None:
        """The lanes take turns; bulk leaves one worker (of two or more) to the short ones.

        While a batch of short requests runs, the next one starts beside it only when it has grown comparable:
        the first request to come back would otherwise go alone, and many small passes cost several times one
        large (64 clients: 3 texts a pass and 194 requests/s without this rule, 21 and 1,100 with it).
        """
        bulk_limit = max(1, self._workers - 1)
        bulk = bool(self._lanes["bulk"]) and self._running["bulk"] < bulk_limit
        enough = self._waiting["short"] >= BESIDE_SHARE * self._running_tokens["short"]
        short = bool(self._lanes["short"]) and enough
        if bulk and (not short or self._last_lane == "short"):
            return "bulk"
        return "short" if short else None

    def _take(self, lane: Lane) -> _Batch:
        """The next texts of a lane, up to its budget; always at least one. All with second texts, or all
        without.
        """
        waiting = self._lanes[lane]
        budget = BATCH_TOKENS if lane == "short" else self._slice_tokens()
        batch = _Batch(lane)
        paired = next(iter(waiting.values())).pairs is not None
        for _ in range(len(waiting)):
            request = next(iter(waiting.values()))
            if (request.pairs is not None) != paired:
                break
            start = request.taken
            while request.taken < len(request.texts):
                tokens = request.tokens[request.taken]
                if batch.tokens and batch.tokens + tokens > budget:
                    break
                batch.tokens += tokens
                request.waiting -= tokens
                self._waiting[lane] -= tokens
                request.taken += 1
            if request.taken > start:
                batch.parts.append(_Part(request, start, request.taken))
            if request.taken < len(request.texts):
                if lane == "bulk":
                    waiting.move_to_end(request.key)
                break
            waiting.popitem(last=False)
        return batch

    def _slice_tokens(self) -> float:
        tokens = self._rate.tokens_in(SLICE_S)
        return FIRST_SLICE_TOKENS if tokens is None else min(max(tokens, LEAST_SLICE_TOKENS), BATCH_TOKENS)

    def _start(self, batch: _Batch) -> None:
        self._last_lane = batch.lane
        self._running[batch.lane] += 1
        self._running_tokens[batch.lane] += batch.tokens
        batch.started = self._clock.monotonic()
        loop = asyncio.get_running_loop()
        future = self._threads.submit(_run, self._engine, batch.parts)
        future.add_done_callback(partial(_hand_over, loop, self._finish, batch))

    def _finish(self, batch: _Batch, future: Future[list[_Outcome]]) -> None:
        now = self._clock.monotonic()
        self._rate.add(batch.tokens, started=batch.started, finished=now)
        self._running[batch.lane] -= 1
        self._running_tokens[batch.lane] -= batch.tokens
        self._pump()
        for part, outcome in zip(batch.parts, future.result(), strict=True):
            self._deliver(part, outcome)
        if self._on_batch is not None:
            seconds = now - batch.started
            self._on_batch(BatchReport(batch.lane, len(batch.parts), batch.texts, batch.tokens, seconds))
        self._check_empty()

    def _deliver(self, part: _Part, outcome: _Outcome) -> None:
        request = part.request
        if request.answer.done():
            return
        if isinstance(outcome, Exception):
            request.answer.set_exception(outcome)
            self._forget(request)
            return
        request.results[part.start : part.stop] = outcome
        request.unanswered -= part.stop - part.start
        if request.unanswered == 0:
            request.answer.set_result([result for result in request.results if result is not None])


def _check(texts: Sequence[str], pairs: Sequence[str] | None) -> None:
    """Refuse here what the engine would: there it would fail a whole batch, and number the text within it."""
    check_texts(texts)
    if pairs is not None:
        if len(pairs) != len(texts):
            raise InputError(
                f"{len(texts)} texts but {len(pairs)} pairs", hint="give one second text for each text"
            )
        check_texts(pairs, 0, "second text")


def _run(engine: Predictor, parts: list[_Part]) -> list[_Outcome]:
    """Runs in a worker thread. If the merged call fails each request is tried alone: one's fault is not
    another's.
    """
    try:
        pieces = [
            part.request.pairs[part.start : part.stop] for part in parts if part.request.pairs is not None
        ]
        texts = [text for part in parts for text in part.request.texts[part.start : part.stop]]
        pairs = [pair for piece in pieces for pair in piece] if pieces else None
        predictions = engine.predict(texts, pairs)
        if len(predictions) != len(texts):
            raise TradewindError(f"the engine gave {len(predictions)} predictions for {len(texts)} texts")
    except Exception as error:
        return [error] if len(parts) == 1 else [_run(engine, [part])[0] for part in parts]
    ends = list(itertools.accumulate(part.stop - part.start for part in parts))
    return [predictions[end - part.stop + part.start : end] for part, end in zip(parts, ends, strict=True)]


def _hand_over(
    loop: asyncio.AbstractEventLoop,
    finish: Callable[[_Batch, Future[list[_Outcome]]], None],
    batch: _Batch,
    future: Future[list[_Outcome]],
) -> None:
    """Carry a finished call from its worker thread to the event loop."""
    loop.call_soon_threadsafe(finish, batch, future)
