"""Too much, too many, too late: refused early, cheaply, and in words."""

from __future__ import annotations

import asyncio
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tradewind.core.settings import Settings

Serve = Callable[..., AbstractContextManager[str]]
PREDICT = "/v1/models/banking:predict"


def slow(seconds_a_token: float) -> Callable[[Path], object]:
    """An opener of tiny engines that take their time."""
    import tiny

    return lambda folder: tiny.TinyEngine(folder, seconds_a_token=seconds_a_token)


def peak_bytes() -> int:
    """The most memory that this process, server included, has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_ten_megabyte_body_is_refused_by_its_header(workspace: Path, serve: Serve) -> None:
    with serve(Settings(workspace=workspace)) as address:
        answer = httpx.post(f"{address}{PREDICT}", content=b"x" * 10_000_000)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert "10,000,000 bytes; the most that is taken is 8,000,000" in answer.json()["detail"]
        assert httpx.get(f"{address}/healthz").status_code == 200


def test_a_chunked_body_is_refused_at_the_limit(workspace: Path, serve: Serve) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(40):
            yield b"x" * 250_000

    with serve(Settings(workspace=workspace)) as address:
        for path in (PREDICT, "/v1/models/banking:promote"):
            answer = httpx.post(f"{address}{path}", content=chunks())
            assert (answer.status_code, "more than 8,000,000 bytes" in answer.json()["detail"]) == (413, True)


def test_an_endless_body_is_answered_without_being_read_or_held(workspace: Path, serve: Serve) -> None:
    with serve(Settings(workspace=workspace)) as address:
        place = urlsplit(address)
        assert place.hostname is not None
        before = peak_bytes()
        with socket.create_connection((place.hostname, place.port or 80), timeout=10) as line:
            line.sendall(
                f"POST {PREDICT} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
            )
            started = time.monotonic()
            sent = 0
            line.settimeout(0.001)
            received = b""
            while b"413" not in received and time.monotonic() - started < 10:
                try:
                    line.settimeout(5)
                    line.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                    sent += 0x10000
                    line.settimeout(0.001)
                    received += line.recv(4096)
                except TimeoutError:
                    continue
        assert b"HTTP/1.1 413" in received
        assert b"connection: close" in received.lower()
        assert sent < 30_000_000
        assert peak_bytes() - before < 60_000_000


def test_a_length_that_is_no_number_is_no_way_around_the_limit(workspace: Path, serve: Serve) -> None:
    with serve(Settings(workspace=workspace)) as address:
        place = urlsplit(address)
        with socket.create_connection((place.hostname or "", place.port or 80), timeout=5) as line:
            line.sendall(
                f"POST {PREDICT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ten\r\n\r\n".encode()
            )
            assert b"400" in line.recv(4096)


def test_a_hundred_thousand_texts_are_refused_with_a_way_out(workspace: Path, serve: Serve) -> None:
    with serve(Settings(workspace=workspace)) as address:
        answer = httpx.post(f"{address}{PREDICT}", json={"texts": ["hello"] * 100_000}, timeout=30)
        assert answer.status_code == 413
        assert "100,000 texts in one request" in answer.json()["detail"]
        assert "`tradewind predict MODEL FILE`" in answer.json()["hint"]


def test_a_full_queue_answers_503_with_an_honest_retry_after(workspace: Path, serve: Serve) -> None:
    settings = Settings(workspace=workspace, queue_tokens=400)

    async def story(address: str) -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            await http.post(PREDICT, json={"text": "x" * 400})
            posts = [http.post(PREDICT, json={"text": "x" * 400}) for _ in range(12)]
            return await asyncio.gather(*posts)

    with serve(settings, opener=slow(0.003)) as address:
        answers = asyncio.run(story(address))
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.json()["type"] == "urn:tradewind:problem:busy"
    assert 1 <= int(refused.headers["retry-after"]) <= 5
    assert "tokens wait already" in refused.json()["detail"]


def test_a_deadline_is_kept(workspace: Path, serve: Serve) -> None:
    with serve(Settings(workspace=workspace), opener=slow(0.04)) as address:
        started = time.monotonic()
        answer = httpx.post(f"{address}{PREDICT}", json={"text": "x" * 200, "deadline_s": 0.1}, timeout=30)
        assert (answer.status_code, answer.json()["type"]) == (504, "urn:tradewind:problem:deadline")
        assert time.monotonic() - started < 2.0  # the text alone would take that long


def test_a_client_that_hangs_up_does_not_stop_the_others(workspace: Path, serve: Serve) -> None:
    with serve(Settings(workspace=workspace), opener=slow(0.001)) as address:
        place = urlsplit(address)
        body = b'{"texts": [%s]}' % b",".join([b'"my card is lost"'] * 500)
        for _ in range(5):
            with socket.create_connection((place.hostname or "", place.port or 80), timeout=5) as line:
                head = f"POST {PREDICT} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
                line.sendall(head.encode() + body)
                time.sleep(0.02)
        started = time.monotonic()
        answer = httpx.post(f"{address}{PREDICT}", json={"text": "i lost my card"}, timeout=10)
        assert answer.json()["predictions"][0]["label"] == "lost_card"
        assert time.monotonic() - started < 2.5  # five times three seconds of work were dropped
        text = httpx.get(f"{address}/metrics").text
        assert 'tradewind_requests_total{model="banking",status="499"} 5.0' in text
        assert 'tradewind_queue_tokens{model="banking"} 0.0' in text


@pytest.mark.timeout(60)
def test_swaps_under_load_over_http_drop_no_request(workspace: Path, serve: Serve) -> None:
    statuses: list[int] = []
    seen: set[str] = set()
    stop = threading.Event()

    def client(address: str) -> None:
        with httpx.Client(base_url=address, timeout=20) as http:
            while not stop.is_set():
                answer = http.post(PREDICT, json={"text": "i lost my card"})
                statuses.append(answer.status_code)
                if answer.status_code == 200:
                    seen.add(answer.json()["version"])

    with serve(Settings(workspace=workspace), opener=slow(0.0002)) as address:
        clients = [threading.Thread(target=client, args=(address,)) for _ in range(4)]
        for thread in clients:
            thread.start()
        with httpx.Client(base_url=address, timeout=20) as http:
            for turn in range(40):
                version = "2" if turn % 2 == 0 else "1"
                assert http.post("/v1/models/banking:promote", json={"version": version}).status_code == 200
        stop.set()
        for thread in clients:
            thread.join()
    assert set(statuses) == {200}
    assert len(statuses) > 50
    assert seen == {"1", "2"}
