"""The journal on PostgreSQL: the laws of every store, and a server that goes away."""

from __future__ import annotations

import asyncio

import postgres
import pytest
from cut_proxy import CutProxy
from journal_kit import ACME, DE, EU, Noted, notes, numbers, open_journal
from journal_laws import JournalLaws

from tradewind.core.errors import UnavailableError
from tradewind.journal.model import Draft

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_database):
    return postgres_database()


class TestOnPostgres(JournalLaws):
    """Every law."""


@pytest.fixture
def own_server():
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with postgres.server() as server:
        yield server


def test_a_server_that_loses_power_loses_nothing_and_recording_goes_on_when_it_is_back(own_server, tmp_path):
    journal = open_journal(own_server.create("eu"), tmp_path)
    acknowledged: list[str] = []
    stop = asyncio.Event()

    async def write(writer: int) -> None:
        number = 0
        while not stop.is_set():
            text = f"{writer}-{number}"
            try:
                await journal.append(ACME, [Draft(Noted(text=text), market=DE)])
                acknowledged.append(text)
            except UnavailableError:  # or none: who waits for a commit may learn later that it stands
                await asyncio.sleep(0.02)
            number += 1

    async def cut_the_power() -> None:
        for _ in range(3):
            before = len(acknowledged)
            while len(acknowledged) < before + 100:
                await asyncio.sleep(0.01)
            await asyncio.to_thread(own_server.stop, fast=False)
            await asyncio.sleep(0.1)
            await asyncio.to_thread(own_server.start)
        before = len(acknowledged)
        while len(acknowledged) < before + 100:
            await asyncio.sleep(0.01)
        stop.set()

    async def run() -> None:
        await asyncio.gather(*(write(writer) for writer in range(8)), cut_the_power())

    asyncio.run(run())
    texts = [entry.body["text"] for entry in journal.read(ACME, EU)]
    assert len(texts) >= 400, "a hundred before each cut and after the last"
    assert len(texts) == len(set(texts))
    assert set(acknowledged) <= set(texts)
    assert journal.verify().sound
    journal.close()
    journal.databases.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_cut_in_the_commit_is_settled_by_looking(postgres_server, tmp_path, when):
    name = f"cut_{when}"
    direct = postgres_server.create(name)
    proxy = CutProxy(postgres_server.port)
    through = direct.replace(f":{postgres_server.port}/", f":{proxy.port}/")
    journal = open_journal(through, tmp_path)
    journal.append_now(ACME, notes(2))
    proxy.cut(when)
    if when == "after":
        receipts = journal.append_now(ACME, notes(3, first=2))
        assert [receipt.sequence for receipt in receipts] == [3, 4, 5]
    else:
        with pytest.raises(UnavailableError, match="nothing was recorded"):
            journal.append_now(ACME, notes(3, first=2))
        journal.append_now(ACME, notes(3, first=2))
    assert proxy.cuts == 1
    journal.append_now(ACME, notes(1, first=5))
    assert numbers(journal) == list(range(6))
    assert journal.verify().sound
    journal.close()
    journal.databases.close()
    proxy.close()
