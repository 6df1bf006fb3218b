"""What this room owes to persons: their conversations are exported, and gone when they are erased."""

from __future__ import annotations

from typing import Any

from tradewind.assistant.conversations import store
from tradewind.assistant.conversations.sealed import Envelopes
from tradewind.core.ids import RegionId, SubjectId
from tradewind.journal.databases import Scoped
from tradewind.journal.model import Sealer

NAME = "conversations"


class ConversationEraser:
    """Deletes a person's conversations with the keys that they were sealed under."""

    name = NAME

    def erase(self, tables: Scoped, region: RegionId, subject: SubjectId) -> int:
        """Delete them; how many rows there were."""
        return store.forget(tables, subject)


class ConversationExporter:
    """Tells what is kept of a person's conversations. What was said is in the journal's entries already."""

    name = NAME

    def __init__(self, sealer: Sealer) -> None:
        self._envelopes = Envelopes(sealer)

    def export(self, tables: Scoped, region: RegionId, subject: SubjectId) -> list[dict[str, Any]]:
        """One document a conversation."""
        return [
            {
                "conversation": own.id,
                "market": own.market,
                "language": own.language,
                "channel": own.channel,
                "begun": store.text_of(own.created),
                "changed": store.text_of(own.updated),
                "status": str(own.status),
                "messages": own.last,
                "handed_off": own.reason,
                "satisfaction": own.rating,
                "given": self._given(own, sealed),
            }
            for own, sealed in store.of_subject(tables, region, subject)
        ]

    def _given(self, own: Any, sealed: str) -> dict[str, Any] | None:
        memory = self._envelopes.open_memory(own, sealed)
        if memory is None:
            return None
        return {"profile": dict(memory.profile), "state": memory.state.model_dump(mode="json")}
