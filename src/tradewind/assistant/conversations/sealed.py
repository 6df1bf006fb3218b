"""What customers wrote, sealed under their keys before it is stored, and read again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from tradewind.assistant.conversations.model import Conversation, Memory
from tradewind.assistant.conversations.store import MessageRow, text_of
from tradewind.assistant.dialogue.model import State
from tradewind.assistant.model import Author, ConversationId, Language, Message, MessageId
from tradewind.core.errors import InputError
from tradewind.journal.model import Sealer

KIND = "conversation.message"
"""Names the category of data, and so how long it is kept, to the sealer."""


class Envelopes:
    """Seals messages and memories. May ask the database: for threads."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal_message(self, own: Conversation, message: Message, until: int) -> MessageRow:
        """The row of a message; `until` is the last message of its turn.

        Raises:
            ConflictError: the customer was erased.
        """
        content: dict[str, Any] = {"text": message.text}
        if message.choices:
            content["choices"] = message.choices
        if message.link is not None:
            content |= {"link": message.link, "link_title": message.link_title}
        return MessageRow(
            message.number,
            message.id,
            str(message.author),
            text_of(message.at),
            message.language,
            message.client_id,
            message.agent,
            message.note,
            until,
            self._seal(own, str(message.number), content),
        )

    def open_message(self, own: Conversation, row: MessageRow) -> Message:
        """A message as it was said; its text is empty where the customer's keys were destroyed."""
        content = self._open(own, str(row.number), row.content) or {"text": ""}
        return Message(
            id=MessageId(row.id),
            conversation=ConversationId(own.id),
            number=row.number,
            author=Author(row.author),
            text=content["text"],
            at=datetime.fromisoformat(row.at),
            language=None if row.language is None else Language(row.language),
            client_id=row.client_id,
            choices=tuple((payload, title) for payload, title in content.get("choices", ())),
            link=content.get("link"),
            link_title=content.get("link_title"),
            agent=row.agent,
            note=row.note,
        )

    def seal_memory(self, own: Conversation, memory: Memory) -> str:
        """A memory as it is stored; raises as `seal_message`."""
        content = {"state": memory.state.model_dump(mode="json"), "profile": dict(memory.profile)}
        return self._seal(own, "memory", content)

    def open_memory(self, own: Conversation, sealed: str) -> Memory | None:
        """A memory again; None where the customer's keys were destroyed.

        A state that this version of the program cannot read any more is begun anew.
        """
        content = self._open(own, "memory", sealed)
        if content is None:
            return None
        try:
            state = State.model_validate(content["state"])
        except ValueError:
            state = State()
        return Memory(state, content["profile"])

    def _seal(self, own: Conversation, what: str, content: Mapping[str, Any]) -> str:
        try:
            text = orjson.dumps(content).decode()
        except TypeError as error:
            raise InputError(f"what is kept of a conversation is no JSON: {error}") from error
        return self._sealer.seal(own.tenant, own.region, own.subject, text, _bound_to(own, what))

    def _open(self, own: Conversation, what: str, sealed: str) -> Any:
        text = self._sealer.open(own.tenant, own.region, own.subject, sealed, _bound_to(own, what))
        return None if text is None else orjson.loads(text)


def _bound_to(own: Conversation, what: str) -> bytes:
    """A sealed text opens in its own place only."""
    return f"{own.id} {KIND} {what}".encode()
