"""What passes between flows and the systems of the business: calls and their results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tradewind.core.ids import MarketId, SubjectId, TenantId

UNAVAILABLE = "unavailable"
"""The failure of an action that did not answer, however often it was asked."""


@dataclass(frozen=True, slots=True)
class Call:
    """An action to be done.

    Args:
        arguments: plain JSON.
        key: idempotency key: the same for the same step of a conversation, however often it is tried.
        language: in which names and days among the results are written for the customer.
        at: when, in the market's time or UTC.
    """

    action: str
    arguments: Mapping[str, Any]
    key: str
    tenant: TenantId
    market: MarketId
    at: datetime
    subject: SubjectId | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a call.

    Args:
        values: plain JSON; of a failure, what the system says with it.
        failure: a word of the action such as `no_funds`, or `unavailable`; None where it was done.
        attempts: how often it was tried.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    failure: str | None = None
    attempts: int = 1


class Actions(Protocol):
    """Does what flows call for. Synchronous, safe to call from several threads, and never raises for a failure."""

    def call(self, call: Call) -> Result:
        """Do it once: a second call with the same key gives the first one's result."""
        ...
