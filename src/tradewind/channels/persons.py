"""What this room owes to persons: where they are reached is exported, and gone when they are erased."""

from __future__ import annotations

from typing import Any

import orjson

from tradewind.channels import store
from tradewind.channels.threads import bound_to
from tradewind.core.ids import RegionId, SubjectId
from tradewind.journal.databases import Scoped
from tradewind.journal.model import Sealer

NAME = "channels"


class ChannelEraser:
    """Deletes a person's threads, what their messages were called, and what was still to reach them."""

    name = NAME

    def erase(self, tables: Scoped, region: RegionId, subject: SubjectId) -> int:
        """Delete them; how many rows there were."""
        return store.forget(tables, subject)


class ChannelExporter:
    """Tells where a person is reached."""

    name = NAME

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def export(self, tables: Scoped, region: RegionId, subject: SubjectId) -> list[dict[str, Any]]:
        """One document a thread."""
        return [
            {
                "conversation": thread.conversation,
                "channel": thread.channel,
                "market": thread.market,
                "reached_at": self._opened(tables, region, thread.conversation, subject, thread.peer),
            }
            for thread in store.of_subject(tables, subject)
        ]

    def _opened(
        self, tables: Scoped, region: RegionId, conversation: str, subject: SubjectId, sealed: str
    ) -> Any:
        text = self._sealer.open(tables.tenant, region, subject, sealed, bound_to(conversation))
        return None if text is None else orjson.loads(text)
