"""What the journal holds of this room, and how long each kind of entry is kept."""

from __future__ import annotations

from typing import Final

from tradewind.journal.model import Body

CATEGORIES: Final = ("conversation", "event", "consent", "invoice", "training")
"""As a market's retention limits name them."""

DEFAULT_CATEGORY: Final = "conversation"

_BY_ROOM: Final = {
    "event": "event",
    "recommend": "event",
    "privacy": "consent",
    "billing": "invoice",
    "training": "training",
}


def category_of(kind: str) -> str:
    """The category of a kind, by its first word: `billing.invoiced` is an invoice, what is not listed conversation."""
    return _BY_ROOM.get(kind.partition(".")[0], DEFAULT_CATEGORY)


class ConsentGiven(Body, kind="privacy.consent_given"):
    """The entry's subject agreed to a purpose, shown in this version and language of its text."""

    purpose: str
    text_version: str
    language: str
    by: str


class ConsentWithdrawn(Body, kind="privacy.consent_withdrawn"):
    """The entry's subject took their consent back."""

    purpose: str
    by: str


class RequestReceived(Body, kind="privacy.request_received"):
    """The entry's subject asked for something, due at a time (ISO 8601) that the law of their market sets."""

    request: str
    asked: str
    regulation: str
    article: str | None
    due: str | None


class Exported(Body, kind="privacy.exported"):
    """The entry's subject was given what is known about them."""

    request: str
    entries: int


class Revealed(Body, kind="privacy.revealed"):
    """A member or key read personal fields of an entry about the entry's subject."""

    entry: str
    fields: list[str]
    by: str


class TokensRevealed(Body, kind="privacy.tokens_revealed"):
    """A member or key turned so many pseudonyms of a market's texts back."""

    tokens: int
    texts: int
    by: str


class ErasedSubject(Body, kind="privacy.erased"):
    """The keys of the entry's subject were destroyed in its region: what was sealed under them cannot be read."""

    request: str
    keys: int
    rows: dict[str, int]
    models: list[str]


class RetentionKept(Body, kind="privacy.retention_kept"):
    """So many keys of a region were replaced by those of later months: what is older than the limits is gone."""

    region: str
    at: str
    keys: int


class KeyRotated(Body, kind="privacy.key_rotated"):
    """Every key of the tenant in a region is now wrapped by another key of that region."""

    region: str
    key: str
    keys: int
