"""The tables of who may do what, all in the control database.

Most of it is a tenant's own and reached through `Scoped`. What must be asked before anybody is known (whose key is
this?), and what belongs to the installation, is in `Doorway`, and only there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from tradewind.access.model import (
    Flow,
    Key,
    Member,
    Provider,
    Right,
    Role,
    Session,
    Tenant,
)
from tradewind.core.clock import Clock
from tradewind.core.errors import ConflictError
from tradewind.core.ids import RegionId, TenantId, new_id
from tradewind.journal.databases import Database, Row, Scoped, migrate
from tradewind.journal.encode import microseconds as to_us
from tradewind.journal.encode import moment as from_us
from tradewind.journal.model import Body

metadata = MetaData()


def _id() -> Column[Any]:
    return Column("id", String(32), primary_key=True)


def _owner(*, key: bool = True) -> Column[Any]:
    return Column("tenant", String(63), primary_key=key, nullable=False)


def _time(name: str) -> Column[Any]:
    return Column(f"{name}_us", BigInteger)


TENANTS = Table("tenants", metadata, _owner(), Column("home", String(63)), _time("created"))
MEMBERS = Table(
    "members", metadata, _owner(), _id(), Column("email", String(254)), Column("role", String(16)),
    Column("password", String(255)), Column("subject", String(255)), _time("created"),
)  # fmt: skip
KEYS = Table(
    "keys", metadata, _owner(), _id(), Column("digest", LargeBinary(32)), Column("label", String(200)),
    Column("prefix", String(16)), Column("rights", Text), Column("regions", Text), Column("rate_per_s", Float),
    _time("created"), _time("expires"), _time("revoked"), _time("last_used"),
)  # fmt: skip
SESSIONS = Table(
    "sessions", metadata, Column("digest", LargeBinary(32), primary_key=True), _owner(key=False),
    Column("member", String(32)), _time("created"), _time("used"), _time("expires"),
)  # fmt: skip
PROVIDERS = Table(
    "providers", metadata, _owner(), Column("issuer", String(500)), Column("client", String(255)),
    Column("secret", String(500)),
)  # fmt: skip
FLOWS = Table(
    "flows", metadata, Column("digest", LargeBinary(32), primary_key=True), _owner(key=False),
    Column("nonce", String(64)), Column("verifier", String(128)), Column("goal", String(500)), _time("expires"),
)  # fmt: skip
GRANTS = Table("model_grants", metadata, Column("model", String(128), primary_key=True), _owner())
ANSWERS = Table(
    "answers", metadata, _owner(), Column("digest", LargeBinary(32), primary_key=True),
    Column("asked", LargeBinary(32)), Column("sealed", LargeBinary), _time("created"),
)  # fmt: skip
UNRECORDED = Table(
    "unrecorded", metadata, _owner(), _id(), Column("kind", String(100)), Column("body", Text), _time("at"),
    Column("number", Integer),
)  # fmt: skip


def open_store(database: Database) -> None:
    """Bring the tables to their newest version."""
    migrate(database, "access", Path(__file__).parent / "migrations", metadata)


class Doorway:
    """What is asked before a tenant is known, or about the installation as a whole. Not narrowed to a tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tenants(self) -> list[Tenant]:
        """All tenants, by name."""
        return [_tenant(row) for row in self._rows(select(TENANTS).order_by(TENANTS.c.tenant))]

    def tenant(self, name: TenantId) -> Tenant | None:
        """One tenant."""
        rows = self._rows(select(TENANTS).where(TENANTS.c.tenant == name))
        return _tenant(rows[0]) if rows else None

    def any_tenant(self) -> bool:
        """Whether there is a tenant at all."""
        return bool(self._rows(select(TENANTS.c.tenant).limit(1)))

    def key(self, digest: bytes) -> Key | None:
        """The key of this SHA-256, revoked and expired ones too."""
        rows = self._rows(select(KEYS).where(KEYS.c.digest == digest))
        return _key(rows[0]) if rows else None

    def session(self, digest: bytes) -> Session | None:
        """The session of this SHA-256 with its member, ended ones too."""
        joined = select(SESSIONS, MEMBERS.c.email, MEMBERS.c.role, MEMBERS.c.password, MEMBERS.c.subject)
        joined = joined.add_columns(MEMBERS.c.created_us.label("joined_us"))
        same = (MEMBERS.c.tenant == SESSIONS.c.tenant) & (MEMBERS.c.id == SESSIONS.c.member)
        rows = self._rows(joined.join(MEMBERS, same).where(SESSIONS.c.digest == digest))
        return _session(rows[0]) if rows else None

    def take_flow(self, digest: bytes) -> Flow | None:
        """The begun sign-in of this SHA-256; nobody can take it twice."""
        with self._database.write() as connection:
            row = connection.execute(select(FLOWS).where(FLOWS.c.digest == digest)).first()
            if row is None:
                return None
            connection.execute(delete(FLOWS).where(FLOWS.c.digest == digest))
            return Flow(row.tenant, row.nonce, row.verifier, row.goal, from_us(row.expires_us))

    def forget_flows(self, before: datetime) -> None:
        """Drop sign-ins that were begun and never ended."""
        with self._database.write() as connection:
            connection.execute(delete(FLOWS).where(FLOWS.c.expires_us < to_us(before)))

    def grants(self) -> dict[str, frozenset[TenantId]]:
        """Which tenants each granted model is granted to."""
        found: dict[str, set[TenantId]] = {}
        for row in self._rows(select(GRANTS)):
            found.setdefault(row.model, set()).add(row.tenant)
        return {model: frozenset(tenants) for model, tenants in found.items()}

    def unrecorded_tenants(self) -> list[TenantId]:
        """Whose changes have not reached the journal yet."""
        return [row.tenant for row in self._rows(select(UNRECORDED.c.tenant).distinct())]

    def _rows(self, statement: Select[Any]) -> Sequence[Any]:
        with self._database.read() as connection:
            return connection.execute(statement).fetchall()


