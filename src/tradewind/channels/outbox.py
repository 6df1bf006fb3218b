"""The outbox: what must reach somebody outside, made from the journal, and tried until it arrives or is given up.

A delivery is made in the transaction that moves the reading on, so each entry makes it once. It names what it tells
of and holds none of it. Deliveries of one route and conversation go out one after the other, whatever processes try.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from tradewind.channels import store
from tradewind.channels.kinds import Delivered, Undelivered
from tradewind.channels.model import EVENTS, Delivery, GivenUp, Later, Sender, Thread, Webhook
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import TradewindError
from tradewind.core.ids import RegionId, TenantId, new_id
from tradewind.journal.databases import Scoped
from tradewind.journal.encode import microseconds
from tradewind.journal.journal import Journal
from tradewind.journal.model import Body, Draft, Entry

BACKOFF_S = (5.0, 30.0, 120.0, 600.0, 3600.0, 4 * 3600.0, 12 * 3600.0)
"""Pauses between attempts: eight in seventeen hours."""
JITTER = 0.2
LONGEST_PAUSE_S = 24 * 3600.0
AT_ONCE = 16
A_ROUTE = 4
"""Groups of one route that are tried at once: a receiver that hangs must not stop the others."""
LEASE = timedelta(minutes=5)
POLL_S = 1.0
"""How soon a delivery is seen that another process made."""
KEPT = timedelta(days=7)
SPEAKERS = ("assistant", "agent", "system")
WEBHOOK = "webhook:"

log = logging.getLogger(__name__)
T = TypeVar("T")


class Outgoing:
    """The reading that makes deliveries; see `journal.follow.Reading`. Its tables are the room's own."""

    name = "channels"
    version = 1
    kinds = EVENTS
    tables = store.NO_TABLES

    def __init__(self, clock: Clock = SYSTEM_CLOCK, made: Callable[[], None] = lambda: None) -> None:
        self._clock = clock
        self._made = made

    def apply(self, scoped: Scoped, region: RegionId, entries: Sequence[Entry]) -> None:
        """Make the deliveries of entries."""
        webhooks = store.webhooks(scoped, region)
        spoken = {str(entry.body["conversation"]) for entry in entries if _goes_out(entry)}
        threads = store.threads(scoped, spoken) if spoken else {}
        made = [each for entry in entries for each in _deliveries(entry, webhooks, threads)]
        if made:
            store.add_deliveries(scoped, made, self._clock.now())
            self._made()


def _deliveries(entry: Entry, webhooks: Sequence[Webhook], threads: dict[str, Thread]) -> Iterable[Delivery]:
    if not entry.body.get("note"):
        for webhook in webhooks:
            if entry.kind in webhook.events and entry.recorded >= webhook.created:
                yield delivery_of(entry, f"{WEBHOOK}{webhook.id}")
    if _goes_out(entry):
        thread = threads.get(str(entry.body["conversation"]))
        if thread is not None and int(entry.body["number"]) > thread.after:
            yield delivery_of(entry, thread.channel)


def _goes_out(entry: Entry) -> bool:
    """Whether it is a message that the customer is to read."""
    body = entry.body
    return entry.kind == "conversation.message" and body["author"] in SPEAKERS and not body.get("note")


def delivery_of(entry: Entry, route: str) -> Delivery:
    """The delivery that tells of an entry."""
    return Delivery(
        id=delivery_id(route, entry.id),
        route=route,
        conversation=str(entry.body["conversation"]),
        kind=entry.kind,
        number=entry.body.get("number"),
        reply=None,
        lane=int(entry.stream.lane),
        sequence=entry.sequence,
        order_us=microseconds(entry.recorded),
    )


def delivery_id(route: str, what: str) -> str:
    """The id of a delivery: the same whenever it is made."""
    return hashlib.sha256(f"{route}\0{what}".encode()).hexdigest()[:32]


