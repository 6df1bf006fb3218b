"""The journal on SQLite: the laws of every store, and what is particular to a file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from journal_kit import ACME, EU, notes, numbers, open_journal
from journal_laws import JournalLaws
from sqlalchemy import event

from tradewind.core.errors import StorageError


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'eu.db'}"


class TestOnSqlite(JournalLaws):
    """Every law."""


def test_a_full_disk_is_reported_loses_nothing_and_recording_goes_on_when_there_is_room(url, tmp_path):
    journal = open_journal(url, tmp_path)
    journal.append_now(ACME, notes(10))
    journal.close()
    journal.databases.close()
    pages = sqlite3.connect(tmp_path / "eu.db").execute("PRAGMA page_count").fetchone()[0]
    limit = [pages + 5]

    def limit_size(connection, _record):
        connection.execute(f"PRAGMA max_page_count = {limit[0]}").close()

    journal = open_journal(url, tmp_path)
    engine = journal.databases.region(EU).engine
    engine.dispose()
    event.listen(engine, "connect", limit_size)
    with pytest.raises(StorageError, match="full"):
        journal.append_now(ACME, notes(50, first=10, text="x" * 2_000))
    assert numbers(journal) == list(range(10))
    limit[0] = 1_000_000
    engine.dispose()
    journal.append_now(ACME, notes(50, first=10, text="x" * 2_000))
    assert numbers(journal) == list(range(60))
    assert journal.verify().sound
    journal.close()
    journal.databases.close()


def test_what_is_personal_is_in_no_file(tmp_path, url):
    from journal_kit import ANNA, DE, RoomSealer, Said

    from tradewind.journal.model import Draft

    journal = open_journal(url, tmp_path, sealer=RoomSealer())
    journal.append_now(ACME, [Draft(Said(text="meine geheime Nachricht"), market=DE, subject=ANNA)])
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"test.said" in path.read_bytes() for path in files)
    assert not any(b"geheime" in path.read_bytes() for path in files)
    journal.close()
    journal.databases.close()
