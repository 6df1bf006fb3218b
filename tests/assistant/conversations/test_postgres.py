"""Conversations on a PostgreSQL server: rows beside entries there too, and two processes on one conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from chat_kit import ACME, DE, open_conversations

from tradewind.core.ids import RegionId
from tradewind.core.settings import RegionSettings, Settings
from tradewind.workspace import Ground

pytestmark = pytest.mark.postgres


def test_turns_of_two_processes_on_a_server(tmp_path: Path, postgres_database: Callable[[], str]):
    settings = Settings(
        workspace=tmp_path,
        database=postgres_database(),
        regions={"eu": RegionSettings(database=postgres_database())},
    )

    async def work() -> None:
        grounds = [Ground(settings) for _ in range(2)]
        for ground in grounds:
            await asyncio.to_thread(ground.open)
        one, other = (open_conversations(ground) for ground in grounds)
        try:
            own = await one.begin(ACME, DE, subject="anna@example.com", key="thread-1")
            assert (await other.begin(ACME, DE, key="thread-1")).id == own.id
            begun = await asyncio.gather(
                *(chats.begin(ACME, DE, key="thread-2") for chats in (one, other) * 3)
            )
            assert len({each.id for each in begun}) == 1
            await asyncio.gather(
                *(
                    chats.receive(own.party, own.id, f"n{n} {number}", f"c{n}-{number}")
                    for n in range(6)
                    for number, chats in enumerate((one, other))
                )
            )
            again = await other.receive(own.party, own.id, "n0 0", "c0-0")
            assert again[0].client_id == "c0-0"
            messages = await one.history(ACME, own.id)
            assert [m.number for m in messages] == list(range(1, 26))
            assert messages[-1].text.endswith("runs=12")
            entries = grounds[0].journal.read(ACME, RegionId("eu"), kinds=["conversation.message"])
            numbers = sorted(e.body["number"] for e in entries if e.body["conversation"] == own.id)
            assert numbers == list(range(1, 26))
            assert grounds[0].journal.verify(processes=1).sound
        finally:
            for chats in (one, other):
                await chats.close()
            for ground in grounds:
                await asyncio.to_thread(ground.close)

    asyncio.run(work())
