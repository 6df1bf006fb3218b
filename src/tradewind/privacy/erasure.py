"""Erasure: the subject's keys are destroyed, derived rows deleted, the ledger and the journal told, a receipt signed.

It is one durable work: whatever dies in between, it goes on and ends once. Each step comes out the same when it is
done twice:

    note      the ledger outside the region, and the models that trained on the person's text
    destroy   keys and derived rows, in one transaction a region; then the files are looked through
    record    `privacy.erased` in the journal; the hash chain goes on over the sealed fields, which nobody can read
    receipt   signed, kept with the request, whose clock stops
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Database, Databases
from tradewind.journal.durable import Durable, step
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.privacy import receipts, store
from tradewind.privacy.kinds import ErasedSubject
from tradewind.privacy.ledger import Ledger
from tradewind.privacy.records import Erased, Eraser, Erasure, Request, Target
from tradewind.privacy.requests import Requests
from tradewind.privacy.sealing import SubjectSealer
from tradewind.privacy.store.scrub import scrub

WORK = "privacy.erase"
STATEMENT = "tradewind erasure receipt 1"


class Erasures:
    """Erasing persons, on durable work.

    Args:
        erasers: the rooms that keep rows about persons.
    """

    def __init__(
        self,
        databases: Databases,
        journal: Journal,
        requests: Requests,
        ledger: Ledger,
        durable: Durable,
        sealer: SubjectSealer,
        *,
        erasers: Sequence[Eraser] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._databases = databases
        self._journal = journal
        self._requests = requests
        self._ledger = ledger
        self._durable = durable
        self._sealer = sealer
        self._erasers = tuple(erasers)
        self._clock = clock
        durable.register(WORK, self._work)

    def begin(
        self,
        tenant: TenantId,
        market: MarketId,
        identifiers: Sequence[str],
        *,
        regions: Collection[RegionId] | None = None,
        key: str | None = None,
    ) -> Request:
        """Take down a person's request to be erased, and begin; raises as `Requests.receive`."""
        request = self._requests.receive("erasure", tenant, market, identifiers, regions=regions, key=key)
        if request.done is None:
            self._durable.begin(WORK, request.id, tenant, request.id)
        return request

    def wait(self, tenant: TenantId, request: Request, timeout_s: float) -> Request:
        """The request once it is done, with its receipt.

        Raises:
            DeadlineError: it is not done yet; it goes on.
        """
        if request.done is None:
            identity = self._durable.begin(WORK, request.id, tenant, request.id)
            self._durable.wait(identity, timeout_s)
        return self._requests.get(tenant, request.id)

    def _work(self, tenant_name: str, id: str) -> None:
        tenant = TenantId(tenant_name)
        request = self._requests.get(tenant, id)
        at = store.moment_of(step("note", self._note, tenant, request))
        erased = []
        for target in request.targets:
            told = step(f"destroy {target.region}", self._destroy, tenant, target, id, at)
            step(f"record {target.region}", self._record, tenant, target, id, told)
            erased.append({**told, "region": target.region, "subject": target.subject})
        step("receipt", self._receipt, tenant, request, at, erased)

    def _note(self, tenant: TenantId, request: Request) -> str:
        at = self._clock.now()
        models = {}
        for target in request.targets:
            with self._databases.region(target.region).read_as(tenant) as tables:
                models.update(dict.fromkeys(store.models_of(tables, target.subject)))
        with self._databases.control.write_as(tenant) as tables:
            store.add_retraining(self._databases.control, tables, request.id, models, at)
        self._ledger.add([Erasure(tenant, target, request.id, at) for target in request.targets])
        return store.text_of(at)

    def _destroy(self, tenant: TenantId, target: Target, id: str, at: datetime) -> dict[str, Any]:
        database = self._databases.region(target.region)
        erased = destroy(database, Erasure(tenant, target, id, at), self._erasers)
        self._sealer.look_again()
        with self._databases.control.read_as(tenant) as tables:
            models = [f"{model} {version}" for model, version, of, _ in store.retraining(tables) if of == id]
        return {"keys": erased.keys, "rows": dict(erased.rows), "models": models}

    def _record(self, tenant: TenantId, target: Target, id: str, told: dict[str, Any]) -> None:
        self._journal.append_now(tenant, [entry_of(target, id, told)])

    def _receipt(
        self, tenant: TenantId, request: Request, at: datetime, erased: list[dict[str, Any]]
    ) -> None:
        statement = {
            "what": STATEMENT,
            "tenant": tenant,
            "request": request.id,
            "market": request.market,
            "regulation": request.regulation,
            "article": request.article,
            "received": store.text_of(request.received),
            "due": None if request.due is None else store.text_of(request.due),
            "erased": store.text_of(at),
            "subjects": erased,
        }
        self._requests.finish(tenant, request, receipts.sign(self._journal.signer(), statement))


def destroy(database: Database, erasure: Erasure, erasers: Sequence[Eraser]) -> Erased:
    """Destroy a subject's keys and derived rows in one transaction, then get them out of the files.

    Done twice, it tells the same; a process that died before the files were looked through has them rebuilt.

    Raises:
        UnavailableError, StorageError: the database refused; try again.
    """
    subject, region = erasure.target.subject, erasure.target.region
    gone: list[bytes] | None = None
    with database.write_as(erasure.tenant) as tables:
        erased = store.erased(tables, subject)
        if erased is None:
            gone = store.take_subject_keys(tables, subject)
            rows = {eraser.name: eraser.erase(tables, region, subject) for eraser in erasers}
            erased = Erased(subject, erasure.request, erasure.at, len(gone), rows)
            store.bury(database, tables, erased)
    if not erased.scrubbed:
        scrub(database, gone)
        with database.write_as(erasure.tenant) as tables:
            store.mark_scrubbed(tables, subject)
    return erased


def entry_of(target: Target, request: str, told: dict[str, Any]) -> Draft:
    """The journal's entry of an erasure; its key makes it one, however often it is recorded."""
    body = ErasedSubject(request=request, keys=told["keys"], rows=told["rows"], models=told["models"])
    return Draft(body, target.market, SubjectId(target.subject), key=f"privacy-erased-{target.subject}")
