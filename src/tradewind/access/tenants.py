"""Tenants: who there is, and where each is at home."""

from __future__ import annotations

from tradewind.access.beliefs import BELIEVED_S
from tradewind.access.kinds import MemberAdded, TenantCreated
from tradewind.access.members import new_member
from tradewind.access.model import LOCAL, Member, Role, Tenant
from tradewind.access.record import Recorder
from tradewind.access.store import Store
from tradewind.core.clock import Clock
from tradewind.core.errors import ConflictError, NotFoundError
from tradewind.core.ids import RegionId, TenantId, tenant_id


class Tenants:
    """The tenants of an installation.

    Args:
        local_home: home region of the built-in tenant `local`.
    """

    def __init__(self, store: Store, recorder: Recorder, clock: Clock, local_home: RegionId) -> None:
        self._store = store
        self._recorder = recorder
        self._clock = clock
        self._local_home = local_home
        self._seen = False
        self._none_until = -1.0

    def any(self) -> bool:
        """Whether there is one: from then on nothing is open to who has no key. None is believed for a second."""
        if not self._seen and not self.surely_none:
            self._seen = self._store.doorway.any_tenant()
            self._none_until = self._clock.monotonic() + BELIEVED_S
        return self._seen

    @property
    def surely_none(self) -> bool:
        """There was none a moment ago: so far `any` answers without asking the database."""
        return not self._seen and self._clock.monotonic() <= self._none_until

    def all(self) -> list[Tenant]:
        """All of them, by name."""
        return self._store.doorway.tenants()

    def get(self, name: str) -> Tenant:
        """One of them.

        Raises:
            NotFoundError: there is none of that name.
        """
        found = self._store.doorway.tenant(TenantId(name))
        if found is None:
            known = ", ".join(tenant.tenant for tenant in self.all()) or "none yet"
            raise NotFoundError(f"no tenant {name!r:.80}", hint=f"there are: {known}")
        return found

    def home_of(self, tenant: TenantId) -> RegionId:
        """Where what belongs to no market of a tenant is recorded.

        Raises:
            NotFoundError: there is no such tenant.
        """
        return self._local_home if tenant == LOCAL else self.get(tenant).home

    def create(
        self, name: str, *, home: RegionId, owner: str, password: str | None, by: str
    ) -> tuple[Tenant, Member]:
        """Make a tenant with its first owner.

        Args:
            owner: e-mail address.
            password: the owner's; None where they will sign in by a provider.
            by: id of who did it.

        Raises:
            InputError: the name, the address or the password cannot be one.
            ConflictError: the name is taken.
        """
        tenant = Tenant(tenant_id(name), home, self._clock.now())
        if tenant.tenant == LOCAL:
            raise ConflictError(
                f"{LOCAL!r} is the tenant of an installation without any", hint="choose another"
            )
        member = new_member(tenant.tenant, owner, Role.OWNER, password, self._clock)
        with self._recorder.change(tenant.tenant) as rows:
            rows.add_tenant(tenant)
            rows.add_member(member)
            rows.note(TenantCreated(home=home, by=by))
            rows.note(MemberAdded(member=member.id, role=member.role, by=by))
        self._seen = True
        return tenant, member
