"""What tests of the journal arrange with: kinds, a sealer, a clock, and an installation over any database."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import NotFoundError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database, Databases, Scoped
from tradewind.journal.journal import Journal
from tradewind.journal.model import Body, Draft, Entry, Personal, Sealer
from tradewind.journal.store import counts

ACME, OTHER = TenantId("acme"), TenantId("other")
EU, CN = RegionId("eu"), RegionId("cn")
DE, FR, CHINA = MarketId("de"), MarketId("fr"), MarketId("cn")
ANNA = SubjectId("subject-anna")
REGIONS = {DE: EU, FR: EU, CHINA: CN}


class Noted(Body, kind="test.noted"):
    """A plain entry."""

    text: str = ""
    number: int = 0


class Said(Body, kind="test.said", version=2):
    """An entry with something personal; version 1 called `words` what is `text` now."""

    channel: str = "chat"
    text: Annotated[str | None, Personal] = None

    @classmethod
    def upgrade(cls, fields: Any, version: int) -> Any:
        return {"channel": "chat", "text": fields["words"]}


class Unnamed(Body):
    """A body that is no kind."""


def notes(count: int, *, first: int = 0, market: MarketId | None = DE, text: str = "") -> list[Draft]:
    """Drafts with ascending numbers."""
    return [Draft(Noted(number=first + number, text=text), market=market) for number in range(count)]


def region_of(market: MarketId) -> RegionId:
    try:
        return REGIONS[market]
    except KeyError:
        raise NotFoundError(f"no market {market!r}") from None


@dataclass
class RoomSealer:
    """AES-256-GCM under a key of each subject, kept in memory."""

    keys: dict[SubjectId, bytes] = field(default_factory=dict)
    erased: set[SubjectId] = field(default_factory=set)

    def seal(self, tenant: TenantId, region: RegionId, subject: SubjectId, text: str, bound_to: bytes) -> str:
        key = self.keys.setdefault(subject, os.urandom(32))
        nonce = os.urandom(12)
        return (nonce + AESGCM(key).encrypt(nonce, text.encode(), bound_to)).hex()

    def open(
        self, tenant: TenantId, region: RegionId, subject: SubjectId, sealed: str, bound_to: bytes
    ) -> str | None:
        if subject in self.erased:
            return None
        content = bytes.fromhex(sealed)
        return AESGCM(self.keys[subject]).decrypt(content[:12], content[12:], bound_to).decode()


@dataclass
class SetClock:
    """A clock that stands where it is put."""

    moment: datetime = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return SYSTEM_CLOCK.monotonic()

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Sums:
    """A reading: the sum of the numbers noted, by lane, and how many there were."""

    name = "test-sums"
    version = 1
    kinds = ("test.noted",)
    tables = counts.METADATA

    def apply(self, scoped: Scoped, region: RegionId, entries: Sequence[Entry]) -> None:
        counts.add(scoped, {("sum", "all"): sum(entry.body["number"] for entry in entries)})
        counts.add(scoped, {("entries", "all"): len(entries)})


def sums(database: Database, tenant: TenantId = ACME) -> dict[str, int]:
    """What `Sums` has added up."""
    with database.read_as(tenant) as scoped:
        return {kind: count for kind, _, count in counts.all_counts(scoped)}


def open_journal(
    url: str,
    folder: Path,
    *,
    sealer: Sealer | None = None,
    clock: Clock = SYSTEM_CLOCK,
    locks: str = "locks",
) -> Journal:
    """A journal of two regions: `eu` in the database given, `cn` in an embedded one."""
    databases = Databases(
        Database(f"sqlite:///{folder / 'control.db'}"),
        {EU: Database(url), CN: Database(f"sqlite:///{folder / 'cn.db'}")},
    )
    return Journal(
        databases,
        region_of=region_of,
        home_of=lambda tenant: EU,
        sealer=sealer,
        clock=clock,
        locks=folder / locks,
        keys=folder / "keys",
    )


def numbers(journal: Journal, tenant: TenantId = ACME, **wanted: Any) -> list[int]:
    """The numbers noted in `eu`, in the order of recording."""
    return [entry.body["number"] for entry in journal.read(tenant, EU, **wanted)]
