"""Members of a tenant: persons with a role."""

from __future__ import annotations

import re
from typing import NoReturn

from tradewind.access.beliefs import Beliefs
from tradewind.access.kinds import MemberAdded, MemberRemoved, MemberRoleChanged, PasswordChanged
from tradewind.access.model import Member, Role
from tradewind.access.passwords import hash_password
from tradewind.access.record import Recorder
from tradewind.access.store import Rows, Store
from tradewind.core.clock import Clock
from tradewind.core.errors import ConflictError, InputError, NotFoundError
from tradewind.core.ids import TenantId, new_id

_EMAIL = re.compile(r"[^\s@<>\x00-\x1f\x7f,;:\"]{1,64}@[^\s@<>\x00-\x1f\x7f,;:\"]{1,189}")


def new_member(tenant: TenantId, email: str, role: Role, password: str | None, clock: Clock) -> Member:
    """A member that is not stored yet.

    Raises:
        InputError: the address is none, or the password is too short or too long.
    """
    hashed = None if password is None else hash_password(password)
    return Member(new_id(clock), tenant, email_address(email), role, clock.now(), hashed)


def email_address(text: str) -> str:
    """An address as it is kept: in lower case.

    Raises:
        InputError: it is none.
    """
    if not _EMAIL.fullmatch(text):
        raise InputError(f"{text!r:.80} is no e-mail address", hint="somebody@example.com")
    return text.lower()


class Members:
    """The members of each tenant."""

    def __init__(self, store: Store, recorder: Recorder, beliefs: Beliefs, clock: Clock) -> None:
        self._store = store
        self._recorder = recorder
        self._beliefs = beliefs
        self._clock = clock

    def all(self, tenant: TenantId) -> list[Member]:
        """All of a tenant's, by address."""
        with self._store.read(tenant) as rows:
            return rows.members()

    def find(self, tenant: TenantId, who: str) -> Member:
        """One of a tenant's, by id or address.

        Raises:
            NotFoundError: nobody of that id or address is a member.
        """
        with self._store.read(tenant) as rows:
            return _find(rows, who)

    def add(self, tenant: TenantId, email: str, role: Role, *, password: str | None, by: str) -> Member:
        """Make somebody a member; without a password they sign in by the tenant's provider.

        Raises:
            InputError: the address or the password cannot be one. ConflictError: they are a member already.
        """
        member = new_member(tenant, email, role, password, self._clock)
        with self._recorder.change(tenant) as rows:
            rows.add_member(member)
            rows.note(MemberAdded(member=member.id, role=role, by=by))
        return member

    def set_role(self, tenant: TenantId, who: str, role: Role, *, by: str) -> Member:
        """Give a member another role; it holds from the next request on.

        Raises:
            NotFoundError: they are no member. ConflictError: nobody would be an owner any more.
        """
        with self._recorder.change(tenant) as rows:
            member = _find(rows, who)
            if role is not member.role:
                if member.role is Role.OWNER:
                    _keep_an_owner(rows, member)
                rows.change_member(member.id, role=role.value)
                change = MemberRoleChanged(member=member.id, before=member.role, role=role, by=by)
                rows.note(change)
            changed = _find(rows, member.id)
        self._beliefs.doubt()
        return changed

    def set_password(self, tenant: TenantId, who: str, password: str, *, by: str) -> None:
        """Give a member a new password and end their sessions.

        Raises:
            NotFoundError: they are no member. InputError: it is too short or too long.
        """
        hashed = hash_password(password)
        with self._recorder.change(tenant) as rows:
            member = _find(rows, who)
            rows.change_member(member.id, password=hashed)
            rows.end_sessions_of(member.id)
            rows.note(PasswordChanged(member=member.id, by=by))
        self._beliefs.doubt()

    def remove(self, tenant: TenantId, who: str, *, by: str) -> Member:
        """Make somebody a member no more; their sessions end. Keys are the tenant's and stay: revoke them.

        Raises:
            NotFoundError: they are no member. ConflictError: nobody would be an owner any more.
        """
        with self._recorder.change(tenant) as rows:
            member = _find(rows, who)
            if member.role is Role.OWNER:
                _keep_an_owner(rows, member)
            rows.end_sessions_of(member.id)
            rows.remove_member(member.id)
            rows.note(MemberRemoved(member=member.id, by=by))
        self._beliefs.doubt()
        return member


def _find(rows: Rows, who: str) -> Member:
    found = rows.member(who) or rows.member_by_email(who.lower())
    return found if found is not None else _nobody(rows, who)


def _nobody(rows: Rows, who: str) -> NoReturn:
    known = ", ".join(member.email for member in rows.members()[:10]) or "nobody"
    raise NotFoundError(f"{who!r:.80} is no member of {rows.tenant}", hint=f"members are: {known}")


def _keep_an_owner(rows: Rows, leaving: Member) -> None:
    others = [member for member in rows.members() if member.role is Role.OWNER and member.id != leaving.id]
    if not others:
        raise ConflictError(
            f"{leaving.email} is the only owner of {rows.tenant}", hint="make somebody else an owner first"
        )
