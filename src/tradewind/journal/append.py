"""Group commit: callers queue, one thread of each region writes everything that waits in one transaction.

A caller encodes its drafts itself (`encode`), so the thread only numbers, chains and inserts. Whoever waits is
told when the commit has reached the disk, one wake-up for each event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tradewind.core.clock import Clock
from tradewind.core.errors import BusyError, TradewindError, UnavailableError
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal import chain
from tradewind.journal.databases import Database
from tradewind.journal.encode import Prepared, microseconds, moment
from tradewind.journal.lanes import FileLock, LaneLock, SessionLock
from tradewind.journal.model import Lane, Receipt, Stream
from tradewind.journal.store.write import (
    NO_HEAD,
    Beside,
    EntryRow,
    Head,
    LaneConnection,
    RepeatedKey,
    UnknownOutcome,
    two_writers,
)

MAX_WAITING = 16_384
MAX_WAITING_BYTES = 256_000_000
MAX_BATCH = 4_096
MAX_BATCH_BYTES = 32_000_000
MANY = 4
MAX_GATHER_S = 0.005
SIT_OUT = 16
RESOLVE_WITHIN_S = 30.0
RESOLVE_PAUSE_S = 0.2
KEY_ROUNDS = 20

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Outcome:
    """What became of a draft; `row` is the entry that had its key before."""

    receipt: Receipt
    row: EntryRow | None = None


@dataclass(slots=True)
class Submission:
    """Drafts that are recorded together or not at all.

    Args:
        beside: who writes rows of another room in the same transaction, and what; with at least one draft.
    """

    tenant: TenantId
    drafts: list[Prepared]
    waiter: asyncio.Future[list[Outcome]] | Future[list[Outcome]]
    beside: tuple[Beside, Any] | None = None

    @property
    def bytes(self) -> int:
        """How much it will write, about."""
        return sum(len(draft.body) for draft in self.drafts)


_Told = list[Outcome] | TradewindError
"""What is told to whoever submitted: the refusal is of those who write beside, and of theirs alone."""


@dataclass(slots=True)
class _Plan:
    """A batch with a place in its streams for each entry."""

    rows: list[EntryRow] = field(default_factory=list)
    old: dict[TenantId, Head] = field(default_factory=dict)
    new: dict[TenantId, Head] = field(default_factory=dict)
    outcomes: list[_Told] = field(default_factory=list)


class Committer:
    """Writes one region. The thread starts with the first submission and ends with `close`.

    Args:
        locks: folder of the lane locks of embedded databases.
        on_commit: called after each commit, in the committer's thread.
    """

    def __init__(
        self, database: Database, region: RegionId, clock: Clock, locks: Path, on_commit: Callable[[], None]
    ) -> None:
        self._database, self._region, self._clock, self._locks = database, region, clock, locks
        self._on_commit = on_commit
        self._queue: deque[Submission] = deque()
        self._waiting = self._waiting_bytes = 0
        self._changed = threading.Condition()
        self._wanted = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        self._lane: LaneLock | None = None
        self._connection: LaneConnection | None = None
        self._heads: dict[TenantId, Head] = {}
        self._streams: dict[TenantId, tuple[Stream, bytes]] = {}
        self._last_batch = self._sit_out = 0
        self._commit_s = 0.0

    def submit(self, submission: Submission) -> None:
        """Queue drafts; their waiter is resolved once they are durable.

        Raises:
            BusyError: too many entries wait already. UnavailableError: the journal is closed.
        """
        size = submission.bytes
        with self._changed:
            if self._closed:
                raise UnavailableError("the journal is closed")
            if self._waiting and (
                self._waiting + len(submission.drafts) > MAX_WAITING
                or self._waiting_bytes + size > MAX_WAITING_BYTES
            ):
                raise BusyError(
                    f"{self._waiting:,} entries wait to be recorded in region {self._region!r}",
                    retry_after_s=0.5,
                )
            self._queue.append(submission)
            self._waiting += len(submission.drafts)
            self._waiting_bytes += size
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"journal-{self._region}", daemon=True)
                self._thread.start()
            elif self._wanted and len(self._queue) >= self._wanted:
                self._wanted = 0
                self._changed.notify()

    def close(self) -> None:
        """Write what waits, then give the lane back."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while batch := self._take():
            started = time.monotonic()
            try:
                outcomes: list[_Told] | BaseException = self._commit(batch)
            except BaseException as error:
                if not isinstance(error, TradewindError):
                    log.exception("region %s: a batch of the journal failed", self._region)
                self._forget()
                outcomes = error
            self._commit_s = time.monotonic() - started
            _resolve(batch, outcomes)
            if not isinstance(outcomes, BaseException):
                self._on_commit()
        self._let_go()

    def _take(self) -> list[Submission]:
        """Everything that waits, at least one submission; nothing once closed and empty."""
        with self._changed:
            while not self._queue:
                if self._closed:
                    return []
                self._wanted = 1
                self._changed.wait()
            self._gather()
            self._wanted = 0
            batch: list[Submission] = []
            entries = size = 0
            while self._queue and entries < MAX_BATCH and size < MAX_BATCH_BYTES:
                batch.append(self._queue.popleft())
                entries += len(batch[-1].drafts)
                size += batch[-1].bytes
            self._waiting -= entries
            self._waiting_bytes -= size
            self._last_batch = len(batch)
            return batch

    def _gather(self) -> None:
        """Wait a little for those who were just answered, in case they come back at once: a full batch pays.

        Where they do not come back, as when each caller records once, the next batches do not wait.
        """
        if self._last_batch < MANY or self._sit_out:
            self._sit_out = max(0, self._sit_out - 1)
            return
        self._wanted = min(len(self._queue) + self._last_batch, MAX_BATCH)
        expected = self._wanted
        if not self._changed.wait(min(self._commit_s / 2, MAX_GATHER_S)) and len(self._queue) < expected / 2:
            self._sit_out = SIT_OUT

    def _commit(self, batch: Sequence[Submission]) -> list[_Told]:
        connection, lane = self._open()
        repeated: dict[tuple[TenantId, str], EntryRow] = {}
        for _ in range(KEY_ROUNDS):
            plan = _Plan()
            try:
                with connection.transaction():
                    refused = _refused_beside(connection, batch)
                    self._load_heads(connection, lane, batch)
                    self._assign(plan, lane, batch, repeated, refused)
                    if plan.rows:
                        connection.insert(plan.rows)
                    _write_beside(connection, batch, refused)
                    for tenant, head in plan.new.items():
                        connection.move_head(tenant, lane, plan.old[tenant], head)
            except RepeatedKey as error:
                self._heads.clear()
                known = len(repeated)
                keys = [(s.tenant, d.key) for s in batch for d in s.drafts if d.key is not None]
                repeated = connection.by_keys(keys)
                if len(repeated) == known and not error.deadlock:
                    raise two_writers(lane) from error  # not a key: our place in the stream is taken
                continue
            except UnknownOutcome as error:
                self._settle(plan, error)
                return plan.outcomes  # perhaps in another lane from now on: heads are read anew
            self._heads.update(plan.new)
            return plan.outcomes
        raise BusyError("other processes record the same keys at this moment", retry_after_s=0.5)

    def _open(self) -> tuple[LaneConnection, Lane]:
        if self._connection is None or self._lane is None:
            connection = LaneConnection(self._database)
            try:
                if connection.dialect == "postgresql":
                    self._lane = SessionLock(connection)
                elif self._lane is None:
                    self._lane = FileLock(self._locks, self._region)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
            self._heads.clear()
            self._streams.clear()
        return self._connection, self._lane.lane

    def _load_heads(self, connection: LaneConnection, lane: Lane, batch: Sequence[Submission]) -> None:
        missing = [tenant for tenant in {s.tenant for s in batch} if tenant not in self._heads]
        if missing:
            found = connection.heads(lane, missing)
            self._heads.update({tenant: found.get(tenant, NO_HEAD) for tenant in missing})
            for tenant in missing:
                stream = Stream(tenant, self._region, lane)
                self._streams[tenant] = (stream, chain.head_of(stream))

    def _assign(
        self,
        plan: _Plan,
        lane: Lane,
        batch: Sequence[Submission],
        repeated: dict[tuple[TenantId, str], EntryRow],
        refused: dict[int, TradewindError],
    ) -> None:
        """Number and chain the entries; those whose key is there already get its first receipt."""
        now = self._clock.now()
        now_us = microseconds(now)
        keyed = dict(repeated)
        for place, submission in enumerate(batch):
            if place in refused:
                plan.outcomes.append(refused[place])
                continue
            tenant = submission.tenant
            outcomes: list[Outcome] = []
            if tenant not in plan.old:
                plan.old[tenant] = self._heads[tenant]
            sequence, recorded_us, digest = plan.new.get(tenant, plan.old[tenant])
            # The clock may go backwards; the time of recording does not.
            recorded_us = max(recorded_us, now_us)
            recorded = now if recorded_us == now_us else moment(recorded_us)
            stream, prefix = self._streams[tenant]
            for draft in submission.drafts:
                if draft.key is not None and (row := keyed.get((tenant, draft.key))) is not None:
                    outcomes.append(Outcome(self._receipt(row), row))
                    continue
                sequence += 1
                canonical = chain.canonical(prefix, sequence, recorded_us, draft.tail)
                digest = chain.chained(digest, canonical)
                row = (
                    tenant, lane, sequence, recorded_us, bytes.fromhex(draft.id), draft.kind, draft.version,
                    draft.market, draft.subject, draft.key, draft.at_us, draft.body, digest,
                )  # fmt: skip
                plan.rows.append(row)
                if draft.key is not None:
                    keyed[tenant, draft.key] = row
                outcomes.append(Outcome(Receipt(draft.id, stream, sequence, digest, recorded)))
            if sequence != plan.old[tenant].sequence:
                plan.new[tenant] = Head(sequence, recorded_us, digest)
            plan.outcomes.append(outcomes)

    def _receipt(self, row: EntryRow) -> Receipt:
        tenant, lane, sequence, recorded_us, identity = row[:5]
        stream = Stream(tenant, self._region, lane)
        return Receipt(
            bytes(identity).hex(), stream, sequence, bytes(row[-1]), moment(recorded_us), repeated=True
        )

    def _settle(self, plan: _Plan, lost: UnknownOutcome) -> None:
        """Find out whether a transaction that broke in its commit stands; nothing is ever written twice.

        Raises:
            UnavailableError: it does not stand, or the database stays away too long to tell.
        """
        session = self._lane.session if isinstance(self._lane, SessionLock) else None
        lane = plan.rows[0][1] if plan.rows else Lane(0)
        self._forget()
        deadline = time.monotonic() + RESOLVE_WITHIN_S
        while time.monotonic() < deadline:
            try:
                connection, _ = self._open()
                if session is None or connection.end_session(session, lane):
                    if not plan.rows or connection.stands(plan.rows[-1]):
                        return
                    break
            except UnavailableError:
                self._forget()
            time.sleep(RESOLVE_PAUSE_S)
        else:
            raise UnavailableError(
                f"region {self._region!r}: the database went away in the middle of a commit",
                hint="whether it was recorded is not known: try again with the same key",
            ) from lost
        raise _refusal(lost, self._region) from lost

    def _forget(self) -> None:
        """Drop the connection and what is known of the streams; the next batch starts afresh."""
        self._heads.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if isinstance(self._lane, SessionLock):
            self._lane = None

    def _let_go(self) -> None:
        self._forget()
        if self._lane is not None:
            self._lane.release()
            self._lane = None


