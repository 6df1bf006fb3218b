"""Retention: what a market's limits no longer allow becomes unreadable, month by month.

A month is destroyed once its first day is as old as the limit, so nothing is kept longer than that; where a law
wants the same kind kept for so long (`least`), not before its last day is as old as that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tradewind.core.ids import RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases
from tradewind.markets.calendar import due
from tradewind.markets.model import Market
from tradewind.markets.period import Period
from tradewind.privacy import store
from tradewind.privacy.keys import RegionKeys
from tradewind.privacy.kinds import CATEGORIES
from tradewind.privacy.sealing import key_binding, later, month_of
from tradewind.privacy.store import SubjectKey

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
        limits = market.retention.get(category)  # type: ignore[call-overload]
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


def move_keys_on(
    databases: Databases,
    keys: RegionKeys,
    tenant: TenantId,
    region: RegionId,
    wanted: Mapping[SubjectId, Months],
) -> int:
    """Replace keys by those of later months, so that no earlier one can be read; how many were replaced."""
    database, service = databases.region(region), keys.of(region)
    gone: list[bytes] = []
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
        for before, after in moved:
            if store.replace_subject_key(tables, before, after):
                gone.append(before.wrapped.content)
        if gone:
            store.next_epoch(database, tables)
    return len(gone)