class Rows:
    """One tenant's rows, in one transaction."""

    def __init__(self, scoped: Scoped, clock: Clock) -> None:
        self._scoped = scoped
        self._clock = clock
        self._noted = 0
        self.tenant = scoped.tenant

    def note(self, body: Body) -> None:
        """Have a change recorded in the journal once this transaction is committed."""
        self._noted += 1
        row = {"id": new_id(self._clock), "kind": body.kind, "body": body.model_dump_json()}
        when = {"at_us": to_us(self._clock.now()), "number": self._noted}
        self._scoped.insert(insert(UNRECORDED), [row | when])

    def unrecorded(self) -> list[tuple[str, str, str, datetime]]:
        """(id, kind, body as JSON, time) of what the journal has not got yet, oldest first."""
        rows = self._scoped.select(select(UNRECORDED).order_by(UNRECORDED.c.at_us, UNRECORDED.c.number))
        return [(row.id, row.kind, row.body, from_us(row.at_us)) for row in rows]

    def recorded(self, ids: Sequence[str]) -> None:
        """The journal has these."""
        self._scoped.change(delete(UNRECORDED).where(UNRECORDED.c.id.in_(ids)))

    def add_tenant(self, tenant: Tenant) -> None:
        row = {"home": tenant.home, "created_us": to_us(tenant.created)}
        self._insert(TENANTS, row, f"there is a tenant {tenant.tenant!r} already")

    # --- members

    def members(self) -> list[Member]:
        return [_member(row) for row in self._scoped.select(select(MEMBERS).order_by(MEMBERS.c.email))]

    def member(self, member: str) -> Member | None:
        rows = self._scoped.select(select(MEMBERS).where(MEMBERS.c.id == member))
        return _member(rows[0]) if rows else None

    def member_by_email(self, email: str) -> Member | None:
        rows = self._scoped.select(select(MEMBERS).where(MEMBERS.c.email == email))
        return _member(rows[0]) if rows else None

    def member_by_subject(self, subject: str) -> Member | None:
        rows = self._scoped.select(select(MEMBERS).where(MEMBERS.c.subject == subject))
        return _member(rows[0]) if rows else None

    def add_member(self, member: Member) -> None:
        row = {"id": member.id, "email": member.email, "role": member.role, "password": member.password}
        created = {"created_us": to_us(member.created)}
        self._insert(MEMBERS, row | created, f"{member.email} is a member already")

    def change_member(self, member: str, **values: object) -> None:
        """Set `role`, `password` or `subject`."""
        self._scoped.change(update(MEMBERS).where(MEMBERS.c.id == member).values(**values))

    def remove_member(self, member: str) -> None:
        self._scoped.change(delete(MEMBERS).where(MEMBERS.c.id == member))

    # --- keys

    def all_keys(self) -> list[Key]:
        return [_key(row) for row in self._scoped.select(select(KEYS).order_by(KEYS.c.id))]

    def key(self, key: str) -> Key | None:
        rows = self._scoped.select(select(KEYS).where(KEYS.c.id == key))
        return _key(rows[0]) if rows else None

    def add_key(self, key: Key, digest: bytes) -> None:
        row = {
            "id": key.id,
            "digest": digest,
            "label": key.label,
            "prefix": key.prefix,
            "rights": json.dumps(sorted(key.rights)),
            "regions": None if key.regions is None else json.dumps(sorted(key.regions)),
            "rate_per_s": key.rate_per_s,
            "created_us": to_us(key.created),
            "expires_us": _maybe_us(key.expires),
        }
        self._insert(KEYS, row, "this key exists already")

    def revoke_key(self, key: str, now: datetime) -> None:
        unrevoked = (KEYS.c.id == key) & KEYS.c.revoked_us.is_(None)
        self._scoped.change(update(KEYS).where(unrevoked).values(revoked_us=to_us(now)))

    def key_used(self, key: str, now: datetime) -> None:
        self._scoped.change(update(KEYS).where(KEYS.c.id == key).values(last_used_us=to_us(now)))

    # --- sessions

    def add_session(self, digest: bytes, member: str, created: datetime, expires: datetime) -> None:
        row = {"digest": digest, "member": member, "created_us": to_us(created), "used_us": to_us(created)}
        self._insert(SESSIONS, {**row, "expires_us": to_us(expires)}, "this session exists already")

    def session_used(self, digest: bytes, now: datetime) -> None:
        self._scoped.change(update(SESSIONS).where(SESSIONS.c.digest == digest).values(used_us=to_us(now)))

    def end_session(self, digest: bytes) -> None:
        self._scoped.change(delete(SESSIONS).where(SESSIONS.c.digest == digest))

    def end_sessions_of(self, member: str) -> None:
        self._scoped.change(delete(SESSIONS).where(SESSIONS.c.member == member))

    def forget_sessions(self, before: datetime) -> None:
        self._scoped.change(delete(SESSIONS).where(SESSIONS.c.expires_us < to_us(before)))

    # --- providers and begun sign-ins

    def provider(self) -> Provider | None:
        rows = self._scoped.select(select(PROVIDERS))
        return Provider(rows[0].tenant, rows[0].issuer, rows[0].client, rows[0].secret) if rows else None

    def set_provider(self, provider: Provider | None) -> None:
        self._scoped.change(delete(PROVIDERS))
        if provider is not None:
            row = {"issuer": provider.issuer, "client": provider.client, "secret": provider.secret}
            self._insert(PROVIDERS, row, "there is a provider already")

    def begin_flow(self, digest: bytes, flow: Flow) -> None:
        row = {"digest": digest, "nonce": flow.nonce, "verifier": flow.verifier, "goal": flow.goal}
        self._insert(FLOWS, {**row, "expires_us": to_us(flow.expires)}, "this sign-in was begun already")

    # --- grants of models

    def grant(self, model: str) -> bool:
        """Grant a model; False where it was granted before."""
        if self._scoped.select(select(GRANTS).where(GRANTS.c.model == model)):
            return False
        self._insert(GRANTS, {"model": model}, f"{model} is granted already")
        return True

    def end_grant(self, model: str) -> bool:
        """Take a grant back; False where there was none."""
        return self._scoped.change(delete(GRANTS).where(GRANTS.c.model == model)) > 0

    # --- remembered answers

    def answer(self, digest: bytes) -> tuple[bytes, bytes | None, datetime] | None:
        """(what was asked, the sealed answer or None while it is made, when)."""
        rows = self._scoped.select(select(ANSWERS).where(ANSWERS.c.digest == digest))
        return (rows[0].asked, rows[0].sealed, from_us(rows[0].created_us)) if rows else None

    def begin_answer(self, digest: bytes, asked: bytes, now: datetime) -> None:
        row = {"digest": digest, "asked": asked, "created_us": to_us(now)}
        self._insert(ANSWERS, row, "a request with this Idempotency-Key is being answered")

    def keep_answer(self, digest: bytes, sealed: bytes) -> None:
        self._scoped.change(update(ANSWERS).where(ANSWERS.c.digest == digest).values(sealed=sealed))

    def drop_answer(self, digest: bytes) -> None:
        self._scoped.change(delete(ANSWERS).where(ANSWERS.c.digest == digest))

    def forget_answers(self, before: datetime) -> None:
        self._scoped.change(delete(ANSWERS).where(ANSWERS.c.created_us < to_us(before)))

    def _insert(self, table: Table, row: Row, taken: str) -> None:
        try:
            self._scoped.insert(insert(table), [row])
        except IntegrityError as error:
            raise ConflictError(taken) from error


