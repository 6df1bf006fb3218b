"""The journal: one object through which everything is recorded, read and followed."""

from __future__ import annotations

import asyncio
import heapq
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError, ForbiddenError, NotFoundError, UnavailableError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal import encode, follow
from tradewind.journal.append import Committer, Outcome, Submission
from tradewind.journal.chain import GENESIS
from tradewind.journal.checkpoint import Checkpoint, parsed, take
from tradewind.journal.counts import Counts, by_kind_and_day
from tradewind.journal.databases import Databases, migrate
from tradewind.journal.encode import Prepared, microseconds
from tradewind.journal.export import export
from tradewind.journal.follow import Progress, Reading
from tradewind.journal.model import Body, Draft, Entry, Lane, Place, Receipt, RegionOf, Sealer
from tradewind.journal.signing import Signer
from tradewind.journal.store import checkpoints as store_checkpoints
from tradewind.journal.store import read
from tradewind.journal.store.tables import METADATA
from tradewind.journal.store.write import Beside
from tradewind.journal.verify import Verification, available_cores, verify

POLL_S = 0.5
log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parent / "migrations"


W = TypeVar("W", asyncio.Future[list[Outcome]], Future[list[Outcome]])


class _Part(NamedTuple):
    """The drafts of one call that belong to one region, and their places in the call."""

    region: RegionId
    places: list[int]
    drafts: list[Prepared]


class Ready(NamedTuple):
    """Drafts that only lack their places in the streams."""

    tenant: TenantId
    parts: list[_Part]


