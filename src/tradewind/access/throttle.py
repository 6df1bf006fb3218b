"""Token buckets: so many at once, so many a second after that."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from tradewind.core.clock import Clock
from tradewind.core.errors import RateError

MOST_BUCKETS = 100_000


class Throttle:
    """A bucket for each name, in this process.

    Args:
        burst: how many may come at once.
        per_s: how many a second after that.
        what: for the message: "this key may ask".
    """

    def __init__(self, clock: Clock, *, burst: float, per_s: float, what: str) -> None:
        self._clock = clock
        self._burst = burst
        self._per_s = per_s
        self._what = what
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: Hashable, *, per_s: float | None = None, burst: float | None = None) -> None:
        """Take one token of a name's bucket.

        Args:
            per_s, burst: this name's own, in place of the throttle's.

        Raises:
            RateError: it is empty; says when there is one again.
        """
        rate = self._per_s if per_s is None else per_s
        size = self._burst if burst is None else burst
        now = self._clock.monotonic()
        with self._lock:
            left, since = self._buckets.pop(name, (size, now))
            left = min(size, left + (now - since) * rate)
            enough = left >= 1.0
            self._buckets[name] = (left - 1.0 if enough else left, now)
            if len(self._buckets) > MOST_BUCKETS:
                self._buckets.popitem(last=False)
        if not enough:
            raise RateError(
                f"{self._what} {rate:.3g} times a second",
                retry_after_s=(1.0 - left) / rate,
                hint="ask less often",
            )

    def forget(self, name: Hashable) -> None:
        """Give a name a full bucket again."""
        with self._lock:
            self._buckets.pop(name, None)
