"""The agents of each tenant: who is there, what they speak and know, what they have ready to say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from tradewind.assistant.conversations.model import Agent, Conversation
from tradewind.assistant.conversations.store import agents as store
from tradewind.assistant.model import Language
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.ids import TenantId
from tradewind.journal.databases import Database

THERE = timedelta(minutes=2)
"""An agent who has not looked for so long is away."""
NOTE_EVERY = timedelta(seconds=20)
REMEMBER_S = 2.0
LONGEST_NAME, LONGEST_TEXT, MOST = 80, 4_000, 500


class Staff:
    """Agents over the control database. Asks it: for threads."""

    def __init__(self, control: Database, clock: Clock = SYSTEM_CLOCK) -> None:
        store.open_control(control)
        self._control = control
        self._clock = clock
        self._known: dict[TenantId, tuple[float, list[Agent]]] = {}

    def all(self, tenant: TenantId) -> list[Agent]:
        """All agents of a tenant."""
        with self._control.read_as(tenant) as tables:
            return store.agents(tables)

    def get(self, tenant: TenantId, id: str) -> Agent:
        """An agent; somebody who said nothing of themselves takes everything."""
        with self._control.read_as(tenant) as tables:
            return store.agent(tables, id) or Agent(id, "")

    def introduce(
        self,
        tenant: TenantId,
        id: str,
        *,
        name: str,
        languages: Collection[Language] = (),
        skills: Collection[str] = (),
    ) -> Agent:
        """Say what an agent is called, speaks and knows; they are there from now on.

        Raises:
            InputError: the name is empty or too long.
        """
        shown = " ".join(name.split())
        if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
            raise InputError("this is no name", hint=f"1 to {LONGEST_NAME} letters, as customers read it")
        agent = Agent(id, shown, frozenset(languages), frozenset(skills), self._clock.now())
        self._put(tenant, agent)
        return agent

    def here(self, tenant: TenantId, id: str) -> Agent:
        """Note that an agent looks at the inbox."""
        agent = self.get(tenant, id)
        now = self._clock.now()
        if agent.seen is None or now - agent.seen > NOTE_EVERY:
            agent = replace(agent, seen=now)
            self._put(tenant, agent)
        return agent

    def away(self, tenant: TenantId, id: str) -> None:
        """Note that an agent has left."""
        self._put(tenant, replace(self.get(tenant, id), seen=None))

    def is_there(self, agent: Agent) -> bool:
        """Whether an agent looked at the inbox a moment ago."""
        return agent.seen is not None and self._clock.now() - agent.seen <= THERE

    def may_take(self, conversation: Conversation) -> bool:
        """Whether an agent is there who may take a conversation; as known within the last seconds."""
        now = self._clock.monotonic()
        at, agents = self._known.get(conversation.tenant, (-1e9, []))
        if now - at > REMEMBER_S:
            agents = self.all(conversation.tenant)
            self._known[conversation.tenant] = now, agents
        return any(self.is_there(agent) and agent.may_take(conversation) for agent in agents)

    def canned(self, tenant: TenantId) -> dict[str, dict[str, str]]:
        """Canned replies by name, their texts by language."""
        with self._control.read_as(tenant) as tables:
            return store.canned(tables)

    def put_canned(self, tenant: TenantId, name: str, texts: Mapping[str, str]) -> None:
        """Keep a canned reply, or another in its place.

        Raises:
            InputError: it has no text, or there are too many.
        """
        if not texts or not all(0 < len(text.strip()) <= LONGEST_TEXT for text in texts.values()):
            raise InputError("a canned reply needs a text in at least one language, none of them empty")
        with self._control.write_as(tenant) as tables:
            if len(store.canned(tables)) >= MOST:
                raise InputError(f"there are {MOST} canned replies already", hint="delete some")
            store.put_canned(tables, name, texts)

    def forget_canned(self, tenant: TenantId, name: str) -> None:
        """Drop a canned reply.

        Raises:
            NotFoundError: there is none of this name.
        """
        with self._control.write_as(tenant) as tables:
            if not store.forget_canned(tables, name):
                raise NotFoundError(f"there is no canned reply {name!r:.80}")

    def _put(self, tenant: TenantId, agent: Agent) -> None:
        with self._control.write_as(tenant) as tables:
            store.put_agent(tables, agent)
        self._known.pop(tenant, None)
