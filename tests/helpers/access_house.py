"""Access over real databases and a real journal, with a clock that the test turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tradewind.access.access import Access
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal.databases import Database, Databases
from tradewind.journal.journal import Journal

EU = RegionId("eu")
PASSWORD = "correct horse battery staple"


@dataclass
class TurnedClock:
    """Time goes on when the test says so."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 25, 3, 0, tzinfo=UTC))
    passed: float = 0.0

    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    def wait(self, seconds: float) -> None:
        self.passed += seconds


@dataclass
class House:
    """One installation: a control database, one region, a journal, and access over them."""

    access: Access
    journal: Journal
    clock: TurnedClock

    def recorded(self, tenant: str = "acme") -> list[tuple[str, dict[str, object]]]:
        """(kind, body) of what the journal holds of a tenant."""
        return [(entry.kind, dict(entry.body)) for entry in self.journal.read(TenantId(tenant), EU)]


def build_house(control: str, region: str, locks: Path) -> House:
    databases = Databases(Database(control), {EU: Database(region)})
    clock = TurnedClock()
    held: list[Access] = []
    journal = Journal(
        databases,
        region_of=lambda _: EU,
        home_of=lambda tenant: held[0].home_of(tenant),
        clock=clock,
        locks=locks,
    )
    held.append(Access(databases.control, journal.append_now, local_home=EU, clock=clock))
    return House(held[0], journal, clock)
