"""Rotation: a region's next key wraps what the last one did, so that the last one can be forgotten.

What lies in old backups and logs of the database under the old key is unreadable from then on.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import RegionId, TenantId, new_id
from tradewind.journal.databases import Databases
from tradewind.journal.durable import Durable, step
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.privacy import store
from tradewind.privacy.keys import RegionKeys, Wrapped
from tradewind.privacy.kinds import KeyRotated
from tradewind.privacy.sealing import key_binding
from tradewind.privacy.store import SubjectKey
from tradewind.privacy.subjects import secret_binding

WORK = "privacy.rotate"
PAGE = 500
SETTLE_S = 2.0
"""A key that another process wrapped just before the rotation is in the table by then."""


class Rotation:
    """Going over to a region's next key, on durable work."""

    def __init__(
        self,
        databases: Databases,
        keys: RegionKeys,
        journal: Journal,
        durable: Durable,
        clock: Clock = SYSTEM_CLOCK,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._databases = databases
        self._keys = keys
        self._journal = journal
        self._durable = durable
        self._clock = clock
        self._wait = wait
        durable.register(WORK, self._work)

    def rotate(self, region: RegionId, timeout_s: float) -> tuple[str, int]:
        """Make the next key and wrap everything of the region under it; its id, and how many keys it wraps.

        Raises:
            NotFoundError: the region has no key or no database. DeadlineError: it is not done yet; it goes on.
        """
        self._databases.region(region)
        self._keys.of(region)
        identity = self._durable.begin(WORK, f"{WORK}-{new_id(self._clock)}", region)
        key, count = self._durable.wait(identity, timeout_s)
        return key, count

    def _work(self, region_name: str) -> list[object]:
        region = RegionId(region_name)
        service = self._keys.of(region)
        key = step("make the next key", service.rotate)
        tenants = step("tenants", store.tenants_with_keys, self._databases.region(region))
        counts = {tenant: self._rewrap_all(region, TenantId(tenant), key) for tenant in tenants}
        step("settle", self._wait, SETTLE_S)
        for tenant in step("tenants again", store.tenants_with_keys, self._databases.region(region)):
            counts[tenant] = counts.get(tenant, 0) + self._rewrap_all(region, TenantId(tenant), key)
        for tenant, count in counts.items():
            step(f"record {tenant}", self._record, TenantId(tenant), region, key, count)
        step("forget the old keys", service.retire_others)
        return [key, sum(counts.values())]

    def _rewrap_all(self, region: RegionId, tenant: TenantId, key: str) -> int:
        total, after = 0, ["", ""]
        while True:
            count, after = step(f"rewrap {tenant}", self._rewrap_page, region, tenant, key, after)
            total += count
            if count == 0:
                return total

    def _rewrap_page(
        self, region: RegionId, tenant: TenantId, key: str, after: list[str]
    ) -> tuple[int, list[str]]:
        database, service = self._databases.region(region), self._keys.of(region)
        with database.read_as(tenant) as tables:
            page = store.subject_keys_after(tables, key, (after[0], after[1]), PAGE)
            secrets = {name: store.secret(tables, name) for name in store.secret_names(tables)}
        old = {name: found for name, found in secrets.items() if found is not None and found.key_id != key}

        def again(wrapped: Wrapped, bound_to: bytes) -> Wrapped:
            return service.wrap(service.unwrap(wrapped, bound_to), bound_to)

        fresh = [
            (one, again(one.wrapped, key_binding(tenant, region, one.subject, one.category))) for one in page
        ]
        renewed = {name: again(found, secret_binding(tenant, region, name)) for name, found in old.items()}
        with database.write_as(tenant) as tables:
            for one, wrapped in fresh:
                store.replace_subject_key(
                    tables, one, SubjectKey(one.subject, one.category, one.period, wrapped)
                )
            for name, wrapped in renewed.items():
                store.replace_secret(tables, name, wrapped)
        last = [page[-1].subject, page[-1].category] if page else after
        return len(page) + len(renewed), last

    def _record(self, tenant: TenantId, region: RegionId, key: str, count: int) -> None:
        body = KeyRotated(region=region, key=key, keys=count)
        self._journal.append_now(tenant, [Draft(body, key=f"privacy-rotated-{region}-{key}")])
