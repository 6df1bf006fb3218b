"""`tradewind tenant`, `member` and `key`: who may do what, by whoever sits at the machine."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradewind.access.model import RIGHTS, Key, Member, Right, Role, Tenant
from tradewind.cli.output import print_json, print_table, say, write_line
from tradewind.core.errors import InputError
from tradewind.core.ids import RegionId
from tradewind.core.secret import given_password
from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from tradewind.access.access import Access

OPERATOR = "operator"
FIRST_KEY = "first key"

tenant_app = typer.Typer(help="The organisations that use this installation.", no_args_is_help=True)
member_app = typer.Typer(help="The persons of an organisation, and their roles.", no_args_is_help=True)
key_app = typer.Typer(help="The API keys of an organisation.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Name = Annotated[str, typer.Argument(help="The tenant's name.")]
Of = Annotated[str, typer.Option("--tenant", help="Whose.")]
Email = Annotated[str, typer.Argument(help="E-mail address, or the member's id.")]
RoleOption = Annotated[Role, typer.Option("--role", help="What they are in their tenant.")]
NoPassword = Annotated[
    bool, typer.Option("--no-password", help="They sign in by the tenant's OpenID provider only.")
]


@tenant_app.command("create")
def create_tenant(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and hyphens.")],
    owner: Annotated[str, typer.Option(help="E-mail address of the first owner.")],
    region: Annotated[
        str | None, typer.Option(help="Home region: of what belongs to no market; the setting if absent.")
    ] = None,
    no_password: NoPassword = False,
    as_json: AsJson = False,
) -> None:
    """Make a tenant with its first owner and a first API key, which is shown once.

    From the first tenant on nothing is answered without a key or a sign-in.
    """
    from tradewind.workspace import open_ground

    with open_ground(context.obj) as ground:
        home = RegionId(region or context.obj.home_region)
        ground.databases.region(home)
        password = None if no_password else _password()
        access = ground.access
        tenant, member = access.tenants.create(name, home=home, owner=owner, password=password, by=OPERATOR)
        key, text = access.keys.make(tenant.tenant, FIRST_KEY, frozenset(Right), by=OPERATOR)
    if as_json:
        print_json({**_tenant(tenant), "owner": _member(member), "key": {**_key(key), "key": text}})
        return
    say(f"{tenant.tenant} is at home in {tenant.home}; its owner is {member.email}")
    say("Its first API key, with all rights. It is shown this once:")
    write_line(text)


@tenant_app.command("list")
def list_tenants(context: typer.Context, as_json: AsJson = False) -> None:
    """List the tenants."""
    with _access(context) as access:
        found = access.tenants.all()
    if as_json:
        print_json({"tenants": [_tenant(tenant) for tenant in found]})
    elif found:
        print_table(("tenant", "home", "created"), [(t.tenant, t.home, _day(t.created)) for t in found])
    else:
        say("no tenant yet: tradewind tenant create NAME --owner EMAIL")


@tenant_app.command("show")
def show_tenant(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show a tenant with its members, keys, provider and models of its own."""
    with _access(context) as access:
        tenant = access.tenants.get(name)
        members, keys = access.members.all(tenant.tenant), access.keys.all(tenant.tenant)
        provider = access.openid.provider(tenant.tenant)
        models = sorted(model for model, granted in access.grants.all().items() if tenant.tenant in granted)
    document = {
        **_tenant(tenant),
        "members": [_member(member) for member in members],
        "keys": [_key(key) for key in keys],
        "provider": provider.issuer if provider else None,
        "models": models,
    }
    if as_json:
        print_json(document)
        return
    write_line(f"{tenant.tenant}, at home in {tenant.home} since {_day(tenant.created)}")
    _print_members(members)
    _print_keys(keys)
    if provider:
        write_line(f"signs in by {provider.issuer}")
    if models:
        write_line(f"models granted to it: {', '.join(models)}")


