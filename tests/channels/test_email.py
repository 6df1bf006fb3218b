"""E-mail: letters are answered in their thread, once, by real servers; what no person wrote is never answered."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from channel_kit import EU, settled, until
from chat_kit import ACME, DE
from mail_house import PASSWORD, MailHouse, free_port, mail_house

from tradewind.assistant.conversations.inbox import Inbox
from tradewind.channels.email.email import Email
from tradewind.channels.model import Delivery, State
from tradewind.channels.outbox import Outbox
from tradewind.channels.persons import ChannelEraser, ChannelExporter
from tradewind.channels.store import deliveries, of_subject
from tradewind.channels.threads import Threads
from tradewind.core.channel_settings import EmailAccount

SUPPORT = "support@northgate.example"


@pytest.fixture(scope="module")
def house() -> Iterator[MailHouse]:
    with mail_house() as opened:
        yield opened


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch, house: MailHouse) -> None:
    monkeypatch.setenv("MAIL_PASSWORD_OF_TEST", PASSWORD)
    for owner in (SUPPORT, "anna@a.example", "ben@b.example", "sales@other.example"):
        with house.opened(owner) as client:
            client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()


def account(house: MailHouse, **changes: object) -> EmailAccount:
    given = {
        "tenant": "acme", "market": "de", "address": SUPPORT, "name": "Northgate Hilfe", "poll_s": 0.05,
        "imap_host": "127.0.0.1", "imap_port": house.imap_port, "imap_security": "none",
        "smtp_host": "127.0.0.1", "smtp_port": house.smtp_port, "smtp_security": "none",
        "password": "env:MAIL_PASSWORD_OF_TEST",
    }  # fmt: skip
    return EmailAccount(**(given | changes))


class Desk:
    """Mailboxes at work over an installation."""

    def __init__(self, ground, chats, accounts: dict[str, EmailAccount]) -> None:
        self.ground, self.chats = ground, chats
        self.threads = Threads(
            chats, ground.journal, ground.sealer, lambda: ground.privacy.subjects, chats.turns.replies
        )
        self.boxes = [Email(name, each, self.threads) for name, each in accounts.items()]
        self.outbox = Outbox(ground.journal, self.boxes, backoff_s=(0.1, 0.1, 0.1), poll_s=0.02)

    def recorded(self, kind: str) -> list[dict]:
        return [dict(entry.body) for entry in self.ground.journal.read(ACME, EU, kinds=[kind])]


@contextlib.asynccontextmanager
async def at_work(folder: Path, *, fetch: bool = True, **accounts: EmailAccount):
    async with settled(folder) as (ground, chats):
        desk = Desk(ground, chats, accounts)
        tasks = [asyncio.create_task(desk.outbox.run())]
        tasks += [asyncio.create_task(box.run()) for box in desk.boxes if fetch]
        try:
            yield desk
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def sent(desk: Desk) -> list[Delivery]:
    """Every delivery of the mailbox."""
    with desk.ground.databases.region(EU).read_as(ACME) as scoped:
        return deliveries(scoped, "email:support", None, limit=99)


async def arrived(house: MailHouse, owner: str, number: int) -> list[EmailMessage]:
    """Somebody's letters, once there are so many."""
    found: list[EmailMessage] = []
    async with asyncio.timeout(20):
        while len(found) < number:
            await asyncio.sleep(0.05)
            found = await asyncio.to_thread(house.letters, owner)
    return found


def body_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n").strip()


def run(work) -> None:
    asyncio.run(work())


