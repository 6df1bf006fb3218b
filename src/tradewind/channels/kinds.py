"""What the journal holds of channels."""

from __future__ import annotations

from tradewind.journal.model import Body


class WebhookMade(Body, kind="channels.webhook_made"):
    """A program is told of events from now on, at an address of this host."""

    webhook: str
    host: str
    events: list[str]
    by: str


class WebhookRemoved(Body, kind="channels.webhook_removed"):
    """It is told nothing any more."""

    webhook: str
    by: str


class Delivered(Body, kind="channels.delivered"):
    """A message of a conversation went out over a channel; `number` is None for a reply that is no message."""

    channel: str
    conversation: str
    number: int | None


class Undelivered(Body, kind="channels.undelivered"):
    """A delivery was given up after so many attempts: a dead letter. `route` is a channel or a webhook."""

    route: str
    delivery: str
    conversation: str
    number: int | None
    attempts: int
    why: str


class Receipted(Body, kind="channels.receipt"):
    """What the messenger says became of message `number`: `delivered`, `read` or `failed` (with a code)."""

    channel: str
    conversation: str
    number: int | None
    status: str
    code: int | None = None


class Ignored(Body, kind="channels.ignored"):
    """Something came over a channel and was not answered, for this reason."""

    channel: str
    why: str
