"""A change of a conversation while it is put together: messages get their numbers, and what is recorded adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tradewind.assistant.conversations.kinds import Said
from tradewind.assistant.conversations.model import Conversation, Memory, Step
from tradewind.assistant.model import Author, Language, Message, MessageId, Reply
from tradewind.core.clock import Clock
from tradewind.core.ids import new_id
from tradewind.journal.model import Body


class Page:
    """Collects one change. `step` gives what is to be written.

    Args:
        own: the conversation as it was read. memory: what was known.
    """

    def __init__(self, own: Conversation, memory: Memory, clock: Clock) -> None:
        self.own = own
        self.memory = memory
        self.now: datetime = clock.now()
        self._clock = clock
        self._messages: list[Message] = []
        self._bodies: list[Body] = []

    @property
    def messages(self) -> Sequence[Message]:
        """The new messages so far."""
        return tuple(self._messages)

    def add(
        self,
        author: Author,
        text: str,
        *,
        language: Language | None = None,
        client_id: str | None = None,
        agent: str | None = None,
        note: bool = False,
        reply: Reply | None = None,
        document: str | None = None,
    ) -> Message:
        """The next message, and its entry."""
        number = self.own.last + 1
        message = Message(
            MessageId(new_id(self._clock)),
            self.own.id,
            number,
            author,
            text,
            self.now,
            language,
            client_id,
            choices=reply.choices if reply else (),
            link=reply.link if reply else None,
            link_title=reply.link_title if reply else None,
            agent=agent,
            note=note,
        )
        self._messages.append(message)
        self.own = replace(self.own, last=number)
        self.record(
            Said(
                conversation=self.own.id,
                number=number,
                author=author,
                text=text,
                language=language,
                client_id=client_id,
                reply=reply.key or None if reply else None,
                document=document,
                agent=agent,
                note=note,
            )
        )
        return message

    def say(self, reply: Reply, *, author: Author = Author.ASSISTANT, document: str | None = None) -> Message:
        """The next message, in words of the pack."""
        return self.add(author, reply.text, language=reply.language, reply=reply, document=document)

    def record(self, body: Body) -> None:
        """Add an entry."""
        self._bodies.append(body)

    def change(self, **changes: Any) -> None:
        """Replace parts of the conversation."""
        self.own = replace(self.own, **changes)

    def step(self) -> Step:
        """What is to be written."""
        own = replace(self.own, version=self.own.version + 1, updated=self.now)
        return Step(own, self.memory, tuple(self._messages), tuple(self._bodies))
