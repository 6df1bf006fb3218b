"""Webhooks tell what happens in conversations: signed, in order, each once, until it arrives or is a dead letter."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from certified import certify
from channel_kit import EU, settled, until
from chat_kit import ACME, DE
from listener import Listener, listening
from standardwebhooks.webhooks import Webhook as Standard

from tradewind.channels.model import State
from tradewind.channels.outbox import Outbox
from tradewind.channels.webhooks.send import WebhookSender, networks_of
from tradewind.channels.webhooks.webhooks import MOST, Webhooks
from tradewind.core.errors import ConfigError, ConflictError, ForbiddenError, InputError, NotFoundError
from tradewind.core.ids import RegionId, TenantId

HERE = networks_of(["127.0.0.0/8"])
QUICK = (0.05, 0.05)


class House:
    """An installation with webhooks to this machine, and an outbox that runs."""

    def __init__(self, ground, chats, backoff_s=QUICK):
        self.ground, self.chats = ground, chats
        self.webhooks = Webhooks(ground.journal, lambda: ground.privacy.subjects, HERE)
        self.sender = WebhookSender(ground.journal, self.webhooks, HERE)
        self.outbox = Outbox(ground.journal, [self.sender], backoff_s=backoff_s, poll_s=0.02)

    async def __aenter__(self):
        self.running = asyncio.create_task(self.outbox.run())
        return self

    async def __aexit__(self, *_):
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)
        await self.sender.close()


def told(listener: Listener) -> list[dict]:
    return [json.loads(body) for body in listener.bodies()]


def run(work) -> None:
    asyncio.run(work())


def test_a_conversation_is_told_signed_and_in_order(tmp_path: Path):
    async def work():
        with listening() as listener:
            async with settled(tmp_path) as (ground, chats):
                async with House(ground, chats) as house:
                    url = f"{listener.address}/hook?a=1"
                    _, secret = await asyncio.to_thread(house.webhooks.make, ACME, EU, url, [], by="ann")
                    own = await chats.begin(ACME, DE, subject="anna@example.com")
                    for number in range(5):
                        await chats.receive(own.party, own.id, f"n{number}", f"c{number}")
                    await until(lambda: len(listener.came) == 12)
                messages = [e["data"] for e in told(listener) if e["type"] == "conversation.message"]
                assert [m["number"] for m in messages] == list(range(1, 12))
                assert [m["text"] for m in messages if m["author"] == "customer"] == [
                    f"n{n}" for n in range(5)
                ]
                assert told(listener)[0]["type"] == "conversation.began"
                assert {e["subject"] for e in told(listener)} == {own.subject}
                path, headers, body = listener.came[3]
                assert path == "/hook?a=1"
                assert Standard(secret).verify(body, headers) == json.loads(body)
                assert len({h["webhook-id"] for _, h, _ in listener.came}) == 12

    run(work)


def test_only_the_events_that_were_asked_for_and_only_from_then_on(tmp_path: Path):
    async def work():
        with listening() as listener:
            async with settled(tmp_path) as (ground, chats), House(ground, chats) as house:
                before = await chats.begin(ACME, DE)
                await chats.receive(before.party, before.id, "human", "m")
                await asyncio.to_thread(
                    house.webhooks.make, ACME, EU, listener.address, ["conversation.handed_off"], by="ann"
                )
                own = await chats.begin(ACME, DE)
                await chats.receive(own.party, own.id, "human", "m")
                await until(lambda: len(listener.came) == 1)
                assert told(listener)[0]["data"]["conversation"] == own.id
                assert told(listener)[0]["data"]["reason"] == "requested"

    run(work)


def test_what_fails_is_tried_again_under_the_same_id_and_nothing_overtakes_it(tmp_path: Path):
    async def work():
        with listening() as listener:
            listener.answers = [(500, b""), (302, b"")]
            listener.headers = {"location": "http://127.0.0.1:1/"}
            async with settled(tmp_path) as (ground, chats):
                async with House(ground, chats) as house:
                    await asyncio.to_thread(
                        house.webhooks.make, ACME, EU, listener.address, ["conversation.message"], by="ann"
                    )
                    own = await chats.begin(ACME, DE)
                    await chats.receive(own.party, own.id, "one", "1")
                    await until(lambda: len(listener.came) == 5)
                numbers = [event["data"]["number"] for event in told(listener)]
                assert numbers == [1, 1, 1, 2, 3]
                assert len({headers["webhook-id"] for _, headers, _ in listener.came[:3]}) == 1

    run(work)


def test_what_never_arrives_is_a_dead_letter_that_can_be_sent_again(tmp_path: Path):
    async def work():
        with listening() as listener:
            listener.otherwise = (503, b"")
            async with settled(tmp_path) as (ground, chats), House(ground, chats) as house:
                made, _ = await asyncio.to_thread(
                    house.webhooks.make, ACME, EU, listener.address, ["conversation.began"], by="ann"
                )
                await chats.begin(ACME, DE)
                dead = lambda: house.webhooks.deliveries(ACME, EU, made.id, State.DEAD)  # noqa: E731
                await until(lambda: len(dead()) == 1)
                assert (dead()[0].attempts, dead()[0].error) == (3, "127.0.0.1 answered 503")
                await until(lambda: any(ground.journal.read(ACME, EU, kinds=["channels.undelivered"])))
                listener.otherwise = (204, b"")
                assert house.webhooks.retry(ACME, EU, made.id) == 1
                house.outbox.wake()
                await until(lambda: house.webhooks.deliveries(ACME, EU, made.id)[0].state is State.SENT)
                assert house.webhooks.retry(ACME, EU, made.id) == 0

    run(work)


@pytest.mark.parametrize(("named", "arrives"), [("localhost", True), ("elsewhere.example", False)])
def test_the_certificate_must_be_of_the_name_though_the_address_was_looked_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, arrives: bool
):
    authority, chain = certify(tmp_path, named)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    async def work():
        with listening(chain) as listener:
            port = listener.address.rpartition(":")[2]
            async with settled(tmp_path / "w") as (ground, chats), House(ground, chats) as house:
                made, _ = await asyncio.to_thread(
                    house.webhooks.make,
                    ACME,
                    EU,
                    f"https://localhost:{port}/",
                    ["conversation.began"],
                    by="ann",
                )
                await chats.begin(ACME, DE)
                told = lambda: house.webhooks.deliveries(ACME, EU, made.id)  # noqa: E731
                await until(lambda: bool(told()) and told()[0].state is not State.WAITING)
                assert (told()[0].state is State.SENT) == arrives
                assert [h["host"] for _, h, _ in listener.came] == [f"localhost:{port}"] * arrives

    run(work)


def test_a_receiver_that_is_gone_is_not_asked_again(tmp_path: Path):
    async def work():
        with listening() as listener:
            listener.otherwise = (410, b"")
            async with settled(tmp_path) as (ground, chats), House(ground, chats) as house:
                made, _ = await asyncio.to_thread(
                    house.webhooks.make, ACME, EU, listener.address, ["conversation.began"], by="ann"
                )
                await chats.begin(ACME, DE)
                await until(lambda: bool(house.webhooks.deliveries(ACME, EU, made.id, State.DEAD)))
                assert len(listener.came) == 1

    run(work)


def test_a_receiver_that_hangs_does_not_stop_another(tmp_path: Path):
    async def work():
        with listening() as slow, listening() as quick:
            slow.slow_s = 3
            async with settled(tmp_path) as (ground, chats), House(ground, chats) as house:
                for each in (slow, quick):
                    await asyncio.to_thread(
                        house.webhooks.make, ACME, EU, each.address, ["conversation.began"], by="ann"
                    )
                for _ in range(30):
                    await chats.begin(ACME, DE)
                await until(lambda: len(quick.came) == 30)
                assert len(slow.came) < 30

    run(work)


def test_two_outboxes_deliver_each_once_and_a_dead_process_loses_nothing(tmp_path: Path):
    async def work():
        with listening() as listener:
            async with settled(tmp_path) as (ground, chats):
                async with House(ground, chats) as house:
                    await asyncio.to_thread(
                        house.webhooks.make, ACME, EU, listener.address, ["conversation.message"], by="ann"
                    )
                own = await chats.begin(ACME, DE)
                for number in range(20):
                    await chats.receive(own.party, own.id, f"n{number}", f"c{number}")
                assert listener.came == []
                async with House(ground, chats), House(ground, chats):
                    await until(lambda: len(listener.came) >= 41)
                    await asyncio.sleep(0.3)
                assert [event["data"]["number"] for event in told(listener)] == list(range(1, 42))

    run(work)


def test_a_customer_who_was_erased_is_told_of_no_more(tmp_path: Path):
    async def work():
        with listening() as listener:
            async with settled(tmp_path) as (ground, chats):
                house = House(ground, chats)
                await asyncio.to_thread(
                    house.webhooks.make, ACME, EU, listener.address, ["conversation.message"], by="ann"
                )
                own = await chats.begin(ACME, DE, subject="anna@example.com")
                await chats.receive(own.party, own.id, "my secret", "1")
                await asyncio.to_thread(ground.durable.start)
                erase = ground.privacy.erasures
                request = await asyncio.to_thread(erase.begin, ACME, DE, ["anna@example.com"])
                await asyncio.to_thread(erase.wait, ACME, request, 60)
                async with house:
                    await until(lambda: len(listener.came) == 3)
                assert [event["data"]["text"] for event in told(listener)] == [None, None, None]

    run(work)


def test_another_tenants_webhooks_are_out_of_reach(tmp_path: Path):
    async def work():
        with listening() as listener:
            async with settled(tmp_path) as (ground, chats), House(ground, chats) as house:
                other = TenantId("beta")
                made, secret = await asyncio.to_thread(
                    house.webhooks.make, other, EU, listener.address, [], by="bob"
                )
                _, again = await asyncio.to_thread(
                    house.webhooks.make, ACME, RegionId("us"), listener.address, [], by="ann"
                )
                assert secret != again
                await chats.begin(ACME, DE)
                with pytest.raises(NotFoundError):
                    house.webhooks.remove(ACME, EU, made.id, by="ann")
                assert house.webhooks.all(ACME, EU) == []
                await asyncio.sleep(0.5)
                assert listener.came == []

    run(work)


def test_what_can_be_no_webhook_is_refused(tmp_path: Path):
    async def work():
        async with settled(tmp_path) as (ground, chats):
            house = House(ground, chats)

            def make(url: str = "http://127.0.0.1:9/", events: tuple[str, ...] = ()) -> str:
                return house.webhooks.make(ACME, EU, url, events, by="ann")[0].id

            def refusals() -> None:
                with pytest.raises(InputError, match="no event"):
                    make(events=("conversation.understood",))
                with pytest.raises(ForbiddenError):
                    make("http://10.0.0.1/")
                with pytest.raises(InputError):
                    make("https://nobody.invalid/")
                ids = [make() for _ in range(MOST)]
                with pytest.raises(ConflictError):
                    make()
                house.webhooks.remove(ACME, EU, ids[0], by="ann")
                assert make() not in ids
                with pytest.raises(NotFoundError):
                    house.webhooks.deliveries(ACME, EU, ids[0])
                kinds = [e.kind for e in ground.journal.read(ACME, EU, kinds=["channels.webhook_removed"])]
                assert kinds == ["channels.webhook_removed"]

            await asyncio.to_thread(refusals)
            await house.sender.close()

    run(work)
    with pytest.raises(ConfigError):
        networks_of(["everywhere"])


def test_the_verification_that_the_page_shows_to_receivers_works():
    page = (Path(__file__).parents[2] / "docs" / "channels.md").read_text(encoding="utf-8")
    (code,) = [block.split("```")[0] for block in page.split("```python\n")[1:]]
    from tradewind.channels.webhooks.signing import headers, new_secret, shown

    names: dict[str, object] = {}
    exec(code, names)
    secret, body, now = new_secret(), b'{"type": "conversation.began"}', datetime.now(UTC)  # noqa: TID251
    sent = headers(secret, "d1", now, body)
    verify = names["verify"]
    assert callable(verify)
    assert verify(shown(secret), sent, body)
    assert not verify(shown(secret), sent, body + b" ")
    assert not verify(shown(secret), sent | {"webhook-timestamp": "1"}, body)
