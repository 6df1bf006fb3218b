"""Which tenant reaches which model: all of them, unless it was granted to some."""

from __future__ import annotations

import re
from collections.abc import Callable

from tradewind.access.beliefs import BELIEVED_S
from tradewind.access.kinds import ModelGranted, ModelGrantEnded
from tradewind.access.record import Recorder
from tradewind.access.store import Store
from tradewind.core.clock import Clock
from tradewind.core.errors import InputError, NotFoundError
from tradewind.core.ids import TenantId

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


class Grants:
    """The table of grants, read anew each second."""

    def __init__(self, store: Store, recorder: Recorder, clock: Clock) -> None:
        self._store = store
        self._recorder = recorder
        self._clock = clock
        self._known: dict[str, frozenset[TenantId]] = {}
        self._until = -1.0

    def reached_by(self, tenant: TenantId) -> Callable[[str], bool]:
        """Tells of a model whether a tenant reaches it, as the table was when it was last read."""
        known = self._known

        def reaches(model: str) -> bool:
            granted = known.get(model)
            return granted is None or tenant in granted

        return reaches

    def owns(self, tenant: TenantId, model: str) -> bool:
        """Whether a tenant alone reaches a model: it is granted to nobody else, or there is nobody else."""
        granted = self.all().get(model)
        if granted is not None:
            return granted == {tenant}
        return all(other.tenant == tenant for other in self._store.doorway.tenants())

    def all(self) -> dict[str, frozenset[TenantId]]:
        """The tenants of each granted model; at most a second old."""
        if not self.fresh:
            self._known = self._store.doorway.grants()
            self._until = self._clock.monotonic() + BELIEVED_S
        return self._known

    @property
    def fresh(self) -> bool:
        """So far `all` answers without asking the database."""
        return self._clock.monotonic() <= self._until

    def grant(self, tenant: TenantId, model: str, *, by: str) -> None:
        """Let a tenant reach a model, and nobody who was not granted it.

        Raises:
            InputError: the name cannot be a model's. NotFoundError: there is no such tenant.
        """
        if not _MODEL.fullmatch(model):
            raise InputError(f"{model!r:.80} cannot name a model", hint="see `tradewind models list`")
        if self._store.doorway.tenant(tenant) is None:
            raise NotFoundError(f"no tenant {tenant!r:.80}", hint="see `tradewind tenant list`")
        with self._recorder.change(tenant) as rows:
            if rows.grant(model):
                rows.note(ModelGranted(model=model, by=by))
        self._until = -1.0

    def end(self, tenant: TenantId, model: str, *, by: str) -> None:
        """Take a grant back. When it was the last one, all tenants reach the model again.

        Raises:
            NotFoundError: there was none.
        """
        with self._recorder.change(tenant) as rows:
            if not rows.end_grant(model):
                raise NotFoundError(
                    f"{model!r:.80} is not granted to {tenant}", hint="tradewind models grant"
                )
            rows.note(ModelGrantEnded(model=model, by=by))
        self._until = -1.0
