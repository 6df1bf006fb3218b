"""What this room knows of persons: consents, requests with their clocks, and that somebody was erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Scoped

RequestKind = Literal["export", "erasure"]


@dataclass(frozen=True, slots=True)
class Target:
    """A person in one region.

    Args:
        market: one of the region's where they were met; entries about them are recorded there.
    """

    region: RegionId
    market: MarketId
    subject: SubjectId


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person last said about a purpose.

    Args:
        version: of the text that they were shown.
        language: BCP 47, of that text.
        at: when they said so, UTC.
    """

    purpose: str
    market: MarketId
    granted: bool
    version: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """A line of the erasure ledger, which lives outside the region so that a restored region can be told."""

    tenant: TenantId
    target: Target
    request: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """The tombstone of a subject.

    Args:
        keys: how many were destroyed. rows: how many derived rows were deleted, by who kept them.
        scrubbed: once the destroyed keys are out of the database's files too.
    """

    subject: SubjectId
    request: str
    at: datetime
    keys: int
    rows: Mapping[str, int]
    scrubbed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for, and by when the law of their market wants it done.

    Args:
        key: the idempotency key that it came with.
        language: BCP 47, of the answer.
        regulation: id of the law; `article`: where the deadline stands in it.
        due: None where the law sets no deadline.
        targets: where the person was found when they asked.
        receipt: the signed proof, once an erasure is done.
    """

    id: str
    kind: RequestKind
    market: MarketId
    language: str
    regulation: str
    article: str | None
    received: datetime
    due: datetime | None
    targets: tuple[Target, ...]
    key: str | None = None
    done: datetime | None = None
    receipt: Mapping[str, Any] | None = None


class Eraser(Protocol):
    """A room that keeps rows about persons in the regions' databases, readings of the journal among them."""

    name: str

    def erase(self, tables: Scoped, region: RegionId, subject: SubjectId) -> int:
        """Delete a subject's rows within the transaction that destroys their keys; how many.

        Restoring a backup does the same in the copy, before anybody reads it.
        """
        ...


class Exporter(Protocol):
    """A room that can tell what it knows about a person beyond the journal's entries."""

    name: str

    def export(self, tables: Scoped, region: RegionId, subject: SubjectId) -> list[dict[str, Any]]:
        """A subject's rows as plain JSON values, in words that a person understands."""
        ...
