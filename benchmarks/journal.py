"""`python benchmarks/journal.py [--folder DISK]`: durable appends, their delay, and verification.

64 writers on one event loop record entries of about 200 bytes, each waiting for its receipt before the next. Their
peers are in `journal_peers.py`. Rounds of all are interleaved and the median of each is printed, a JSON line a figure.
The PostgreSQL server is started from the installed binaries, its data in the temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "helpers"))

import journal_peers as peers

from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.journal.databases import Database, Databases
from tradewind.journal.journal import Journal
from tradewind.journal.model import Body, Draft

WRITERS = 64
TENANT, EU = TenantId("acme"), RegionId("eu")
TEXT = "a customer asked where the new card is that was ordered last week; it was answered from the knowledge base"


class Event(Body, kind="bench.event"):
    """What is recorded."""

    channel: str
    text: str
    confidence: float
    number: int


def main() -> None:
    wanted = _arguments()
    if wanted.only in ("all", "sqlite"):
        measure("sqlite", wanted)
    if wanted.only in ("all", "postgres"):
        measure("postgres", wanted)
    if wanted.only in ("all", "verify"):
        measure_verification(wanted)


def measure(store: str, wanted: argparse.Namespace) -> None:
    """Appends beside their peers, in interleaved rounds."""
    found: dict[str, list[float]] = {}
    delays: list[float] = []
    with _fresh(store, wanted) as (url, folder):
        for number in range(wanted.rounds):
            for per_call in (1, 8):
                rate, taken = _append(url(), folder, wanted.seconds, per_call)
                found.setdefault(f"ours_{per_call}", []).append(rate)
                delays += taken if per_call == 1 else []
            for batch in (1, WRITERS, 8 * WRITERS):
                found.setdefault(f"insert_{batch}", []).append(
                    _insert(store, url(), batch, wanted.seconds, number)
                )
    middle = {name: statistics.median(values) for name, values in found.items()}
    name = f"journal.{store}"
    _print(
        f"{name}.appends_per_s",
        middle["ours_1"],
        "1/s",
        "INSERT of 64 rows a commit",
        middle[f"insert_{WRITERS}"],
    )
    _print(
        f"{name}.appends_of_8_per_s",
        middle["ours_8"],
        "entries/s",
        "INSERT of 512 rows a commit",
        middle[f"insert_{8 * WRITERS}"],
    )
    _print(
        f"{name}.appends_over_single_commits",
        middle["ours_1"],
        "1/s",
        "a commit an entry",
        middle["insert_1"],
    )
    cuts = statistics.quantiles(delays, n=100)
    _print(f"{name}.ack_p50_ms", 1000 * cuts[49], "ms")
    _print("journal.ack_p99_ms" if store == "sqlite" else f"{name}.ack_p99_ms", 1000 * cuts[98], "ms")


def measure_verification(wanted: argparse.Namespace) -> None:
    """Verification of a stream, with all cores."""
    with _fresh("sqlite", wanted) as (url, folder), _journal(url(), folder) as journal:
        drafts = [_draft(number) for number in range(1_000)]
        for _ in range(wanted.entries // len(drafts)):
            journal.append_now(TENANT, drafts)
        journal.checkpoint()
        rates = []
        for _ in range(wanted.rounds):
            started = time.perf_counter()
            done = journal.verify()
            assert done.sound, done.problems
            rates.append(done.entries / (time.perf_counter() - started))
    _print("journal.verify_entries_per_s", statistics.median(rates), "entries/s")


def _append(url: str, folder: Path, seconds: float, per_call: int) -> tuple[float, list[float]]:
    """Entries a second, and how long each call took."""
    taken: list[float] = []

    async def write(journal: Journal, until: float) -> None:
        number = 0
        while (started := time.perf_counter()) < until:
            await journal.append(TENANT, [_draft(number + each) for each in range(per_call)])
            taken.append(time.perf_counter() - started)
            number += per_call

    async def write_all(journal: Journal) -> float:
        started = time.perf_counter()
        await asyncio.gather(*(write(journal, started + seconds) for _ in range(WRITERS)))
        return len(taken) * per_call / (time.perf_counter() - started)

    with _journal(url, folder) as journal:
        journal.append_now(TENANT, [_draft(0)])
        return asyncio.run(write_all(journal)), taken


def _insert(store: str, url: str, batch: int, seconds: float, lane: int) -> float:
    with _journal(url, Path(tempfile.gettempdir())):
        pass  # makes the tables
    body = json.dumps(_draft(0).body.model_dump(), separators=(",", ":")).encode()
    given = peers.rows(int(seconds * 60_000), body, lane=lane)
    if store == "sqlite":
        return peers.insert_sqlite(Path(url.removeprefix("sqlite:///")), given, batch, seconds)
    return peers.insert_postgres(url, given, batch, seconds)


@contextlib.contextmanager
def _journal(url: str, folder: Path) -> Iterator[Journal]:
    databases = Databases(Database("sqlite://"), {EU: Database(url)})
    journal = Journal(
        databases, region_of=lambda market: EU, home_of=lambda tenant: EU, locks=folder / "locks"
    )
    try:
        yield journal
    finally:
        journal.close()
        databases.close()


@contextlib.contextmanager
def _fresh(store: str, wanted: argparse.Namespace) -> Iterator[tuple[Callable[[], str], Path]]:
    """Makes an empty database at each call."""
    count = iter(range(10_000))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=wanted.folder)))
        if store == "sqlite":
            yield lambda: f"sqlite:///{folder / str(next(count))}.db", folder
            return
        import postgres

        server = stack.enter_context(postgres.server())
        yield lambda: server.create(f"bench_{next(count)}"), folder


def _draft(number: int) -> Draft:
    return Draft(Event(channel="widget", text=TEXT, confidence=0.97, number=number), market=MarketId("de"))


def _print(
    name: str, value: float, unit: str, peer: str | None = None, peer_value: float | None = None
) -> None:
    line: dict[str, Any] = {"name": name, "value": round(value, 2), "unit": unit}
    if peer_value is not None:
        line |= {"peer": peer, "peer_value": round(peer_value, 2), "ratio": round(value / peer_value, 3)}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(json.dumps(line | {"machine": f"{cores} cores, {platform.machine()}"}), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("all", "sqlite", "postgres", "verify"), default="all")
    parser.add_argument(
        "--folder", type=Path, help="on the disk to be measured; the temporary folder when absent"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="of each round of each contestant")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--entries", type=int, default=1_000_000, help="to verify")
    return parser.parse_args()


if __name__ == "__main__":
    main()
