"""Requests a second and their times, with 64 clients that each send one text and wait: `tradewind serve`
against a plain FastAPI application around the transformers pipeline. Same machine, same clients, one after
the other.

    python benchmarks/http.py MODEL_FOLDER [--seconds 15] [--without-peer]

The clients are one process of raw asyncio connections (HTTP/1.1, kept alive), so that what is measured is the
server. Prints JSON lines `http.requests_per_s`, `http.p50_ms`, `http.p99_ms`, `http.errors`, `http.rss_mb`.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit
from urllib.request import urlopen

CLIENTS = 64
WARM_UP_S = 3.0
START_S = 120.0
FALLBACK_TEXTS = (
    "Where is my new card? It should have been here last week.",
    "What is the exchange rate from dollars to euros today?",
    "My transfer failed and the money is gone",
    "How do I change my PIN?",
    "I was charged twice for the same thing, please give me my money back",
)


@dataclass(frozen=True)
class Load:
    """What the clients saw."""

    requests: int
    errors: int
    seconds: float
    times_ms: list[float]

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Client(asyncio.Protocol):
    """One connection that sends a request, waits for its answer, and sends the next."""

    def __init__(self, requests: list[bytes], first: int, record: Record) -> None:
        self.requests = requests
        self.number = first
        self.record = record
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)  # uvloop's own class is no asyncio.Transport
        self.send()

    def send(self) -> None:
        self.started = time.perf_counter()
        self.transport.write(self.requests[self.number % len(self.requests)])
        self.number += CLIENTS

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, separator, body = self.buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lowered = head.lower()
        length = int(lowered.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self.buffer = b""
        self.record.add(time.perf_counter() - self.started, ok=head.startswith(b"HTTP/1.1 200"))
        if self.record.running:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self.record.running:
            self.record.lost += 1


class Record:
    """Counts answers while it is on."""

    def __init__(self) -> None:
        self.running = True
        self.counting = False
        self.times: list[float] = []
        self.errors = 0
        self.lost = 0

    def add(self, seconds: float, *, ok: bool) -> None:
        if self.counting:
            self.times.append(seconds)
            self.errors += not ok


async def load(address: str, path: str, texts: list[str], seconds: float) -> Load:
    """Keep all clients busy for so many seconds after the warm-up."""
    place = urlsplit(address)
    requests = [_request(place.netloc, path, text) for text in texts]
    record = Record()
    loop = asyncio.get_running_loop()
    for number in range(CLIENTS):
        await loop.create_connection(
            lambda first=number: Client(requests, first, record), place.hostname, place.port
        )
    await asyncio.sleep(WARM_UP_S)
    record.counting, started = True, time.perf_counter()
    await asyncio.sleep(seconds)
    took = time.perf_counter() - started
    record.counting = record.running = False
    await asyncio.sleep(0.5)
    times = [1000 * value for value in record.times]
    return Load(len(times), record.errors + record.lost, took, times)


def _request(host: str, path: str, text: str) -> bytes:
    body = json.dumps({"text": text}, ensure_ascii=False).encode()
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\n{length}\r\n\r\n"
    return head.encode() + body


@contextmanager
def server(*command: str) -> Iterator[tuple[str, int]]:
    """Start a server that prints `{"address": ...}` and yield its address and process id once it is ready."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        document = ""
        while not document.rstrip().endswith("}"):
            line = process.stdout.readline()
            if not line:
                raise SystemExit(f"{' '.join(command)} did not start")
            document += line
        address = json.loads(document)["address"]
        _wait_until_ready(f"{address}/readyz")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(url: str) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            with urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{url} was not ready in {START_S:.0f} s")


def rss_mb(pid: int) -> tuple[float, float]:
    """Resident memory of a process now and at its most, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    values = dict(line.split(":", 1) for line in status.splitlines() if line.startswith(("VmRSS", "VmHWM")))
    return tuple(int(values[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))  # type: ignore[return-value]


def texts() -> list[str]:
    """Banking77's test texts where the public data are, else a handful."""
    folder = os.environ.get("TRADEWIND_DATA")  # noqa: TID251 - a script, not the product
    path = Path(folder or "") / "banking77" / "test.csv"
    if folder and path.is_file():
        with path.open(encoding="utf-8", newline="") as file:
            return [row["text"] for row in csv.DictReader(file)]
    return list(FALLBACK_TEXTS)


def measure(address: str, path: str, seconds: float) -> Load:
    try:
        from uvloop import run
    except ImportError:
        from asyncio import run
    return run(load(address, path, texts(), seconds))


def report(name: str, value: float, unit: str, peer: float | None = None) -> None:
    ratio = None if not peer else round(value / peer, 3)
    print(
        json.dumps(
            {
                "name": name,
                "value": round(value, 3),
                "unit": unit,
                "peer": None if peer is None else "FastAPI with the transformers pipeline",
                "peer_value": None if peer is None else round(peer, 3),
                "ratio": ratio,
                "machine": f"{os.cpu_count()} cores, {platform.machine()}",
            }
        ),
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--without-peer", action="store_true")
    options = parser.parse_args()
    from tradewind.core.settings import load_settings
    from tradewind.nlp.bundle import read_info
    from tradewind.nlp.encoders import resolve

    info = read_info(options.model)
    with server("-m", "tradewind", "serve", str(options.model), "--port", "0", "--json") as (address, pid):
        at_start, _ = rss_mb(pid)
        own = measure(address, f"/v1/models/{info.name}:predict", options.seconds)
        resident, most = rss_mb(pid)
    peer = None
    if not options.without_peer:
        encoder = resolve(info.encoder.name, load_settings()).path
        labels = str(len(info.heads[0].labels))
        script = str(Path(__file__).with_name("http_peer.py"))
        with server(script, str(encoder), labels) as (address, _):
            peer = measure(address, "/predict", options.seconds)
        if peer.errors:
            raise SystemExit(f"the peer failed {peer.errors} times: no comparison")
    report("http.requests_per_s", own.requests / own.seconds, "1/s", peer and peer.requests / peer.seconds)
    report("http.p50_ms", own.percentile(0.5), "ms", peer and peer.percentile(0.5))
    report("http.p99_ms", own.percentile(0.99), "ms", peer and peer.percentile(0.99))
    report("http.errors", own.errors, "requests", peer and peer.errors)
    report(f"http.rss_mb.{info.encoder.name}", resident, "MB")
    print(f"memory at start {at_start:.0f} MB, at most {most:.0f} MB", file=sys.stderr)
    if own.errors:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
