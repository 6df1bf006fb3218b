"""What the journal holds of access: every change, and who made it. No secret and no address is in them."""

from __future__ import annotations

from typing import Literal

from tradewind.access.model import Right, Role
from tradewind.journal.model import Body

OPERATOR = "operator"
"""In place of a member or key: somebody at the machine's command line."""

How = Literal["password", "openid"]


class TenantCreated(Body, kind="access.tenant_created"):
    """A tenant came to be, with its home region."""

    home: str
    by: str


class MemberAdded(Body, kind="access.member_added"):
    """Somebody became a member."""

    member: str
    role: Role
    by: str


class MemberRoleChanged(Body, kind="access.member_role_changed"):
    """A member may do other things from now on."""

    member: str
    before: Role
    role: Role
    by: str


class MemberRemoved(Body, kind="access.member_removed"):
    """Somebody is no member any more; their sessions ended."""

    member: str
    by: str


class PasswordChanged(Body, kind="access.password_changed"):
    """A member's password was set anew; their sessions ended."""

    member: str
    by: str


class KeyMade(Body, kind="access.key_made"):
    """An API key was made. Times are ISO 8601."""

    key: str
    rights: list[Right]
    regions: list[str] | None
    expires: str | None
    by: str


class KeyRevoked(Body, kind="access.key_revoked"):
    """An API key stopped being of use."""

    key: str
    by: str


class ProviderSet(Body, kind="access.provider_set"):
    """The tenant's members may sign in by this OpenID provider; by none where `issuer` is None."""

    issuer: str | None
    by: str


class ModelGranted(Body, kind="access.model_granted"):
    """A model became the tenant's: from now on only those reach it that it is granted to."""

    model: str
    by: str


class ModelGrantEnded(Body, kind="access.model_grant_ended"):
    """A grant was taken back."""

    model: str
    by: str


class SignedIn(Body, kind="access.signed_in"):
    """A member signed in to the console."""

    member: str
    how: How


class SignInFailed(Body, kind="access.sign_in_failed"):
    """Somebody tried to sign in. `member` is None where nobody of that name is here; the name is not kept."""

    member: str | None
    how: How
    reason: str


class SignedOut(Body, kind="access.signed_out"):
    """A member ended a session."""

    member: str


KINDS: tuple[type[Body], ...] = (
    TenantCreated, MemberAdded, MemberRoleChanged, MemberRemoved, PasswordChanged, KeyMade, KeyRevoked,
    ProviderSet, ModelGranted, ModelGrantEnded, SignedIn, SignInFailed, SignedOut,
)  # fmt: skip
