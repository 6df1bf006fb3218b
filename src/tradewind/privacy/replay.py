"""What a restored database must be told before anybody reads it: who was erased since, and what is over its limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal.databases import Databases
from tradewind.journal.journal import Journal
from tradewind.markets.load import Markets
from tradewind.privacy import store
from tradewind.privacy.erasure import destroy, entry_of
from tradewind.privacy.keys import RegionKeys
from tradewind.privacy.privacy import open_sealer
from tradewind.privacy.records import Eraser, Erasure
from tradewind.privacy.retention import keep_to


def replay(
    restored: Databases,
    erasures: Sequence[Erasure],
    keys: RegionKeys,
    markets: Markets,
    home_of: Callable[[TenantId], RegionId],
    *,
    var: Path,
    erasers: Sequence[Eraser] = (),
    clock: Clock = SYSTEM_CLOCK,
) -> int:
    """Erase everybody of the ledger again, and keep to the retention limits; how many erasures the copy lacked.

    Args:
        erasures: of the ledger outside the backup.
        var: the workspace's folder: for the lane locks and the signing key.
    """
    sealer = open_sealer(restored, keys, clock)
    journal = Journal(
        restored,
        region_of=markets.region_of,
        home_of=home_of,
        sealer=sealer,
        clock=clock,
        locks=var / "locks" / "restoring",
        keys=var / "keys",
    )
    try:
        missing = [one for one in erasures if _lacks(restored, one)]
        for one in missing:
            _erase_again(restored, journal, one, erasers)
        for region in restored.regions:
            keep_to(restored, keys, journal, markets, region, clock.now())
        return len(missing)
    finally:
        journal.close()


def _lacks(restored: Databases, one: Erasure) -> bool:
    database = restored.regions.get(one.target.region)
    if database is None:
        return False
    with database.read_as(one.tenant) as tables:
        found = store.erased(tables, one.target.subject)
    return found is None or not found.scrubbed


def _erase_again(restored: Databases, journal: Journal, one: Erasure, erasers: Sequence[Eraser]) -> None:
    database = restored.region(one.target.region)
    with database.read_as(one.tenant) as tables:
        models = store.models_of(tables, one.target.subject)
    with restored.control.write_as(one.tenant) as tables:
        store.add_erasures(restored.control, tables, [one])
        store.add_retraining(restored.control, tables, one.request, models, one.at)
    erased = destroy(database, one, erasers)
    told = {
        "keys": erased.keys,
        "rows": dict(erased.rows),
        "models": [f"{model} {version}" for model, version in models],
    }
    journal.append_now(one.tenant, [entry_of(one.target, one.request, told)])
