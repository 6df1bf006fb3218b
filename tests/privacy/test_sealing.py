"""What is sealed for one place opens there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from subjects import EU, REGIONS, StillClock, open_databases

from tradewind.core.errors import ConflictError, IntegrityError
from tradewind.core.ids import RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases
from tradewind.privacy import store
from tradewind.privacy.keys import RegionKeys, open_region_keys
from tradewind.privacy.records import Erased
from tradewind.privacy.sealing import SubjectSealer, later, month_of

ACME, OTHER = TenantId("acme"), TenantId("other")
ANNA, BEN = SubjectId("a" * 32), SubjectId("b" * 32)
PLACE = b"entry1 conversation.said text"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    make = request.getfixturevalue("postgres_database") if request.param == "postgresql" else None
    opened = open_databases(tmp_path, make)
    yield opened
    opened.close()


@pytest.fixture
def keys(tmp_path: Path) -> RegionKeys:
    return open_region_keys(dict.fromkeys(REGIONS), tmp_path / "keys")


@pytest.fixture
def sealer(databases: Databases, keys: RegionKeys) -> SubjectSealer:
    return SubjectSealer(databases, keys)


def test_a_sealed_text_opens_again(sealer: SubjectSealer):
    sealed = sealer.seal(ACME, EU, ANNA, "meine Karte ist weg", PLACE)
    assert "Karte" not in sealed
    assert sealer.open(ACME, EU, ANNA, sealed, PLACE) == "meine Karte ist weg"


def test_the_same_text_is_never_sealed_the_same(sealer: SubjectSealer):
    assert len({sealer.seal(ACME, EU, ANNA, "x", PLACE) for _ in range(50)}) == 50


def test_another_process_opens_it(databases: Databases, keys: RegionKeys, sealer: SubjectSealer):
    sealed = sealer.seal(ACME, EU, ANNA, "hello", PLACE)
    assert SubjectSealer(databases, keys).open(ACME, EU, ANNA, sealed, PLACE) == "hello"


TENANTS, SUBJECTS = st.sampled_from([ACME, OTHER]), st.sampled_from([ANNA, BEN])
PLACES = st.sampled_from(
    [PLACE, b"entry2 conversation.said text", b"entry1 conversation.said reply", b"entry1 event.x text"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=200),
    st.tuples(TENANTS, st.sampled_from(REGIONS), SUBJECTS, PLACES),
    st.tuples(TENANTS, st.sampled_from(REGIONS), SUBJECTS, PLACES),
)
def test_it_opens_where_it_was_sealed_and_nowhere_else(
    sealer: SubjectSealer,
    text: str,
    sealed_for: tuple[TenantId, RegionId, SubjectId, bytes],
    opened_as: tuple[TenantId, RegionId, SubjectId, bytes],
):
    sealed = sealer.seal(*sealed_for[:3], text, sealed_for[3])
    sealer.seal(*opened_as[:3], "something of theirs", opened_as[3])
    if sealed_for == opened_as:
        assert sealer.open(*opened_as[:3], sealed, opened_as[3]) == text
    else:
        with pytest.raises(IntegrityError):
            sealer.open(*opened_as[:3], sealed, opened_as[3])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_changed_letter_is_noticed(sealer: SubjectSealer, data: st.DataObject):
    sealed = sealer.seal(ACME, EU, ANNA, "hello", PLACE)
    at = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from("AZaz09-_.=!"))
    changed = sealed[:at] + letter + sealed[at + 1 :]
    if changed == sealed:
        return
    try:
        opened = sealer.open(ACME, EU, ANNA, changed, PLACE)
    except IntegrityError:
        return
    month = int(changed.split(".")[2])
    assert opened is None, "a changed token may at most be of a month whose key is gone"
    assert month < month_of(datetime.now(UTC))  # noqa: TID251


def test_an_erased_subject_reads_none_also_for_who_has_the_key_in_memory(
    databases: Databases, keys: RegionKeys, sealer: SubjectSealer
):
    elsewhere = SubjectSealer(databases, keys)
    sealed = sealer.seal(ACME, EU, ANNA, "hello", PLACE)
    kept = sealer.seal(ACME, EU, BEN, "still here", PLACE)
    assert elsewhere.open(ACME, EU, ANNA, sealed, PLACE) == "hello"
    erase(databases, ANNA)
    assert elsewhere.open(ACME, EU, ANNA, sealed, PLACE) is None
    assert sealer.open(ACME, EU, ANNA, sealed, PLACE) is None
    assert elsewhere.open(ACME, EU, BEN, kept, PLACE) == "still here"


def test_nothing_is_sealed_for_an_erased_subject(databases: Databases, keys: RegionKeys):
    erase(databases, ANNA)
    with pytest.raises(ConflictError, match="erased"):
        SubjectSealer(databases, keys).seal(ACME, EU, ANNA, "hello", PLACE)


def test_a_month_that_retention_took_reads_none_and_later_ones_stay(databases: Databases, keys: RegionKeys):
    clock = StillClock(datetime(2026, 1, 15, tzinfo=UTC))
    sealer = SubjectSealer(databases, keys, clock=clock)
    january = sealer.seal(ACME, EU, ANNA, "January", PLACE)
    clock.go_on(timedelta(days=40))
    february = sealer.seal(ACME, EU, ANNA, "February", PLACE)
    move_on(databases, keys, sealer, ANNA, month_of(clock.now()))
    assert sealer.open(ACME, EU, ANNA, january, PLACE) is None
    assert sealer.open(ACME, EU, ANNA, february, PLACE) == "February"


def test_a_clock_that_went_back_seals_in_the_month_that_is_still_there(
    databases: Databases, keys: RegionKeys
):
    clock = StillClock(datetime(2026, 6, 15, tzinfo=UTC))
    sealer = SubjectSealer(databases, keys, clock=clock)
    sealer.seal(ACME, EU, ANNA, "June", PLACE)
    clock.go_on(timedelta(days=-60))
    sealed = sealer.seal(ACME, EU, ANNA, "April, said the clock", PLACE)
    assert sealer.open(ACME, EU, ANNA, sealed, PLACE) == "April, said the clock"


def test_a_key_that_was_lost_is_no_erasure(databases: Databases, keys: RegionKeys, sealer: SubjectSealer):
    sealed = sealer.seal(ACME, EU, ANNA, "hello", PLACE)
    with databases.region(EU).write_as(ACME) as tables:
        store.take_subject_keys(tables, ANNA)
    with pytest.raises(IntegrityError, match="has no key"):
        SubjectSealer(databases, keys).open(ACME, EU, ANNA, sealed, PLACE)


@pytest.mark.parametrize(
    "wrong", ["", "tw1", "tw9.conversation.24310.AAAA", "tw1.conversation.x.AAAA", "tw1.c.1.!"]
)
def test_what_is_no_token_is_refused(sealer: SubjectSealer, wrong: str):
    with pytest.raises(IntegrityError, match="not as it was written"):
        sealer.open(ACME, EU, ANNA, wrong, PLACE)


def test_the_ratchet_only_goes_forwards():
    key = b"k" * 32
    assert later(later(key, 3), 4) == later(key, 7)
    assert len({later(key, months) for months in range(100)}) == 100


def erase(databases: Databases, subject: SubjectId) -> None:
    database = databases.region(EU)
    with database.write_as(ACME) as tables:
        store.take_subject_keys(tables, subject)
        store.bury(database, tables, Erased(subject, "r1", datetime(2026, 11, 25, tzinfo=UTC), 1, {}))


def move_on(
    databases: Databases, keys: RegionKeys, sealer: SubjectSealer, subject: SubjectId, month: int
) -> None:
    from tradewind.privacy.retention import move_keys_on

    assert move_keys_on(databases, keys, ACME, EU, {subject: {"conversation": month}}) == 1
