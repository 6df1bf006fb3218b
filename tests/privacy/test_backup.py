"""A backup brings back what was recorded, and nobody who was erased since."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from subjects import ACME, EU, Ground, StillClock, erase, ground, heard, say

from tradewind.core.errors import ConflictError, InputError, IntegrityError, UnavailableError
from tradewind.journal.databases import Database, Databases
from tradewind.journal.model import Draft
from tradewind.privacy import backup, store
from tradewind.privacy.replay import replay

ANNA, SECRET = "anna@example.com", "the flat in Harbour Street 9"


def again(databases: Databases) -> Databases:
    """The same databases, opened anew: restoring closes them."""

    def url(database: Database) -> str:
        return database.engine.url.render_as_string(hide_password=False)

    return Databases(
        Database(url(databases.control)),
        {region: Database(url(database)) for region, database in databases.regions.items()},
    )


def restore(here: Ground, folder: Path) -> int:
    """As the command does it; how many erasures were done again."""
    erasures = here.privacy.ledger.all()
    here.privacy.durable.stop()
    here.journal.close()
    done: list[int] = []

    def ready(restored: Databases) -> None:
        keys = here.privacy.keys
        done.append(replay(restored, erasures, keys, here.markets, lambda _: EU, var=here.var))

    backup.restore(here.databases, folder, ready)
    return done[0]


def test_a_restore_brings_back_entries_and_not_who_was_erased_since(
    make: Callable[[], str] | None, tmp_path: Path
):
    with ground(tmp_path / "here", make=make) as here:
        here.privacy.durable.start()
        anna, ben = say(here, ANNA, SECRET), say(here, "ben@example.com", "stays")
        here.privacy.lineage.trained(ACME, EU, "banking", "1", [anna])
        backup.create(here.databases, tmp_path / "backup")
        erase(here, ANNA)
        late = say(here, "late@example.com", "after the backup")
        assert restore(here, tmp_path / "backup") == 1
    with ground(tmp_path / "here", databases=again(here.databases)) as back:
        assert heard(back) == {anna: None, ben: "stays"}
        assert late not in heard(back)
        assert back.journal.verify(processes=1).sound
        assert len(list(back.journal.read(ACME, EU, kinds=["privacy.erased"]))) == 1
        assert [one.model for one in back.privacy.lineage.needs_retraining(ACME)] == ["banking"]
        assert back.privacy.ledger.all()[0].target.subject == anna
        back.journal.append_now(ACME, [_draft(back)])
        assert back.journal.verify(processes=1).sound


def test_no_file_holds_plaintext_or_a_destroyed_key_after_a_restore(tmp_path: Path):
    with ground(tmp_path / "here") as here:
        here.privacy.durable.start()
        anna = say(here, ANNA, SECRET)
        with here.databases.region(EU).read_as(ACME) as tables:
            key = store.subject_key(tables, anna, "conversation")
        assert key is not None
        backup.create(here.databases, tmp_path / "backup")
        erase(here, ANNA)
        restore(here, tmp_path / "backup")
    for file in (tmp_path / "here").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert key.wrapped.content not in content, file
            assert SECRET.encode() not in content, file
            assert ANNA.encode() not in content, file
    for file in (tmp_path / "backup").rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


def test_a_backup_has_no_keys_unless_asked(tmp_path: Path):
    with ground(tmp_path / "here") as here:
        say(here, ANNA, SECRET)
        backup.create(here.databases, tmp_path / "without")
        backup.create(here.databases, tmp_path / "with", keys=tmp_path / "here" / "keys")
    assert not (tmp_path / "without" / "keys").exists()
    assert (tmp_path / "with" / "keys" / "eu.key").exists()


def test_retention_is_kept_in_what_is_restored(tmp_path: Path):
    clock = StillClock(datetime(2020, 1, 10, tzinfo=UTC))
    with ground(tmp_path / "here", clock=clock) as here:
        anna = say(here, ANNA, SECRET)
        backup.create(here.databases, tmp_path / "backup", clock=clock)
        clock.go_on(timedelta(days=5 * 365))
        restore(here, tmp_path / "backup")
    with ground(tmp_path / "here", databases=again(here.databases)) as back:
        assert heard(back) == {anna: None}


def test_a_changed_or_foreign_folder_is_refused(tmp_path: Path):
    with ground(tmp_path / "here") as here:
        anna = say(here, ANNA, SECRET)
        folder = tmp_path / "backup"
        backup.create(here.databases, folder)
        with pytest.raises(ConflictError, match="not empty"):
            backup.create(here.databases, folder)
        with pytest.raises(InputError, match="no backup"):
            backup.read(tmp_path / "nothing")
        broken = tmp_path / "broken"
        shutil.copytree(folder, broken)
        content = bytearray((broken / "region-eu.db").read_bytes())
        content[5000] ^= 1
        (broken / "region-eu.db").write_bytes(content)
        with pytest.raises(IntegrityError, match="region-eu"):
            backup.restore(here.databases, broken, lambda _: None)
        with pytest.raises(UnavailableError, match="in the middle"):
            backup.restore(here.databases, folder, _fails)
        assert heard(here) == {anna: SECRET}, "what is there was not touched"
        assert not list((tmp_path / "here").glob("*.restoring*"))


def _fails(_: Databases) -> None:
    raise UnavailableError("in the middle")


def _draft(here: Ground) -> Draft:
    from subjects import DE, Said

    return Draft(Said(channel="web"), DE)
