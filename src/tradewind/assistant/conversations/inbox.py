"""The agents' side: who waits for a person, taking a conversation, writing in it, giving it on, closing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from tradewind.assistant.conversations import store
from tradewind.assistant.conversations.kinds import Released, Resolved, Taken
from tradewind.assistant.conversations.model import MAX_TEXT, Agent, Conversation, Found, Memory, Status, Step
from tradewind.assistant.conversations.page import Page
from tradewind.assistant.conversations.service import Conversations
from tradewind.assistant.conversations.staff import Staff
from tradewind.assistant.conversations.turns import check_text
from tradewind.assistant.dialogue.model import State
from tradewind.assistant.model import Author, ConversationId, HandOff, Knowledge, Message
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError, ForbiddenError, NotFoundError
from tradewind.core.ids import TenantId
from tradewind.journal.databases import Databases

LISTED = 200
LOOK_BACK = 50
SUGGESTED = 5
NAMELESS = "service"
"""How customers read an agent who has not said what they are called."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Something that an agent may say: words of a document, with its link, or a canned reply."""

    text: str
    source: str
    link: str | None = None


# The class has a method of the name `list`, within which `list[…]` would mean that.
Messages = list[Message]
Suggestions = list[Suggested]


class Inbox:
    """Conversations as agents see them.

    Args:
        staff: who the agents are.
        knowledge: answers that agents are offered; none without it.
    """

    def __init__(
        self,
        conversations: Conversations,
        databases: Databases,
        staff: Staff,
        *,
        knowledge: Knowledge | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.staff = staff
        self._conversations, self._databases, self._clock = conversations, databases, clock
        self._knowledge = knowledge

    def list(
        self, tenant: TenantId, statuses: Sequence[Status] = (Status.QUEUED, Status.TAKEN)
    ) -> list[Conversation]:
        """Conversations within reach: those who wait first, the most urgent and the longest waiting at the top.

        Asks the databases: for threads.
        """
        found: list[Conversation] = []
        for region in self._databases.regions:
            with suppress(ForbiddenError), self._databases.region(region).read_as(tenant) as tables:
                for status in statuses:
                    newest = status not in (Status.QUEUED, Status.TAKEN)
                    found += store.with_status(tables, region, (status,), limit=LISTED, newest_first=newest)
        return sorted(found, key=_urgency)

    async def next(self, tenant: TenantId, agent: str) -> Conversation | None:
        """Take the most urgent conversation that an agent may take; None where nobody waits for them."""
        own = await self._conversations.in_thread(self.staff.here, tenant, agent)
        waiting = await self._conversations.in_thread(self.list, tenant, (Status.QUEUED,))
        for each in waiting:
            if own.may_take(each):
                with suppress(ConflictError):  # another agent was quicker
                    return await self.take(tenant, each.id, agent)
        return None

    async def take(self, tenant: TenantId, conversation: ConversationId, agent: str) -> Conversation:
        """Take a conversation: from the queue, or from the assistant. Taking one's own changes nothing.

        Raises:
            ConflictError: another agent has it. NotFoundError: the tenant has no such conversation.
        """

        def make(own: Agent, page: Page) -> None:
            before = page.own
            if before.status is Status.TAKEN:
                raise ConflictError(
                    f"{before.agent} has this conversation already", hint="ask for a transfer"
                )
            waited = 0.0 if before.queued is None else (page.now - before.queued).total_seconds()
            page.record(Taken(conversation=before.id, agent=agent, waited_s=round(waited, 3)))
            page.memory = handed_off(page.memory)
            page.change(status=Status.TAKEN, agent=agent, queued=before.queued or page.now, wake=None)
            self._conversations.turns.desk.joined(page, own.name or NAMELESS)

        found = await self._conversations.get(tenant, conversation)
        if found.status is Status.TAKEN and found.agent == agent:
            return found
        await self._change(tenant, conversation, agent, make)
        return await self._conversations.get(tenant, conversation)

    async def say(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        agent: str,
        text: str,
        client_id: str | None = None,
    ) -> Messages:
        """Write to the customer; durable when this returns.

        Raises:
            InputError: it is empty or too long. ConflictError: this agent has not taken the conversation.
        """
        clean = check_text(text, MAX_TEXT)

        def make(own: Agent, page: Page) -> None:
            require_taken(page, agent)
            page.add(Author.AGENT, clean, client_id=client_id, agent=own.name or NAMELESS)
            if page.own.answered is None:
                page.change(answered=page.now)

        return await self._change(tenant, conversation, agent, make, client_id)

    async def note(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        agent: str,
        text: str,
        client_id: str | None = None,
    ) -> Messages:
        """Write something that only agents see; raises as `say`, but needs no taking."""
        clean = check_text(text, MAX_TEXT)

        def make(own: Agent, page: Page) -> None:
            page.add(Author.AGENT, clean, client_id=client_id, agent=own.name or NAMELESS, note=True)

        return await self._change(tenant, conversation, agent, make, client_id)

    async def transfer(
        self, tenant: TenantId, conversation: ConversationId, agent: str, *, skill: str | None = None
    ) -> Messages:
        """Put the conversation back into the queue, for agents with a skill, as urgent as before.

        Raises:
            ConflictError: this agent has not taken it.
        """

        def make(_: Agent, page: Page) -> None:
            require_taken(page, agent)
            page.record(Released(conversation=page.own.id, agent=agent, to="queue", skill=skill))
            desk = self._conversations.turns.desk
            desk.left(page)
            desk.queue(page, HandOff(page.own.reason or "requested", skill, page.own.priority))

        return await self._change(tenant, conversation, agent, make)

    async def release(self, tenant: TenantId, conversation: ConversationId, agent: str) -> Messages:
        """Give the conversation back to the assistant, which goes on where it was; raises as `transfer`."""

        def make(_: Agent, page: Page) -> None:
            require_taken(page, agent)
            page.record(Released(conversation=page.own.id, agent=agent, to="assistant"))
            self._conversations.turns.returned(page)

        return await self._change(tenant, conversation, agent, make)

    async def resolve(self, tenant: TenantId, conversation: ConversationId, agent: str) -> Messages:
        """Close the matter; the customer is asked how satisfied they were. Raises as `transfer`."""

        def make(_: Agent, page: Page) -> None:
            require_taken(page, agent)
            page.record(Resolved(conversation=page.own.id, by="agent", agent=agent))
            page.memory = afresh(page.memory)
            page.change(status=Status.RESOLVED, wake=None)
            self._conversations.turns.desk.resolved(page)

        return await self._change(tenant, conversation, agent, make)

    async def suggest(self, tenant: TenantId, conversation: ConversationId) -> Suggestions:
        """What an agent may say next: what the documents answer to the customer's last words, and canned replies.

        Raises:
            NotFoundError: the tenant has no such conversation.
        """
        own = await self._conversations.get(tenant, conversation)
        said = await self._conversations.history(tenant, conversation, after=max(0, own.last - LOOK_BACK))
        asked = next((each.text for each in reversed(said) if _is_words(each)), None)
        return await self._conversations.in_thread(self._suggested, own, asked)

    def _suggested(self, own: Conversation, asked: str | None) -> Suggestions:
        found: Suggestions = []
        if self._knowledge is not None and asked is not None:
            answer = self._knowledge.answer(asked, own.market, own.language)
            if answer is not None:
                passage = answer.passage
                found.append(Suggested(passage.text, passage.title, passage.link))
        for name, texts in self.staff.canned(own.tenant).items():
            text = texts.get(own.language) or texts.get(own.language.partition("-")[0])
            if text is not None:
                found.append(Suggested(text, name))
        return found[:SUGGESTED]

    async def _change(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        agent: str,
        make: Callable[[Agent, Page], None],
        client_id: str | None = None,
    ) -> Messages:
        own = await self._conversations.in_thread(self.staff.here, tenant, agent)

        def step(found: Found) -> Step:
            if found.memory is None:
                raise NotFoundError("this conversation's customer was erased")
            page = Page(found.conversation, found.memory, self._clock)
            make(own, page)
            return page.step()

        return await self._conversations.change(tenant, conversation, step, client_id, Author.AGENT)


def require_taken(page: Page, agent: str) -> None:
    """Refuse what only the agent may do who has taken the conversation.

    Raises:
        ConflictError: nobody has, or another.
    """
    own = page.own
    if own.status is not Status.TAKEN or own.agent != agent:
        who = f"{own.agent} has" if own.status is Status.TAKEN else "nobody has"
        raise ConflictError(f"{who} this conversation", hint="take it first")


def handed_off(memory: Memory) -> Memory:
    """The dialogue keeps silent from now on."""
    return replace(memory, state=memory.state.model_copy(update={"handed_off": True}))


def afresh(memory: Memory) -> Memory:
    """What is left of a memory when the matter is done: the language, and what later flows may know."""
    before = memory.state
    return replace(memory, state=State(kept=before.kept, language=before.language, runs=before.runs))


def _urgency(own: Conversation) -> tuple[bool, int, float]:
    since = own.due or own.updated
    waits = own.status is Status.QUEUED
    return (
        not waits,
        -own.priority if waits else 0,
        since.timestamp() if waits else -own.updated.timestamp(),
    )


def _is_words(message: Message) -> bool:
    return message.author is Author.CUSTOMER and not message.text.startswith("/")
