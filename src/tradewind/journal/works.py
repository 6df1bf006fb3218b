"""What the journal does by itself, as durable work: checkpoints at intervals."""

from __future__ import annotations

from collections.abc import Callable

from tradewind.core.ids import RegionId
from tradewind.journal.durable import Durable, step
from tradewind.journal.journal import Journal

WORK = "journal-checkpoints"
SCHEDULE = "journal-checkpoints-at-intervals"
INTERVAL = "*/10 * * * *"
"""Every ten minutes: what is newer is protected by its chain and head only."""


def register(durable: Durable, journal: Callable[[], Journal]) -> None:
    """Make the works known; before `durable.start`."""

    def take_checkpoints(_scheduled: object, _context: object) -> dict[str, int]:
        return {
            region: step(f"sign the streams of {region}", sign_region, journal(), region)
            for region in sorted(journal().databases.regions)
        }

    durable.register(WORK, take_checkpoints)
    durable.every(SCHEDULE, INTERVAL, WORK)


def sign_region(journal: Journal, region: RegionId) -> int:
    """Take the checkpoints of a region; how many tenants have one. Where nothing is new, nothing is signed."""
    return len(journal.checkpoint(region=region))
