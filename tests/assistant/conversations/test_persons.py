"""What customers wrote is sealed, exported to them, gone with their erasure, and unreadable after its time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from chat_kit import ACME, DE, conversing

from tradewind.core.errors import NotFoundError
from tradewind.core.ids import RegionId
from tradewind.workspace import Ground

EU = RegionId("eu")
WORDS = "my mother's maiden name is Quillfeather"
ANNA = "anna@example.com"


async def _talk(folder: Path) -> str:
    async with conversing(folder) as (_, chats):
        own = await chats.begin(ACME, DE, subject=ANNA, profile={"nickname": "Quillfeather the brave"})
        await chats.receive(own.party, own.id, WORDS, "m1")
        return own.id


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (folder / "var").rglob("*") if file.is_file())


def test_nothing_that_a_customer_wrote_is_on_the_disk_in_the_clear(tmp_path: Path):
    asyncio.run(_talk(tmp_path))
    assert b"Quillfeather" not in _files(tmp_path)
    assert b"anna@example" not in _files(tmp_path)


def test_a_person_is_told_what_was_said_and_what_is_kept(tmp_path: Path):
    id = asyncio.run(_talk(tmp_path))
    ground = Ground(_settings(tmp_path))
    try:
        content = ground.privacy.exports.export(ACME, DE, [ANNA]).content
    finally:
        ground.close()
    (person,) = content["regions"]
    said = [each["content"] for each in person["entries"] if each["kind"] == "conversation.message"]
    assert WORDS in [each["text"] for each in said]
    (kept,) = person["more"]["conversations"]
    assert kept["conversation"] == id
    assert kept["given"]["profile"] == {"nickname": "Quillfeather the brave"}


def test_an_erasure_deletes_the_rows_and_the_words_of_the_entries(tmp_path: Path):
    id = asyncio.run(_talk(tmp_path))
    ground = Ground(_settings(tmp_path))
    try:
        ground.open()
        ground.durable.start()
        request = ground.privacy.erasures.begin(ACME, DE, [ANNA])
        receipt = ground.privacy.erasures.wait(ACME, request, 60).receipt
        assert receipt is not None
        entries = list(ground.journal.read(ACME, EU, kinds=["conversation.message"]))
        assert entries
        assert all(ground.journal.open_body(entry).text is None for entry in entries)  # type: ignore[attr-defined]
        assert ground.journal.verify().sound
    finally:
        ground.close()

    async def after() -> None:
        async with conversing(tmp_path) as (_, chats):
            with pytest.raises(NotFoundError):
                await chats.history(ACME, id)
            own = await chats.begin(ACME, DE, subject=ANNA)
            assert own.id != id

    asyncio.run(after())


def test_a_turn_does_not_bring_back_who_is_erased_meanwhile(tmp_path: Path):
    async def work() -> None:
        async with conversing(tmp_path) as (ground, chats):
            own = await chats.begin(ACME, DE, subject=ANNA)
            await asyncio.to_thread(ground.durable.start)
            request = await asyncio.to_thread(ground.privacy.erasures.begin, ACME, DE, [ANNA])
            writing = [
                asyncio.create_task(chats.receive(own.party, own.id, f"Quillfeather {n}")) for n in range(200)
            ]
            await asyncio.to_thread(ground.privacy.erasures.wait, ACME, request, 60)
            await asyncio.gather(*writing, return_exceptions=True)
            with pytest.raises(NotFoundError):
                await chats.receive(own.party, own.id, "am I still here?")

    asyncio.run(work())


def _settings(folder: Path):  # type: ignore[no-untyped-def]
    from tradewind.core.settings import Settings

    return Settings(workspace=folder)
