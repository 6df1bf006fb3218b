"""The journal: one object through which everything is recorded, read and followed."""

from __future__ import annotations

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal import encode
from tradewind.journal.append import Committer, Outcome, Submission
from tradewind.journal.chain import GENESIS
from tradewind.journal.databases import Databases, migrate
from tradewind.journal.encode import Prepared, microseconds
from tradewind.journal.model import Body, Draft, Entry, Receipt, RegionOf, Sealer
from tradewind.journal.store import read
from tradewind.journal.store.tables import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"


class Journal:
    """Append, read and follow, over the databases of an installation.

    Args:
        region_of: the region of a market. Nobody names a region when writing: the market decides it.
        home_of: the home region of a tenant, for what belongs to no market.
        sealer: encrypts personal fields; without one a draft that has some is refused.
        locks: folder of the lane locks of embedded databases; all processes must use the same.

    Raises:
        UnavailableError, StorageError: a region's database cannot be brought to the newest version.
    """

    def __init__(
        self,
        databases: Databases,
        *,
        region_of: RegionOf,
        home_of: Callable[[TenantId], RegionId],
        sealer: Sealer | None = None,
        clock: Clock = SYSTEM_CLOCK,
        locks: Path,
    ) -> None:
        self.databases = databases
        self._region_of, self._home_of, self._sealer, self._clock = region_of, home_of, sealer, clock
        for database in databases.regions.values():
            migrate(database, "journal", MIGRATIONS, METADATA)
        self._committers = {
            region: Committer(database, region, clock, locks, self._woken)
            for region, database in databases.regions.items()
        }

    async def append(self, tenant: TenantId, drafts: Sequence[Draft]) -> list[Receipt]:
        """Record drafts; they are durable when this returns. Those of one region stand together or not at all.

        Raises:
            InputError: a draft cannot be recorded (no kind, a personal field without subject, …).
            TooLargeError: a body is over a megabyte.
            ConflictError: a key was recorded before with another body.
            BusyError: too much waits already. UnavailableError, StorageError: the database refused.
        """
        loop = asyncio.get_running_loop()
        waiting = [
            (places, self._submit(tenant, region, prepared, loop.create_future()))
            for region, places, prepared in self._prepared(tenant, drafts)
        ]
        receipts: dict[int, Receipt] = {}
        for places, submission in waiting:
            assert isinstance(submission.waiter, asyncio.Future)
            self._collect(receipts, places, submission, await submission.waiter)
        return [receipts[place] for place in range(len(drafts))]

    def append_now(self, tenant: TenantId, drafts: Sequence[Draft]) -> list[Receipt]:
        """`append` for threads and commands; it must not be called on an event loop.

        Raises:
            The same as `append`.
        """
        waiting = [
            (places, self._submit(tenant, region, prepared, Future()))
            for region, places, prepared in self._prepared(tenant, drafts)
        ]
        receipts: dict[int, Receipt] = {}
        for places, submission in waiting:
            assert isinstance(submission.waiter, Future)
            self._collect(receipts, places, submission, submission.waiter.result())
        return [receipts[place] for place in range(len(drafts))]

    def read(
        self,
        tenant: TenantId,
        region: RegionId,
        *,
        kinds: Collection[str] | None = None,
        market: MarketId | None = None,
        subject: SubjectId | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Entry]:
        """A tenant's entries in the order of their recording, as they stood when this was called.

        Args:
            kinds: only these kinds. market, subject: only entries about them.
            since: recorded then or later. until: recorded before then.
            limit: at most so many.

        Raises:
            NotFoundError: the region has no database. UnavailableError: it cannot be reached.
        """
        database = self.databases.region(region)
        wanted = read.Filter(kinds, market, subject)
        ranges = []
        with database.read_as(tenant) as scoped:
            for lane, (last, _) in read.streams(scoped).items():
                first = 1 if since is None else read.first_since(scoped, lane, last, microseconds(since))
                if until is not None:
                    last = read.first_since(scoped, lane, last, microseconds(until)) - 1
                ranges.append((lane, first, last))
        lanes = [
            read.pages(
                database, tenant, region, lane, wanted, first=first, last=last, newest_first=newest_first
            )
            for lane, first, last in ranges
        ]
        merged = heapq.merge(*lanes, key=_order, reverse=newest_first)
        return islice(merged, limit)

    def open_body(self, entry: Entry) -> Body:
        """What an entry says, as its kind's newest version; personal fields in the clear, None where erased.

        Raises:
            NotFoundError: the kind is not defined here. InputError: the entry does not fit its kind.
        """
        return encode.open_body(entry, self._sealer)

    def close(self) -> None:
        """Write what waits and give the lanes back. The databases stay open: they belong to who opened them."""
        for committer in self._committers.values():
            committer.close()

    def _prepared(
        self, tenant: TenantId, drafts: Sequence[Draft]
    ) -> list[tuple[RegionId, list[int], list[Prepared]]]:
        """The drafts encoded, by region, with their places in the order given."""
        places: dict[RegionId, list[int]] = defaultdict(list)
        prepared: dict[RegionId, list[Prepared]] = defaultdict(list)
        for place, draft in enumerate(drafts):
            region = self._home_of(tenant) if draft.market is None else self._region_of(draft.market)
            self.databases.region(region)
            places[region].append(place)
            prepared[region].append(encode.prepare(tenant, region, draft, self._sealer, self._clock))
        return [(region, places[region], prepared[region]) for region in places]

    def _submit(
        self, tenant: TenantId, region: RegionId, prepared: list[Prepared], waiter: Any
    ) -> Submission:
        submission = Submission(tenant, prepared, waiter)
        self._committers[region].submit(submission)
        return submission

    def _collect(
        self,
        receipts: dict[int, Receipt],
        places: list[int],
        submission: Submission,
        outcomes: list[Outcome],
    ) -> None:
        for place, prepared, outcome in zip(places, submission.drafts, outcomes, strict=True):
            if outcome.row is not None:
                self._compare(prepared, outcome)
            receipts[place] = outcome.receipt

    def _compare(self, prepared: Prepared, outcome: Outcome) -> None:
        """A key stands for one body: who uses it for another made a mistake that must not go unnoticed."""
        assert outcome.row is not None
        first = read.entry_of(outcome.receipt.stream.region, outcome.row, GENESIS)
        draft = prepared.draft
        body: Body | None = None
        if (first.kind, first.market, first.subject) == (prepared.kind, draft.market, draft.subject):
            body = self.open_body(first)
        # What was erased since then cannot be compared any more.
        gone = {name: None for name in draft.body.personal if body and getattr(body, name) is None}
        if body != (draft.body.model_copy(update=gone) if gone else draft.body):
            raise ConflictError(
                f"key {prepared.key!r:.80} was recorded before for something else",
                hint=f"it belongs to entry {first.id}; use a new key",
            )

    def _woken(self) -> None:
        """Called after each commit."""


def _order(entry: Entry) -> tuple[datetime, int, int]:
    return entry.recorded, entry.stream.lane, entry.sequence
