"""A customer who was asked something and says nothing is reminded once by whichever process looks."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from chat_kit import ACME, DE, conversing
from journal_kit import SetClock

from tradewind.assistant.conversations.model import Status


def test_a_silence_is_noticed_when_it_is_due_and_once(tmp_path: Path):
    async def work() -> None:
        clock = SetClock()
        options = {"clock": clock, "silence": timedelta(minutes=10)}
        async with conversing(tmp_path, **options) as (_, one), conversing(tmp_path, **options) as (_, other):
            asked, told, taken = [await one.begin(ACME, DE) for _ in range(3)]
            await one.receive(asked.party, asked.id, "ask")
            await one.receive(told.party, told.id, "hello")
            await one.receive(taken.party, taken.id, "ask")
            await one.receive(taken.party, taken.id, "human")
            clock.move(599)
            assert await one.remind() == 0
            clock.move(2)
            await asyncio.gather(one.remind(), other.remind())
            last = [(await one.history(ACME, own.id))[-1].text for own in (asked, told, taken)]
            assert last[0] == "heard text=Silence runs=2"
            assert last[1] == "heard text=hello runs=1"
            assert last[2].startswith("service-")
            assert len(await one.history(ACME, asked.id)) == 4
            assert await one.remind() == 0
            assert (await one.get(ACME, asked.id)).status is Status.OPEN

    asyncio.run(work())


def test_an_answer_in_time_is_no_silence(tmp_path: Path):
    async def work() -> None:
        clock = SetClock()
        async with conversing(tmp_path, clock=clock, silence=timedelta(minutes=10)) as (_, chats):
            own = await chats.begin(ACME, DE)
            await chats.receive(own.party, own.id, "ask")
            clock.move(300)
            await chats.receive(own.party, own.id, "here I am")
            clock.move(400)
            assert await chats.remind() == 0

    asyncio.run(work())
