"""A person who is erased cannot be read again, anywhere, and everybody can see that it was done."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String, Table, delete, insert, select
from subjects import ACME, CHINA, CN, DE, EU, Ground, Said, erase, ground, heard, open_databases, say

from tradewind.core.errors import ConflictError, ForbiddenError, InputError, IntegrityError
from tradewind.core.ids import RegionId, SubjectId, TenantId
from tradewind.journal.databases import REACH, Scoped
from tradewind.journal.model import Draft
from tradewind.privacy import receipts, store
from tradewind.privacy.records import Erased
from tradewind.privacy.store.scrub import files, holds
from tradewind.privacy.subjects import identifier_of

ANNA = "Anna.Schmidt@example.com"
SECRET = "my card 4929 1234 was stolen in Antwerp"


def test_an_erased_person_reads_none_and_the_chain_stays_valid(here: Ground):
    anna, ben = say(here, ANNA, SECRET), say(here, "ben@example.com", "hello")
    request = erase(here, ANNA)
    assert request.done is not None
    assert heard(here) == {anna: None, ben: "hello"}
    assert here.journal.verify(ACME, processes=1).sound
    (entry,) = here.journal.read(ACME, EU, kinds=["privacy.erased"])
    assert (entry.subject, entry.body["keys"]) == (anna, 1)


def test_every_region_is_reached_and_each_name_of_the_person(here: Ground):
    anna, phone, abroad = (
        say(here, ANNA, SECRET),
        say(here, "+4930901820", SECRET),
        say(here, ANNA, SECRET, CHINA),
    )
    request = erase(here, ANNA, "+49 30 901820")
    assert {(one.region, one.subject) for one in request.targets} == {(EU, anna), (EU, phone), (CN, abroad)}
    assert heard(here) == {anna: None, phone: None}
    assert heard(here, CN) == {abroad: None}
    assert anna != abroad, "regions cannot be joined by a pseudonym"


def test_a_key_of_one_region_erases_there_and_nowhere_else(here: Ground):
    anna, abroad = say(here, ANNA, SECRET), say(here, ANNA, SECRET, CHINA)
    before = REACH.set(frozenset({EU}))
    try:
        request = erase(here, ANNA)
        with pytest.raises(ForbiddenError, match="'cn'"):
            here.privacy.erasures.begin(ACME, CHINA, [ANNA])
    finally:
        REACH.reset(before)
    assert [one.region for one in request.targets] == [EU]
    assert (heard(here), heard(here, CN)) == ({anna: None}, {abroad: SECRET})


def test_who_comes_back_has_another_pseudonym(here: Ground):
    before = say(here, ANNA, SECRET)
    erase(here, ANNA)
    with pytest.raises(ConflictError, match="erased"):
        here.journal.append_now(ACME, [Draft(Said(channel="web", text="again"), DE, before)])
    after = say(here, ANNA, "I am back")
    assert after != before
    assert heard(here) == {before: None, after: "I am back"}


def test_a_retry_with_the_same_key_is_the_same_request(here: Ground):
    say(here, ANNA, SECRET)
    first = erase(here, ANNA, key="k1")
    assert erase(here, ANNA, key="k1") == first
    assert len(list(here.journal.read(ACME, EU, kinds=["privacy.erased"]))) == 1
    with pytest.raises(ConflictError, match="stands for another"):
        here.privacy.erasures.begin(ACME, CHINA, [ANNA], key="k1")


def test_another_tenants_person_of_the_same_name_is_untouched(here: Ground):
    other = TenantId("other")
    say(here, ANNA, SECRET)
    subject = here.privacy.subjects.pseudonym(other, EU, identifier_of(ANNA, None))
    here.privacy.subjects.met(other, EU, subject, DE)
    here.journal.append_now(other, [Draft(Said(channel="web", text="theirs"), DE, subject)])
    erase(here, ANNA)
    (entry,) = here.journal.read(other, EU, kinds=[Said.kind])
    assert here.journal.open_body(entry).model_dump()["text"] == "theirs"


def test_a_stranger_gets_a_receipt_of_nothing(here: Ground):
    request = erase(here, "nobody@example.com")
    assert request.receipt is not None
    assert request.receipt["statement"]["subjects"] == []


def test_the_receipt_can_be_verified_and_any_change_is_noticed(here: Ground):
    say(here, ANNA, SECRET)
    request = erase(here, ANNA)
    assert request.receipt is not None
    statement = receipts.verify(request.receipt, here.journal.signer())
    assert (statement["regulation"], statement["market"]) == ("gdpr", "de")
    assert ANNA.lower() not in json.dumps(request.receipt).lower()
    forged = json.loads(json.dumps(request.receipt))
    forged["statement"]["subjects"][0]["keys"] = 99
    with pytest.raises(IntegrityError, match="changed"):
        receipts.verify(forged)
    with pytest.raises(IntegrityError, match="no signed receipt"):
        receipts.verify({"statement": {}})


def test_the_law_of_the_market_sets_the_clock(here: Ground):
    say(here, ANNA, SECRET)
    request = erase(here, ANNA)
    assert request.due is not None
    assert 28 <= (request.due - request.received).days <= 32
    assert request.article == here.markets.regulation("gdpr").duties.erasure.article  # type: ignore[union-attr]


def test_models_that_trained_on_the_persons_text_are_named(here: Ground):
    anna, ben = say(here, ANNA, SECRET), say(here, "ben@example.com", "hello")
    here.privacy.lineage.trained(ACME, EU, "banking", "20261123-1", [anna, ben])
    here.privacy.lineage.trained(ACME, EU, "other", "1", [ben])
    request = erase(here, ANNA)
    (found,) = here.privacy.lineage.needs_retraining(ACME)
    assert (found.model, found.version, found.request) == ("banking", "20261123-1", request.id)
    (entry,) = here.journal.read(ACME, EU, kinds=["privacy.erased"])
    assert entry.body["models"] == ["banking 20261123-1"]


NOTES = Table(
    "notes_in_tests",
    MetaData(),
    Column("tenant", String(63)),
    Column("subject", String(64)),
    Column("note", String(200)),
)


@dataclass
class Notes:
    """A room that keeps plain rows about persons."""

    name: str = "notes"
    asked: list[SubjectId] = field(default_factory=list)

    def erase(self, tables: Scoped, region: RegionId, subject: SubjectId) -> int:
        self.asked.append(subject)
        return tables.change(delete(NOTES).where(NOTES.c.subject == subject))


def test_derived_rows_go_with_the_keys(tmp_path: Path):
    with ground(tmp_path, erasers=[Notes()]) as here:
        here.privacy.durable.start()
        anna = say(here, ANNA, SECRET)
        database = here.databases.region(EU)
        for each in here.databases.regions.values():
            with each.write() as connection:
                NOTES.create(connection)
        with database.write_as(ACME) as tables:
            tables.insert(insert(NOTES), [{"subject": anna, "note": "likes Antwerp"} for _ in range(3)])
        request = erase(here, ANNA)
        with database.read_as(ACME) as tables:
            assert tables.select(select(NOTES)) == []
        assert request.receipt is not None
        assert request.receipt["statement"]["subjects"][0]["rows"] == {"notes": 3}
        assert not holds(database, [b"likes Antwerp"])


def test_neither_plaintext_nor_destroyed_keys_are_in_any_file_or_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    with ground(tmp_path) as here:
        here.privacy.durable.start()
        for number in range(300):  # enough rows that pages of the key table split
            say(here, f"customer:{number}", f"text {number}")
        anna = say(here, ANNA, SECRET)
        with here.databases.region(EU).read_as(ACME) as tables:
            key = store.subject_key(tables, anna, "conversation")
        assert key is not None
        assert holds(here.databases.region(EU), [key.wrapped.content])
        erase(here, ANNA)
        assert len(files(here.databases.region(EU))) >= 2
    found = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(found) > 5
    for file in found:
        content = file.read_bytes()
        for gone in (key.wrapped.content, SECRET.encode(), ANNA.encode(), ANNA.lower().encode()):
            assert gone not in content, file
    assert SECRET not in caplog.text
    assert ANNA.lower() not in caplog.text.lower()


def test_a_process_that_died_before_the_files_were_looked_through_has_them_rebuilt(tmp_path: Path):
    databases = open_databases(tmp_path)
    with ground(tmp_path, databases=databases) as here:
        here.privacy.durable.start()
        anna = say(here, ANNA, SECRET)
        database = databases.region(EU)
        with database.write_as(ACME) as tables:
            gone = store.take_subject_keys(tables, anna)
            store.bury(database, tables, Erased(anna, "r", _now(), 1, {}))
        assert holds(database, gone), "still in the write-ahead log"
        request = here.privacy.erasures.begin(ACME, DE, [ANNA])
        here.privacy.erasures.wait(ACME, request, 60)
        from tradewind.privacy.erasure import destroy
        from tradewind.privacy.records import Erasure, Target

        destroy(database, Erasure(ACME, Target(EU, DE, anna), "r", _now()), ())
        assert not holds(database, gone)
        with database.read_as(ACME) as tables:
            tombstone = store.erased(tables, anna)
        assert tombstone is not None
        assert tombstone.scrubbed


def _now():
    from tradewind.core.clock import SYSTEM_CLOCK

    return SYSTEM_CLOCK.now()


def test_the_ledger_names_every_erasure_and_notices_a_changed_line(tmp_path: Path):
    with ground(tmp_path) as here:
        here.privacy.durable.start()
        anna, ben = say(here, ANNA, SECRET), say(here, "ben@example.com", "x")
        erase(here, ANNA)
        erase(here, "ben@example.com")
        ledger = tmp_path / "erasures.jsonl"
        with ledger.open("ab") as file:
            file.write(b'{"half a li')
        assert [one.target.subject for one in here.privacy.ledger.all()] == [anna, ben]
        lines = ledger.read_bytes().splitlines(keepends=True)
        ledger.write_bytes(lines[1])
        with pytest.raises(IntegrityError, match=r"erasures.jsonl:1"):
            here.privacy.ledger.all()


@pytest.mark.parametrize("wrong", ["", "  ", "a\x07b@example.com", "x" * 400, "phone:abc", "email:nobody"])
def test_an_identifier_that_cannot_be_read_is_refused(tmp_path: Path, wrong: str):
    with ground(tmp_path) as here, pytest.raises(InputError):
        here.privacy.requests.receive("erasure", ACME, DE, [wrong])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Anna@Example.com", "anna@example.COM ", True),
        ("email:anna@example.com", "anna@example.com", True),
        ("+49 30 901820", "phone:030 901820", True),
        ("customer:42", "42", True),
        ("42", "43", False),
        ("customer:a@b.c", "a@b.c", False),
    ],
)
def test_the_same_person_is_read_the_same(one: str, other: str, same: bool):
    assert (identifier_of(one, "DE") == identifier_of(other, "DE")) is same
