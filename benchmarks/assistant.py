"""`python benchmarks/assistant.py --model FOLDER [--folder DISK]`: whole turns, their delay, and flat memory.

A turn is a message of a customer until its answer is durable: read, understood by the model, talked over by the finance
pack's flows, answered from knowledge where it is a question, rendered, sealed, and committed with its journal entries.
Customers say fresh messages of the pack in five languages. Closed loop: each customer waits for its answer (1, 32
and 256 at a time). Open loop: 100 messages a second arrive whether or not the last ones are answered.

Memory: the resident set after a warm-up, and after `--turns` more. Rasa 3 needs a Python below 3.11, so its figure is
not measured here.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradewind.assistant.conversations.model import Conversation, Status
from tradewind.assistant.model import Language
from tradewind.core.ids import MarketId, TenantId
from tradewind.core.settings import AssistantSettings, Settings
from tradewind.nlp.bundle import read_info
from tradewind.nlp.runtime import memory
from tradewind.packs import load
from tradewind.workspace import Workspace, open_workspace

TENANT = TenantId("bench")
MARKETS = {"en": "us", "zh": "cn", "de": "de", "es": "es", "ja": "jp"}
LONGEST = 12
"""Turns of a conversation before the customer begins another one."""
CONCURRENT = (1, 32, 256)
ARRIVALS_PER_S = 100
WARM_UP = 1_000


def main() -> None:
    wanted = _arguments()
    with _place(wanted) as folder:
        asyncio.run(measure(folder, wanted))


@dataclass
class Customer:
    """Somebody who has one conversation after the other."""

    number: int
    language: str
    texts: Iterator[str]
    own: Conversation | None = None
    turns: int = 0
    delays: list[float] = field(default_factory=list)

    async def say(self, workspace: Workspace) -> float:
        """One turn; how long it took in seconds. Beginning a conversation is not counted."""
        chats = workspace.conversations
        if self.own is None or self.turns >= LONGEST:
            self.own = await chats.begin(
                TENANT,
                MarketId(MARKETS[self.language]),
                subject=f"customer:{self.number}",
                language=Language(self.language),
            )
            self.turns = 0
        own = self.own
        self.turns += 1
        started = time.perf_counter()
        said = await chats.receive(own.party, own.id, next(self.texts), f"m{self.turns}")
        taken = time.perf_counter() - started
        if said[-1].author == "system" and (await chats.get(TENANT, own.id)).status is not Status.OPEN:
            self.own = None
        return taken


async def measure(folder: Path, wanted: argparse.Namespace) -> None:
    name = read_info(wanted.model).name
    own = AssistantSettings(model=name, messages_per_s=1e6, messages_at_once=1e6)
    settings = Settings(workspace=folder, assistant=own)
    memory.share_arenas()
    workspace = open_workspace(settings, folders=[wanted.model])
    await asyncio.to_thread(workspace.ground.open)
    await workspace.live.start()
    await workspace.warm_up()
    customers = _customers(max(CONCURRENT))
    try:
        await closed(workspace, customers[:32], seconds=3, turns=WARM_UP)
        rates = {}
        for count in CONCURRENT:
            rates[count], delays = await closed(workspace, customers[:count], seconds=wanted.seconds)
            _delays(f"assistant.{count}", delays)
        _print("assistant.turns_per_s", rates[32], "turns/s", at=32)
        _print("assistant.turns_per_s_at_1", rates[1], "turns/s", at=1)
        _print("assistant.turns_per_s_at_256", rates[256], "turns/s", at=256)
        delays = await opened(workspace, customers, seconds=wanted.seconds)
        cuts = statistics.quantiles(delays, n=100)
        _print("assistant.p50_ms_at_100", 1000 * cuts[49], "ms")
        _print("assistant.p99_ms_at_100", 1000 * cuts[98], "ms")
        if wanted.turns:
            before = _resident_mb()
            await closed(workspace, customers[:64], seconds=1e9, turns=wanted.turns)
            _print("assistant.rss_mb", _resident_mb(), "MB")
            _print("assistant.rss_growth_mb", _resident_mb() - before, "MB", turns=wanted.turns)
    finally:
        await workspace.close()
        await workspace.live.close()
        await asyncio.to_thread(workspace.ground.close)


async def closed(
    workspace: Workspace, customers: list[Customer], *, seconds: float, turns: int | None = None
) -> tuple[float, list[float]]:
    """Turns a second of customers who wait for their answers, and how long each took."""
    delays: list[float] = []
    until = time.perf_counter() + seconds

    async def one(customer: Customer) -> None:
        while time.perf_counter() < until and (turns is None or len(delays) < turns):
            delays.append(await customer.say(workspace))

    started = time.perf_counter()
    await asyncio.gather(*map(one, customers))
    return len(delays) / (time.perf_counter() - started), delays


async def opened(workspace: Workspace, customers: list[Customer], *, seconds: float) -> list[float]:
    """How long turns take that come at a rate, from the moment at which each should have come."""
    chance, delays, running = random.Random(5), [], []
    started = due = time.perf_counter()
    number = 0
    for customer in customers:  # a conversation that begins is no turn
        await customer.say(workspace)
    started = due = time.perf_counter()

    async def one(customer: Customer, due: float) -> None:
        await customer.say(workspace)
        delays.append(time.perf_counter() - due)

    while due - started < seconds:
        due += chance.expovariate(ARRIVALS_PER_S)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        running.append(asyncio.create_task(one(customers[number % len(customers)], due)))
        number += 1
    await asyncio.gather(*running)
    return delays


def _customers(count: int) -> list[Customer]:
    texts = {language: _texts(language) for language in MARKETS}
    languages = sorted(MARKETS)
    return [
        Customer(number, languages[number % 5], _endless(texts[languages[number % 5]], number))
        for number in range(count)
    ]


def _texts(language: str) -> list[str]:
    file = load("finance").folder / "fresh" / f"{language}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines)]


def _endless(texts: list[str], seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    while True:
        yield chance.choice(texts)


def _resident_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _delays(name: str, delays: list[float]) -> None:
    cuts = statistics.quantiles(delays, n=100)
    _print(f"{name}.p50_ms", 1000 * cuts[49], "ms")
    _print(f"{name}.p99_ms", 1000 * cuts[98], "ms")


def _print(name: str, value: float, unit: str, **more: Any) -> None:
    line = {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        **more,
    }
    print(json.dumps(line), flush=True)


@contextmanager
def _place(wanted: argparse.Namespace) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        yield Path(folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a model that was taught the finance pack")
    parser.add_argument("--folder", type=Path, help="disk to write to; the temporary folder when absent")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement")
    parser.add_argument("--turns", type=int, default=100_000, help="of the measurement of memory; 0: none")
    return parser.parse_args(sys.argv[1:])


if __name__ == "__main__":
    main()
