"""What a journal must do on every database: the test kit that each store's tests inherit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from journal_kit import (
    ACME,
    ANNA,
    CHINA,
    CN,
    DE,
    EU,
    FR,
    OTHER,
    Noted,
    RoomSealer,
    Said,
    SetClock,
    Sums,
    Unnamed,
    notes,
    numbers,
    open_journal,
    sums,
)

from tradewind.core.errors import (
    BusyError,
    ConflictError,
    InputError,
    NotFoundError,
    TooLargeError,
    UnavailableError,
)
from tradewind.core.ids import MarketId
from tradewind.journal import append, chain, encode
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft, Lane, Place
from tradewind.journal.store import checkpoints
from tradewind.journal.store.write import LaneConnection

Opener = Callable[..., Journal]


class JournalLaws:
    """Inherit it and give the fixture `url`: of an empty database."""

    @pytest.fixture
    def opened(self, url: str, tmp_path: Path) -> Iterator[Opener]:
        """Opens journals over one database, and closes them."""
        journals: list[Journal] = []

        def open_one(**options: object) -> Journal:
            journals.append(open_journal(url, tmp_path, **options))  # type: ignore[arg-type]
            return journals[-1]

        yield open_one
        for journal in journals:
            journal.close()
            journal.databases.close()

    @pytest.fixture
    def journal(self, opened: Opener) -> Journal:
        return opened()

    # --- recording

    def test_what_append_returned_for_is_there_for_everybody(self, opened: Opener) -> None:
        receipts = opened().append_now(ACME, notes(3))
        assert [receipt.sequence for receipt in receipts] == [1, 2, 3]
        other = opened()
        entries = list(other.read(ACME, EU))
        assert [(e.id, e.hash, e.recorded) for e in entries] == [(r.id, r.hash, r.recorded) for r in receipts]
        assert [entry.body for entry in entries] == [{"text": "", "number": n} for n in range(3)]
        assert [entry.previous for entry in entries] == [chain.GENESIS, *(r.hash for r in receipts[:-1])]

    def test_many_writers_share_commits_and_each_keeps_its_order(self, journal: Journal) -> None:
        async def write(writer: int) -> None:
            for number in range(10):
                await journal.append(ACME, [Draft(Noted(number=number, text=str(writer)), market=DE)])

        async def write_all() -> None:
            await asyncio.gather(*(write(writer) for writer in range(64)))

        asyncio.run(write_all())
        entries = list(journal.read(ACME, EU))
        for writer in range(64):
            own = [e.body["number"] for e in entries if e.body["text"] == str(writer)]
            assert own == list(range(10))
        # Entries of one commit have one time of recording.
        assert len({entry.recorded for entry in entries}) < len(entries) / 4
        assert journal.verify().sound

    def test_threads_may_write_too(self, journal: Journal) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda first: journal.append_now(ACME, notes(5, first=first)), range(0, 100, 5)))
        assert sorted(numbers(journal)) == list(range(100))

    def test_drafts_go_to_the_region_of_their_market_and_come_back_in_order(self, journal: Journal) -> None:
        drafts = [*notes(1, market=CHINA), *notes(1, first=1), *notes(1, first=2, market=None)]
        receipts = journal.append_now(ACME, drafts)
        assert [receipt.stream.region for receipt in receipts] == [CN, EU, EU]
        assert [entry.body["number"] for entry in journal.read(ACME, CN)] == [0]
        assert numbers(journal) == [1, 2]

    def test_a_chain_goes_on_after_a_restart(self, opened: Opener) -> None:
        first = opened()
        first.append_now(ACME, notes(2))
        first.close()
        (receipt,) = opened().append_now(ACME, notes(1))
        assert (receipt.stream.lane, receipt.sequence) == (0, 3)

    def test_each_writer_has_a_lane_and_a_freed_lane_is_taken_again(self, opened: Opener) -> None:
        journals = [opened() for _ in range(3)]
        lanes = [each.append_now(ACME, notes(1))[0].stream.lane for each in journals]
        assert lanes == [0, 1, 2]
        journals[1].close()
        assert opened().append_now(ACME, notes(1))[0].stream.lane == 1
        assert journals[0].verify().streams == 3

    def test_nothing_to_record_is_nothing(self, journal: Journal) -> None:
        assert journal.append_now(ACME, []) == []

    # --- keys

    def test_a_retry_returns_the_first_receipt(self, journal: Journal) -> None:
        draft = Draft(Noted(number=7), market=DE, key="order-7")
        (first,) = journal.append_now(ACME, [draft])
        (again,) = journal.append_now(ACME, [draft])
        assert not first.repeated
        assert again.repeated
        assert (again.id, again.hash, again.sequence) == (first.id, first.hash, first.sequence)
        assert numbers(journal) == [7]

    def test_a_retry_beside_new_drafts_records_only_those(self, journal: Journal) -> None:
        keyed = [Draft(Noted(number=n), market=DE, key=f"k{n}") for n in range(4)]
        journal.append_now(ACME, keyed[:2])
        receipts = journal.append_now(ACME, [keyed[3], keyed[0], keyed[2], keyed[3]])
        assert [receipt.repeated for receipt in receipts] == [False, True, False, True]
        assert numbers(journal) == [0, 1, 3, 2]
        assert journal.verify().sound

    def test_the_same_key_at_the_same_moment_is_recorded_once(self, journal: Journal) -> None:
        async def race() -> list[bool]:
            draft = Draft(Noted(number=1), market=DE, key="k")
            got = await asyncio.gather(*(journal.append(ACME, [draft]) for _ in range(20)))
            assert len({receipt.id for (receipt,) in got}) == 1
            return [receipt.repeated for (receipt,) in got]

        assert sorted(asyncio.run(race())) == [False, *[True] * 19]
        assert numbers(journal) == [1]

    def test_the_same_keys_from_several_processes_are_recorded_once(self, opened: Opener) -> None:
        journals = [opened() for _ in range(3)]
        drafts = [Draft(Noted(number=n), market=DE, key=f"k{n}") for n in range(40)]

        def write(order: int) -> list[str]:
            mine = list(reversed(drafts)) if order % 2 else drafts
            found = {
                draft.key: receipt.id
                for start in range(0, 40, 10)
                for draft, receipt in zip(
                    mine[start : start + 10],
                    journals[order].append_now(ACME, mine[start : start + 10]),
                    strict=True,
                )
            }
            return [found[draft.key] for draft in drafts]

        with ThreadPoolExecutor(3) as pool:
            first, second, third = pool.map(write, range(3))
        assert first == second == third
        assert sorted(numbers(journals[0])) == list(range(40))
        assert journals[0].verify().sound

    def test_a_key_used_for_something_else_is_refused(self, journal: Journal) -> None:
        journal.append_now(ACME, [Draft(Noted(number=1), market=DE, key="k")])
        for other in (Draft(Noted(number=2), market=DE, key="k"), Draft(Noted(number=1), market=FR, key="k")):
            with pytest.raises(ConflictError, match="key 'k' was recorded before"):
                journal.append_now(ACME, [other])
        assert numbers(journal) == [1]

    def test_keys_of_tenants_and_regions_do_not_meet(self, journal: Journal) -> None:
        for tenant, market in ((ACME, DE), (OTHER, DE), (ACME, CHINA)):
            (receipt,) = journal.append_now(tenant, [Draft(Noted(), market=market, key="k")])
            assert not receipt.repeated

    def test_a_retry_about_an_erased_person_still_finds_its_receipt(self, opened: Opener) -> None:
        sealer = RoomSealer()
        journal = opened(sealer=sealer)
        draft = Draft(Said(text="my words"), market=DE, subject=ANNA, key="k")
        (first,) = journal.append_now(ACME, [draft])
        assert journal.append_now(ACME, [draft])[0].repeated
        with pytest.raises(ConflictError):
            journal.append_now(ACME, [Draft(Said(text="others"), market=DE, subject=ANNA, key="k")])
        sealer.erased.add(ANNA)
        assert first.id == journal.append_now(ACME, [draft])[0].id

    # --- what is refused

    @pytest.mark.parametrize(
        ("draft", "error", "message"),
        [
            (Draft(Noted(text="x" * 10_000_000), market=DE), TooLargeError, "at most 1,000,000"),
            (Draft(Unnamed(), market=DE), InputError, "Unnamed is no kind of entry"),
            (Draft(Said(text="hello"), market=DE), InputError, "names no subject"),
            (Draft(Said(text="hello"), market=DE, subject=ANNA), InputError, "cannot seal"),
            (Draft(Noted(), subject=ANNA), InputError, "a subject without a market"),
            (Draft(Noted(), market=DE, key="a\nb"), InputError, "cannot be the key"),
            (Draft(Noted(), market=DE, key="k" * 256), InputError, "cannot be the key"),
            (Draft(Noted(), market=DE, key=""), InputError, "cannot be the key"),
            (Draft(Noted(text="\ud800"), market=DE), InputError, "test.noted"),
            (Draft(Noted(number=2**70), market=DE), InputError, "test.noted"),
            (Draft(Noted(), market=DE, at=datetime(2026, 1, 1)), InputError, "no time zone"),  # noqa: DTZ001
            (Draft(Noted(), market=MarketId("atlantis")), NotFoundError, "atlantis"),
        ],
    )
    def test_bad_drafts_are_refused_and_nothing_of_their_call_is_written(
        self, journal: Journal, draft: Draft, error: type[Exception], message: str
    ) -> None:
        with pytest.raises(error, match=message):
            journal.append_now(ACME, [*notes(1), draft])
        assert numbers(journal) == []

    def test_text_that_would_trouble_a_database_is_kept_as_it_is(self, journal: Journal) -> None:
        texts = ["a\0b", "'; DROP TABLE journal_entries; --", "\U0001f600\u202e", "\\x00%s?", '{"$sealed":1}']
        journal.append_now(
            ACME, [Draft(Noted(text=text), market=DE, key=f"é'{i}") for i, text in enumerate(texts)]
        )
        assert [entry.body["text"] for entry in journal.read(ACME, EU)] == texts
        assert journal.verify().sound

    def test_too_many_waiting_entries_are_refused_at_once(
        self, journal: Journal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(append, "MAX_WAITING", 10)
        journal.append_now(ACME, notes(1))
        database, committer = journal.databases.region(EU), journal._committers[EU]
        _until(lambda: committer._wanted == 1)
        with ThreadPoolExecutor(4) as pool:
            with database.write() as connection:
                connection.exec_driver_sql(
                    "UPDATE journal_heads SET lane = lane"
                )  # holds what a commit needs
                one = pool.submit(journal.append_now, ACME, notes(1))
                _until(
                    lambda: not (committer._wanted or committer._queue)
                )  # it has been taken and waits for us
                two = pool.submit(journal.append_now, ACME, notes(8))
                _until(lambda: bool(committer._queue))
                with pytest.raises(BusyError, match="8 entries wait"):
                    journal.append_now(ACME, notes(8))
            assert len(one.result() + two.result()) == 9

    def test_a_closed_journal_says_so(self, journal: Journal) -> None:
        journal.append_now(ACME, notes(1))
        journal.close()
        with pytest.raises(UnavailableError, match="closed"):
            journal.append_now(ACME, notes(1))

    # --- faults

    def test_a_clock_that_goes_backwards_changes_no_order(self, opened: Opener) -> None:
        clock = SetClock()
        journal = opened(clock=clock)
        for seconds in (0, -3600, 10, 7200):
            clock.move(seconds)
            journal.append_now(ACME, notes(2))
        entries = list(journal.read(ACME, EU))
        assert [entry.sequence for entry in entries] == list(range(1, 9))
        assert all(a.recorded <= b.recorded for a, b in pairwise(entries))
        assert entries[2].recorded == entries[0].recorded
        assert len({entry.id for entry in entries}) == 8
        assert entries[-1].recorded == clock.now()

    def test_two_writers_of_one_lane_cannot_both_write(self, opened: Opener) -> None:
        first, second = opened(), opened()
        first.append_now(ACME, notes(2))
        # As if locks had failed: the second believes that it holds the first one's lane.
        intruder = second._committers[EU]
        intruder._connection = LaneConnection(second.databases.region(EU))
        intruder._lane = _BelievedLane()
        assert second.append_now(ACME, notes(1, first=2))[0].sequence == 3
        with pytest.raises(ConflictError, match="another writer holds lane 0"):
            first.append_now(ACME, notes(1, first=90))
        assert first.append_now(ACME, notes(1, first=3))[0].sequence == 4
        assert numbers(first) == [0, 1, 2, 3]
        assert first.verify().sound

    # --- reading

    def test_reading_narrows_by_kind_market_subject_and_time(self, opened: Opener) -> None:
        clock = SetClock()
        journal = opened(clock=clock, sealer=RoomSealer())
        for number, market in enumerate((DE, FR, DE, FR)):
            journal.append_now(ACME, notes(1, first=number, market=market))
            clock.move(60)
        journal.append_now(ACME, [Draft(Said(text="hi"), market=DE, subject=ANNA)])
        start = SetClock().moment
        assert numbers(journal, kinds=["test.noted"], market=DE) == [0, 2]
        assert numbers(journal, kinds=["test.noted"], since=start + timedelta(seconds=60)) == [1, 2, 3]
        assert numbers(journal, until=start + timedelta(seconds=120)) == [0, 1]
        assert numbers(journal, kinds=["test.noted"], newest_first=True, limit=2) == [3, 2]
        (said,) = journal.read(ACME, EU, subject=ANNA)
        assert said.kind == "test.said"
        assert list(journal.read(ACME, EU, kinds=["test.none"])) == []

    def test_lanes_are_read_in_the_order_of_recording(self, opened: Opener) -> None:
        clock = SetClock()
        journals = [opened(clock=clock) for _ in range(3)]
        for number in range(30):
            journals[number % 3].append_now(ACME, notes(1, first=number))
            clock.move(1)
        assert numbers(journals[0]) == list(range(30))
        assert numbers(journals[0], newest_first=True) == list(reversed(range(30)))

    @pytest.mark.parametrize("newest_first", [False, True])
    def test_pages_together_are_the_whole(self, opened: Opener, newest_first: bool) -> None:
        clock = SetClock()
        journals = [opened(clock=clock) for _ in range(3)]
        for number in range(40):
            journals[number % 3].append_now(ACME, notes(1, first=number))
            clock.move(number % 2)  # some of the same moment, in different lanes
        whole = [e.id for e in journals[0].read(ACME, EU, newest_first=newest_first)]
        paged: list[str] = []
        place: Place | None = None
        while page := list(journals[0].read(ACME, EU, newest_first=newest_first, limit=7, after=place)):
            paged += [entry.id for entry in page]
            place = Place(page[-1].recorded, page[-1].stream.lane, page[-1].sequence)
        assert paged == whole
        assert len(set(paged)) == 40

    def test_long_streams_are_read_whole(self, journal: Journal) -> None:
        journal.append_now(ACME, notes(2_500))
        assert numbers(journal) == list(range(2_500))
        assert numbers(journal, newest_first=True) == list(reversed(range(2_500)))
        assert journal.verify().entries == 2_500

    def test_no_tenant_reads_another(self, journal: Journal) -> None:
        journal.append_now(ACME, notes(3))
        journal.append_now(OTHER, notes(2, first=50))
        assert numbers(journal, OTHER) == [50, 51]
        assert list(journal.read(OTHER, CN)) == []
        assert [e.stream.tenant for e in journal.read(ACME, EU)] == [ACME] * 3
        assert b"other" not in b"".join(journal.export(ACME, EU))

    def test_a_region_without_a_database_is_named(self, journal: Journal) -> None:
        with pytest.raises(NotFoundError, match="region 'mars' has no database"):
            list(journal.read(ACME, "mars"))  # type: ignore[arg-type]

    # --- what is personal

    def test_personal_fields_are_sealed_and_open_again_until_the_key_is_gone(self, opened: Opener) -> None:
        sealer = RoomSealer()
        journal = opened(sealer=sealer)
        journal.append_now(ACME, [Draft(Said(text="Grüße, Anna"), market=DE, subject=ANNA)])
        (entry,) = journal.read(ACME, EU)
        assert "Anna" not in str(entry.body)
        assert list(entry.body["text"]) == [encode.SEALED]
        assert journal.open_body(entry) == Said(text="Grüße, Anna")
        sealer.erased.add(ANNA)
        assert journal.open_body(entry) == Said(text=None)
        assert journal.verify().sound

    def test_a_sealed_field_cannot_be_moved_to_another_entry(self, opened: Opener) -> None:
        from dataclasses import replace

        from cryptography.exceptions import InvalidTag

        journal = opened(sealer=RoomSealer())
        journal.append_now(ACME, [Draft(Said(text=t), market=DE, subject=ANNA) for t in ("yes", "no")])
        yes, no = journal.read(ACME, EU)
        with pytest.raises(InvalidTag):
            journal.open_body(replace(no, body=yes.body))

    def test_old_versions_stay_readable(self, opened: Opener) -> None:
        from dataclasses import replace

        journal = opened(sealer=RoomSealer())
        journal.append_now(ACME, [Draft(Noted(), market=DE)])
        (entry,) = journal.read(ACME, EU)
        old = replace(entry, kind="test.said", version=1, body={"words": "as it was"})
        assert journal.open_body(old) == Said(text="as it was")
        with pytest.raises(InputError, match="newer than what is known"):
            journal.open_body(replace(old, version=3))
        with pytest.raises(NotFoundError, match=r"'test\.gone' is no kind of entry"):
            journal.open_body(replace(old, kind="test.gone"))

    # --- readings

    def test_a_reading_sees_each_entry_once(self, opened: Opener) -> None:
        journal, other = opened(), opened()
        journal.append_now(ACME, notes(1_500))
        other.append_now(ACME, [*notes(10), Draft(Noted(number=5), market=CHINA)])
        assert journal.catch_up(Sums()) == 1_511
        assert journal.catch_up(Sums()) == 0
        journal.append_now(ACME, notes(1, first=100))
        assert journal.catch_up(Sums()) == 1
        found = sums(journal.databases.region(EU))
        assert found == {"sum": sum(range(1_500)) + 45 + 100, "entries": 1_511}

    def test_two_followers_at_once_count_nothing_twice(self, opened: Opener) -> None:
        journal = opened()
        journal.append_now(ACME, notes(5_000))
        followers = [opened() for _ in range(3)]
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda each: each.catch_up(Sums()), followers))
        journal.catch_up(Sums())
        assert sums(journal.databases.region(EU))["entries"] == 5_000

    def test_a_reading_that_fails_loses_and_repeats_nothing(self, journal: Journal) -> None:
        class Failing(Sums):
            fail = True

            def apply(self, scoped, region, entries):  # type: ignore[no-untyped-def]
                super().apply(scoped, region, entries)
                if self.fail:
                    raise RuntimeError("half way")

        journal.append_now(ACME, notes(10))
        reading = Failing()
        with pytest.raises(RuntimeError, match="half way"):
            journal.catch_up(reading)
        assert sums(journal.databases.region(EU)) == {}
        reading.fail = False
        assert journal.catch_up(reading) == 10
        assert sums(journal.databases.region(EU))["entries"] == 10

    def test_a_new_version_and_a_rebuild_start_again(self, journal: Journal) -> None:
        class Newer(Sums):
            version = 2

        journal.append_now(ACME, notes(10))
        journal.catch_up(Sums())
        assert journal.catch_up(Newer()) == 10
        told: list[tuple[int, int]] = []
        assert journal.rebuild(Newer(), lambda done, total: told.append((done, total))) == 10
        assert told[-1] == (10, 10)
        assert sums(journal.databases.region(EU)) == {"sum": 45, "entries": 10}

    def test_following_sees_what_is_recorded_while_it_runs(self, journal: Journal) -> None:
        stop = threading.Event()
        journal.catch_up(Sums())
        thread = threading.Thread(target=journal.follow, args=(Sums(), stop))
        thread.start()
        try:
            journal.append_now(ACME, notes(10))
            _until(lambda: sums(journal.databases.region(EU)).get("entries") == 10)
        finally:
            stop.set()
            thread.join()

    def test_stats_count_by_kind_and_day(self, opened: Opener) -> None:
        clock = SetClock(datetime(2026, 11, 25, 23, 59, tzinfo=UTC))
        journal = opened(clock=clock)
        journal.append_now(ACME, notes(3))
        clock.move(120)
        journal.append_now(ACME, notes(2))
        found = journal.stats(ACME)
        days = {day.isoformat(): count for day, count in found[EU]["test.noted"].items()}
        assert days == {"2026-11-25": 3, "2026-11-26": 2}
        assert found[CN] == {}

    # --- checkpoints

    def test_checkpoints_are_taken_once_for_what_is_new(self, journal: Journal) -> None:
        assert journal.checkpoint() == []
        journal.append_now(ACME, notes(5))
        (first,) = journal.checkpoint()
        assert journal.checkpoint() == [first]
        journal.append_now(ACME, notes(70))
        journal.append_now(OTHER, notes(1))
        second, others = journal.checkpoint()
        assert (second.number, second.entries, others.number, others.tenant) == (2, 75, 1, OTHER)
        assert journal.checkpoints(ACME, EU) == [first, second]
        found = journal.verify()
        assert (found.sound, found.checkpoints, found.checkpointed) == (True, 3, 76)

    def test_a_checkpoint_that_is_overtaken_leaves_no_tree_behind(self, opened: Opener) -> None:
        first, second = opened(), opened()
        for journal in (first, second):
            journal.append_now(ACME, notes(3))
        first.checkpoint()
        database = first.databases.region(EU)
        with database.read_as(ACME) as scoped:
            before = checkpoints.trees(scoped)
        grown = {
            lane: (size - number, size + 1, roots)
            for number, (lane, (size, roots)) in enumerate(before.items())
        }
        with pytest.raises(checkpoints.OvertakenError), database.write_as(ACME) as scoped:
            checkpoints.add(scoped, 2, b"{}", b"", grown)
        with database.read_as(ACME) as scoped:
            assert checkpoints.trees(scoped) == before
        assert len(before) == 2
        assert first.verify().sound

    def test_checkpoints_taken_at_once_make_one_chain(self, opened: Opener) -> None:
        journals = [opened() for _ in range(3)]

        def work(journal: Journal) -> None:
            for _ in range(5):
                journal.append_now(ACME, notes(3))
                journal.checkpoint()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, journals))
        journals[0].checkpoint()
        found = journals[0].verify()
        assert found.problems == [], found.problems
        assert (found.streams, found.checkpointed) == (3, 45)


class _BelievedLane:
    lane = Lane(0)

    def release(self) -> None:
        pass


def _until(true: Callable[[], bool], within_s: float = 20.0) -> None:
    import time

    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)
