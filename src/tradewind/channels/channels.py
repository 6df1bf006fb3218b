"""The channels of an installation: mailboxes, messenger numbers, webhooks, and the outbox that serves them all."""

from __future__ import annotations

import asyncio
import logging

from tradewind.channels.email.email import Email
from tradewind.channels.model import Sender
from tradewind.channels.outbox import Outbox
from tradewind.channels.threads import Threads
from tradewind.channels.webhooks.send import WebhookSender, networks_of
from tradewind.channels.webhooks.webhooks import Webhooks
from tradewind.channels.whatsapp.whatsapp import WhatsApp
from tradewind.core.channel_settings import ChannelSettings
from tradewind.core.errors import NotFoundError
from tradewind.journal.journal import Journal

log = logging.getLogger(__name__)


class Channels:
    """Everything that reaches customers and programs outside. Lives on one event loop.

    Args:
        threads: of the conversations; None where there is no assistant, and webhooks alone are served.
    """

    def __init__(
        self, settings: ChannelSettings, journal: Journal, webhooks: Webhooks, threads: Threads | None
    ) -> None:
        self._hooks = WebhookSender(journal, webhooks, networks_of(settings.webhook_networks))
        self._mailboxes: list[Email] = []
        self._numbers: dict[str, WhatsApp] = {}
        if threads is not None:
            self._mailboxes = [Email(name, each, threads) for name, each in settings.email.items()]
            self._numbers = {name: WhatsApp(name, each, threads) for name, each in settings.whatsapp.items()}
        senders: list[Sender] = [self._hooks, *self._mailboxes, *self._numbers.values()]
        self.outbox = Outbox(journal, senders)

    def whatsapp(self, name: str) -> WhatsApp:
        """A WhatsApp number.

        Raises:
            NotFoundError: none of this name is set up.
        """
        try:
            return self._numbers[name]
        except KeyError:
            raise NotFoundError(
                f"no WhatsApp number {name!r:.80} is set up here", hint="[channels.whatsapp.NAME]"
            ) from None

    async def run(self) -> None:
        """Fetch and deliver until cancelled."""
        tasks = [asyncio.create_task(self.outbox.run())]
        tasks += [asyncio.create_task(each.run()) for each in self._mailboxes]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._hooks.close()
            for number in self._numbers.values():
                await number.close()
