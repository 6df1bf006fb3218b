"""WhatsApp: what Meta signed comes in once, what is said goes back in order, and nobody else is listened to."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from channel_kit import EU, settled, until
from chat_kit import ACME
from listener import Listener, listening

from tradewind.assistant.conversations.service import Limits
from tradewind.assistant.model import Author, ConversationId, Message, MessageId
from tradewind.channels.model import State
from tradewind.channels.outbox import Outbox
from tradewind.channels.store import deliveries
from tradewind.channels.threads import Threads
from tradewind.channels.whatsapp.whatsapp import WhatsApp
from tradewind.channels.whatsapp.write import MAX_TEXT, written
from tradewind.core.channel_settings import WhatsAppAccount
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import ForbiddenError, InputError, RateError, SignInError

NUMBER = "106540352242922"
ANNA = "4915112345678"


class Line:
    """A number whose API is a server on this machine."""

    def __init__(self, ground, chats, listener: Listener, monkeypatch) -> None:
        for name, value in (("TOKEN", "EAAG"), ("APP", "app secret"), ("VERIFY", "meine-bank")):
            monkeypatch.setenv(f"WA_{name}", value)
        account = WhatsAppAccount(
            tenant="acme",
            market="de",
            phone_number_id=NUMBER,
            token="env:WA_TOKEN",
            app_secret="env:WA_APP",
            verify_token="env:WA_VERIFY",
            base_url=f"{listener.address}/v23.0",
        )
        self.ground, self.chats, self.listener = ground, chats, listener
        threads = Threads(
            chats, ground.journal, ground.sealer, lambda: ground.privacy.subjects, chats.turns.replies
        )
        self.whatsapp = WhatsApp("main", account, threads)
        self.outbox = Outbox(ground.journal, [self.whatsapp], backoff_s=(0.05, 0.05), poll_s=0.02)
        self._sent = 0
        listener.otherwise = (200, b'{"messages": [{"id": "wamid.OUT"}]}')

    async def take(self, body: bytes) -> int:
        return await self.whatsapp.take(body, signed(body))

    def texts(self) -> list[str]:
        return [json.loads(body)["text"]["body"] for body in self.listener.bodies()]

    def recorded(self, kind: str) -> list[dict]:
        return [dict(entry.body) for entry in self.ground.journal.read(ACME, EU, kinds=[kind])]


@contextlib.asynccontextmanager
async def at_work(folder: Path, monkeypatch, **options):
    with listening() as listener:
        async with settled(folder, **options) as (ground, chats):
            line = Line(ground, chats, listener, monkeypatch)
            running = asyncio.create_task(line.outbox.run())
            try:
                yield line
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
                await line.whatsapp.close()


def signed(body: bytes, secret: str = "app secret") -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def payload(*, number: str = NUMBER, **value: object) -> bytes:
    """As in Meta's reference of the webhook's payload."""
    found = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": number},
        "contacts": [{"profile": {"name": "Anna"}, "wa_id": ANNA}],
        **value,
    }
    changes = [{"value": found, "field": "messages"}]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]}
    ).encode()


def text(body: str, id: str = "wamid.1", sender: str = ANNA) -> dict:
    return {"from": sender, "id": id, "timestamp": "1749416383", "type": "text", "text": {"body": body}}


def run(work) -> None:
    asyncio.run(work())


def test_a_message_is_answered_where_it_came_from(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            assert await line.take(payload(messages=[text("Wo ist meine Karte?")])) == 1
            await until(lambda: len(line.listener.came) == 1)
            path, headers, body = line.listener.came[0]
            assert path == f"/v23.0/{NUMBER}/messages"
            assert headers["authorization"] == "Bearer EAAG"
            assert json.loads(body) == {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": ANNA,
                "type": "text",
                "text": {"body": "heard text=Wo ist meine Karte? runs=1", "preview_url": False},
            }
            await until(lambda: line.recorded("channels.delivered") != [])
            assert line.recorded("channels.delivered")[0]["channel"] == "whatsapp:main"

    run(work)


def test_the_same_person_goes_on_in_the_same_conversation(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            for number in range(6):
                await line.take(payload(messages=[text(f"n{number}", f"wamid.{number}")]))
            await line.take(payload(messages=[text("me too", "wamid.x", "34611222333")]))
            await until(lambda: len(line.listener.came) == 7)
            mine = [t for t in line.texts() if "me too" not in t]
            assert mine == [f"heard text=n{n} runs={n + 1}" for n in range(6)]
            assert len(line.recorded("conversation.began")) == 2

    run(work)


def test_a_replayed_webhook_changes_nothing(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            photo = {"from": ANNA, "id": "wamid.2", "type": "image", "image": {"id": "9"}}
            body = payload(messages=[text("freeze my card"), photo])
            await line.take(body)
            await until(lambda: len(line.listener.came) == 2)
            before = [e.kind for e in line.ground.journal.read(ACME, EU)]
            await asyncio.gather(*(line.take(body) for _ in range(5)))
            await asyncio.sleep(0.5)
            after = [e.kind for e in line.ground.journal.read(ACME, EU)]
            assert [k for k in after if k != "channels.delivered"] == [
                k for k in before if k != "channels.delivered"
            ]
            assert len(line.listener.came) == 2

    run(work)


@pytest.mark.parametrize(
    "signature", [None, "", "sha256=", "sha256=00", signed(b"other"), "é", "sha1=" + "0" * 40]
)
def test_what_meta_has_not_signed_is_refused(tmp_path: Path, monkeypatch, signature):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            body = payload(messages=[text("hello")])
            with pytest.raises(SignInError):
                await line.whatsapp.take(body, signature)
            with pytest.raises(SignInError):
                await line.whatsapp.take(body, signed(body, "another secret"))
            assert line.recorded("conversation.began") == []

    run(work)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"object": "page", "entry": []}',
        b'{"object": "whatsapp_business_account"}', b'{"object": "whatsapp_business_account", "entry": 3}',
        payload(messages=[{"id": "1"}]), payload(messages=[text("x", "")]), payload(messages="x"),
        payload(messages=[text("x", sender="+49 1")]), payload(statuses=[{}]),
        b'{"object":' * 5000,
    ],
)  # fmt: skip
def test_a_malformed_payload_gets_a_clear_refusal(tmp_path: Path, monkeypatch, body):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            with pytest.raises(InputError) as refused:
                await line.take(body)
            assert refused.value.status == 422
            assert refused.value.hint

    run(work)


def test_what_is_for_another_number_or_is_no_message_is_left_alone(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            await line.take(payload(number="1", messages=[text("hello")]))
            reaction = {"from": ANNA, "id": "wamid.9", "type": "reaction", "reaction": {"emoji": "x"}}
            await line.take(payload(messages=[reaction], new_field={"a": 1}))
            other = [{"id": "1", "changes": [{"field": "account_update", "value": {"event": "x"}}]}]
            await line.take(json.dumps({"object": "whatsapp_business_account", "entry": other}).encode())
            assert line.recorded("conversation.began") == []

    run(work)


def test_a_pressed_button_is_its_payload_and_a_file_is_refused_politely(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            button = {"type": "button_reply", "button_reply": {"id": "yes please", "title": "Ja"}}
            pressed = {"from": ANNA, "id": "wamid.1", "type": "interactive", "interactive": button}
            file = {
                "from": ANNA,
                "id": "wamid.2",
                "type": "document",
                "document": {"id": "7", "caption": "my bill"},
            }
            await line.take(payload(messages=[pressed, file]))
            await until(lambda: len(line.listener.came) == 3)
            assert sorted(line.texts()) == [
                "channel-attachments",
                "heard text=my bill runs=2",
                "heard text=yes please runs=1",
            ]

    run(work)


def test_an_empty_or_endless_message_stops_neither_the_others(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            endless = text("x" * 1_000_000, "wamid.1")
            zeros = text("\0", "wamid.4")
            messages = [endless, text(" ", "wamid.2"), zeros, text("hello", "wamid.3")]
            await line.take(payload(messages=messages))
            await until(lambda: any("hello" in each for each in line.texts()))
            heard = [m for m in line.recorded("conversation.message") if m["author"] == "customer"]
            assert len(heard) in (2, 3)

    run(work)


def test_what_one_person_writes_too_often_is_asked_for_again_later(tmp_path: Path, monkeypatch):
    async def work():
        limits = Limits(per_s=0.001, burst=5)
        async with at_work(tmp_path, monkeypatch, limits=limits) as line:
            flood = [text(f"n{n}", f"wamid.{n}") for n in range(990)]
            other = text("and me", "wamid.x", "34611222333")
            with pytest.raises(RateError) as refused:
                await line.take(payload(messages=[*flood, other]))
            assert refused.value.status == 429
            heard = [m for m in line.recorded("conversation.message") if m["author"] == "customer"]
            assert len(heard) == 6
            await until(lambda: any("and me" in each for each in line.texts()))

    run(work)


def test_receipts_are_recorded_beside_the_message_once(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            await line.take(payload(messages=[text("hello")]))
            await until(lambda: line.recorded("channels.delivered") != [])
            failed = {"id": "wamid.OUT", "status": "failed", "errors": [{"code": 131047, "title": "late"}]}
            read = {"id": "wamid.OUT", "status": "read"}
            strange = {"id": "wamid.NOBODY", "status": "read"}
            for _ in range(3):
                await line.take(payload(statuses=[read, failed, strange]))
            told = line.recorded("channels.receipt")
            assert [(t["status"], t["number"], t["code"]) for t in told] == [
                ("read", 3, None),
                ("failed", 3, 131047),
            ]

    run(work)


def test_what_the_api_will_never_take_is_a_dead_letter_at_once_and_the_rest_is_retried(
    tmp_path: Path, monkeypatch
):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            late = (400, b'{"error": {"code": 131047, "message": "Re-engagement message"}}')
            busy = (429, b'{"error": {"code": 130429}}')
            line.listener.answers = [late, busy, (500, b"oops")]
            await line.take(payload(messages=[text("one", "wamid.1")]))
            await until(lambda: line.recorded("channels.undelivered") != [])
            assert line.recorded("channels.undelivered")[0]["why"].endswith("400, code 131047")
            await line.take(payload(messages=[text("two", "wamid.2")]))
            await until(lambda: len(line.listener.came) == 4)
            assert line.texts()[-1] == "heard text=two runs=2"
            with line.ground.databases.region(EU).read_as(ACME) as scoped:
                states = [each.state for each in deliveries(scoped, "whatsapp:main", None, limit=9)]
            assert states[-1] is State.DEAD

    run(work)


def test_what_the_desk_tells_the_customer_goes_out_too(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            await line.take(payload(messages=[text("human")]))
            await until(lambda: len(line.listener.came) == 2)
            assert line.texts()[1].startswith("service-")

    run(work)


def test_the_address_is_confirmed_to_who_knows_the_verify_token(tmp_path: Path, monkeypatch):
    async def work():
        async with at_work(tmp_path, monkeypatch) as line:
            assert line.whatsapp.challenge("subscribe", "meine-bank", "1158201444") == "1158201444"
            for mode, token in (("subscribe", "x"), ("subscribe", None), (None, "meine-bank")):
                with pytest.raises(ForbiddenError):
                    line.whatsapp.challenge(mode, token, "1")
            for challenge in (None, "", "<é>", "1" * 300):
                with pytest.raises(InputError):
                    line.whatsapp.challenge("subscribe", "meine-bank", challenge)

    run(work)


def message(text: str, *choices: tuple[str, str], link: str | None = None) -> Message:
    return Message(
        MessageId("m"), ConversationId("c"), 1, Author.ASSISTANT, text, SYSTEM_CLOCK.now(), choices=choices,
        link=link,
    )  # fmt: skip


def test_choices_are_buttons_a_list_or_words_as_the_api_allows():
    few = written(message("Sure?", ("y", "Yes"), ("n", "No")))[0]["interactive"]
    assert (few["type"], few["action"]["buttons"][0]) == (
        "button",
        {"type": "reply", "reply": {"id": "y", "title": "Yes"}},
    )
    many = written(message("Which?", *((f"{n}", f"Number {n}") for n in range(10))))[0]["interactive"]
    assert many["type"] == "list"
    assert len(many["action"]["sections"][0]["rows"]) == 10
    (too_long,) = written(message("Which?", ("a", "x" * 30)))
    assert too_long["text"]["body"] == "Which?\n- " + "x" * 30
    (payload_too_long,) = written(message("Which?", ("a" * 300, "A")))
    assert payload_too_long["type"] == "text"
    assert [len(each["text"]["body"]) for each in written(message("x" * 5000))] == [MAX_TEXT, 904]
    assert written(message("See", link="https://a.example"))[0]["text"]["body"] == "See\nhttps://a.example"