def _refusal(lost: UnknownOutcome, region: RegionId) -> TradewindError:
    from tradewind.core.errors import StorageError

    text = str(lost.__cause__).partition("\n")[0]
    if any(word in text for word in ("full", "disk", "space")):
        return StorageError(f"region {region!r}: {text}", hint="nothing was recorded; free some space")
    return UnavailableError(
        f"region {region!r}: the database was lost", hint="nothing was recorded: try again"
    )


def _beside(batch: Sequence[Submission]) -> dict[Beside, list[int]]:
    """Who writes beside, and the places of theirs in the batch."""
    found: dict[Beside, list[int]] = {}
    for place, submission in enumerate(batch):
        if submission.beside is not None:
            found.setdefault(submission.beside[0], []).append(place)
    return found


def _refused_beside(connection: LaneConnection, batch: Sequence[Submission]) -> dict[int, TradewindError]:
    """Submissions whose rows beside cannot be written any more, by their place in the batch."""
    refused: dict[int, TradewindError] = {}
    for writer, places in _beside(batch).items():
        answers = writer.refused(connection.connection, [batch[place].beside[1] for place in places])  # type: ignore[index]
        refused.update({place: no for place, no in zip(places, answers, strict=True) if no is not None})
    return refused


def _write_beside(
    connection: LaneConnection, batch: Sequence[Submission], refused: dict[int, TradewindError]
) -> None:
    for writer, places in _beside(batch).items():
        rows = [batch[place].beside[1] for place in places if place not in refused]  # type: ignore[index]
        if rows:
            writer.write(connection.connection, rows)


def _resolve(batch: Sequence[Submission], outcomes: list[_Told] | BaseException) -> None:
    """Tell everybody who waits; one call into each event loop."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[Any, Any]]] = {}
    for number, submission in enumerate(batch):
        outcome = outcomes if isinstance(outcomes, BaseException) else outcomes[number]
        waiter = submission.waiter
        if isinstance(waiter, asyncio.Future):
            loops.setdefault(waiter.get_loop(), []).append((waiter, outcome))
        else:
            _set(waiter, outcome)
    for loop, waiters in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(_set_all, waiters)


def _set_all(waiters: Sequence[tuple[Any, Any]]) -> None:
    for waiter, outcome in waiters:
        if not waiter.done():
            _set(waiter, outcome)


def _set(waiter: Any, outcome: Any) -> None:
    if isinstance(outcome, BaseException):
        waiter.set_exception(outcome)
    else:
        waiter.set_result(outcome)
