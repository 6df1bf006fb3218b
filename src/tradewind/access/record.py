"""Changes of access reach the journal: noted with the change, handed on after it, and never lost between."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tradewind.access.kinds import KINDS
from tradewind.access.store import Rows, Store
from tradewind.core.errors import TradewindError
from tradewind.core.ids import TenantId
from tradewind.journal.databases import REACH
from tradewind.journal.model import Draft

Append = Callable[[TenantId, Sequence[Draft]], object]
"""`Journal.append_now`."""

log = logging.getLogger(__name__)
_KINDS = {kind.kind: kind for kind in KINDS}


class Recorder:
    """Writes to the store, and hands what was noted on to the journal.

    A note is part of the transaction of its change. Its id is the idempotency key of its entry: so a process that
    dies between the two hands it on later, and once.
    """

    def __init__(self, store: Store, append: Append) -> None:
        self._store = store
        self._append = append

    @contextmanager
    def change(self, tenant: TenantId) -> Iterator[Rows]:
        """A transaction over a tenant's rows; what it notes is recorded when it is committed."""
        with self._store.write(tenant) as rows:
            yield rows
        try:
            self.hand_on(tenant)
        except TradewindError as error:
            log.error("a change of tenant %s is not in the journal yet: %s", tenant, error)

    def hand_on_all(self) -> None:
        """Record what is left from before; at start."""
        for tenant in self._store.doorway.unrecorded_tenants():
            self.hand_on(tenant)

    def hand_on(self, tenant: TenantId) -> None:
        """Record what a tenant's changes noted.

        Raises:
            UnavailableError, StorageError: the journal refused; the notes stay.
        """
        with self._store.read(tenant) as rows:
            noted = rows.unrecorded()
        if not noted:
            return
        drafts = [
            Draft(_KINDS[kind].model_validate_json(body), key=f"access-{note}", at=at)
            for note, kind, body, at in noted
        ]
        everywhere = REACH.set(
            None
        )  # what a key of another region changed stands in the home region all the same
        try:
            self._append(tenant, drafts)
        finally:
            REACH.reset(everywhere)
        with self._store.write(tenant) as rows:
            rows.recorded([note for note, *_ in noted])
