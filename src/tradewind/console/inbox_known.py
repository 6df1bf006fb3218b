"""What the journal holds of a conversation's messages: what was understood of each."""

from __future__ import annotations

import asyncio
import contextvars

from tradewind.assistant.conversations.kinds import Understood
from tradewind.assistant.conversations.model import Conversation
from tradewind.console.inbox_rows import Heard
from tradewind.workspace import Workspace

MOST = 200


async def heard_of(workspace: Workspace, own: Conversation) -> dict[int, Heard]:
    """What was understood of the newest messages of a conversation, by their numbers."""
    context = contextvars.copy_context()
    return await asyncio.to_thread(context.run, _read, workspace, own)


def _read(workspace: Workspace, own: Conversation) -> dict[int, Heard]:
    entries = workspace.ground.journal.read(
        own.tenant, own.region, kinds=[Understood.kind], subject=own.subject, newest_first=True, limit=MOST
    )
    found = (entry.body for entry in entries if entry.body["conversation"] == own.id)
    return {
        body["number"]: Heard(
            body["number"],
            body["language"],
            tuple((name, probability) for name, probability in body["intents"]),
            body["sentiment"],
            body["urgency"],
        )
        for body in found
    }
