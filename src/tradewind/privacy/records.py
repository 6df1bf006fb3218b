"""What this room knows of persons: consents, requests with their clocks, and that somebody was erased."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from tradewind.core.ids import MarketId, RegionId, SubjectId

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
class Erased:
    """The tombstone of a subject. `scrubbed` once the destroyed keys are out of the database's files too."""

    subject: SubjectId
    request: str
    at: datetime
    scrubbed: bool


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
