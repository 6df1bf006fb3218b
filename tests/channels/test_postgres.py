"""The same on PostgreSQL, where processes really write at the same time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from channel_kit import EU, settled, until
from chat_kit import ACME, DE
from listener import listening

from tradewind.channels.email.email import Email
from tradewind.channels.outbox import Outbox
from tradewind.channels.store import deliveries, of_subject
from tradewind.channels.threads import Threads
from tradewind.channels.webhooks.send import WebhookSender, networks_of
from tradewind.channels.webhooks.webhooks import Webhooks
from tradewind.core.channel_settings import EmailAccount
from tradewind.core.errors import BusyError, ConflictError

pytestmark = pytest.mark.postgres
HERE = networks_of(["127.0.0.0/8"])
ACCOUNT = EmailAccount(
    tenant="acme",
    market="de",
    address="help@bank.example",
    imap_host="x",
    smtp_host="x",
    password="env:NOWHERE",
)


def threads_of(ground, chats) -> Threads:
    return Threads(chats, ground.journal, ground.sealer, lambda: ground.privacy.subjects, chats.turns.replies)


async def taken(box: Email, raw: bytes) -> str | None:
    """Take a letter as looks into the mailbox do: again, where something changed meanwhile."""
    for _ in range(50):
        try:
            return await box.take(raw)
        except (BusyError, ConflictError):
            await asyncio.sleep(0.05)
    raise AssertionError("it was never taken")


def test_several_outboxes_deliver_each_once_in_order(tmp_path: Path, postgres_database: Callable[[], str]):
    (tmp_path / "tradewind.toml").write_text(f'[regions.eu]\ndatabase = "{postgres_database()}"')

    async def work():
        with listening() as listener:
            async with settled(tmp_path) as (ground, chats):
                webhooks = Webhooks(ground.journal, lambda: ground.privacy.subjects, HERE)
                events = ["conversation.message"]
                await asyncio.to_thread(webhooks.make, ACME, EU, listener.address, events, by="ann")
                senders = [WebhookSender(ground.journal, webhooks, HERE) for _ in range(4)]
                boxes = [Outbox(ground.journal, [each], poll_s=0.01) for each in senders]
                running = [asyncio.create_task(box.run()) for box in boxes]
                owns = [await chats.begin(ACME, DE) for _ in range(4)]
                for number in range(5):
                    await asyncio.gather(
                        *(chats.receive(own.party, own.id, f"n{number}", f"c{number}") for own in owns)
                    )
                await until(lambda: len(listener.came) >= 44)
                await asyncio.sleep(0.5)
                for task in running:
                    task.cancel()
                await asyncio.gather(*running, return_exceptions=True)
                for sender in senders:
                    await sender.close()
            told = [json.loads(body)["data"] for body in listener.bodies()]
            assert len(told) == 44
            for own in owns:
                numbers = [each["number"] for each in told if each["conversation"] == own.id]
                assert numbers == list(range(1, 12))

    asyncio.run(work())


def test_a_letter_that_two_processes_take_at_once_is_one(
    tmp_path: Path, postgres_database: Callable[[], str]
):
    (tmp_path / "tradewind.toml").write_text(f'[regions.eu]\ndatabase = "{postgres_database()}"')
    raw = (
        b"From: anna@a.example\r\nMessage-ID: <1@a>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\nhello\r\n--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n"
    )

    async def work():
        async with settled(tmp_path) as (ground, chats), settled(tmp_path) as (other, chats2):
            threads = [threads_of(ground, chats), threads_of(other, chats2)]
            boxes = [Email("a", ACCOUNT, each) for each in threads]
            whys = await asyncio.gather(*(taken(box, raw) for box in boxes for _ in range(4)))
            assert whys == [None] * 8
            subject = await threads[0].who(boxes[0].line, "email:anna@a.example")
            with ground.databases.region(EU).read_as(ACME) as scoped:
                assert len(of_subject(scoped, subject)) == 1
                assert len(deliveries(scoped, "email:a", None, limit=9)) == 1
            said = [e.body["number"] for e in ground.journal.read(ACME, EU, kinds=["conversation.message"])]
            assert sorted(said) == [1, 2, 3]

    asyncio.run(work())