@tenant_app.command("provider")
def set_provider(
    context: typer.Context,
    name: Name,
    issuer: Annotated[str | None, typer.Option(help="Address of the OpenID provider.")] = None,
    client_id: Annotated[str | None, typer.Option(help="The id that it gave this installation.")] = None,
    client_secret: Annotated[
        str | None, typer.Option(help="Where the secret is: env:NAME or file:PATH; none for a public client.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Let nobody sign in by a provider any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let a tenant's members sign in to the console by an OpenID provider."""
    if none == (issuer is not None) or (issuer is not None and client_id is None):
        raise InputError(
            "give --issuer and --client-id, or --none", hint="--issuer https://login.example.com"
        )
    with _access(context) as access:
        tenant = access.tenants.get(name).tenant
        if issuer is None or client_id is None:
            access.openid.drop_provider(tenant, by=OPERATOR)
        else:
            access.openid.set_provider(tenant, issuer, client_id, client_secret, by=OPERATOR)
    if as_json:
        print_json({"tenant": tenant, "issuer": issuer, "client": client_id})
    else:
        write_line(f"{tenant} signs in by {issuer or 'password only'}")


@member_app.command("add")
def add_member(
    context: typer.Context,
    email: Annotated[str, typer.Argument(help="E-mail address.")],
    tenant: Of,
    role: RoleOption,
    no_password: NoPassword = False,
    as_json: AsJson = False,
) -> None:
    """Make somebody a member of a tenant."""
    with _access(context) as access:
        of = access.tenants.get(tenant).tenant
        password = None if no_password else _password()
        member = access.members.add(of, email, role, password=password, by=OPERATOR)
    _print_member(member, as_json)


@member_app.command("list")
def list_members(context: typer.Context, tenant: Of, as_json: AsJson = False) -> None:
    """List a tenant's members."""
    with _access(context) as access:
        members = access.members.all(access.tenants.get(tenant).tenant)
    if as_json:
        print_json({"members": [_member(member) for member in members]})
    else:
        _print_members(members)


@member_app.command("role")
def set_role(
    context: typer.Context, email: Email, tenant: Of, role: RoleOption, as_json: AsJson = False
) -> None:
    """Give a member another role; it holds within a second."""
    with _access(context) as access:
        of = access.tenants.get(tenant).tenant
        member = access.members.set_role(of, email, role, by=OPERATOR)
    _print_member(member, as_json)


@member_app.command("password")
def set_password(context: typer.Context, email: Email, tenant: Of, as_json: AsJson = False) -> None:
    """Give a member a new password; their sessions end."""
    with _access(context) as access:
        of = access.tenants.get(tenant).tenant
        member = access.members.find(of, email)
        access.members.set_password(of, member.id, _password(), by=OPERATOR)
    _print_member(member, as_json)


@member_app.command("remove")
def remove_member(context: typer.Context, email: Email, tenant: Of, as_json: AsJson = False) -> None:
    """Make somebody a member no more; their sessions end. Keys are the tenant's and stay."""
    with _access(context) as access:
        of = access.tenants.get(tenant).tenant
        member = access.members.remove(of, email, by=OPERATOR)
    _print_member(member, as_json)


@key_app.command("create")
def create_key(
    context: typer.Context,
    label: Annotated[str, typer.Argument(help="What the key is for.")],
    tenant: Of,
    right: Annotated[
        list[Right] | None, typer.Option(help="What it may do; repeat for several. Or give --role.")
    ] = None,
    role: Annotated[Role | None, typer.Option(help="All that this role may do.")] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Reads only this region's records; repeat for several.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="For how long: 90d, 12h, 30m; for ever if absent.")
    ] = None,
    rate: Annotated[float | None, typer.Option(help="Requests a second; the setting if absent.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make an API key; it is shown once."""
    rights = frozenset(right or ()) | (RIGHTS[role] if role else frozenset())
    if not rights:
        raise InputError("a key without any right", hint="--role analyst, or --right models:predict")
    with _access(context) as access:
        of = access.tenants.get(tenant).tenant
        made, text = access.keys.make(
            of,
            label,
            rights,
            by=OPERATOR,
            regions=frozenset(map(RegionId, region)) if region else None,
            rate_per_s=rate,
            lasts=None if expires is None else _duration(expires),
        )
    if as_json:
        print_json({**_key(made), "key": text})
    else:
        say(f"key {made.id} of {of}; it is shown this once:")
        write_line(text)


@key_app.command("list")
def list_keys(context: typer.Context, tenant: Of, as_json: AsJson = False) -> None:
    """List a tenant's keys, revoked ones too."""
    with _access(context) as access:
        keys = access.keys.all(access.tenants.get(tenant).tenant)
    if as_json:
        print_json({"keys": [_key(key) for key in keys]})
    else:
        _print_keys(keys)


@key_app.command("revoke")
def revoke_key(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="The key's id or its first letters, see the list.")],
    tenant: Of,
    as_json: AsJson = False,
) -> None:
    """End a key: a running server refuses it within a second."""
    with _access(context) as access:
        revoked = access.keys.revoke(access.tenants.get(tenant).tenant, key, by=OPERATOR)
    if as_json:
        print_json(_key(revoked))
    else:
        write_line(f"{revoked.prefix}… is revoked")


@contextmanager
def _access(context: typer.Context) -> Iterator[Access]:
    from tradewind.workspace import open_ground

    assert isinstance(context.obj, Settings)
    with open_ground(context.obj) as ground:
        yield ground.access


def _password() -> str:
    """From `TRADEWIND_PASSWORD`, the person at the terminal, or the first line of standard input."""
    given = given_password()
    if given is not None:
        return given
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline().rstrip("\n")
    if not line:
        raise InputError(
            "no password", hint="give it on standard input or in TRADEWIND_PASSWORD, or --no-password"
        )
    return line


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"([1-9][0-9]{0,4})([dhm])", text)
    if found is None:
        raise InputError(f"{text!r:.40} is no time", hint="a number and d, h or m: 90d, 12h, 30m")
    unit = {"d": "days", "h": "hours", "m": "minutes"}[found[2]]
    return timedelta(**{unit: int(found[1])})


def _tenant(tenant: Tenant) -> dict[str, Any]:
    return {"tenant": tenant.tenant, "home": tenant.home, "created": tenant.created.isoformat()}


def _member(member: Member) -> dict[str, Any]:
    return {
        "id": member.id,
        "email": member.email,
        "role": member.role,
        "created": member.created.isoformat(),
        "password": member.password is not None,
    }


def _key(key: Key) -> dict[str, Any]:
    times = {name: getattr(key, name) for name in ("created", "expires", "revoked", "last_used")}
    return {
        "id": key.id,
        "label": key.label,
        "prefix": key.prefix,
        "rights": sorted(key.rights),
        "regions": None if key.regions is None else sorted(key.regions),
        "rate_per_s": key.rate_per_s,
        **{name: None if at is None else at.isoformat() for name, at in times.items()},
    }


def _print_member(member: Member, as_json: bool) -> None:
    if as_json:
        print_json(_member(member))
    else:
        write_line(f"{member.email} {member.role} {member.id}")


def _print_members(members: list[Member]) -> None:
    print_table(
        ("member", "role", "since", "id"), [(m.email, m.role, _day(m.created), m.id) for m in members]
    )


def _print_keys(keys: list[Key]) -> None:
    rows = [
        (k.id, k.label, f"{k.prefix}…", _state(k), _day(k.last_used), ", ".join(sorted(k.rights)))
        for k in keys
    ]
    print_table(("key", "label", "begins", "state", "last used", "rights"), rows)


def _state(key: Key) -> str:
    if key.revoked is not None:
        return "revoked"
    return "no end" if key.expires is None else f"until {_day(key.expires)}"


def _day(moment: Any) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def register(app: typer.Typer) -> None:
    """Add the three groups to an application."""
    app.add_typer(tenant_app, name="tenant")
    app.add_typer(member_app, name="member")
    app.add_typer(key_app, name="key")
