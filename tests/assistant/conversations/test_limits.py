"""One person who writes a thousand messages a second harms nobody else."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from chat_kit import ACME, DE, conversing

from tradewind.assistant.conversations.service import Limits
from tradewind.assistant.model import Message
from tradewind.core.errors import RateError


def test_a_flood_of_one_person_is_refused_and_others_are_answered(tmp_path: Path):
    async def work() -> None:
        limits = Limits(per_s=2.0, burst=10.0)
        async with conversing(tmp_path, limits=limits) as (_, chats):
            loud = await chats.begin(ACME, DE, subject="loud@example.com")
            second = await chats.begin(ACME, DE, subject="loud@example.com")
            quiet = [await chats.begin(ACME, DE) for _ in range(5)]

            async def flood() -> list[object]:
                return await asyncio.gather(
                    *(
                        chats.receive(own.party, own.id, f"n{n}")
                        for n in range(500)
                        for own in (loud, second)
                    ),
                    return_exceptions=True,
                )

            flooding = asyncio.create_task(flood())
            started = time.monotonic()
            for own in quiet:
                assert len(await chats.receive(own.party, own.id, "hello")) == 2
            assert time.monotonic() - started < 5
            answers = await flooding
            taken = [answer for answer in answers if isinstance(answer, list)]
            refused = [answer for answer in answers if isinstance(answer, RateError)]
            assert len(taken) + len(refused) == 1000
            assert 10 <= len(taken) <= 20
            assert 0 < refused[0].retry_after_s <= 1

    asyncio.run(work())


@pytest.mark.parametrize("count", [1, 40])
def test_a_turn_that_its_asker_left_is_finished(tmp_path: Path, count: int):
    async def work() -> None:
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE)
            tasks = [
                asyncio.create_task(chats.receive(own.party, own.id, f"n{n}", f"c{n}")) for n in range(count)
            ]
            await asyncio.sleep(0.001)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            again = [await chats.receive(own.party, own.id, f"n{n}", f"c{n}") for n in range(count)]
            messages: list[Message] = await chats.history(ACME, own.id)
            assert [m.number for m in messages] == list(range(1, 2 * count + 2))
            assert [answer[0].text for answer in again] == [f"n{n}" for n in range(count)]

    asyncio.run(work())
