"""Reading conversations, and making those that begin. Everything here asks databases: it is for threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tradewind.assistant.conversations import store
from tradewind.assistant.conversations.model import Conversation, Found
from tradewind.assistant.conversations.sealed import Envelopes
from tradewind.assistant.conversations.turns import blank
from tradewind.assistant.model import Author, ConversationId, Language, Message
from tradewind.core.clock import Clock
from tradewind.core.errors import NotFoundError
from tradewind.core.ids import MarketId, RegionId, TenantId, new_id
from tradewind.journal.databases import Databases
from tradewind.privacy.guard import Envelope, Guard

PAGE = 500
REMINDED = 200
"""Most conversations that are reminded at a time, in each region."""

ProfileOf = Callable[[Conversation], Mapping[str, Any]]
"""What the business knows of a customer, where whoever began the conversation did not say."""


def nothing_known(_: Conversation) -> Mapping[str, Any]:
    """Of nobody."""
    return {}


class Shelf:
    """The conversations of every region.

    Args:
        guard: admits who begins a conversation.
        profile_of: what the business knows of a customer.
    """

    def __init__(
        self,
        databases: Databases,
        envelopes: Envelopes,
        guard: Callable[[], Guard],
        profile_of: ProfileOf,
        clock: Clock,
    ) -> None:
        self._databases, self._envelopes, self._guard, self._clock = databases, envelopes, guard, clock
        self._profile_of = profile_of
        for database in databases.regions.values():
            store.open_region(database)

    def begun(
        self,
        tenant: TenantId,
        market: MarketId,
        subject: str | None,
        language: Language | None,
        channel: str,
        key: str | None,
        profile: Mapping[str, Any] | None,
    ) -> tuple[Found, bool]:
        """A conversation to be written, or the one that has its key already; whether it is new.

        Raises:
            NotFoundError, ForbiddenError, ConsentError, InputError: as `Conversations.begin`.
        """
        name = subject or f"customer:visitor {new_id(self._clock)}"
        admitted = self._guard().admit(Envelope(tenant, market, "", name))
        region = admitted.region
        if key is not None:
            with self._databases.region(region).read_as(tenant) as tables:
                known = store.of_key(tables, region, key)
            if known is not None:
                return Found(known, None), False
        assert admitted.subject is not None
        now = self._clock.now()
        spoken = language or Language(admitted.market.languages[0])
        own = Conversation(
            ConversationId(f"{region}-{new_id(self._clock)}"),
            tenant, region, market, admitted.subject, spoken, channel, now, now, key=key,
        )  # fmt: skip
        memory = blank(None)
        state = memory.state.model_copy(update={"language": language}) if language else memory.state
        known_of = dict(self._profile_of(own) if profile is None else profile)
        return Found(own, replace(memory, state=state, profile=known_of)), True

    def find(
        self,
        tenant: TenantId,
        conversation: ConversationId,
        client_id: str | None,
        author: Author = Author.CUSTOMER,
    ) -> Found:
        """A conversation, and what came of the message that its author called so.

        Raises:
            NotFoundError: the tenant has no such conversation.
        """
        region = region_of(conversation)
        with self._databases.region(region).read_as(tenant) as tables:
            found = store.conversation(tables, region, conversation)
            if found is None:
                raise unknown(conversation)
            rows = []
            if client_id is not None and (first := store.of_client(tables, conversation, author, client_id)):
                rows = store.messages(
                    tables, conversation, after=first.number - 1, until=first.until, limit=PAGE
                )
        own, sealed = found
        memory = blank(self._envelopes.open_memory(own, sealed))
        return Found(own, memory, tuple(self._envelopes.open_message(own, row) for row in rows))

    def read(
        self, tenant: TenantId, conversation: ConversationId, after: int, notes: bool, limit: int
    ) -> list[Message]:
        """Messages after a number; raises as `find`."""
        region = region_of(conversation)
        with self._databases.region(region).read_as(tenant) as tables:
            found = store.conversation(tables, region, conversation)
            if found is None:
                raise unknown(conversation)
            rows = store.messages(tables, conversation, after=after, notes=notes, limit=limit)
        return [self._envelopes.open_message(found[0], row) for row in rows]

    def versions(self, names: Collection[tuple[TenantId, str]]) -> dict[str, int]:
        """The versions of conversations that are followed. It tells nothing, so nobody's reach is asked."""
        groups: dict[tuple[TenantId, RegionId], list[str]] = {}
        for tenant, conversation in names:
            groups.setdefault((tenant, region_of(conversation)), []).append(conversation)
        found: dict[str, int] = {}
        for (tenant, region), ids in groups.items():
            with self._databases.regions[region].read_as(tenant) as tables:
                found |= store.versions(tables, ids)
        return found

    def waking(self, now: datetime) -> list[tuple[TenantId, ConversationId]]:
        """Conversations in which a silence should be noticed by now."""
        databases = self._databases.regions.values()
        return [each for database in databases for each in store.waking(database, now, REMINDED)]


def region_of(conversation: str) -> RegionId:
    """The region that an id names.

    Raises:
        NotFoundError: it is no id of a conversation.
    """
    region, dash, rest = conversation.rpartition("-")
    if not dash or len(rest) != 32 or not region:
        raise unknown(conversation)
    return RegionId(region)


def unknown(conversation: str) -> NotFoundError:
    """The refusal of a conversation that the tenant has not."""
    return NotFoundError(f"there is no conversation {conversation!r:.80}")
