"""Retention: what a market's limits no longer allow becomes unreadable, month by month.

A month is destroyed once its first day is as old as the limit, so nothing is kept longer than that; where a law
wants the same kind kept for so long (`least`), not before its last day is as old as that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId, new_id
from tradewind.journal.databases import Databases
from tradewind.journal.durable import Durable, step
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.markets.calendar import due
from tradewind.markets.load import Markets
from tradewind.markets.model import Market
from tradewind.markets.period import Period
from tradewind.privacy import store
from tradewind.privacy.keys import RegionKeys
from tradewind.privacy.kinds import CATEGORIES, RetentionKept
from tradewind.privacy.sealing import key_binding, later, month_of
from tradewind.privacy.store import SubjectKey
from tradewind.privacy.store.scrub import scrub

WORK = "privacy.retention"
SCHEDULE = "privacy.retention.daily"
DAILY = "17 3 * * *"
PAGE = 500
MAX_YEARS = 200

Months = Mapping[str, int]
"""By category, the oldest month that may be read (`month_of`)."""


def oldest_months(market: Market, now: datetime) -> dict[str, int]:
    """The oldest month of each category that a market lets be kept; a category without a limit is left out."""
    found = {}
    for category in CATEGORIES:
        limits = market.retention.get(category)
        if limits is not None and limits.most is not None:
            found[category] = _oldest(market, limits.most, limits.least, now)
    return found


def _oldest(market: Market, most: Period, least: Period | None, now: datetime) -> int:
    month = month_of(now)
    for oldest in range(month - MAX_YEARS * 12, month + 1):
        too_old = due(market, most, _first_day(oldest)) <= now
        may_go = least is None or due(market, least, _first_day(oldest + 1)) <= now
        if not (too_old and may_go):
            return oldest
    return month


def _first_day(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


class Retention:
    """Keeping to the limits, on durable work, once a day and when asked."""

    def __init__(
        self,
        databases: Databases,
        keys: RegionKeys,
        journal: Journal,
        markets: Markets,
        durable: Durable,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._databases = databases
        self._keys = keys
        self._journal = journal
        self._markets = markets
        self._durable = durable
        self._clock = clock
        durable.register(WORK, self._work)
        durable.every(SCHEDULE, DAILY, WORK)

    def run(self, timeout_s: float) -> dict[RegionId, int]:
        """Destroy what is over its limit now; how many keys moved on, by region.

        Raises:
            DeadlineError: it is not done yet; it goes on.
        """
        now = self._clock.now()
        identity = self._durable.begin(WORK, f"{WORK}-{new_id(self._clock)}", store.text_of(now), None)
        found: dict[str, int] = self._durable.wait(identity, timeout_s)
        return {RegionId(region): count for region, count in found.items()}

    def _work(self, scheduled: str | datetime, _context: object) -> dict[str, int]:
        now = scheduled if isinstance(scheduled, datetime) else store.moment_of(scheduled)
        return {
            region: step(
                f"keep to the limits in {region}",
                keep_to, self._databases, self._keys, self._journal, self._markets, region, now,
            )
            for region in sorted(self._databases.regions)
        }  # fmt: skip


def keep_to(
    databases: Databases,
    keys: RegionKeys,
    journal: Journal,
    markets: Markets,
    region: RegionId,
    now: datetime,
) -> int:
    """Destroy what is over its limit in a region; how many keys moved on."""
    database = databases.region(region)
    limits = {one.id: oldest_months(one, now) for one in markets if one.region == region}
    total = 0
    unscrubbed = []
    for tenant in store.tenants_with_keys(database):
        moved = _keep_tenant(databases, keys, tenant, region, limits)
        if moved:
            body = RetentionKept(region=region, at=store.text_of(now), keys=moved)
            journal.append_now(tenant, [Draft(body, next(iter(limits), None))])
        total += moved
        with database.read_as(tenant) as tables:
            if store.files_unscrubbed(tables):
                unscrubbed.append(tenant)
    if unscrubbed:
        scrub(database, None)
    for tenant in unscrubbed:
        with database.write_as(tenant) as tables:
            store.mark_files(tables, unscrubbed=False)
    return total


def _keep_tenant(
    databases: Databases,
    keys: RegionKeys,
    tenant: TenantId,
    region: RegionId,
    limits: Mapping[MarketId, Months],
) -> int:
    moved, after = 0, ("", "")
    while True:
        with databases.region(region).read_as(tenant) as tables:
            page = store.subject_keys_after(tables, None, after, PAGE)
            met = {key.subject: store.markets_of(tables, key.subject) for key in page}
        if not page:
            return moved
        after = page[-1].subject, page[-1].category
        wanted: dict[SubjectId, dict[str, int]] = {}
        for key in page:
            month = _strictest(limits, met[key.subject], key.category)
            if month is not None and month > key.period:
                wanted.setdefault(key.subject, {})[key.category] = month
        if wanted:
            moved += move_keys_on(databases, keys, tenant, region, wanted)


def _strictest(limits: Mapping[MarketId, Months], met: Sequence[MarketId], category: str) -> int | None:
    """The shortest limit of the markets where a person was met; of all of the region where that is not known."""
    months = [limits[one][category] for one in met if category in limits.get(one, {})]
    if not met:
        months = [one[category] for one in limits.values() if category in one]
    return max(months, default=None)


def move_keys_on(
    databases: Databases,
    keys: RegionKeys,
    tenant: TenantId,
    region: RegionId,
    wanted: Mapping[SubjectId, Months],
) -> int:
    """Replace keys by those of later months, so that no earlier one can be read; how many were replaced."""
    database, service = databases.region(region), keys.of(region)
    with database.read_as(tenant) as tables:
        found = [
            key
            for subject, months in wanted.items()
            for category, month in months.items()
            if (key := store.subject_key(tables, subject, category)) is not None and key.period < month
        ]
    moved = []
    for key in found:
        bound_to = key_binding(tenant, region, key.subject, key.category)
        month = wanted[key.subject][key.category]
        fresh = later(service.unwrap(key.wrapped, bound_to), month - key.period)
        moved.append((key, SubjectKey(key.subject, key.category, month, service.wrap(fresh, bound_to))))
    with database.write_as(tenant) as tables:
        replaced = sum(store.replace_subject_key(tables, before, after) for before, after in moved)
        if replaced:
            store.next_epoch(database, tables)
            store.mark_files(tables, unscrubbed=True)
    return replaced
