"""Brings a webhook's deliveries to its receiver: signed, to an address that was checked, following nothing."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Sequence

import httpx2
import orjson

from tradewind.channels.model import Delivery, GivenUp, Later, Webhook
from tradewind.channels.outbox import WEBHOOK
from tradewind.channels.webhooks.address import Network, Target, target
from tradewind.channels.webhooks.signing import headers
from tradewind.channels.webhooks.webhooks import Webhooks
from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConfigError, NotFoundError, TradewindError
from tradewind.core.ids import RegionId, TenantId
from tradewind.journal.journal import Journal
from tradewind.journal.model import Entry, Lane

TIMEOUT_S = 10.0
GONE = 410
AGENT = "Tradewind-Webhooks/1"


class WebhookSender:
    """A `Sender` of webhooks. An answer with a status of 200 to 299 is an arrival; any other is tried again."""

    def __init__(
        self,
        journal: Journal,
        webhooks: Webhooks,
        networks: Sequence[Network] = (),
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._journal = journal
        self._webhooks = webhooks
        self._networks = tuple(networks)
        self._clock = clock
        # The machine's own trust, so that receivers under a company's certificate authority are known.
        # No proxy, no redirect, no cookie: the request goes to the address that was checked, and nowhere else.
        self._client = httpx2.AsyncClient(
            timeout=TIMEOUT_S, follow_redirects=False, trust_env=False, verify=ssl.create_default_context(),
            limits=httpx2.Limits(max_keepalive_connections=0),
        )  # fmt: skip

    def serves(self, route: str) -> bool:
        """Routes of webhooks."""
        return route.startswith(WEBHOOK)

    async def send(
        self, tenant: TenantId, region: RegionId, deliveries: Sequence[Delivery]
    ) -> AsyncIterator[Delivery]:
        """One request each; raises `GivenUp` where the webhook is removed or gone, `Later` where it did not answer."""
        webhook = await asyncio.to_thread(self._webhooks.find, tenant, region, deliveries[0].route)
        if webhook is None:
            raise GivenUp("the webhook was removed")
        for delivery in deliveries:
            body = await asyncio.to_thread(self._body, webhook, delivery)
            await self._post(webhook, delivery, body)
            yield delivery

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, webhook: Webhook, delivery: Delivery, body: bytes) -> None:
        try:
            found = await asyncio.to_thread(target, webhook.url, self._networks)
        except TradewindError as error:
            raise Later(str(error)) from error
        secret = await asyncio.to_thread(self._webhooks.secret, webhook)
        signed = headers(secret, delivery.id, self._clock.now(), body)
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status, after_s = await self._ask(found, body, signed)
        except TimeoutError as error:
            raise Later(f"{found.host} did not answer within {TIMEOUT_S:g} s") from error
        except httpx2.HTTPError as error:
            raise Later(f"{found.host} did not answer: {type(error).__name__}") from error
        if status == GONE:
            raise GivenUp(f"{found.host} answered {status}: gone")
        if not 200 <= status < 300:
            raise Later(f"{found.host} answered {status}", after_s=after_s)

    async def _ask(self, found: Target, body: bytes, signed: dict[str, str]) -> tuple[int, float | None]:
        """Status, and the seconds of `Retry-After`. The answer's body is not read."""
        sent = {
            **signed, "host": found.header, "content-type": "application/json", "user-agent": AGENT,
            "accept-encoding": "identity",
        }  # fmt: skip
        extensions = {"sni_hostname": found.host}
        async with self._client.stream(
            "POST", found.url, content=body, headers=sent, extensions=extensions
        ) as answer:
            after = answer.headers.get("retry-after", "")
            return answer.status_code, float(after) if after.isdigit() and len(after) < 7 else None

    def _body(self, webhook: Webhook, delivery: Delivery) -> bytes:
        """The entry as it reads now: a customer who was erased meanwhile is in it no more."""
        try:
            entry = self._journal.entry(
                webhook.tenant, webhook.region, Lane(delivery.lane), delivery.sequence
            )
        except NotFoundError as error:
            raise GivenUp("what it tells of is not in the journal") from error
        return event_of(entry, self._journal.open_body(entry).model_dump(mode="json"))


def event_of(entry: Entry, data: dict[str, object]) -> bytes:
    """What a receiver is told of an entry, as JSON."""
    return orjson.dumps(
        {
            "type": entry.kind,
            "id": entry.id,
            "timestamp": entry.at.isoformat(),
            "market": entry.market,
            "subject": entry.subject,
            "data": data,
        }
    )


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks as settings write them: `10.0.0.0/8`.

    Raises:
        ConfigError: one is none.
    """
    try:
        return tuple(ipaddress.ip_network(text) for text in texts)
    except ValueError as error:
        raise ConfigError(f"channels.webhook_networks: {error}", hint="10.0.0.0/8 or fd00::/8") from error