def test_a_letter_is_answered_in_its_thread_and_the_next_goes_on_there(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, support=account(house)) as desk:
            id = house.send(
                "Anna <Anna@A.example>", SUPPORT, "Wo ist sie?\n\n-- \nAnna", Subject="Meine Karte"
            )
            (first,) = await arrived(house, "anna@a.example", 1)
            assert body_of(first) == "heard text=Meine Karte\n\nWo ist sie? runs=1"
            assert (first["Subject"], first["In-Reply-To"], first["References"]) == (
                "Re: Meine Karte",
                id,
                id,
            )
            assert first["From"] == f"Northgate Hilfe <{SUPPORT}>"
            assert first["Auto-Submitted"] == "auto-replied"
            quote = body_of(first).replace("\n", "\n> ")
            quoted = f"Die schwarze.\n\nAm 1.1.2026 schrieb {SUPPORT}:\n> {quote}"
            again = {"In_Reply_To": first["Message-ID"], "References": f"{id} {first['Message-ID']}"}
            house.send("anna@a.example", SUPPORT, quoted, Subject="AW: Re: Meine Karte", **again)
            second = (await arrived(house, "anna@a.example", 2))[1]
            assert body_of(second) == "heard text=Die schwarze. runs=2"
            assert second["References"].startswith(f"{id} {first['Message-ID']} ")
            assert len(desk.recorded("conversation.began")) == 1
            assert all(r"\Seen" in flags for flags in house.flags(SUPPORT))
            assert len(desk.recorded("channels.delivered")) == 2

    run(work)


def test_a_choice_is_made_by_its_words_or_its_number(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, fetch=False, support=account(house)) as desk:
            (box,) = desk.boxes
            await box.take(b"From: anna@a.example\r\nMessage-ID: <1@a>\r\n\r\nhuman\r\n")
            subject = await desk.threads.who(box.line, "email:anna@a.example")
            own = await desk.threads.known(box.line, ["<1@a>"], subject)
            inbox = Inbox(desk.chats, desk.ground.databases, desk.ground.staff)
            await inbox.take(ACME, own, "ann")
            await inbox.say(ACME, own, "ann", "I am here.", "a1")
            await inbox.note(ACME, own, "ann", "a secret among us", "a2")
            await inbox.resolve(ACME, own, "ann")
            raw = b"From: anna@a.example\r\nMessage-ID: <2@a>\r\nReferences: <1@a>\r\n\r\n4.\r\n"
            await box.take(raw)
            assert desk.recorded("conversation.rated")[0]["rating"] == 4
            await until(lambda: all(each.state is State.SENT for each in sent(desk)) and len(sent(desk)) >= 7)
            letters = house.letters("anna@a.example")
            words = "\n".join(body_of(each) for each in letters)
            assert "- 5" in words
            assert "I am here." in words
            assert "a secret among us" not in words
            by_ann = [each for each in letters if "I am here." in body_of(each)]
            assert [each["Auto-Submitted"] for each in by_ann] == [None]

    run(work)


def test_whoever_knows_the_id_of_a_letter_gets_into_no_conversation_of_another(
    tmp_path: Path, house: MailHouse
):
    async def work():
        async with at_work(tmp_path, support=account(house)) as desk:
            id = house.send("anna@a.example", SUPPORT, "hello", Subject="s")
            (first,) = await arrived(house, "anna@a.example", 1)
            house.send("ben@b.example", SUPPORT, "hello", In_Reply_To=first["Message-ID"], References=id)
            (other,) = await arrived(house, "ben@b.example", 1)
            assert body_of(other) == "heard text=hello runs=1"
            assert len(desk.recorded("conversation.began")) == 2
            assert len(house.letters("anna@a.example")) == 1

    run(work)


