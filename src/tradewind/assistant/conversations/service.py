"""Conversations: each message is durable when it is answered, and comes to every reader once, in order.

A turn reads the conversation, understands the message, talks it over and writes: messages, state and journal entries
stand in one transaction of the region's database, so that a process which dies leaves all of a turn or nothing of it.
Turns of different conversations share their commits.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from tradewind.access.throttle import Throttle
from tradewind.assistant.conversations.batches import Batches, Hold
from tradewind.assistant.conversations.live import Followers, Turnstile
from tradewind.assistant.conversations.model import MAX_TEXT, Conversation, Found, Status, Step
from tradewind.assistant.conversations.sealed import Envelopes
from tradewind.assistant.conversations.shelf import PAGE, ProfileOf, Shelf, nothing_known
from tradewind.assistant.conversations.store import ROWS, Change, StaleError
from tradewind.assistant.conversations.turns import Turns, check_text
from tradewind.assistant.dialogue.model import Silence, is_payload
from tradewind.assistant.model import (
    Author,
    ConversationId,
    Language,
    Message,
    Party,
    Understanding,
)
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import TradewindError, UnavailableError
from tradewind.core.ids import MarketId, TenantId
from tradewind.journal.databases import Databases
from tradewind.journal.journal import Journal, Ready
from tradewind.journal.model import Draft, Sealer
from tradewind.privacy.guard import Guard

ATTEMPTS = 20
PAUSE_S = 0.005
PARTIES = 20_000
POLL_S = 1.0
"""How soon a reader sees what another process wrote."""
REMIND_S = 5.0
THREADS = 16
"""Turns at a time: an action of the business may keep one for seconds."""

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """How much a customer may send.

    Args:
        per_s: messages a second of one person, after a `burst`.
        characters: of a message.
    """

    per_s: float = 2.0
    burst: float = 20.0
    characters: int = MAX_TEXT


class _Awake(Exception):
    """Somebody wrote meanwhile, or another process was first."""


class Conversations:
    """The conversations of an installation. Lives on one event loop.

    Args:
        turns: what comes of a message.
        hold: lends what reads messages; the dialogue gets none understood without it.
        guard: admits who begins a conversation.
        profile_of: what the business knows of a customer.
    """

    def __init__(
        self,
        databases: Databases,
        journal: Journal,
        sealer: Sealer,
        guard: Callable[[], Guard],
        turns: Turns,
        hold: Hold | None,
        *,
        limits: Limits = Limits(),
        profile_of: ProfileOf = nothing_known,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.turns = turns
        self._journal, self._clock = journal, clock
        self._envelopes = Envelopes(sealer)
        self._shelf = Shelf(databases, self._envelopes, guard, profile_of, clock)
        self._batches = None if hold is None else Batches(hold)
        self._limits = limits
        self._throttle = Throttle(clock, burst=limits.burst, per_s=limits.per_s, what="one person may write")
        self._turnstile = Turnstile()
        self._followers = Followers()
        self._parties: dict[tuple[TenantId, ConversationId], Party] = {}
        self._steps: set[asyncio.Task[list[Message]]] = set()
        self._watcher: asyncio.Task[None] | None = None
        self._closing = self._closed = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="conversations")

    # --- the customer's side

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
        """Begin a conversation; it is durable when this returns.

        Args:
            subject: what the person calls themselves, see `identifier_of`; a visitor without a name when None.
            key: what the channel calls it: beginning it again gives the first one.
            profile: what the business says of the person: plain JSON.

        Raises:
            NotFoundError: an unknown market. ForbiddenError: out of the asker's reach.
            ConsentError: the person objected. InputError: the subject cannot be read.
        """
        found, is_new = await self.in_thread(
            self._shelf.begun, tenant, market, subject, language, channel, key, profile
        )
        if not is_new:
            return found.conversation
        try:
            step, ready, change = await self.in_thread(self._made, found, self.turns.opened)
            await self._journal.record(ready, (ROWS, change))
        except StaleError:
            return await self.begin(tenant, market, subject=subject, channel=channel, key=key)
        return step.conversation

    async def receive(
        self, party: Party, conversation: ConversationId, text: str, client_id: str | None = None
    ) -> list[Message]:
        """Take a message of the customer: it and what is answered, durable when this returns.

        Args:
            client_id: what the sender calls the message: sending it again gives the first answer.

        Raises:
            InputError: it is empty or too long. NotFoundError: the tenant has no such conversation.
            RateError: this person writes too often. BusyError, UnavailableError, StorageError: try again.
        """
        clean = check_text(text, self._limits.characters)
        self._throttle.take((party.tenant, party.subject or conversation))
        return await self._step(
            party.tenant, conversation, functools.partial(self._heard, clean, client_id), client_id
        )

    async def get(self, tenant: TenantId, conversation: ConversationId) -> Conversation:
        """A conversation as it stands.

        Raises:
            NotFoundError: the tenant has none of this id.
        """
        return (await self.in_thread(self._shelf.find, tenant, conversation, None)).conversation

    async def party(self, tenant: TenantId, conversation: ConversationId) -> Party:
        """Whose conversation it is, which never changes: remembered, so that a turn reads it once only.

        Raises:
            NotFoundError: the tenant has no such conversation.
        """
        known = self._parties.get((tenant, conversation))
        if known is None:
            known = (await self.get(tenant, conversation)).party
            if len(self._parties) >= PARTIES:
                self._parties.clear()
            self._parties[tenant, conversation] = known
        return known

    async def profile(self, tenant: TenantId, conversation: ConversationId) -> Mapping[str, Any]:
        """What the business says of the customer; empty where their keys were destroyed.

        Raises:
            NotFoundError: the tenant has no such conversation.
        """
        memory = (await self.in_thread(self._shelf.find, tenant, conversation, None)).memory
        return {} if memory is None else memory.profile

    async def history(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        *,
        after: int = 0,
        notes: bool = False,
        limit: int = PAGE,
    ) -> list[Message]:
        """Messages in their order, those after a number; with agents' notes where asked for.

        Raises:
            NotFoundError: the tenant has no such conversation.
        """
        return await self.in_thread(self._shelf.read, tenant, conversation, after, notes, limit)

    async def follow(
        self, tenant: TenantId, conversation: ConversationId, *, after: int = 0, notes: bool = False
    ) -> AsyncIterator[Message]:
        """Every message after a number, each once, in order, as they come, without an end.

        Raises:
            NotFoundError: the tenant has no such conversation.
        """
        await self.get(tenant, conversation)
        with self._followers.follow(tenant, conversation) as changed:
            self._watch()
            while not self._closing:
                changed.clear()
                messages = await self.history(tenant, conversation, after=after, notes=notes)
                for message in messages:
                    after = message.number
                    yield message
                if not messages:
                    await changed.wait()

    async def remind(self) -> int:
        """Tell the dialogue of each silence that is due; how many there were.

        Raises:
            UnavailableError, StorageError: a database refused; try again.
        """
        now = self._clock.now()
        due = await self.in_thread(self._shelf.waking, now)
        for tenant, conversation in due:
            try:
                await self.change(tenant, conversation, functools.partial(self._silent, now))
            except _Awake:
                continue
            except TradewindError as error:
                log.warning("conversation %s: cannot be reminded: %s", conversation, error)
        return len(due)

    def _silent(self, now: datetime, found: Found) -> Step:
        wake = found.conversation.wake
        if wake is None or wake > now:
            raise _Awake
        return self.turns.happened(found, Silence())

    async def keep_reminding(self) -> None:
        """Notice silences until cancelled."""
        while True:
            await asyncio.sleep(REMIND_S)
            try:
                await self.remind()
            except TradewindError as error:
                log.warning("cannot look for silent conversations: %s", error)

    async def close(self) -> None:
        """Take nothing more; what was begun is written, and who follows is let go."""
        self._closing = True
        self._followers.tell_all()
        if self._watcher is not None:
            self._watcher.cancel()
        await asyncio.gather(*self._steps, return_exceptions=True)
        if self._batches is not None:
            self._batches.close()
        self._closed = True
        await asyncio.to_thread(self._threads.shutdown)

    def _watch(self) -> None:
        """Look for what other processes wrote, as long as anybody follows."""
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._followers.names:
            try:
                seen = await self.in_thread(self._shelf.versions, self._followers.names)
                self._followers.saw(seen)
            except TradewindError as error:
                log.warning("cannot look for new messages: %s", error)
            await asyncio.sleep(POLL_S)

    # --- a step

    async def change(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        make: Callable[[Found], Step],
        client_id: str | None = None,
        author: Author = Author.CUSTOMER,
    ) -> list[Message]:
        """Change a conversation in its turn; its new messages, durable when this returns.

        Args:
            make: gives the step; called again where another process was quicker. It runs in a thread.
            client_id: what the `author` calls it: again gives the messages of the first.

        Raises:
            NotFoundError: the tenant has no such conversation. TradewindError: whatever `make` raises.
        """
        return await self._step(
            tenant, conversation, lambda found: self._write(found, make), client_id, author
        )

    async def _step(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        make: Callable[[Found], Any],
        client_id: str | None = None,
        author: Author = Author.CUSTOMER,
    ) -> list[Message]:
        """One at a time in a conversation. It goes on where whoever asked has gone: half of a turn is none."""
        if self._closing:
            raise UnavailableError("the server is stopping", hint="send it again")
        task = asyncio.ensure_future(self._stepped(tenant, conversation, make, client_id, author))
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        return await asyncio.shield(task)

    async def _stepped(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        make: Callable[[Found], Any],
        client_id: str | None,
        author: Author,
    ) -> list[Message]:
        """Read, make, write; again where another process was quicker."""
        async with self._turnstile.of(conversation):
            for attempt in range(ATTEMPTS):
                found = await self.in_thread(self._shelf.find, tenant, conversation, client_id, author)
                if found.repeated:
                    return list(found.repeated)
                try:
                    step = await make(found)
                    break
                except StaleError:
                    if attempt == ATTEMPTS - 1:
                        raise
                    await asyncio.sleep(PAUSE_S * attempt)
        self._followers.tell(conversation)
        return list(step.messages)

    async def _heard(self, text: str, client_id: str | None, found: Found) -> Step:
        understanding = await self._understood(found.conversation, text)
        return await self._write(found, lambda own: self.turns.heard(own, text, understanding, client_id))

    async def _understood(self, own: Conversation, text: str) -> Understanding | None:
        if self._batches is None or is_payload(text) or (own.status is Status.RESOLVED and text[:1] == "/"):
            return None
        try:
            return await self._batches.understand(text, own.market, None)
        except TradewindError:
            if own.status is Status.OPEN:
                raise
            log.exception("conversation %s: a message for a person was not understood", own.id)
            return None

    async def _write(self, found: Found, make: Callable[[Found], Step]) -> Step:
        step, ready, change = await self.in_thread(self._made, found, make)
        await self._journal.record(ready, (ROWS, change))
        return step

    def _made(self, found: Found, make: Callable[[Found], Step]) -> tuple[Step, Ready, Change]:
        """Everything of a step but the commit: the dialogue may call the business, sealing may ask for keys."""
        step = make(found)
        own = step.conversation
        drafts = [Draft(body, own.market, own.subject, at=own.updated) for body in step.bodies]
        ready = self._journal.prepare(own.tenant, drafts)
        rows = [self._envelopes.seal_message(own, message, own.last) for message in step.messages]
        memory = self._envelopes.seal_memory(own, step.memory)
        return step, ready, Change(own, memory, rows, found.conversation.version)

    async def in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what asks databases in our own threads, with the reach of whoever asks."""
        if self._closed:
            raise UnavailableError("the server is stopping", hint="send it again")
        context = contextvars.copy_context()
        call = functools.partial(context.run, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)
