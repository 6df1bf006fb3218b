"""/v1/tenant, /v1/members and /v1/keys: an organisation looks after itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from tradewind.access.access import Access
from tradewind.access.model import LOCAL, RIGHTS, Key, Member, Principal, Right, Role
from tradewind.api.access import Needs
from tradewind.api.schemas import Problem
from tradewind.core.errors import ConflictError
from tradewind.core.ids import RegionId

LONGEST_DAYS = 3650
PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "No such member or key of this tenant"},
    409: {"model": Problem, "description": "It is there already, or nobody would be an owner any more"},
    422: {"model": Problem, "description": "A field that cannot be what it says"},
}

Id = Annotated[str, Path(min_length=1, max_length=64)]


class TenantShown(BaseModel):
    """The organisation that asks, and what it may do with this key."""

    tenant: str
    home: str = Field(description="region of what belongs to no market")
    caller: str = Field(description="id of the key or member that asks")
    rights: list[Right]
    regions: list[str] | None = Field(description="regions whose records the key reaches; all when null")


class MemberShown(BaseModel):
    """A person of the organisation."""

    id: str
    email: str
    role: Role
    created: AwareDatetime
    password: bool = Field(description="whether they can sign in by password")


class MemberList(BaseModel):
    """All members, by address."""

    members: list[MemberShown]


class NewMember(BaseModel):
    """Who becomes a member. Without a password they sign in by the tenant's provider."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"email": "ann@example.com", "role": "analyst"}]},
    )

    email: str = Field(max_length=254)
    role: Role
    password: str | None = Field(None, min_length=12, max_length=256)


class NewRole(BaseModel):
    """What a member is from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "engineer"}]})

    role: Role


class KeyShown(BaseModel):
    """An API key, without the key itself."""

    id: str
    label: str
    prefix: str = Field(description="its first letters")
    rights: list[Right]
    regions: list[str] | None
    rate_per_s: float | None
    created: AwareDatetime
    expires: AwareDatetime | None
    revoked: AwareDatetime | None
    last_used: AwareDatetime | None = Field(description="to the minute")


class KeyMade(KeyShown):
    """A key that was just made: `key` is shown this once."""

    key: str


class KeyList(BaseModel):
    """All keys, oldest first; revoked ones too."""

    keys: list[KeyShown]


class NewKey(BaseModel):
    """A key to be made, with no more rights than its maker has."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"label": "web shop", "rights": ["models:predict"], "expires_days": 90}]
        },
    )

    label: str = Field(min_length=1, max_length=200)
    rights: list[Right] = Field(min_length=1, max_length=len(Right))
    regions: list[str] | None = Field(None, min_length=1, max_length=100, description="all when absent")
    rate_per_s: float | None = Field(
        None, gt=0, le=1e6, description="requests a second; the installation's when absent"
    )
    expires_days: float | None = Field(None, gt=0, le=LONGEST_DAYS, description="never when absent")


def tenant_routes(access: Callable[[], Access], needs: Needs) -> APIRouter:
    """The routes over the tenant that asks; it reaches no other."""
    router = APIRouter(prefix="/v1", tags=["tenant"])
    knows, manages = Depends(needs(None)), Depends(needs(Right.TENANT_MANAGE))

    @router.get("/tenant", summary="Who asks, and what they may do")
    def show(principal: Principal = knows) -> TenantShown:
        return TenantShown(
            tenant=principal.tenant,
            home=access().home_of(principal.tenant),
            caller=principal.name,
            rights=sorted(principal.rights),
            regions=None if principal.regions is None else sorted(principal.regions),
        )

    @router.get("/members", summary="List the members")
    def list_members(principal: Principal = manages) -> MemberList:
        return MemberList(members=[_member(member) for member in access().members.all(principal.tenant)])

    @router.post("/members", status_code=201, summary="Make somebody a member", responses=PROBLEMS)
    def add_member(wanted: NewMember, principal: Principal = manages) -> MemberShown:
        _refuse_local(principal)
        principal.require_all(RIGHTS[wanted.role])
        found = access().members.add(
            principal.tenant, wanted.email, wanted.role, password=wanted.password, by=principal.name
        )
        return _member(found)

    @router.put("/members/{member}/role", summary="Give a member another role", responses=PROBLEMS)
    def set_role(member: Id, wanted: NewRole, principal: Principal = manages) -> MemberShown:
        principal.require_all(RIGHTS[wanted.role])
        return _member(access().members.set_role(principal.tenant, member, wanted.role, by=principal.name))

    @router.delete("/members/{member}", summary="Make somebody a member no more", responses=PROBLEMS)
    def remove_member(member: Id, principal: Principal = manages) -> MemberShown:
        return _member(access().members.remove(principal.tenant, member, by=principal.name))

    @router.get("/keys", summary="List the API keys")
    def list_keys(principal: Principal = manages) -> KeyList:
        return KeyList(keys=[KeyShown(**_key(key)) for key in access().keys.all(principal.tenant)])

    @router.post("/keys", status_code=201, summary="Make an API key; it is shown once", responses=PROBLEMS)
    def make_key(wanted: NewKey, principal: Principal = manages) -> KeyMade:
        _refuse_local(principal)
        rights = frozenset(wanted.rights)
        principal.require_all(rights)
        made, text = access().keys.make(
            principal.tenant,
            wanted.label,
            rights,
            by=principal.name,
            regions=_regions(wanted.regions, principal),
            rate_per_s=wanted.rate_per_s,
            lasts=None if wanted.expires_days is None else timedelta(days=wanted.expires_days),
        )
        return KeyMade(**_key(made), key=text)

    @router.post("/keys/{key}:revoke", summary="End an API key at once", responses=PROBLEMS)
    def revoke_key(key: Id, principal: Principal = manages) -> KeyShown:
        return KeyShown(**_key(access().keys.revoke(principal.tenant, key, by=principal.name)))

    return router


def _regions(wanted: list[str] | None, principal: Principal) -> frozenset[RegionId] | None:
    """The regions of a new key: none that its maker does not reach."""
    if wanted is None:
        return principal.regions
    regions = frozenset(map(RegionId, wanted))
    for region in sorted(regions):
        principal.require_region(region)
    return regions


def _refuse_local(principal: Principal) -> None:
    if principal.tenant == LOCAL:
        raise ConflictError(
            "this installation has no tenant yet", hint="tradewind tenant create NAME --owner EMAIL"
        )


def _member(member: Member) -> MemberShown:
    return MemberShown(
        id=member.id,
        email=member.email,
        role=member.role,
        created=member.created,
        password=member.password is not None,
    )


def _key(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "label": key.label,
        "prefix": key.prefix,
        "rights": sorted(key.rights),
        "regions": None if key.regions is None else sorted(key.regions),
        "rate_per_s": key.rate_per_s,
        "created": key.created,
        "expires": key.expires,
        "revoked": key.revoked,
        "last_used": key.last_used,
    }
