"""Databases of two regions, and a clock that stands still until told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from tradewind.core.ids import RegionId
from tradewind.journal.databases import Database, Databases
from tradewind.privacy import store

EU, CN = RegionId("eu"), RegionId("cn")
REGIONS = (EU, CN)


class StillClock:
    """Wall time that moves when told; durations move with it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.passed_s = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.passed_s

    def go_on(self, by: timedelta) -> None:
        self.moment += by
        self.passed_s += abs(by.total_seconds())


def open_databases(folder: Path, make: Callable[[], str] | None = None) -> Databases:
    """A control database and one for each region: files in `folder`, or what `make` makes."""

    def url(name: str) -> str:
        return make() if make is not None else f"sqlite:///{folder}/{name}.db"

    databases = Databases(Database(url("control")), {region: Database(url(region)) for region in REGIONS})
    for database in databases.regions.values():
        store.open_region(database)
    store.open_control(databases.control)
    return databases
