"""`kill -9` of the server in a loop, under load: what was acknowledged is there once, in order, for both sides.

`python tests/helpers/chat_kills.py KILLS FOLDER` does as many as one likes.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import httpx
from chat_client import Client
from chat_kit import conversing

from tradewind.access.model import LOCAL
from tradewind.core.ids import RegionId

SERVER = Path(__file__).with_name("chat_server.py")
LONGEST_S, LONGEST_WAIT_S = 0.8, 10.0
WORKS_FIRST = 0.8
"""Of the lives, how many answer something; the others end while they start or just after."""
CUSTOMERS, WITH_AGENT = 6, 2


@dataclass
class Killed:
    """What came of it."""

    kills: int = 0
    acknowledged: int = 0
    messages: int = 0
    connections: int = 0
    problems: list[str] = field(default_factory=list)


async def kill_in_a_loop(folder: Path, kills: int, *, seed: int) -> Killed:
    """Customers and agents write while the server is killed at random moments and started again."""
    chance, done, port = random.Random(seed), Killed(), _free_port()
    address = f"127.0.0.1:{port}"
    server = await _start(folder, port)
    customers, agents = await asyncio.to_thread(_begin, f"http://{address}")
    clients = [
        *(Client(f"ws://{address}/v1/conversations/{id}/live", f"c-{id[-6:]}") for id in customers),
        *(Client(f"ws://{address}/v1/inbox/{id}/live", f"a-{id[-6:]}") for id in agents),
    ]
    stop = asyncio.Event()
    running = [asyncio.create_task(client.run(stop)) for client in clients]
    for _ in range(kills):
        if chance.random() < WORKS_FIRST:
            await _until_something_is_acknowledged(clients)
        await asyncio.sleep(chance.uniform(0.0, LONGEST_S))
        os.kill(server.pid, signal.SIGKILL)
        await asyncio.to_thread(server.wait)
        done.kills += 1
        server = await _start(folder, port)
    await asyncio.sleep(1)
    stop.set()
    await asyncio.wait_for(asyncio.gather(*running), 60)
    server.terminate()
    await asyncio.to_thread(server.wait)
    await _check(folder, customers, clients, done)
    return done


async def _until_something_is_acknowledged(clients: list[Client]) -> None:
    """A slow machine would otherwise kill servers that have done nothing yet."""
    before = sum(len(client.acknowledged) for client in clients)
    until = time.monotonic() + LONGEST_WAIT_S
    while sum(len(client.acknowledged) for client in clients) == before and time.monotonic() < until:
        await asyncio.sleep(0.01)


async def _check(folder: Path, customers: list[str], clients: list[Client], done: Killed) -> None:
    async with conversing(folder) as (ground, chats):
        for id in customers:
            stored = await chats.history(LOCAL, id, limit=100_000)  # type: ignore[arg-type]
            done.messages += len(stored)
            if [m.number for m in stored] != list(range(1, len(stored) + 1)):
                done.problems.append(f"{id}: numbers have gaps")
            for client in (each for each in clients if id in each.address):
                done.acknowledged += len(client.acknowledged)
                done.connections += client.connections
                done.problems += _problems(client, stored)
        entries = [
            (entry.body["conversation"], entry.body["number"])
            for entry in ground.journal.read(LOCAL, RegionId("us"), kinds=["conversation.message"])
        ]
        if len(entries) != done.messages or len(set(entries)) != len(entries):
            done.problems.append(f"{done.messages} messages and {len(entries)} entries")
        if not ground.journal.verify().sound:
            done.problems.append("the journal is not sound")


def _problems(client: Client, stored: list[Any]) -> list[str]:
    found = []
    mine = [m.text for m in stored if m.client_id and m.text.startswith(client.name)]
    twice = [text for text, times in Counter(mine).items() if times > 1]
    lost = [text for text in client.acknowledged if text not in set(mine)]
    if twice or lost:
        found.append(f"{client.name}: twice {twice[:3]}, lost {lost[:3]}")
    if mine != [text for text in client.sent if text in set(mine)]:
        found.append(f"{client.name}: out of order")
    wrong = [text for text, number in client.acknowledged.items() if stored[number - 1].text != text]
    if wrong:
        found.append(f"{client.name}: acknowledged under another number: {wrong[:3]}")
    seen = [m["number"] for m in client.seen]
    if seen != list(range(1, len(seen) + 1)):
        found.append(f"{client.name}: read {seen[:5]}…, not each once in order")
    return found


def _begin(address: str) -> tuple[list[str], list[str]]:
    """Customers' conversations; agents have taken the first of them."""
    with httpx.Client(base_url=address, timeout=30) as http:
        ids = [
            str(http.post("/v1/conversations", json={"market": "us"}).raise_for_status().json()["id"])
            for _ in range(CUSTOMERS)
        ]
        for id in ids[:WITH_AGENT]:
            http.post(f"/v1/inbox/{id}:take").raise_for_status()
    return ids, ids[:WITH_AGENT]


async def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, str(SERVER), str(folder), str(port)])
    until = time.monotonic() + 60
    async with httpx.AsyncClient() as http:
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if (await http.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200:
                    return process
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            await asyncio.sleep(0.02)
    process.kill()
    raise RuntimeError("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    started = time.monotonic()
    done = asyncio.run(kill_in_a_loop(Path(sys.argv[2]), int(sys.argv[1]), seed=7))
    print(
        f"{done.kills} kills, {done.acknowledged} acknowledged, {done.messages} messages stored, "
        f"{done.connections} connections, {time.monotonic() - started:.0f} s"
    )
    print("\n".join(done.problems) or "nothing lost, doubled or out of order")
    sys.exit(bool(done.problems))


if __name__ == "__main__":
    main()
