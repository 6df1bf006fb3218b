"""A mailbox: its letters come into conversations, and what is said there goes back as letters of the same thread."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

from tradewind.assistant.conversations.model import MAX_TEXT, Conversation
from tradewind.channels.email.read import Letter, read
from tradewind.channels.email.servers import Mailbox, hand_in, mailbox
from tradewind.channels.email.write import answer, by_person, text_of
from tradewind.channels.model import Delivery
from tradewind.channels.threads import ATTACHMENTS, Line, Threads, digest
from tradewind.core.channel_settings import EmailAccount
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import (
    BusyError,
    ConflictError,
    ConsentError,
    InputError,
    StorageError,
    TradewindError,
    UnavailableError,
)
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId

KIND = "email"
REFERENCES_KEPT = 20

log = logging.getLogger(__name__)


class Email:
    """One mailbox. A `Sender` of its own route.

    Args:
        name: of the account in the settings.
    """

    def __init__(
        self, name: str, account: EmailAccount, threads: Threads, clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.line = Line(f"{KIND}:{name}", TenantId(account.tenant), MarketId(account.market))
        self._account = account
        self._threads = threads
        self._clock = clock

    # --- coming in

    async def run(self) -> None:
        """Look into the mailbox again and again, until cancelled; nothing that is found there ends it."""
        while True:
            try:
                await self.look()
            except TradewindError as error:
                log.warning("%s: %s", self.line.channel, error)
            except Exception:
                log.exception("%s: a look into the mailbox failed", self.line.channel)
            await asyncio.sleep(self._account.poll_s)

    async def look(self) -> int:
        """Take the letters that nobody has seen; how many. One that cannot be taken now stays unseen.

        Raises:
            UnavailableError: the server does not answer. ConfigError: the password is not there.
        """
        async with _open(self._account) as box:
            taken = 0
            for uid in await asyncio.to_thread(box.unseen):
                if not await self._one(box, uid):
                    break
                taken += 1
            return taken

    async def _one(self, box: Mailbox, uid: str) -> bool:
        """Take a letter; False where the mailbox is to be left as it is until later."""
        trouble = None
        try:
            raw = await asyncio.to_thread(box.fetch, uid)
            if raw is not None:
                trouble = await self.take(raw)
        except (BusyError, ConflictError, UnavailableError, StorageError) as error:
            log.warning("%s: a letter waits: %s", self.line.channel, error)
            return False
        except InputError as error:
            trouble = error.message
            await self._threads.ignore(self.line, trouble, f"uid {uid} {trouble}")
        except Exception:
            log.exception("%s: a letter could not be taken; it is flagged in the mailbox", self.line.channel)
            trouble = "it could not be taken"
        await asyncio.to_thread(box.done, uid, flagged=trouble is not None)
        return True

    async def take(self, raw: bytes) -> str | None:
        """Take the bytes of a letter; why it is not answered, or None. The same letter again changes nothing.

        Raises:
            BusyError, ConflictError, UnavailableError, StorageError: it can be taken later.
        """
        try:
            letter = await asyncio.to_thread(read, raw)
        except InputError as error:
            await self._threads.ignore(self.line, error.message, digest(raw).hex())
            return error.message
        id = letter.id or digest(raw).hex()
        try:
            why = letter.automatic or await self._answered(letter, id)
        except ConflictError:
            raise  # something changed meanwhile: the next look finds it changed
        except (InputError, ConsentError) as error:
            why = error.message
        if why is not None:
            await self._threads.ignore(self.line, why, id)
        return why

    async def _answered(self, letter: Letter, id: str) -> str | None:
        """Take a letter of a person; why it is not taken, or None."""
        if letter.sender == self._account.address.lower():
            return "it is from the mailbox itself"
        subject = await self._threads.who(self.line, f"email:{letter.sender}")
        if await self._threads.too_many(self.line, subject, self._account.letters_per_hour):
            return f"more than {self._account.letters_per_hour} letters of one sender in an hour"
        own, is_new = await self._conversation(letter, subject, id)
        text = f"{letter.subject}\n\n{letter.text}".strip() if is_new else letter.text
        if not text and not letter.attachments:
            return "there is nothing in it"
        peer = {
            "address": letter.sender,
            "subject": letter.subject,
            "references": [*letter.references, *([letter.id] if letter.id else [])][-REFERENCES_KEPT:],
        }
        if text:
            await self._threads.take(self.line, own, peer, text[:MAX_TEXT], id)
        if letter.attachments:
            await self._threads.reach(self.line, own, peer)
            await self._threads.refuse(self.line, own, ATTACHMENTS, id)
        return None

    async def _conversation(self, letter: Letter, subject: SubjectId, id: str) -> tuple[Conversation, bool]:
        """The conversation of the letter's thread, or a new one; an address proves nothing of who wrote."""
        known = await self._threads.known(self.line, letter.references, subject)
        if known is not None:
            return await self._threads.chats.get(self.line.tenant, known), False
        own = await self._threads.chats.begin(
            self.line.tenant,
            self.line.market,
            subject=f"email:{letter.sender}",
            channel=KIND,
            key=f"{self.line.channel}:{digest(id).hex()}",
            profile={"verified": False},
        )
        return own, True

    # --- going out

    def serves(self, route: str) -> bool:
        """Its own route."""
        return route == self.line.channel

    async def send(
        self, tenant: TenantId, region: RegionId, deliveries: Sequence[Delivery]
    ) -> AsyncIterator[Delivery]:
        """One letter of all that was said since the last; raises `GivenUp` and `Later`."""
        first = deliveries[0]
        peer = await self._threads.peer(tenant, region, first.conversation)
        messages = [await self._threads.message(tenant, each) for each in deliveries]
        texts = [
            text_of(message) if message is not None else await self._threads.words(tenant, each)
            for each, message in zip(deliveries, messages, strict=True)
        ]
        id = f"<{first.id}@{self._account.address.rpartition('@')[2]}>"
        letter = answer(
            sender=(self._account.name, self._account.address),
            to=str(peer["address"]),
            subject=str(peer["subject"]),
            id=id,
            references=[str(each) for each in peer["references"]],
            body="\n\n".join(texts) + "\n",
            automatic=not by_person(messages),
            now=self._clock.now(),
        )
        await self._threads.went(self.line, region, first, id)  # before: the answer to it may be quick
        await asyncio.to_thread(hand_in, self._account, letter)
        for each in deliveries:
            yield each


@contextlib.asynccontextmanager
async def _open(account: EmailAccount) -> AsyncIterator[Mailbox]:
    """A mailbox whose blocking ends are in threads."""
    opened = mailbox(account)
    box = await asyncio.to_thread(opened.__enter__)
    try:
        yield box
    except BaseException as error:
        await asyncio.to_thread(opened.__exit__, type(error), error, error.__traceback__)
        raise
    else:
        await asyncio.to_thread(opened.__exit__, None, None, None)
