"""Who was recognised a moment ago, so that the next request need not ask the database."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from tradewind.access.model import Principal
from tradewind.core.clock import Clock

BELIEVED_S = 1.0
"""What another process changed (a key revoked, a role taken away) holds here after at most this long."""
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """A key or session that was looked up.

    Args:
        expires: when it ends by itself; never when None.
        rate_per_s: requests a second that it may make; the installation's when None.
        by_session: it came as a cookie, which a browser sends by itself.
    """

    principal: Principal
    expires: datetime | None
    rate_per_s: float | None
    by_session: bool


class Beliefs:
    """Known keys and sessions by their SHA-256, each for a second, all of them until the next `doubt`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[bytes, tuple[float, Known]] = {}
        self._lock = threading.Lock()
        self.generation = 0

    def get(self, digest: bytes) -> Known | None:
        """What is believed; None where the database must be asked."""
        found = self._known.get(digest)
        if found is None or found[0] < self._clock.monotonic():
            return None
        expires = found[1].expires
        return found[1] if expires is None or self._clock.now() < expires else None

    def keep(self, digest: bytes, known: Known, generation: int) -> None:
        """Believe what was looked up, unless something changed since `generation` was read."""
        with self._lock:
            if generation != self.generation:
                return
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[digest] = self._clock.monotonic() + BELIEVED_S, known

    def doubt(self) -> None:
        """Something changed: believe nothing that was looked up before now."""
        with self._lock:
            self.generation += 1
            self._known.clear()