class Store:
    """Both: what is asked of the installation (`doorway`), and a tenant's own (`read`, `write`)."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self.doorway = Doorway(database)

    @contextmanager
    def read(self, tenant: TenantId) -> Iterator[Rows]:
        """A transaction that reads a tenant's rows."""
        with self._database.read_as(tenant) as scoped:
            yield Rows(scoped, self._clock)

    @contextmanager
    def write(self, tenant: TenantId) -> Iterator[Rows]:
        """A transaction that changes a tenant's rows."""
        with self._database.write_as(tenant) as scoped:
            yield Rows(scoped, self._clock)


def _maybe_us(moment: datetime | None) -> int | None:
    return None if moment is None else to_us(moment)


def _maybe(value: int | None) -> datetime | None:
    return None if value is None else from_us(value)


def _tenant(row: Any) -> Tenant:
    return Tenant(row.tenant, row.home, from_us(row.created_us))


def _member(row: Any) -> Member:
    role, created = Role(row.role), from_us(row.created_us)
    return Member(row.id, row.tenant, row.email, role, created, row.password, row.subject)


def _key(row: Any) -> Key:
    return Key(
        id=row.id,
        tenant=row.tenant,
        label=row.label,
        prefix=row.prefix,
        rights=frozenset(Right(right) for right in json.loads(row.rights)),
        regions=None if row.regions is None else frozenset(map(RegionId, json.loads(row.regions))),
        rate_per_s=row.rate_per_s,
        created=from_us(row.created_us),
        expires=_maybe(row.expires_us),
        revoked=_maybe(row.revoked_us),
        last_used=_maybe(row.last_used_us),
    )


def _session(row: Any) -> Session:
    joined, role = from_us(row.joined_us), Role(row.role)
    member = Member(row.member, row.tenant, row.email, role, joined, row.password, row.subject)
    return Session(member, from_us(row.created_us), from_us(row.used_us), from_us(row.expires_us))
