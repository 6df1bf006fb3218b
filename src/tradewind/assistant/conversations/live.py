"""One at a time within a conversation, and a word to those who follow it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

from tradewind.core.ids import TenantId


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
        self._tenants: dict[str, TenantId] = {}
        self._seen: dict[str, int] = {}

    @contextmanager
    def follow(self, tenant: TenantId, name: str) -> Iterator[asyncio.Event]:
        """An event that is set with each change."""
        changed = asyncio.Event()
        self._changed.setdefault(name, set()).add(changed)
        self._tenants[name] = tenant
        try:
            yield changed
        finally:
            followers = self._changed[name]
            followers.discard(changed)
            if not followers:
                del self._changed[name], self._tenants[name]
                self._seen.pop(name, None)

    def tell(self, name: str) -> None:
        """Something changed."""
        for changed in self._changed.get(name, ()):
            changed.set()

    def tell_all(self) -> None:
        """Wake everybody."""
        for name in self._changed:
            self.tell(name)

    def saw(self, versions: Mapping[str, int]) -> None:
        """Tell those whose conversation has another version than when it was looked at last."""
        for name, version in versions.items():
            if name in self._changed and self._seen.get(name) != version:
                self._seen[name] = version
                self.tell(name)

    @property
    def names(self) -> tuple[tuple[TenantId, str], ...]:
        """What is followed, and whose it is."""
        return tuple((tenant, name) for name, tenant in self._tenants.items())
