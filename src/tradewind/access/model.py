"""Roles, rights, and the principal in whose name a request is made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tradewind.core.errors import ForbiddenError
from tradewind.core.ids import TenantId


class Right(StrEnum):
    """What a key or a member may be allowed to do, always within their tenant."""

    MODELS_READ = "models:read"
    MODELS_PREDICT = "models:predict"
    MODELS_MANAGE = "models:manage"
    MARKETS_READ = "markets:read"
    JOURNAL_READ = "journal:read"
    JOURNAL_VERIFY = "journal:verify"
    EVENTS_WRITE = "events:write"
    PRIVACY_DETECT = "privacy:detect"
    PRIVACY_REVEAL = "privacy:reveal"
    CONSENT_WRITE = "consent:write"
    SUBJECTS_READ = "subjects:read"
    SUBJECTS_ERASE = "subjects:erase"
    TENANT_MANAGE = "tenant:manage"


class Role(StrEnum):
    """What a member is in their tenant."""

    OWNER = "owner"
    ENGINEER = "engineer"
    AGENT = "agent"
    ANALYST = "analyst"
    AUDITOR = "auditor"
    PARTNER = "partner"


_READ = frozenset({Right.MODELS_READ, Right.MARKETS_READ})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.ENGINEER: _READ
    | {
        Right.MODELS_PREDICT,
        Right.MODELS_MANAGE,
        Right.EVENTS_WRITE,
        Right.PRIVACY_DETECT,
        Right.JOURNAL_VERIFY,
    },
    Role.AGENT: _READ
    | {
        Right.MODELS_PREDICT,
        Right.EVENTS_WRITE,
        Right.PRIVACY_DETECT,
        Right.CONSENT_WRITE,
        Right.SUBJECTS_READ,
    },
    Role.ANALYST: _READ | {Right.MODELS_PREDICT, Right.JOURNAL_READ},
    Role.AUDITOR: _READ | {Right.JOURNAL_READ, Right.JOURNAL_VERIFY, Right.SUBJECTS_READ},
    Role.PARTNER: _READ,
}


@dataclass(frozen=True, slots=True)
class Principal:
    """In whose name something is done.

    Args:
        tenant: the only tenant whose rows this principal reaches.
        name: id of the key or of the member.
        rights: what they may do there.
    """

    tenant: TenantId
    name: str
    rights: frozenset[Right]

    def require(self, right: Right) -> None:
        """Refuse what this principal may not do.

        Raises:
            ForbiddenError: the right is missing.
        """
        if right not in self.rights:
            raise ForbiddenError(f"this needs the right {right}", hint="ask an owner of the tenant for it")