class Outbox:
    """Tries deliveries. Lives on one event loop; several processes may each have one.

    Args:
        senders: who brings them.
        backoff_s: pauses between attempts.
    """

    def __init__(
        self,
        journal: Journal,
        senders: Sequence[Sender],
        *,
        backoff_s: Sequence[float] = BACKOFF_S,
        clock: Clock = SYSTEM_CLOCK,
        poll_s: float = POLL_S,
    ) -> None:
        self._journal = journal
        self._databases = journal.databases
        self._senders = tuple(senders)
        self._backoff_s = tuple(backoff_s)
        self._clock = clock
        self._poll_s = poll_s
        self._due = asyncio.Event()
        self._stop = threading.Event()
        self._busy: dict[asyncio.Task[None], str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._swept: datetime | None = None
        for database in self._databases.regions.values():
            store.open_region(database)

    async def run(self) -> None:
        """Follow the journal and deliver until cancelled; what is begun then is tried again later."""
        self._loop = asyncio.get_running_loop()
        reading = Outgoing(self._clock, self.wake)
        follower = threading.Thread(
            target=self._journal.follow, args=(reading, self._stop), name="channels", daemon=True
        )
        follower.start()
        try:
            while True:
                self._due.clear()
                try:
                    await self.deliver()
                except TradewindError as error:
                    log.warning("deliveries wait: %s", error)
                except Exception:
                    log.exception("deliveries wait")
                await self._pause()
        finally:
            self._stop.set()
            for task in self._busy:
                task.cancel()
            await asyncio.gather(*self._busy, return_exceptions=True)
            await asyncio.to_thread(follower.join)

    def wake(self) -> None:
        """There is something to deliver; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._due.set)

    async def deliver(self) -> int:
        """Begin to try what is due, as much as may be tried at once; how many groups."""
        begun = 0
        for region, tenant, route, conversation in await asyncio.to_thread(self._found):
            if len(self._busy) >= AT_ONCE:
                break
            if sum(busy == route for busy in self._busy.values()) < A_ROUTE:
                task = asyncio.create_task(self._try(region, tenant, route, conversation))
                self._busy[task] = route
                task.add_done_callback(self._done)
                begun += 1
        return begun

    async def drained(self) -> None:
        """Until nothing is being tried."""
        while self._busy:
            await asyncio.gather(*self._busy, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a delivery failed in an unforeseen way", exc_info=error)
        self._due.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(self._poll_s):
                await self._due.wait()
        except TimeoutError:
            return

    def _found(self) -> list[tuple[RegionId, TenantId, str, str]]:
        """What is due in all regions; old deliveries are dropped on the way, once an hour."""
        now = self._clock.now()
        sweep = self._swept is None or now - self._swept > timedelta(hours=1)
        found = []
        for region, database in self._databases.regions.items():
            for tenant in store.waiting_tenants(database):
                with database.read_as(tenant) as scoped:
                    due = store.due(scoped, now, 4 * AT_ONCE)
                found += [(region, tenant, route, conversation) for route, conversation in due]
            if sweep:
                self._sweep(region, now)
        return found

    def _sweep(self, region: RegionId, now: datetime) -> None:
        self._swept = now
        for tenant in self._journal.tenants(region):
            with self._databases.region(region).write_as(tenant) as scoped:
                store.forget_sent(scoped, now - KEPT)

    async def _try(self, region: RegionId, tenant: TenantId, route: str, conversation: str) -> None:
        owner = new_id(self._clock)
        held = await asyncio.to_thread(self._claim, region, tenant, route, conversation, owner)
        try:
            await self._send(region, tenant, owner, held)
        finally:
            await asyncio.to_thread(self._change, region, tenant, store.release, owner)

    async def _send(self, region: RegionId, tenant: TenantId, owner: str, held: Sequence[Delivery]) -> None:
        rest = list(held)
        while rest:
            try:
                sender = self._sender(rest[0].route)
                async for each in sender.send(tenant, region, tuple(rest)):
                    await asyncio.to_thread(self._change, region, tenant, store.sent, owner, [each.id])
                    rest.remove(each)
                    await self._record(tenant, region, each)
                return
            except GivenUp as error:
                await self._failed(region, tenant, owner, rest.pop(0), str(error), None)
            except Exception as error:
                pause_s = self._pause_s(rest[0].attempts, getattr(error, "after_s", None))
                await self._failed(region, tenant, owner, rest[0], _told(error), pause_s)
                if pause_s is not None:
                    return
                rest.pop(0)

    def _sender(self, route: str) -> Sender:
        for sender in self._senders:
            if sender.serves(route):
                return sender
        raise Later(f"{route} is not set up here")

    def _pause_s(self, attempts: int, asked_s: float | None) -> float | None:
        """How long until the next attempt; None where there is none."""
        if attempts >= len(self._backoff_s):
            return None
        spread = 1 + JITTER * (random.random() - 0.5)
        return min(max(self._backoff_s[attempts] * spread, asked_s or 0), LONGEST_PAUSE_S)

    async def _failed(
        self,
        region: RegionId,
        tenant: TenantId,
        owner: str,
        delivery: Delivery,
        why: str,
        pause_s: float | None,
    ) -> None:
        now = self._clock.now()
        again = None if pause_s is None else now + timedelta(seconds=pause_s)
        log.warning(
            "%s: delivery %s failed (attempt %d%s): %s", delivery.route, delivery.id, delivery.attempts + 1,
            ", given up" if again is None else "", why,
        )  # fmt: skip
        await asyncio.to_thread(self._change, region, tenant, store.failed, owner, delivery, why, again, now)
        if again is None:
            body = Undelivered(
                route=delivery.route, delivery=delivery.id, conversation=delivery.conversation,
                number=delivery.number, attempts=delivery.attempts + 1, why=why[: store.MAX_ERROR],
            )  # fmt: skip
            key = f"undelivered-{delivery.id}-{microseconds(now)}"
            await self._append(tenant, region, delivery, body, key)

    async def _record(self, tenant: TenantId, region: RegionId, delivery: Delivery) -> None:
        if not delivery.route.startswith(WEBHOOK):
            body = Delivered(
                channel=delivery.route, conversation=delivery.conversation, number=delivery.number
            )
            await self._append(tenant, region, delivery, body, f"delivered-{delivery.id}")

    async def _append(
        self, tenant: TenantId, region: RegionId, delivery: Delivery, body: Body, key: str
    ) -> None:
        """About the customer where the delivery is of a thread; a webhook's belongs to the tenant."""
        found = await asyncio.to_thread(self._thread, region, tenant, delivery.conversation)
        market, subject = (found.market, found.subject) if found is not None else (None, None)
        await self._journal.append(tenant, [Draft(body, market, subject, key)])

    def _thread(self, region: RegionId, tenant: TenantId, conversation: str) -> Thread | None:
        with self._databases.region(region).read_as(tenant) as scoped:
            return store.threads(scoped, [conversation]).get(conversation)

    def _claim(
        self, region: RegionId, tenant: TenantId, route: str, conversation: str, owner: str
    ) -> list[Delivery]:
        now = self._clock.now()
        database = self._databases.region(region)
        return store.claim(database, tenant, route, conversation, owner, now, now + LEASE)

    def _change(self, region: RegionId, tenant: TenantId, change: Callable[..., T], *args: object) -> T:
        with self._databases.region(region).write_as(tenant) as scoped:
            return change(scoped, *args)


def _told(error: Exception) -> str:
    if isinstance(error, Later | TradewindError):
        return str(error)
    return f"{type(error).__name__}: {error}"