class Journal:
    """Append, read and follow, over the databases of an installation.

    Args:
        region_of: the region of a market. Nobody names a region when writing: the market decides it.
        home_of: the home region of a tenant, for what belongs to no market.
        sealer: encrypts personal fields; without one a draft that has some is refused.
        locks: folder of the lane locks of embedded databases; all processes must use the same.
        keys: folder of the key that signs checkpoints, made at the first; `keys` beside `locks` when None.

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
        keys: Path | None = None,
    ) -> None:
        self.databases = databases
        self._keys = locks.parent / "keys" if keys is None else keys
        self._commits = threading.Condition()
        self._committed = 0
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
        return await self.record(self.prepare(tenant, drafts))

    def prepare(self, tenant: TenantId, drafts: Sequence[Draft]) -> Ready:
        """Check, seal and encode drafts, which may ask the database: for threads. `record` does the rest.

        Raises:
            InputError, TooLargeError: as `append`.
        """
        return Ready(tenant, self._parts(tenant, drafts))

    async def record(self, ready: Ready, beside: tuple[Beside, Any] | None = None) -> list[Receipt]:
        """Record what was prepared; raises as `append`.

        Args:
            beside: who writes rows of another room in the same transaction, and what; the drafts are of one region.

        Raises:
            TradewindError: whatever the one who writes beside refuses with; nothing is recorded then.
        """
        loop = asyncio.get_running_loop()
        assert beside is None or len(ready.parts) == 1, "what is written beside belongs to one region"
        waiting = [
            (part, self._submit(ready.tenant, part, loop.create_future(), beside)) for part in ready.parts
        ]
        receipts: dict[int, Receipt] = {}
        for part, waiter in waiting:
            self._collect(receipts, part, await waiter)
        return [receipts[place] for place in sorted(receipts)]

    def append_now(self, tenant: TenantId, drafts: Sequence[Draft]) -> list[Receipt]:
        """`append` for threads and commands; it must not be called on an event loop.

        Raises:
            The same as `append`.
        """
        waiting: list[tuple[_Part, Future[list[Outcome]]]] = [
            (part, self._submit(tenant, part, Future())) for part in self._parts(tenant, drafts)
        ]
        receipts: dict[int, Receipt] = {}
        for part, waiter in waiting:
            self._collect(receipts, part, waiter.result())
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
        after: Place | None = None,
    ) -> Iterator[Entry]:
        """A tenant's entries in the order of their recording, as they stood when this was called.

        Args:
            kinds: only these kinds. market, subject: only entries about them.
            since: recorded then or later. until: recorded before then.
            limit: at most so many.
            after: only what comes after this place in the order asked for: where a page ended.

        Raises:
            InputError: a filter that no entry could have. NotFoundError: the region has no database.
            UnavailableError: it cannot be reached.
        """
        database = self.databases.region(region)
        for what, names in (("kind", kinds or ()), ("market", (market,)), ("subject", (subject,))):
            for name in names:
                encode.check_name(what, name)
        wanted = read.Filter(kinds, market, subject)
        ranges = []
        with database.read_as(tenant) as scoped:
            for lane, (last, _) in read.streams(scoped).items():
                first = 1 if since is None else read.first_since(scoped, lane, last, microseconds(since))
                if until is not None:
                    last = read.first_since(scoped, lane, last, microseconds(until)) - 1
                if after is not None:
                    first, last = read.beyond(scoped, lane, first, last, after, newest_first)
                ranges.append((lane, first, last))
        lanes = [
            read.pages(
                database, tenant, region, lane, wanted, first=first, last=last, newest_first=newest_first
            )
            for lane, first, last in ranges
        ]
        merged = heapq.merge(*lanes, key=_order, reverse=newest_first)
        return islice(merged, limit)

    def entry(self, tenant: TenantId, region: RegionId, lane: Lane, sequence: int) -> Entry:
        """One of a tenant's entries by its place; raises `NotFoundError` where there is none, else as `read`."""
        with self.databases.region(region).read_as(tenant) as scoped:
            found = read.page(scoped, region, lane, read.Filter(), first=sequence, last=sequence)
        if not found:
            raise NotFoundError(f"no entry {sequence} in lane {lane} of region {region!r:.80}")
        return found[0]

    def region_for(self, tenant: TenantId, market: MarketId | None = None) -> RegionId:
        """Where a market's entries are recorded; the tenant's home region for what belongs to no market.

        Raises:
            NotFoundError: no such market or tenant.
        """
        return self._home_of(tenant) if market is None else self._region_of(market)

    def open_body(self, entry: Entry) -> Body:
        """What an entry says, as its kind's newest version; personal fields in the clear, None where erased.

        Raises:
            NotFoundError: the kind is not defined here. InputError: the entry does not fit its kind.
        """
        return encode.open_body(entry, self._sealer)

    def follow(self, reading: Reading, stop: threading.Event, *, poll_s: float = POLL_S) -> None:
        """Keep a reading up to date until `stop` is set: at once for what this process records.

        Run it in a thread. What other processes record is seen within `poll_s` seconds. While a database is away
        it is tried again as often.
        """
        while not stop.is_set():
            seen = self._committed
            try:
                self.catch_up(reading)
            except UnavailableError as error:
                log.warning("reading %s waits: %s", reading.name, error)
            with self._commits:
                if self._committed == seen:
                    self._commits.wait(poll_s)

    def catch_up(self, reading: Reading) -> int:
        """Bring a reading up to date in every region; how many entries it read.

        Raises:
            UnavailableError, StorageError: a database refused; what was read before stands.
        """
        return sum(
            follow.catch_up(database, region, reading).entries
            for region, database in self.databases.regions.items()
        )

    def rebuild(self, reading: Reading, progress: Progress | None = None) -> int:
        """Throw a reading away and make it again; how many entries it read.

        Args:
            progress: told how many entries are done and how many there are, region by region.
        """
        return sum(
            follow.catch_up(database, region, reading, anew=True, progress=progress).entries
            for region, database in self.databases.regions.items()
        )

    def tenants(self, region: RegionId) -> list[TenantId]:
        """Every tenant that has recorded something in a region."""
        return read.tenants(self.databases.region(region))

    def verify(
        self,
        tenant: TenantId | None = None,
        region: RegionId | None = None,
        *,
        processes: int | None = None,
        progress: Progress | None = None,
    ) -> Verification:
        """Hash every entry anew and compare: chains, heads and checkpoints.

        Args:
            tenant, region: only these; all when None.
            processes: how many may work; one for each core when None.
            progress: told how many entries are hashed and how many there are, region by region.
        """
        total = Verification()
        signer = self.signer()
        for name in self._regions(region):
            database = self.databases.region(name)
            chosen = read.every_tenant(database) if tenant is None else [tenant]
            total = total + verify(
                database, name, chosen, signer, processes=processes or available_cores(), progress=progress
            )
        return total

    def checkpoint(self, tenant: TenantId | None = None, region: RegionId | None = None) -> list[Checkpoint]:
        """Sign how far the streams have grown: a checkpoint for each tenant and region that has any.

        Raises:
            ChainError: entries are missing, so there is nothing to sign.
        """
        signer = self.signer()
        taken = []
        for name in self._regions(region):
            database = self.databases.region(name)
            for each in read.tenants(database) if tenant is None else [tenant]:
                taken.append(take(database, each, name, signer, self._clock))
        return [checkpoint for checkpoint in taken if checkpoint is not None]

    def checkpoints(
        self, tenant: TenantId, region: RegionId, *, after: int = 0, limit: int | None = None
    ) -> list[Checkpoint]:
        """The checkpoints taken so far, oldest first."""
        with self.databases.region(region).read_as(tenant) as scoped:
            found = store_checkpoints.numbered(scoped, after=after, limit=limit)
        return [parsed(content, signature) for _, content, signature in found]

    def last_checkpoint(self, tenant: TenantId, region: RegionId) -> Checkpoint | None:
        """The newest checkpoint; None where none was taken yet."""
        with self.databases.region(region).read_as(tenant) as scoped:
            found = store_checkpoints.newest(scoped)
        return None if found is None else parsed(found[1], found[2])

    def export(self, tenant: TenantId, region: RegionId) -> Iterator[bytes]:
        """The lines of an export for an outsider to verify; a checkpoint is taken first, so that all is covered."""
        self.checkpoint(tenant, region)
        return export(self.databases.region(region), tenant, region)

    def stats(self, tenant: TenantId) -> dict[RegionId, dict[str, dict[date, int]]]:
        """How many entries there are, by region within reach, kind and day of recording (UTC)."""
        self.catch_up(Counts())
        found = {}
        for region in self.databases.regions:
            with suppress(ForbiddenError), self.databases.region(region).read_as(tenant) as scoped:
                found[region] = by_kind_and_day(scoped)
        return found

    def signer(self) -> Signer:
        """The key that signs checkpoints; its public half is for whoever verifies."""
        return Signer(self._keys)

    def close(self) -> None:
        """Write what waits and give the lanes back. The databases stay open: they belong to who opened them."""
        for committer in self._committers.values():
            committer.close()

    def _parts(self, tenant: TenantId, drafts: Sequence[Draft]) -> list[_Part]:
        """The drafts encoded, by region, with their places in the order given."""
        places: dict[RegionId, list[int]] = {}
        for place, draft in enumerate(drafts):
            places.setdefault(self.region_for(tenant, draft.market), []).append(place)
        for region in places:
            self.databases.region(region)
        return [
            _Part(
                region,
                own,
                [encode.prepare(tenant, region, drafts[place], self._sealer, self._clock) for place in own],
            )
            for region, own in places.items()
        ]

    def _submit(
        self, tenant: TenantId, part: _Part, waiter: W, beside: tuple[Beside, Any] | None = None
    ) -> W:
        self._committers[part.region].submit(Submission(tenant, part.drafts, waiter, beside))
        return waiter

    def _collect(self, receipts: dict[int, Receipt], part: _Part, outcomes: list[Outcome]) -> None:
        for place, prepared, outcome in zip(part.places, part.drafts, outcomes, strict=True):
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

    def _regions(self, region: RegionId | None) -> list[RegionId]:
        return list(self.databases.regions) if region is None else [region]

    def _woken(self) -> None:
        """Called after each commit."""
        with self._commits:
            self._committed += 1
            self._commits.notify_all()


def _order(entry: Entry) -> Place:
    return Place(entry.recorded, entry.stream.lane, entry.sequence)
