"""An installation of two regions, as the workspace builds one; and a clock that stands still until told."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database, Databases
from tradewind.journal.durable import Durable
from tradewind.journal.journal import Journal
from tradewind.journal.model import Body, Draft, Personal
from tradewind.markets.load import Markets, load_markets
from tradewind.privacy import store
from tradewind.privacy.keys import open_region_keys
from tradewind.privacy.privacy import Privacy, open_sealer
from tradewind.privacy.records import Eraser, Exporter, Request
from tradewind.privacy.subjects import identifier_of

EU, CN = RegionId("eu"), RegionId("cn")
REGIONS = (EU, CN)
DE, CHINA = MarketId("de"), MarketId("cn")
ACME = TenantId("acme")


class Said(Body, kind="conversation.said_in_tests"):
    """What somebody wrote."""

    channel: str
    text: Annotated[str | None, Personal] = None


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


@dataclass(frozen=True)
class Ground:
    """What a test needs of an installation; durable work is not started."""

    var: Path
    databases: Databases
    markets: Markets
    journal: Journal
    privacy: Privacy


@contextlib.contextmanager
def ground(
    folder: Path,
    *,
    make: Callable[[], str] | None = None,
    databases: Databases | None = None,
    erasers: Sequence[Eraser] = (),
    exporters: Sequence[Exporter] = (),
    clock: Clock = SYSTEM_CLOCK,
) -> Iterator[Ground]:
    """An installation in a folder, for as long as the context lasts."""
    markets = load_markets()
    folder.mkdir(parents=True, exist_ok=True)
    databases = databases or open_databases(folder, make)
    keys = open_region_keys(dict.fromkeys(REGIONS), folder / "keys")
    sealer = open_sealer(databases, keys, clock)
    journal = Journal(
        databases,
        region_of=markets.region_of,
        home_of=lambda _: EU,
        sealer=sealer,
        clock=clock,
        locks=folder / "locks",
    )
    durable = Durable(databases.control, folder)
    privacy = Privacy(
        databases, keys, sealer, journal, markets, durable,
        var=folder, erasers=erasers, exporters=exporters, clock=clock,
    )  # fmt: skip
    try:
        yield Ground(folder, databases, markets, journal, privacy)
    finally:
        durable.stop()
        journal.close()
        databases.close()


def say(here: Ground, who: str, text: str, market: MarketId = DE) -> SubjectId:
    """Record what somebody wrote; their pseudonym."""
    region = here.markets.region_of(market)
    subject = here.privacy.subjects.pseudonym(ACME, region, identifier_of(who, None))
    here.privacy.subjects.met(ACME, region, subject, market)
    here.journal.append_now(ACME, [Draft(Said(channel="web", text=text), market, subject)])
    return subject


def heard(here: Ground, region: RegionId = EU) -> dict[SubjectId | None, str | None]:
    """What can be read of what everybody wrote, by pseudonym."""
    found: dict[SubjectId | None, str | None] = {}
    for entry in here.journal.read(ACME, region, kinds=[Said.kind]):
        body = here.journal.open_body(entry)
        assert isinstance(body, Said)
        found[entry.subject] = body.text
    return found


def erase(here: Ground, *who: str, market: MarketId = DE, key: str | None = None) -> Request:
    """Erase somebody, and wait until it is done."""
    request = here.privacy.erasures.begin(ACME, market, who, key=key)
    return here.privacy.erasures.wait(ACME, request, timeout_s=60)
