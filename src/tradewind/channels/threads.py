"""Threads: which conversation a message of a channel belongs to, and where its customer is reached."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import orjson

from tradewind.assistant.conversations.model import Conversation
from tradewind.assistant.model import ConversationId, Language, Message, Party, Replies, Say
from tradewind.channels import store
from tradewind.channels.kinds import Ignored
from tradewind.channels.model import Delivery, GivenUp, Thread
from tradewind.channels.outbox import delivery_id
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import NotFoundError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.encode import microseconds
from tradewind.journal.journal import Journal
from tradewind.journal.model import Body, Draft, Sealer
from tradewind.privacy.subjects import Subjects, identifier_of

KIND = "conversation.thread"
"""Names the category of data, and so how long an address is kept, to the sealer."""
ATTACHMENTS = "channel-attachments"
"""Key of the reply to who sends a file."""
AN_HOUR = timedelta(hours=1)


class Chats(Protocol):
    """What channels need of the conversations."""

    async def begin(
        self,
        tenant: TenantId,
        market: MarketId,
        *,
        subject: str | None = None,
        language: Language | None = None,
        channel: str = "web",
        key: str | None = None,
        profile: Mapping[str, Any] | None = None,
    ) -> Conversation:
        """Begin a conversation, or find the one of the key."""
        ...

    async def receive(
        self, party: Party, conversation: ConversationId, text: str, client_id: str | None = None
    ) -> list[Message]:
        """Take a message; the same `client_id` again changes nothing."""
        ...

    async def get(self, tenant: TenantId, conversation: ConversationId) -> Conversation:
        """A conversation as it stands."""
        ...

    async def history(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        *,
        after: int = 0,
        notes: bool = False,
        limit: int = 500,
    ) -> list[Message]:
        """Messages after a number, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    """An account of a channel.

    Args:
        channel: kind and name: `email:support`.
    """

    channel: str
    tenant: TenantId
    market: MarketId