@pytest.mark.parametrize(
    "headers",
    [{"Auto-Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"Return-Path": "<>"}, {"List-Id": "<l>"}],
)
def test_what_no_person_wrote_is_never_answered(tmp_path: Path, house: MailHouse, headers):
    async def work():
        async with at_work(tmp_path, support=account(house)) as desk:
            house.put(SUPPORT, b"From: ben@b.example\r\n" + _lines(headers) + b"\r\nI am away.\r\n")
            house.put(SUPPORT, b"From: MAILER-DAEMON@mx.example\r\nMessage-ID: <b1@x>\r\n\r\nUndelivered\r\n")
            house.put(SUPPORT, b"From: " + SUPPORT.encode() + b"\r\n\r\nto myself\r\n")
            house.send("anna@a.example", SUPPORT, "hello")
            await arrived(house, "anna@a.example", 1)
            await until(lambda: len(desk.recorded("channels.ignored")) == 3)
            assert len(desk.recorded("conversation.began")) == 1
            assert house.letters("ben@b.example") == []

    run(work)


def test_two_mailboxes_that_answer_by_themselves_do_not_write_to_each_other_for_ever(
    tmp_path: Path, house: MailHouse
):
    async def work():
        other = account(house, address="sales@other.example", tenant="beta")
        async with at_work(tmp_path, support=account(house), sales=other):
            house.send("sales@other.example", SUPPORT, "hello", Subject="from your sister")
            (answer,) = await arrived(house, "sales@other.example", 1)
            assert answer["Auto-Submitted"] == "auto-replied"
            await asyncio.sleep(1.5)
            assert len(house.letters("sales@other.example")) == 1
            assert len(house.letters(SUPPORT)) == 1

    run(work)


def test_a_sender_without_an_end_is_answered_so_often_and_no_more(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, support=account(house, letters_per_hour=3)) as desk:
            for number in range(6):
                house.send("ben@b.example", SUPPORT, f"n{number}")
            await until(lambda: len(desk.recorded("channels.ignored")) == 3)
            await arrived(house, "ben@b.example", 3)
            await asyncio.sleep(0.3)
            assert len(house.letters("ben@b.example")) == 3

    run(work)


MALFORMED = [
    b"\x00\xff\xfe garbage",
    b"From: nobody\r\n\r\nx",
    b"Subject: no sender\r\n\r\nx",
    b"From: ben@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 50,
    b"From: ben@b.example\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe",
    b"From: ben@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n====",
    b"From: ben@b.example\r\nDate: yesterday\r\nMessage-ID: <<>>\r\nReferences: <<<\r\n\r\n",
    b'From: "' + b"a" * 5000 + b'" <ben@b.example>\r\n\r\nx',
    b"From: a@b@c\r\nTo: \r\n\r\n",
]


def test_a_malformed_letter_never_ends_the_loop(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, support=account(house)):
            for raw in MALFORMED:
                house.put(SUPPORT, raw)
            house.send("anna@a.example", SUPPORT, "and a good one")
            (answer,) = await arrived(house, "anna@a.example", 1)
            assert body_of(answer) == "heard text=and a good one runs=1"
            flags = house.flags(SUPPORT)
            assert all(r"\Seen" in each for each in flags)
            assert sum(r"\Flagged" in each for each in flags) >= 4
            assert r"\Flagged" not in flags[-1]

    run(work)


def test_the_same_letter_again_is_answered_once(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, fetch=False, support=account(house)) as desk:
            raw = b"From: anna@a.example\r\nMessage-ID: <1@a>\r\nSubject: s\r\n\r\nhello\r\n"
            await asyncio.gather(*(desk.boxes[0].take(raw) for _ in range(4)))
            await arrived(house, "anna@a.example", 1)
            await desk.boxes[0].take(raw)
            await asyncio.sleep(0.3)
            assert len(house.letters("anna@a.example")) == 1
            assert len(desk.recorded("conversation.message")) == 3

    run(work)


def test_a_file_is_refused_politely_in_the_same_letter_as_the_answer(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, fetch=False, support=account(house)) as desk:
            letter = EmailMessage()
            letter["From"], letter["To"], letter["Message-ID"] = "anna@a.example", SUPPORT, "<f@a>"
            letter.set_content("see my bill")
            letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="bill.pdf")
            await desk.boxes[0].take(letter.as_bytes())
            await until(lambda: len(desk.recorded("channels.delivered")) == 2)
            texts = "\n\n".join(body_of(each) for each in house.letters("anna@a.example"))
            assert "heard text=see my bill runs=1" in texts
            assert "channel-attachments" in texts

    run(work)


class Moody:
    """An SMTP server that refuses for a while, or for ever."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.letters: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(envelope.content)
        return "250 taken"


@contextlib.contextmanager
def moody(*answers: str) -> Iterator[tuple[Moody, int]]:
    handler, port = Moody(*answers), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()


RAW = b"From: anna@a.example\r\nMessage-ID: <1@a>\r\n\r\nhello\r\n"


def test_an_answer_waits_while_the_server_refuses(tmp_path: Path, house: MailHouse):
    async def work():
        with moody("451 later", "451 later", "250 ok") as (server, port):
            async with at_work(tmp_path, fetch=False, support=account(house, smtp_port=port)) as desk:
                await desk.boxes[0].take(RAW)
                await until(lambda: len(server.letters) == 1)
                assert b"heard text=3Dhello" in server.letters[0]

    run(work)


def test_an_answer_that_no_server_will_ever_take_is_a_dead_letter(tmp_path: Path, house: MailHouse):
    async def work():
        with moody("550 no such mailbox") as (server, port):
            async with at_work(tmp_path, fetch=False, support=account(house, smtp_port=port)) as desk:
                await desk.boxes[0].take(RAW)
                await until(lambda: desk.recorded("channels.undelivered") != [])
                (told,) = desk.recorded("channels.undelivered")
                assert (told["route"], told["number"], told["attempts"]) == ("email:support", 3, 1)
                assert "refused the recipient: 550" in told["why"]
                assert server.letters == []

    run(work)


def test_a_mailbox_that_is_away_is_looked_into_again(tmp_path: Path, house: MailHouse):
    async def work():
        with mail_house() as other:
            away = account(other)
        async with at_work(tmp_path, support=away, sales=account(house)):
            house.send("anna@a.example", SUPPORT, "hello")
            await arrived(house, "anna@a.example", 1)

    run(work)


def test_a_wrong_password_is_said_to_be_one(tmp_path: Path, house: MailHouse, monkeypatch):
    from tradewind.core.errors import ConfigError, UnavailableError

    async def work():
        async with at_work(tmp_path, fetch=False, support=account(house)) as desk:
            monkeypatch.setenv("MAIL_PASSWORD_OF_TEST", "wrong")
            with pytest.raises(UnavailableError, match="IMAP at"):
                await desk.boxes[0].look()
            monkeypatch.delenv("MAIL_PASSWORD_OF_TEST")
            with pytest.raises(ConfigError):
                await desk.boxes[0].look()

    run(work)


def test_a_person_who_is_erased_is_written_to_no_more_and_forgotten(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, fetch=False, support=account(house)) as desk:
            await desk.boxes[0].take(RAW)
            await arrived(house, "anna@a.example", 1)
            subject = await desk.threads.who(desk.boxes[0].line, "email:anna@a.example")

            def erase() -> tuple[list, int, list]:
                with desk.ground.databases.region(EU).write_as(ACME) as scoped:
                    exported = ChannelExporter(desk.ground.sealer).export(scoped, EU, subject)
                    gone = ChannelEraser().erase(scoped, EU, subject)
                    return exported, gone, of_subject(scoped, subject)

            exported, gone, left = await asyncio.to_thread(erase)
            assert (exported[0]["channel"], exported[0]["reached_at"]["address"]) == (
                "email:support",
                "anna@a.example",
            )
            assert gone >= 3
            assert left == []

    run(work)


def test_a_stranger_is_met_in_the_market_of_the_mailbox(tmp_path: Path, house: MailHouse):
    async def work():
        async with at_work(tmp_path, fetch=False, support=account(house)) as desk:
            await desk.boxes[0].take(RAW)
            (began,) = desk.ground.journal.read(ACME, EU, kinds=["conversation.began"])
            assert (began.market, began.body["channel"]) == (DE, "email")

    run(work)


def _lines(headers: dict[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
