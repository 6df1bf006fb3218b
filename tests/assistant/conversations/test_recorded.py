"""What the finance pack's assistant does is in the journal, step by step, and done once however often it is tried."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tiny_assistant import TinyReader, write_assistant

from tradewind.assistant.conversations.model import Conversation
from tradewind.assistant.model import Language, Message
from tradewind.core.errors import UnavailableError
from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.core.settings import Settings
from tradewind.workspace import Workspace, open_workspace

ACME, US = TenantId("acme"), MarketId("us")


@asynccontextmanager
async def bank(folder: Path) -> AsyncIterator[Workspace]:
    """The finance pack with a model that knows its examples by heart."""
    workspace = open_workspace(Settings(workspace=folder), opener=TinyReader)
    await asyncio.to_thread(workspace.ground.open)
    await workspace.live.start()
    try:
        await workspace.warm_up()
        yield workspace
    finally:
        await workspace.close()
        await workspace.live.close()
        await asyncio.to_thread(workspace.ground.close)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_assistant(tmp_path_factory.mktemp("bank"))


async def begin(workspace: Workspace, who: str) -> Conversation:
    return await workspace.conversations.begin(ACME, US, subject=who, language=Language("en"))


def entries(workspace: Workspace, own: Conversation) -> list[tuple[str, Any]]:
    """Kind and opened body of every entry about a conversation."""
    journal = workspace.ground.journal
    found = journal.read(ACME, RegionId("us"), subject=own.subject)
    opened = [(entry.kind, journal.open_body(entry)) for entry in found]
    return [(kind, body) for kind, body in opened if getattr(body, "conversation", None) == own.id]


def test_a_card_is_blocked_and_every_step_of_it_is_recorded(folder: Path):
    async def work() -> None:
        async with bank(folder) as workspace:
            own = await begin(workspace, "customer:1")
            last: list[Message] = []
            for text in ("I lost my card", "/choose 1", "/yes"):
                last = await workspace.conversations.receive(own.party, own.id, text)
            assert last[-1].text
            found = entries(workspace, own)
            kinds = [kind.removeprefix("conversation.") for kind, _ in found]
            assert kinds[0] == "began"
            assert kinds.count("message") == (await workspace.conversations.get(ACME, own.id)).last
            assert {"message", "understood", "decided", "action"} <= set(kinds)
            (understood,) = [body for kind, body in found if kind.endswith("understood")]
            assert (understood.language, understood.intents[0][0], understood.number) == (
                "en",
                "card_lost",
                2,
            )
            (done,) = [
                body for kind, body in found if kind.endswith("action") and body.action == "freeze_card"
            ]
            assert done.failure is None
            assert json.loads(done.values)["action"] == "freeze_card"
            decided = [body for kind, body in found if kind.endswith("decided")]
            assert {"started", "asked", "called"} <= {step["what"] for body in decided for step in body.steps}
            raw = workspace.ground.journal.read(ACME, RegionId("us"), kinds=["conversation.action"])
            assert all("$sealed" in entry.body["values"] for entry in raw)

    asyncio.run(work())


def test_a_turn_that_was_lost_after_its_action_is_done_again_and_the_action_is_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    async def work() -> None:
        async with bank(folder) as workspace:
            own = await begin(workspace, "customer:2")
            chats = workspace.conversations
            for text in ("I lost my card", "/choose 1"):
                await chats.receive(own.party, own.id, text)
            called: list[str] = []
            known = workspace.assistant.bank
            assert known is not None
            act = known.call
            monkeypatch.setattr(
                known, "call", lambda call: called.append(f"{call.action} {call.key}") or act(call)
            )
            journal = workspace.ground.journal
            record = journal.record

            async def lost(*_: Any) -> None:
                monkeypatch.setattr(journal, "record", record)
                raise UnavailableError("the process died here")

            monkeypatch.setattr(journal, "record", lost)
            with pytest.raises(UnavailableError):
                await chats.receive(own.party, own.id, "/yes", "m3")
            first = list(called)
            answer = await chats.receive(own.party, own.id, "/yes", "m3")
            assert called == first * 2, "tried twice, under the same keys"
            assert (
                len(
                    [
                        body
                        for kind, body in entries(workspace, own)
                        if getattr(body, "action", "") == "freeze_card"
                    ]
                )
                == 1
            )
            assert answer == await chats.receive(own.party, own.id, "/yes", "m3")
            assert called == first * 2

    asyncio.run(work())


def test_a_restart_in_the_middle_of_a_flow_goes_on(folder: Path):
    async def begin_it() -> Conversation:
        async with bank(folder) as workspace:
            own = await begin(workspace, "customer:3")
            await workspace.conversations.receive(own.party, own.id, "I lost my card")
            return own

    async def go_on(own: Conversation) -> list[Message]:
        async with bank(folder) as workspace:
            return await workspace.conversations.receive(own.party, own.id, "/choose 1")

    answer = asyncio.run(go_on(asyncio.run(begin_it())))
    assert ("/yes", "Yes") in answer[-1].choices