def digest(text: str | bytes) -> bytes:
    """What is kept of a channel's own name of a message."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).digest()


class Threads:
    """The threads of an installation. Lives on one event loop."""

    def __init__(
        self,
        chats: Chats,
        journal: Journal,
        sealer: Sealer,
        subjects: Callable[[], Subjects],
        replies: Replies,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.chats = chats
        self._journal, self._databases = journal, journal.databases
        self._sealer, self._subjects, self._replies, self._clock = sealer, subjects, replies, clock
        for database in self._databases.regions.values():
            store.open_region(database)

    # --- coming in

    async def who(self, line: Line, identifier: str) -> SubjectId:
        """The pseudonym of who writes.

        Raises:
            InputError: it is no address of a person.
        """
        return await asyncio.to_thread(self._who, line, identifier)

    async def known(self, line: Line, ids: Sequence[str], subject: SubjectId) -> ConversationId | None:
        """The conversation of the last of the messages that is known, where it is this person's."""
        return await asyncio.to_thread(self._known, line, [digest(each) for each in ids], subject)

    async def too_many(self, line: Line, subject: SubjectId, most: int) -> bool:
        """Whether a person has written more often than that within an hour: no person does."""
        return await asyncio.to_thread(self._came, line, subject) >= most

    async def take(
        self, line: Line, own: Conversation, peer: Mapping[str, Any], text: str, id: str
    ) -> list[Message]:
        """Take a message of the channel into its conversation; once, however often it comes.

        Args:
            peer: where the customer is reached from now on. id: what the channel calls the message.
        """
        thread = await self.reach(line, own, peer)
        said = await self._chosen(own, text)
        answers = await self.chats.receive(own.party, own.id, said, digest(id).hex())
        await asyncio.to_thread(self._mark, line, thread, id, None)
        return answers

    async def _chosen(self, own: Conversation, text: str) -> str:
        """The payload of a choice that was written out, where there are no buttons to press: its title or number."""
        last = await self.chats.history(own.tenant, own.id, after=own.last - 1, limit=1)
        choices = last[0].choices if last else ()
        bare = text.strip().rstrip(".!").casefold()
        if bare.isdecimal() and 1 <= int(bare) <= len(choices) and bare not in [t for _, t in choices]:
            return choices[int(bare) - 1][0]
        return next((payload for payload, title in choices if title.casefold() == bare), text)

    async def reach(self, line: Line, own: Conversation, peer: Mapping[str, Any]) -> Thread:
        """Remember where a conversation's customer is reached."""
        return await asyncio.to_thread(self._reach, line, own, peer)

    async def refuse(self, line: Line, own: Conversation, reply: str, id: str) -> None:
        """Have a reply of the pack sent that is no message of the conversation; once for each message."""
        await asyncio.to_thread(self._refuse, line, own, reply, id)

    async def ignore(self, line: Line, why: str, id: str) -> None:
        """Record that something was not answered; once for each message."""
        key = f"ignored-{digest(f'{line.channel} {id}').hex()[:40]}"
        draft = Draft(Ignored(channel=line.channel, why=why[:300]), line.market, key=key)
        await self._journal.append(line.tenant, [draft])

    async def record(self, line: Line, subject: SubjectId, body: Body, key: str) -> None:
        """Record something about a customer, once for each key."""
        await self._journal.append(line.tenant, [Draft(body, line.market, subject, key)])

    # --- going out

    async def peer(self, tenant: TenantId, region: RegionId, conversation: str) -> Mapping[str, Any]:
        """Where a conversation's customer is reached.

        Raises:
            GivenUp: the customer was erased.
        """
        found = await asyncio.to_thread(self._peer, tenant, region, conversation)
        if found is None:
            raise GivenUp("the customer was erased, or their address is not kept any more")
        return found

    async def message(self, tenant: TenantId, delivery: Delivery) -> Message | None:
        """The message of a delivery; None where it has none but a reply.

        Raises:
            GivenUp: the conversation was erased.
        """
        if delivery.number is None:
            return None
        name = ConversationId(delivery.conversation)
        try:
            found = await self.chats.history(tenant, name, after=delivery.number - 1, limit=1)
        except NotFoundError as error:
            raise GivenUp("the conversation was erased") from error
        if not found or found[0].number != delivery.number or not found[0].text:
            raise GivenUp("the message was erased")
        return found[0]

    async def words(self, tenant: TenantId, delivery: Delivery) -> str:
        """The words of a reply that is no message; raises as `message`."""
        try:
            own = await self.chats.get(tenant, ConversationId(delivery.conversation))
        except NotFoundError as error:
            raise GivenUp("the conversation was erased") from error
        say = Say(delivery.reply or ATTACHMENTS)
        return (await asyncio.to_thread(self._replies.render, say, own.market, own.language)).text

    async def went(self, line: Line, region: RegionId, delivery: Delivery, id: str) -> None:
        """Remember what the channel calls a message that went out."""
        await asyncio.to_thread(self._went, line, region, delivery, id)

    async def of_message(self, line: Line, id: str) -> tuple[Thread, int | None] | None:
        """The thread and number of a message that went out; None where it is not known."""
        return await asyncio.to_thread(self._of_message, line, id)

    # --- in threads

    def _region(self, line: Line) -> RegionId:
        return self._journal.region_for(line.tenant, line.market)

    def _who(self, line: Line, identifier: str) -> SubjectId:
        named = identifier_of(identifier, None)
        return self._subjects().pseudonym(line.tenant, self._region(line), named)

    def _known(self, line: Line, digests: list[bytes], subject: SubjectId) -> ConversationId | None:
        if not digests:
            return None
        with self._databases.region(self._region(line)).read_as(line.tenant) as scoped:
            found = store.mark(scoped, line.channel, digests)
            if found is None:
                return None
            thread = store.threads(scoped, [found[0]]).get(found[0])
        # Whoever learns the id of a letter must not get into a conversation of somebody else.
        is_theirs = thread is not None and thread.subject == subject
        return ConversationId(found[0]) if is_theirs else None

    def _came(self, line: Line, subject: SubjectId) -> int:
        with self._databases.region(self._region(line)).read_as(line.tenant) as scoped:
            return store.came(scoped, line.channel, subject, self._clock.now() - AN_HOUR)

    def _reach(self, line: Line, own: Conversation, peer: Mapping[str, Any]) -> Thread:
        text = orjson.dumps(peer).decode()
        sealed = self._sealer.seal(own.tenant, own.region, own.subject, text, bound_to(own.id))
        thread = Thread(own.id, line.channel, own.market, own.subject, own.last, sealed)
        database = self._databases.region(own.region)
        store.change(database, own.tenant, lambda scoped: store.put_thread(scoped, thread))
        return thread

    def _refuse(self, line: Line, own: Conversation, reply: str, id: str) -> None:
        now = self._clock.now()
        what = delivery_id(line.channel, f"{reply} {digest(id).hex()}")
        made = Delivery(what, line.channel, own.id, "reply", None, reply, 0, 0, microseconds(now))
        database = self._databases.region(own.region)
        store.change(database, own.tenant, lambda scoped: store.add_deliveries(scoped, [made], now))

    def _peer(self, tenant: TenantId, region: RegionId, conversation: str) -> Mapping[str, Any] | None:
        with self._databases.region(region).read_as(tenant) as scoped:
            thread = store.threads(scoped, [conversation]).get(conversation)
        if thread is None:
            return None
        text = self._sealer.open(tenant, region, thread.subject, thread.peer, bound_to(conversation))
        found: Mapping[str, Any] | None = None if text is None else orjson.loads(text)
        return found

    def _mark(self, line: Line, thread: Thread, id: str, number: int | None) -> None:
        database, now = self._databases.region(self._region(line)), self._clock.now()
        store.change(
            database,
            line.tenant,
            lambda scoped: store.add_mark(scoped, line.channel, digest(id), thread, number, now),
        )

    def _went(self, line: Line, region: RegionId, delivery: Delivery, id: str) -> None:
        with self._databases.region(region).read_as(line.tenant) as scoped:
            thread = store.threads(scoped, [delivery.conversation]).get(delivery.conversation)
        if thread is not None:
            self._mark(line, thread, id, delivery.number or 0)

    def _of_message(self, line: Line, id: str) -> tuple[Thread, int | None] | None:
        with self._databases.region(self._region(line)).read_as(line.tenant) as scoped:
            found = store.mark(scoped, line.channel, [digest(id)])
            if found is None:
                return None
            thread = store.threads(scoped, [found[0]]).get(found[0])
        return None if thread is None else (thread, found[1] or None)


def bound_to(conversation: str) -> bytes:
    """A sealed address opens in its own place only."""
    return f"{conversation} {KIND} peer".encode()
