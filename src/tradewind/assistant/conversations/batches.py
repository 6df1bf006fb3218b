"""Messages of different conversations that wait at the same time are understood in one call of the model."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial

from tradewind.assistant.model import Language, Understander, Understanding
from tradewind.core.errors import UnavailableError
from tradewind.core.ids import MarketId

MOST = 64
WORKERS = 2
"""While one batch is in the model, the next one is prepared."""

Hold = Callable[[], AbstractContextManager[Understander]]
"""Lends the understander for one call, on the event loop: a model that is replaced meanwhile stays open so long."""

_Waiting = tuple[str, Language | None, "asyncio.Future[Understanding]"]


class Batches:
    """Understanding for an event loop. A message that comes alone goes at once."""

    def __init__(self, hold: Hold, *, most: int = MOST, workers: int = WORKERS) -> None:
        self._hold = hold
        self._most = most
        self._free = workers
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="understand")
        self._waiting: OrderedDict[MarketId, list[_Waiting]] = OrderedDict()
        self._running: set[asyncio.Task[None]] = set()

    async def understand(self, text: str, market: MarketId, language: Language | None) -> Understanding:
        """What the model says of a message; `language` is what is known of it."""
        answer: asyncio.Future[Understanding] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(market, []).append((text, language, answer))
        self._start()
        return await answer

    def close(self) -> None:
        """Take nothing more."""
        self._free = 0
        for waiting in self._waiting.values():
            for _, _, answer in waiting:
                if not answer.done():
                    answer.set_exception(UnavailableError("the server is stopping"))
        self._waiting.clear()
        self._threads.shutdown(wait=False)

    def _start(self) -> None:
        while self._free > 0 and self._waiting:
            market, waiting = self._waiting.popitem(last=False)
            batch, rest = waiting[: self._most], waiting[self._most :]
            if rest:
                self._waiting[market] = rest  # behind the other markets
            self._free -= 1
            task = asyncio.create_task(self._run(market, batch))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run(self, market: MarketId, batch: Sequence[_Waiting]) -> None:
        texts = [text for text, _, _ in batch]
        languages = [language for _, language, _ in batch]
        try:
            with self._hold() as understander:
                call = partial(understander.understand, texts, market, languages=languages)
                found = await asyncio.get_running_loop().run_in_executor(self._threads, call)
            for (_, _, answer), understanding in zip(batch, found, strict=True):
                if not answer.done():
                    answer.set_result(understanding)
        except Exception as error:
            for _, _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
        finally:
            self._free += 1
            self._start()
