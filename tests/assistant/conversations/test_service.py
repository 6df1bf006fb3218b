"""Conversations are durable when answered, numbered without a gap, one message at a time, each message once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat_kit import ACME, DE, conversing

from tradewind.assistant.conversations.model import Status
from tradewind.assistant.model import Author, Party
from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.ids import RegionId, TenantId

EU = RegionId("eu")


def run(work):
    return asyncio.run(work)


def test_a_message_is_answered_and_is_there_after_a_restart(tmp_path: Path):
    async def first():
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE, subject="anna@example.com")
            answer = await chats.receive(own.party, own.id, "where is my card?", "m1")
            assert [(m.number, m.author) for m in answer] == [(2, Author.CUSTOMER), (3, Author.ASSISTANT)]
            assert answer[1].text == "heard text=where is my card? runs=1"
            return own

    async def second(own):
        async with conversing(tmp_path) as (_, chats):
            answer = await chats.receive(own.party, own.id, "and now?", "m2")
            assert answer[1].text == "heard text=and now? runs=2"
            messages = await chats.history(ACME, own.id)
            assert [m.number for m in messages] == [1, 2, 3, 4, 5]
            assert messages[1].text == "where is my card?"

    run(second(run(first())))


def test_a_retry_gets_the_first_answer_and_changes_nothing(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (ground, chats):
            own = await chats.begin(ACME, DE)
            first = await chats.receive(own.party, own.id, "hello", "once")
            again = await chats.receive(own.party, own.id, "hello", "once")
            assert again == first
            at_once = await asyncio.gather(
                *(chats.receive(own.party, own.id, "twice", "twice") for _ in range(10))
            )
            assert all(answer == at_once[0] for answer in at_once)
            assert len(await chats.history(ACME, own.id)) == 5
            said = list(ground.journal.read(ACME, EU, kinds=["conversation.message"]))
            assert [entry.body["number"] for entry in said] == [1, 2, 3, 4, 5]
            assert ground.journal.verify().sound

    run(work())


def test_messages_that_come_at_once_queue_in_their_order(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE)
            await asyncio.gather(*(chats.receive(own.party, own.id, f"n{n}", f"c{n}") for n in range(20)))
            messages = await chats.history(ACME, own.id)
            assert [m.number for m in messages] == list(range(1, 42))
            said = [m.text for m in messages if m.author is Author.CUSTOMER]
            assert said == [f"n{n}" for n in range(20)]
            assert messages[-1].text == "heard text=n19 runs=20"

    run(work())


def test_two_processes_do_not_overwrite_each_other(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (_, one), conversing(tmp_path) as (_, other):
            own = await one.begin(ACME, DE)
            await asyncio.gather(
                *(
                    chats.receive(own.party, own.id, f"n{n} {number}", f"c{n}{number}")
                    for n in range(8)
                    for number, chats in enumerate((one, other))
                )
            )
            messages = await one.history(ACME, own.id)
            assert [m.number for m in messages] == list(range(1, 34))
            assert messages[-1].text.endswith("runs=16")
            again = await other.receive(own.party, own.id, "n0 0", "c00")
            assert (again[0].text, again[0].client_id) == ("n0 0", "c00")

    run(work())


def test_a_key_of_the_channel_stands_for_one_conversation(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (_, chats):
            first = await chats.begin(ACME, DE, key="mail-1")
            both = await asyncio.gather(*(chats.begin(ACME, DE, key="mail-2") for _ in range(5)))
            assert (await chats.begin(ACME, DE, key="mail-1")).id == first.id
            assert len({each.id for each in both}) == 1
            assert both[0].id != first.id

    run(work())


def test_a_reader_gets_each_message_once_in_order_wherever_it_begins(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE)

            async def read(after: int, until: int) -> list[int]:
                found = []
                async for message in chats.follow(ACME, own.id, after=after):
                    found.append(message.number)
                    if message.number == until:
                        break
                return found

            readers = [asyncio.create_task(read(after, 21)) for after in (0, 7, 20)]
            for n in range(10):
                await chats.receive(own.party, own.id, f"n{n}")
            found = await asyncio.gather(*readers)
            assert found == [list(range(1, 22)), list(range(8, 22)), [21]]

    run(work())


def test_another_tenant_finds_nothing(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE)
            with pytest.raises(NotFoundError):
                await chats.history(TenantId("beta"), own.id)
            with pytest.raises(NotFoundError):
                await chats.receive(Party(TenantId("beta"), DE, None), own.id, "hello")
            for id in ("", "eu", "nowhere-" + "0" * 32, "eu-" + "0" * 32, "' OR '1'='1"):
                with pytest.raises(NotFoundError):
                    await chats.history(ACME, id)

    run(work())


@pytest.mark.parametrize("text", ["", "  \n", "a\0b", "\ud800", "x" * 4001])
def test_what_is_no_message_is_refused(tmp_path: Path, text: str):
    async def work():
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE)
            with pytest.raises(InputError):
                await chats.receive(own.party, own.id, text)
            assert len(await chats.history(ACME, own.id)) == 1

    run(work())


def test_a_dialogue_that_breaks_costs_no_word_and_calls_a_person(tmp_path: Path):
    async def work():
        async with conversing(tmp_path) as (_, chats):
            own = await chats.begin(ACME, DE)
            answer = await chats.receive(own.party, own.id, "break")
            assert answer[0].text == "break"
            assert answer[1].text == "service-failed"
            assert (await chats.get(ACME, own.id)).status is Status.QUEUED

    run(work())
