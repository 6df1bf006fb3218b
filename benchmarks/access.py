"""`python benchmarks/access.py`: what it costs a predict request to be recognised.

`access.admit_us`: headers of a usual client, key believed from memory, its rate counted. Its peer is the same key
looked up in the database each time (SQLite). Medians over rounds of 2,000, a JSON line a figure.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.access.keys import digest_of
from tradewind.access.model import Right
from tradewind.core.ids import RegionId
from tradewind.core.settings import Settings
from tradewind.workspace import Ground

ROUNDS, CALLS = 25, 2_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(workspace=Path(folder), key_rate_per_s=1e9)
        ground = Ground(settings)
        ground.access.tenants.create(
            "acme", home=RegionId("eu"), owner="a@b.example", password=None, by="operator"
        )
        tenant = ground.access.tenants.get("acme").tenant
        _, key = ground.access.keys.make(tenant, "bench", frozenset(Right), by="operator")
        admit, look_up = median_us(*_ways(ground, settings, key))
        ground.close()
    line = {
        "name": "access.admit_us",
        "value": round(admit, 2),
        "unit": "µs",
        "peer": "a query for each request",
    }
    figures = {
        "peer_value": round(look_up, 1),
        "ratio": round(look_up / admit, 1),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
    }
    print(json.dumps(line | figures, ensure_ascii=False))


def _ways(ground: Ground, settings: Settings, key: str) -> tuple[Callable[[], Any], Callable[[], Any]]:
    doorkeeper = Doorkeeper(lambda: ground.access, settings)
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/models/banking:predict",
        "client": ("127.0.0.1", 50_000),
        "headers": [
            (b"host", b"localhost:8321"),
            (b"accept", b"*/*"),
            (b"accept-encoding", b"gzip, deflate, br, zstd"),
            (b"connection", b"keep-alive"),
            (b"user-agent", b"python-httpx/0.28.1"),
            (b"authorization", f"Bearer {key}".encode()),
            (b"content-type", b"application/json"),
            (b"content-length", b"42"),
        ],
    }

    def admit() -> None:
        caller = doorkeeper.admit_now(scope)
        if caller is None:  # once a second
            doorkeeper._admit(scope)
            return
        caller.principal.require(Right.MODELS_PREDICT)
        doorkeeper.reaches(caller.principal)("banking")

    return admit, lambda: ground.access.keys.recognise(digest_of(key))


def median_us(*ways: Callable[[], Any]) -> list[float]:
    """Microseconds a call of each, rounds interleaved."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for way, times in zip(ways, taken, strict=True):
            calls = CALLS if way is ways[0] else CALLS // 20
            started = time.perf_counter()
            for _ in range(calls):
                way()
            times.append((time.perf_counter() - started) / calls * 1e6)
    return [statistics.median(times) for times in taken]


if __name__ == "__main__":
    main()
