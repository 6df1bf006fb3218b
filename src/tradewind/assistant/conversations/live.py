"""One at a time within a conversation, and a word to those who follow it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager


class Turnstile:
    """Lets one through at a time for each name, in the order in which they came."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, name: str) -> AsyncIterator[None]:
        """Wait for one's turn."""
        lock, users = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[name]
            if users == 1:
                del self._locks[name]
            else:
                self._locks[name] = lock, users - 1


class Followers:
    """Who follows which conversation in this process."""

    def __init__(self) -> None:
        self._changed: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def follow(self, name: str) -> Iterator[asyncio.Event]:
        """An event that is set with each change."""
        changed = asyncio.Event()
        self._changed.setdefault(name, set()).add(changed)
        try:
            yield changed
        finally:
            followers = self._changed[name]
            followers.discard(changed)
            if not followers:
                del self._changed[name]

    def tell(self, name: str) -> None:
        """Something changed."""
        for changed in self._changed.get(name, ()):
            changed.set()

    @property
    def names(self) -> frozenset[str]:
        """What is followed."""
        return frozenset(self._changed)
