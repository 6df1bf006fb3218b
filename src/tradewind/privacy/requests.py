"""What persons ask for, with the clock that the law of their market sets running."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError, InputError, NotFoundError
from tradewind.core.ids import MarketId, RegionId, TenantId, new_id
from tradewind.journal.databases import REACH, Databases
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.markets.calendar import due
from tradewind.markets.load import Markets
from tradewind.privacy import store
from tradewind.privacy.consent import language_of
from tradewind.privacy.kinds import RequestReceived
from tradewind.privacy.records import Request, RequestKind, Target
from tradewind.privacy.subjects import Subjects, identifier_of

MAX_IDENTIFIERS = 20
MAX_KEY = 255
_ID = re.compile(r"[0-9a-f]{32}")


class Requests:
    """Requests of persons. One lives in the region of the market where it was made, and names no one."""

    def __init__(
        self,
        databases: Databases,
        journal: Journal,
        subjects: Subjects,
        markets: Markets,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._databases = databases
        self._journal = journal
        self._subjects = subjects
        self._markets = markets
        self._clock = clock

    def receive(
        self,
        kind: RequestKind,
        tenant: TenantId,
        market: MarketId,
        identifiers: Sequence[str],
        *,
        language: str | None = None,
        regions: Collection[RegionId] | None = None,
        key: str | None = None,
    ) -> Request:
        """Take down what a person asks, and where they are known by any of their identifiers.

        Args:
            market: where they ask: its law sets the deadline.
            identifiers: what they call themselves; see `identifier_of`.
            language: BCP 47, of the answer; the market's first when None.
            regions: look only there; everywhere when None.
            key: makes a retry return the first request.

        Raises:
            InputError: an identifier cannot be read. NotFoundError: an unknown market.
            ConflictError: the key stands for another request.
        """
        place = self._markets.get(market)
        region = place.region
        if language is not None:
            language_of(language)
        if not 0 < len(identifiers) <= MAX_IDENTIFIERS:
            raise InputError(f"{len(identifiers)} identifiers", hint=f"give 1 to {MAX_IDENTIFIERS}")
        if key is not None and not 0 < len(key) <= MAX_KEY:
            raise InputError("the idempotency key is too long", hint=f"at most {MAX_KEY} characters")
        database = self._databases.region(region)
        received = self._clock.now()
        law, article, deadline = self._deadline(kind, market, received)
        request = Request(
            id=new_id(self._clock),
            key=key,
            kind=kind,
            market=market,
            language=language or place.languages[0],
            regulation=law,
            article=article,
            received=received,
            due=deadline,
            targets=tuple(self._targets(tenant, place.formats.phone_country, identifiers, regions)),
        )
        first = self._under(tenant, key)
        if first is None:
            with database.write_as(tenant) as tables:
                store.add_request(database, tables, request)
                first = request if key is None else store.request_of_key(tables, key)
        assert first is not None
        if first.id != request.id:
            self._refuse_another(tenant, first, request)
        self._record(tenant, first)
        return first

    def get(self, tenant: TenantId, id: str, regions: Collection[RegionId] | None = None) -> Request:
        """A request by its id.

        Raises:
            NotFoundError: the tenant has none of this id in these regions.
        """
        known = self._regions(regions) if _ID.fullmatch(id) else []
        for region in known:
            with self._databases.region(region).read_as(tenant) as tables:
                found = store.request(tables, id)
            if found is not None:
                return found
        raise NotFoundError(f"no request {id!r:.40}", hint="tradewind privacy requests lists them")

    def all(
        self, tenant: TenantId, regions: Collection[RegionId] | None = None, *, open_only: bool = False
    ) -> list[Request]:
        """A tenant's requests, the most urgent first."""
        found: list[Request] = []
        for region in self._regions(regions):
            with self._databases.region(region).read_as(tenant) as tables:
                found += store.requests(tables, open_only=open_only)
        return sorted(found, key=lambda one: (one.done is not None, one.due is None, one.due or one.received))

    def finish(self, tenant: TenantId, request: Request, receipt: dict[str, object] | None = None) -> Request:
        """Stop the clock; nothing changes where it stands already."""
        region = self._markets.region_of(request.market)
        with self._databases.region(region).write_as(tenant) as tables:
            store.finish_request(tables, request.id, self._clock.now(), receipt)
            finished = store.request(tables, request.id)
        assert finished is not None
        return finished

    def _targets(
        self,
        tenant: TenantId,
        country: str,
        identifiers: Sequence[str],
        regions: Collection[RegionId] | None,
    ) -> list[Target]:
        read = [identifier_of(text, country) for text in identifiers]
        found = {}
        for region in self._regions(regions):
            for identifier in read:
                subject = self._subjects.known(tenant, region, identifier)
                markets = self._subjects.markets(tenant, region, subject) if subject else []
                if subject and markets:
                    found[region, subject] = Target(region, markets[0], subject)
        return list(found.values())

    def _under(self, tenant: TenantId, key: str | None) -> Request | None:
        """The request that was made under an idempotency key, in whichever market."""
        if key is None:
            return None
        for region in self._regions(None):
            with self._databases.region(region).read_as(tenant) as tables:
                found = store.request_of_key(tables, key)
            if found is not None:
                return found
        return None

    def _deadline(
        self, kind: RequestKind, market: MarketId, since: datetime
    ) -> tuple[str, str | None, datetime | None]:
        """The law, the article and the moment until which it wants this done."""
        law = self._markets.law_of(market)[0]
        duty = law.duties.access if kind == "export" else law.duties.erasure
        if duty is None:
            return law.id, None, None
        deadline = due(self._markets.get(market), duty.deadline, since) if duty.deadline else None
        return law.id, duty.article, deadline

    def _record(self, tenant: TenantId, request: Request) -> None:
        drafts = [
            Draft(
                RequestReceived(
                    request=request.id,
                    asked=request.kind,
                    regulation=request.regulation,
                    article=request.article,
                    due=None if request.due is None else request.due.isoformat(),
                ),
                target.market,
                target.subject,
                key=f"privacy-request-{request.id}-{target.subject}",
            )
            for target in request.targets
        ]
        if drafts:
            self._journal.append_now(tenant, drafts)

    def _regions(self, regions: Collection[RegionId] | None) -> list[RegionId]:
        """Those asked for, as far as the asker's key reaches."""
        reach = REACH.get()
        return [
            one
            for one in sorted(self._databases.regions)
            if (regions is None or one in regions) and (reach is None or one in reach)
        ]

    def _refuse_another(self, tenant: TenantId, first: Request, again: Request) -> None:
        """Whoever was erased has other pseudonyms since, also while others of the request are not: those cannot be
        compared, only counted."""
        named = set(again.targets)
        there = {target for target in first.targets if not self._erased(tenant, target)}
        same = (first.kind, first.market) == (again.kind, again.market) and (
            first.done is not None
            or (there <= named and len(named - there) <= len(first.targets) - len(there))
        )
        if not same:
            raise ConflictError(
                "this idempotency key stands for another request",
                hint=f"of {first.received.isoformat()}: use a new one",
            )

    def _erased(self, tenant: TenantId, target: Target) -> bool:
        with self._databases.region(target.region).read_as(tenant) as tables:
            return store.erased(tables, target.subject) is not None
