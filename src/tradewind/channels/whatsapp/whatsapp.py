"""A WhatsApp number: its messages come into conversations, and what is said there goes back to it."""

from __future__ import annotations

import hmac
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2

from tradewind.assistant.conversations.model import MAX_TEXT
from tradewind.channels.kinds import Receipted
from tradewind.channels.model import Delivery, GivenUp, Later
from tradewind.channels.threads import ATTACHMENTS, Line, Threads, digest
from tradewind.channels.whatsapp.payload import Incoming, Receipt, check_signature, values_of
from tradewind.channels.whatsapp.write import words, written
from tradewind.core.channel_settings import WhatsAppAccount
from tradewind.core.errors import (
    ConflictError,
    ConsentError,
    ForbiddenError,
    InputError,
    TradewindError,
    UnavailableError,
)
from tradewind.core.ids import MarketId, RegionId, TenantId
from tradewind.core.secret import read_secret

KIND = "whatsapp"
TIMEOUT_S = 15.0
TELLING = frozenset({"delivered", "read", "failed"})
FINAL = frozenset({100, 131008, 131009, 131021, 131026, 131047, 131051})
"""Meta's numbers of faults that asking again does not mend: a wrong parameter, no WhatsApp there, 24 hours are over."""

log = logging.getLogger(__name__)


class WhatsApp:
    """One number. A `Sender` of its own route.

    Args:
        name: of the account in the settings.
    """

    def __init__(self, name: str, account: WhatsAppAccount, threads: Threads) -> None:
        self.line = Line(f"{KIND}:{name}", TenantId(account.tenant), MarketId(account.market))
        self._account = account
        self._threads = threads
        self._client = httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False)

    # --- coming in

    def challenge(self, mode: str | None, token: str | None, challenge: str | None) -> str:
        """What Meta wants to hear when the address is set up.

        Raises:
            ForbiddenError: it does not know the verify token. InputError: it asks for nothing.
        """
        wanted = read_secret(self._account.verify_token)
        if mode != "subscribe" or not hmac.compare_digest(wanted.encode(), (token or "").encode()):
            raise ForbiddenError("this is not the verify token of this number")
        if not challenge or len(challenge) > 200 or not challenge.isascii() or not challenge.isprintable():
            raise InputError("hub.challenge is missing", hint="Meta sends a number")
        return challenge

    async def take(self, body: bytes, signature: str | None) -> int:
        """Take a webhook of Meta; how many messages were in it. The same again changes nothing.

        Raises:
            SignInError: Meta has not signed it. InputError: it is not what the Cloud API sends.
            BusyError, UnavailableError, StorageError: Meta sends it again later.
        """
        check_signature(read_secret(self._account.app_secret), body, signature)
        values = [v for v in values_of(body) if v.metadata.phone_number_id == self._account.phone_number_id]
        for value in values:
            for receipt in value.statuses:
                await self._receipt(receipt)
        later: dict[str, TradewindError] = {}
        for message in (message for value in values for message in value.messages):
            if message.sender in later:
                continue  # no message may overtake one before it
            try:
                await self._message(message)
            except ConflictError as error:  # something changed meanwhile
                later[message.sender] = UnavailableError(error.message, hint="send it again")
            except (InputError, ConsentError) as error:
                await self._threads.ignore(self.line, error.message, message.id)
            except TradewindError as error:  # the others are taken; Meta sends all of them again
                later[message.sender] = error
        if later:
            raise next(iter(later.values()))
        return sum(len(value.messages) for value in values)

    async def _message(self, message: Incoming) -> None:
        said = message.words.strip()[:MAX_TEXT]
        if not said and not message.has_file:
            return  # a reaction, or what this version does not know
        number = f"phone:+{message.sender}"
        subject = await self._threads.who(self.line, number)
        own = await self._threads.chats.begin(
            self.line.tenant,
            self.line.market,
            subject=number,
            channel=KIND,
            key=f"{self.line.channel}:{subject}",
        )
        peer = {"to": message.sender}
        if said:
            await self._threads.take(self.line, own, peer, said, message.id)
        if message.has_file:
            await self._threads.reach(self.line, own, peer)
            await self._threads.refuse(self.line, own, ATTACHMENTS, message.id)

    async def _receipt(self, receipt: Receipt) -> None:
        found = await self._threads.of_message(self.line, receipt.id)
        if found is None or receipt.status not in TELLING:
            return
        thread, number = found
        code = receipt.errors[0].code if receipt.errors else None
        body = Receipted(
            channel=self.line.channel, conversation=thread.conversation, number=number,
            status=receipt.status, code=code,
        )  # fmt: skip
        key = f"receipt-{receipt.status}-{digest(receipt.id).hex()[:40]}"
        await self._threads.record(self.line, thread.subject, body, key)

    # --- going out

    def serves(self, route: str) -> bool:
        """Its own route."""
        return route == self.line.channel

    async def send(
        self, tenant: TenantId, region: RegionId, deliveries: Sequence[Delivery]
    ) -> AsyncIterator[Delivery]:
        """Send messages one by one; raises `GivenUp` and `Later`."""
        for delivery in deliveries:
            peer = await self._threads.peer(tenant, region, delivery.conversation)
            message = await self._threads.message(tenant, delivery)
            spoken = None if message is not None else await self._threads.words(tenant, delivery)
            for content in words(spoken or "") if message is None else written(message):
                id = await self._post(str(peer["to"]), content)
                await self._threads.went(self.line, region, delivery, id)
            yield delivery

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, to: str, content: dict[str, Any]) -> str:
        url = f"{self._account.base_url.rstrip('/')}/{self._account.phone_number_id}/messages"
        document = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, **content}
        token = read_secret(self._account.token)
        try:
            answer = await self._client.post(url, json=document, headers={"authorization": f"Bearer {token}"})
        except httpx2.HTTPError as error:
            raise Later(f"the WhatsApp API did not answer: {type(error).__name__}") from error
        try:
            found = answer.json()
        except ValueError:
            found = {}
        if answer.status_code == 200 and isinstance(found, dict) and found.get("messages"):
            return str(found["messages"][0]["id"])
        fault = found.get("error") if isinstance(found, dict) else None
        code = fault.get("code") if isinstance(fault, dict) else None
        why = f"the WhatsApp API answered {answer.status_code}" + (f", code {code}" if code else "")
        if answer.status_code < 500 and code in FINAL:
            raise GivenUp(why)
        raise Later(why)
