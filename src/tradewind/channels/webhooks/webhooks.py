"""Webhooks of a tenant: made, listed, removed; what they were told, and what could not be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tradewind.channels import store
from tradewind.channels.kinds import WebhookMade, WebhookRemoved
from tradewind.channels.model import EVENTS, Delivery, State, Webhook
from tradewind.channels.outbox import WEBHOOK
from tradewind.channels.webhooks.address import Network, check_url, target
from tradewind.channels.webhooks.signing import SECRET_BYTES, shown
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from tradewind.core.ids import RegionId, TenantId, new_id
from tradewind.journal.journal import Journal
from tradewind.journal.model import Draft
from tradewind.privacy.subjects import Subjects

MOST = 20
"""Webhooks of a tenant in a region."""
PURPOSE = b"tradewind webhook 1 "
LISTED = 200


class Webhooks:
    """The webhooks of an installation. May ask the databases: for threads.

    Args:
        subjects: derives the secrets: none is stored.
        networks: that webhooks may reach although they are not public.
    """

    def __init__(
        self,
        journal: Journal,
        subjects: Callable[[], Subjects],
        networks: Sequence[Network] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._journal = journal
        self._databases = journal.databases
        self._subjects = subjects
        self._networks = tuple(networks)
        self._clock = clock
        for database in self._databases.regions.values():
            store.open_region(database)

    def make(
        self, tenant: TenantId, region: RegionId, url: str, events: Sequence[str], *, by: str
    ) -> tuple[Webhook, str]:
        """Tell a program of events of a region from now on; the webhook, and the secret that signs it.

        Raises:
            InputError: the address is none, or an event is unknown. ForbiddenError: it must not be reached.
            ConflictError: there are too many. NotFoundError: no such region.
        """
        chosen = _checked(events)
        host = check_url(url).hostname or ""
        try:
            target(url, self._networks)
        except UnavailableError as error:
            raise InputError(error.message, hint=error.hint) from error
        made = Webhook(new_id(self._clock), tenant, region, url, chosen, self._clock.now())
        with self._databases.region(region).write_as(tenant) as scoped:
            if len(store.webhooks(scoped, region)) >= MOST:
                raise ConflictError(f"there are {MOST} webhooks already", hint="remove one first")
            store.add_webhook(scoped, made)
        body = WebhookMade(webhook=made.id, host=host, events=list(chosen), by=by)
        self._journal.append_now(tenant, [Draft(body, key=f"webhook-made-{made.id}")])
        return made, shown(self.secret(made))

    def all(self, tenant: TenantId, region: RegionId) -> list[Webhook]:
        """The tenant's webhooks of a region, oldest first.

        Raises:
            NotFoundError: no such region. ForbiddenError: out of the asker's reach.
        """
        with self._databases.region(region).read_as(tenant) as scoped:
            return store.webhooks(scoped, region)

    def get(self, tenant: TenantId, region: RegionId, webhook: str) -> Webhook:
        """One of them; raises as `all`, and NotFoundError where the tenant has none of this id."""
        for found in self.all(tenant, region):
            if found.id == webhook:
                return found
        raise NotFoundError(f"there is no webhook {webhook!r:.80} in region {region}")

    def remove(self, tenant: TenantId, region: RegionId, webhook: str, *, by: str) -> Webhook:
        """Tell it nothing any more; its dead letters go with it. Raises as `get`."""
        found = self.get(tenant, region, webhook)
        with self._databases.region(region).write_as(tenant) as scoped:
            store.remove_webhook(scoped, webhook)
        body = WebhookRemoved(webhook=webhook, by=by)
        self._journal.append_now(tenant, [Draft(body, key=f"webhook-removed-{webhook}")])
        return found

    def deliveries(
        self, tenant: TenantId, region: RegionId, webhook: str, state: State | None = None
    ) -> list[Delivery]:
        """What it was told or is to be told, the newest first. Raises as `get`."""
        self.get(tenant, region, webhook)
        with self._databases.region(region).read_as(tenant) as scoped:
            return store.deliveries(scoped, f"{WEBHOOK}{webhook}", state, limit=LISTED)

    def retry(self, tenant: TenantId, region: RegionId, webhook: str, delivery: str | None = None) -> int:
        """Try dead letters again, one or all; how many. Raises as `get`."""
        self.get(tenant, region, webhook)
        with self._databases.region(region).write_as(tenant) as scoped:
            return store.revive(scoped, f"{WEBHOOK}{webhook}", delivery, self._clock.now())

    def secret(self, webhook: Webhook) -> bytes:
        """What signs a webhook: derived from the tenant's secret in the region, and stored nowhere."""
        purpose = PURPOSE + webhook.id.encode()
        return self._subjects().derived(webhook.tenant, webhook.region, purpose, SECRET_BYTES)

    def find(self, tenant: TenantId, region: RegionId, route: str) -> Webhook | None:
        """The webhook of a route; None where it was removed."""
        wanted = route.removeprefix(WEBHOOK)
        return next((each for each in self.all(tenant, region) if each.id == wanted), None)


def _checked(events: Sequence[str]) -> tuple[str, ...]:
    unknown = sorted(set(events) - set(EVENTS))
    if unknown:
        raise InputError(f"{unknown[0]!r:.80} is no event", hint=f"there are: {', '.join(EVENTS)}")
    return tuple(event for event in EVENTS if event in events) or EVENTS
