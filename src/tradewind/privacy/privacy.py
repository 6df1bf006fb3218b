"""All of persons over the databases of an installation: what the doors and the products receive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.journal.databases import Databases
from tradewind.journal.durable import Durable
from tradewind.journal.journal import Journal
from tradewind.markets.load import Markets
from tradewind.privacy import store
from tradewind.privacy.consent import Consents
from tradewind.privacy.erasure import Erasures
from tradewind.privacy.export import Exports
from tradewind.privacy.keys import RegionKeys
from tradewind.privacy.ledger import Ledger
from tradewind.privacy.lineage import Lineage
from tradewind.privacy.records import Eraser, Exporter
from tradewind.privacy.requests import Requests
from tradewind.privacy.retention import Retention
from tradewind.privacy.rotation import Rotation
from tradewind.privacy.sealing import SubjectSealer
from tradewind.privacy.subjects import Subjects

LEDGER_FILE = "erasures.jsonl"


def open_sealer(databases: Databases, keys: RegionKeys, clock: Clock = SYSTEM_CLOCK) -> SubjectSealer:
    """The journal's sealer; brings this room's tables to their newest version first.

    Raises:
        StorageError, UnavailableError: a database refused.
    """
    store.open_control(databases.control)
    for database in databases.regions.values():
        store.open_region(database)
    return SubjectSealer(databases, keys, clock=clock)


class Privacy:
    """Subjects, consent, requests, exports and erasures.

    Args:
        keys: of the regions; `sealer`: what `open_sealer` made of them, and the journal seals with.
        durable: not started yet: works are registered here.
        var: folder of the erasure ledger's file.
        erasers, exporters: the rooms that keep rows about persons.
    """

    def __init__(
        self,
        databases: Databases,
        keys: RegionKeys,
        sealer: SubjectSealer,
        journal: Journal,
        markets: Markets,
        durable: Durable,
        *,
        var: Path,
        erasers: Sequence[Eraser] = (),
        exporters: Sequence[Exporter] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.keys = keys
        self.sealer = sealer
        self.durable = durable
        self.subjects = Subjects(databases, keys, clock)
        self.consents = Consents(databases, journal, self.subjects, markets.region_of, clock)
        self.requests = Requests(databases, journal, self.subjects, markets, clock)
        self.ledger = Ledger(databases.control, var / LEDGER_FILE, journal.signer())
        self.exports = Exports(
            databases, journal, self.requests, self.consents, exporters=exporters, clock=clock
        )
        self.erasures = Erasures(
            databases, journal, self.requests, self.ledger, durable, sealer, erasers=erasers, clock=clock
        )
        self.retention = Retention(databases, keys, journal, markets, durable, clock)
        self.rotation = Rotation(databases, keys, journal, durable, clock)
        self.lineage = Lineage(databases)
