"""Tenants, members, keys, sessions; roles, rights, and the principal in whose name a request is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tradewind.core.errors import ForbiddenError
from tradewind.core.ids import RegionId, TenantId

LOCAL = TenantId("local")
"""The tenant of an installation that has none yet: whoever sits at the machine."""


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
    SUBJECTS_EXPORT = "subjects:export"
    SUBJECTS_ERASE = "subjects:erase"
    CONVERSATIONS_START = "conversations:start"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    CONVERSATIONS_HANDLE = "conversations:handle"
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
        Right.CONVERSATIONS_START,
        Right.CONVERSATIONS_WRITE,
        Right.JOURNAL_VERIFY,
    },
    Role.AGENT: _READ
    | {
        Right.MODELS_PREDICT,
        Right.EVENTS_WRITE,
        Right.PRIVACY_DETECT,
        Right.CONVERSATIONS_READ,
        Right.CONVERSATIONS_HANDLE,
        Right.CONSENT_WRITE,
        Right.SUBJECTS_READ,
        Right.SUBJECTS_EXPORT,
    },
    Role.ANALYST: _READ | {Right.MODELS_PREDICT, Right.JOURNAL_READ},
    Role.AUDITOR: _READ
    | {Right.JOURNAL_READ, Right.JOURNAL_VERIFY, Right.SUBJECTS_READ, Right.CONVERSATIONS_READ},
    Role.PARTNER: _READ,
}


@dataclass(frozen=True, slots=True)
class Principal:
    """In whose name something is done.

    Args:
        tenant: the only tenant whose rows this principal reaches.
        name: id of the key or of the member.
        rights: what they may do there.
        regions: the only regions whose records they may read; all of the tenant's when None.
        conversation: the only conversation that they reach, and nothing else: its customer.
    """

    tenant: TenantId
    name: str
    rights: frozenset[Right]
    regions: frozenset[RegionId] | None = None
    conversation: str | None = None

    def require(self, right: Right) -> None:
        """Refuse what this principal may not do.

        Raises:
            ForbiddenError: the right is missing.
        """
        if right not in self.rights:
            raise ForbiddenError(f"this needs the right {right}", hint="ask an owner of the tenant for it")

    def require_all(self, rights: frozenset[Right]) -> None:
        """Refuse to hand on what this principal has not.

        Raises:
            ForbiddenError: one of the rights is missing.
        """
        for right in sorted(rights):
            self.require(right)

    def require_region(self, region: RegionId) -> None:
        """Refuse what concerns a region that this principal is not of.

        Raises:
            ForbiddenError: it is another one.
        """
        if self.regions is not None and region not in self.regions:
            raise ForbiddenError(
                f"this key is not of region {region!r:.80}",
                hint=f"it is of {', '.join(sorted(self.regions))}",
            )


@dataclass(frozen=True, slots=True)
class Tenant:
    """An organisation. What belongs to no market of it is recorded in its `home` region."""

    tenant: TenantId
    home: RegionId
    created: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a tenant.

    Args:
        email: in lower case; unique within the tenant.
        password: argon2id hash; None where they sign in by the tenant's provider only.
        subject: what the tenant's provider calls them, once they signed in by it.
    """

    id: str
    tenant: TenantId
    email: str
    role: Role
    created: datetime
    password: str | None = None
    subject: str | None = None

    @property
    def principal(self) -> Principal:
        """What the member may do, by their role."""
        return Principal(self.tenant, self.id, RIGHTS[self.role])


@dataclass(frozen=True, slots=True)
class Key:
    """An API key as it is kept: of the key itself only a SHA-256.

    Args:
        label: what its makers call it.
        prefix: the first letters of the key, for people to tell keys apart.
        rights: a subset of its maker's.
        regions: as in `Principal`.
        rate_per_s: requests a second that it may make; the installation's when None.
    """

    id: str
    tenant: TenantId
    label: str
    prefix: str
    rights: frozenset[Right]
    regions: frozenset[RegionId] | None
    rate_per_s: float | None
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None

    @property
    def principal(self) -> Principal:
        """What the key may do."""
        return Principal(self.tenant, self.id, self.rights, self.regions)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that a member signed in with. It ends at `expires`, or when it was not used for a while."""

    member: Member
    created: datetime
    used: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Provider:
    """An OpenID provider that a tenant's members sign in by.

    Args:
        issuer: its address, as it stands in its tokens.
        client: id that the provider gave this installation.
        secret: where the client's secret is: `env:NAME` or `file:PATH`; None for a public client.
    """

    tenant: TenantId
    issuer: str
    client: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in by a provider that was begun in a browser and not ended yet."""

    tenant: TenantId
    nonce: str
    verifier: str
    goal: str
    expires: datetime
