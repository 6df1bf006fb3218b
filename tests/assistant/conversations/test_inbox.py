"""Handing over to a person: queue, taking, writing, notes, transfer, return to the assistant, closing, rating."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chat_kit import ACME, DE, conversing
from journal_kit import SetClock

from tradewind.assistant.conversations.desk import Desk
from tradewind.assistant.conversations.inbox import Inbox
from tradewind.assistant.conversations.model import Conversation, Status
from tradewind.assistant.conversations.service import Conversations
from tradewind.assistant.conversations.staff import Staff
from tradewind.assistant.model import Author, Language
from tradewind.core.errors import ConflictError
from tradewind.core.ids import RegionId
from tradewind.workspace import Ground

EU = RegionId("eu")
WEDNESDAY_NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 29, 11, tzinfo=UTC)


@dataclass
class House:
    ground: Ground
    chats: Conversations
    inbox: Inbox
    clock: SetClock

    async def ask_for_a_person(self, **about: object) -> Conversation:
        own = await self.chats.begin(ACME, DE, **about)  # type: ignore[arg-type]
        await self.chats.receive(own.party, own.id, "human")
        return await self.chats.get(ACME, own.id)

    async def texts(self, own: Conversation, *, notes: bool = False) -> list[str]:
        return [f"{m.author}: {m.text}" for m in await self.chats.history(ACME, own.id, notes=notes)]

    def kinds(self) -> list[str]:
        return [entry.kind.removeprefix("conversation.") for entry in self.ground.journal.read(ACME, EU)]


@asynccontextmanager
async def house(folder: Path, now: datetime = WEDNESDAY_NOON):
    clock = SetClock(now)
    async with conversing(folder, clock=clock) as (ground, chats):
        staff = Staff(ground.databases.control, clock)
        turns = chats.turns
        desk = Desk(turns.replies, ground.markets, staffed=staff.may_take)
        chats.turns = turns.__class__(turns.talker, turns.replies, ground.markets, desk, clock)
        yield House(ground, chats, Inbox(chats, ground.databases, staff, clock=clock), clock)


def test_a_conversation_goes_to_a_person_and_ends_with_a_rating(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            at.inbox.staff.introduce(ACME, "m1", name="Ann", languages=[Language("de")])
            own = await at.ask_for_a_person()
            assert (own.status, own.reason, own.skill) == (Status.QUEUED, "requested", "cards")
            assert [each.id for each in at.inbox.list(ACME)] == [own.id]
            taken = await at.inbox.take(ACME, own.id, "m1")
            assert (taken.status, taken.agent) == (Status.TAKEN, "m1")
            await at.chats.receive(own.party, own.id, "are you there?")
            await at.inbox.say(ACME, own.id, "m1", "yes, I am", "a1")
            await at.inbox.note(ACME, own.id, "m1", "sounds worried")
            await at.inbox.resolve(ACME, own.id, "m1")
            await at.chats.receive(own.party, own.id, "/rate 5")
            assert await at.texts(own) == [
                "assistant: hello",
                "customer: human",
                "assistant: heard text=human runs=1",
                "system: service-queued minutes=10",
                "system: service-joined agent=Ann",
                "customer: are you there?",
                "agent: yes, I am",
                "system: service-resolved",
                "system: service-rate",
                "customer: /rate 5",
                "system: service-thanks",
            ]
            done = await at.chats.get(ACME, own.id)
            assert (done.status, done.rating, done.last) == (Status.RESOLVED, 5, 12)
            assert "agent: sounds worried" in await at.texts(own, notes=True)
            assert {"handed_off", "taken", "resolved", "rated"} <= set(at.kinds())
            again = await at.chats.receive(own.party, own.id, "one more thing")
            assert again[1].text == "heard text=one more thing runs=2"

    asyncio.run(work())


def test_a_conversation_is_taken_by_one_and_only_they_write(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            own = await at.ask_for_a_person()
            tries = await asyncio.gather(
                *(at.inbox.take(ACME, own.id, f"m{n}") for n in range(6)), return_exceptions=True
            )
            took = [each for each in tries if isinstance(each, Conversation)]
            assert len(took) == 1
            assert sum(isinstance(each, ConflictError) for each in tries) == 5
            other = "m1" if took[0].agent != "m1" else "m2"
            with pytest.raises(ConflictError, match="has this conversation"):
                await at.inbox.say(ACME, own.id, other, "me too")
            with pytest.raises(ConflictError):
                await at.inbox.resolve(ACME, own.id, other)
            free = await at.chats.begin(ACME, DE)
            with pytest.raises(ConflictError, match="nobody has"):
                await at.inbox.say(ACME, free.id, "m1", "hello")

    asyncio.run(work())


def test_what_an_agent_sends_again_is_said_once(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            own = await at.ask_for_a_person()
            await at.inbox.take(ACME, own.id, "m1")
            answers = await asyncio.gather(
                *(at.inbox.say(ACME, own.id, "m1", "hello", "same") for _ in range(5))
            )
            assert len({answer[0].number for answer in answers}) == 1
            customer = await at.chats.receive(own.party, own.id, "hello", "same")
            assert customer[0].author is Author.CUSTOMER
            assert (await at.texts(own)).count("agent: hello") == 1

    asyncio.run(work())


def test_the_most_urgent_that_fits_is_next(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            first = await at.ask_for_a_person(language=Language("en"))
            at.clock.move(1)
            second = await at.ask_for_a_person(language=Language("de"))
            urgent = await at.chats.begin(ACME, DE, language=Language("de"))
            await at.chats.receive(urgent.party, urgent.id, "break")  # a failure is priority 2
            at.inbox.staff.introduce(ACME, "de", name="Ann", languages=[Language("de")])
            at.inbox.staff.introduce(ACME, "loans", name="Bo", skills=["loans"])
            assert [each.id for each in at.inbox.list(ACME)] == [urgent.id, first.id, second.id]
            assert (await at.inbox.next(ACME, "de")).id == urgent.id
            assert (await at.inbox.next(ACME, "de")).id == second.id
            assert await at.inbox.next(ACME, "de") is None
            assert await at.inbox.next(ACME, "loans") is None
            assert (await at.inbox.next(ACME, "anybody")).id == first.id

    asyncio.run(work())


def test_a_transfer_queues_again_and_a_return_goes_on(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            own = await at.ask_for_a_person()
            await at.inbox.take(ACME, own.id, "m1")
            await at.inbox.transfer(ACME, own.id, "m1", skill="loans")
            waiting = await at.chats.get(ACME, own.id)
            assert (waiting.status, waiting.skill, waiting.agent) == (Status.QUEUED, "loans", None)
            await at.inbox.take(ACME, own.id, "m2")
            await at.inbox.release(ACME, own.id, "m2")
            assert (await at.chats.get(ACME, own.id)).status is Status.OPEN
            assert (await at.texts(own))[-1] == "assistant: heard text=Returned runs=2"
            answer = await at.chats.receive(own.party, own.id, "thanks")
            assert answer[1].text == "heard text=thanks runs=3"

    asyncio.run(work())


def test_customers_are_told_when_nobody_is_there(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            own = await at.ask_for_a_person()
            assert (await at.texts(own))[-1] == "system: service-nobody"
            at.inbox.staff.introduce(ACME, "m1", name="Ann")
            own = await at.ask_for_a_person()
            assert (await at.texts(own))[-1] == "system: service-queued minutes=10"
            at.clock.move(180)
            await asyncio.sleep(2.1)  # who is there is remembered for two seconds
            own = await at.ask_for_a_person()
            assert (await at.texts(own))[-1] == "system: service-nobody"

    asyncio.run(work())


def test_out_of_hours_customers_are_told_when_it_opens(tmp_path: Path):
    async def work():
        async with house(tmp_path, SUNDAY) as at:
            own = await at.ask_for_a_person()
            assert (await at.texts(own))[-1] == "system: service-closed day=2026-11-30 time=09:00"
            assert own.due == datetime(2026, 11, 30, 8, 10, tzinfo=UTC)

    asyncio.run(work())


def test_canned_replies_are_suggested_in_the_language_of_the_customer(tmp_path: Path):
    async def work():
        async with house(tmp_path) as at:
            at.inbox.staff.put_canned(ACME, "moment", {"de": "Einen Moment.", "en": "One moment."})
            own = await at.ask_for_a_person(language=Language("de"))
            assert [one.text for one in await at.inbox.suggest(ACME, own.id)] == ["Einen Moment."]

    asyncio.run(work())
