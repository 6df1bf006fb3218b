"""The guard: what arrives is admitted under the law of its market, about a pseudonym, with consent, or not at all.

Nothing here or behind it takes a region when writing: the market of the envelope decides it, and whoever admits it
records it under that market (`Admitted.draft`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from tradewind.core.errors import ForbiddenError, InputError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases
from tradewind.journal.model import Body, Draft
from tradewind.markets.load import Markets
from tradewind.markets.model import Market
from tradewind.markets.regulation import Regulation
from tradewind.privacy.consent import Consents
from tradewind.privacy.model import PiiSpan
from tradewind.privacy.records import Consent
from tradewind.privacy.redact import How, redact
from tradewind.privacy.subjects import Subjects, identifier_of
from tradewind.privacy.tokens import Tokens

Detect = Callable[[MarketId, Sequence[str]], list[list[PiiSpan]]]
TokensOf = Callable[[TenantId, MarketId], Tokens]
MarketsOf = Callable[[TenantId], Collection[MarketId] | None]
"""The markets that a tenant does business in; None for all."""


def everywhere(_: TenantId) -> None:
    """A tenant of every market."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What arrives.

    Args:
        subject: what the person calls themselves, see `identifier_of`; None for what is about nobody.
        purpose: what it is for: `service`, `marketing`, `training`, …
        redact: how personal data in the content is taken out before anybody sees it; left in when None.
    """

    tenant: TenantId
    market: MarketId
    content: str
    subject: str | None = None
    purpose: str = "service"
    redact: How | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """What may be worked with: the content as asked for, and where it belongs.

    Args:
        law: the regulations that apply, the general law on personal data first.
        spans: the personal data that was found, as it stood in the envelope's content.
        consent: what the person said about the purpose; None where nothing is needed or said.
    """

    tenant: TenantId
    market: Market
    region: RegionId
    law: tuple[Regulation, ...]
    subject: SubjectId | None
    content: str
    spans: tuple[PiiSpan, ...]
    purpose: str
    consent: Consent | None

    def draft(self, body: Body, *, key: str | None = None) -> Draft:
        """What is recorded about it, where it belongs."""
        return Draft(body, self.market.id, self.subject, key)


class Guard:
    """Admits envelopes.

    Args:
        detect: finds personal data in texts under a market.
        tokens: makes the tokens of `redact="pseudonym"`.
        markets_of: where a tenant does business.
    """

    def __init__(
        self,
        markets: Markets,
        databases: Databases,
        subjects: Subjects,
        consents: Consents,
        detect: Detect,
        tokens: TokensOf,
        markets_of: MarketsOf = everywhere,
    ) -> None:
        self._markets = markets
        self._databases = databases
        self._subjects = subjects
        self._consents = consents
        self._detect = detect
        self._tokens = tokens
        self._markets_of = markets_of

    def admit(self, envelope: Envelope) -> Admitted:
        """Where, under which law, about whom, with whose consent, and what is personal in it.

        Raises:
            NotFoundError: an unknown market. ForbiddenError: not one of the tenant's, or out of the asker's reach.
            ConsentError: the person did not agree to the purpose where they must, or objected.
            InputError: the subject cannot be read, or somebody's data comes without saying whose.
        """
        tenant = envelope.tenant
        market = self._market(envelope)
        region = market.region
        self._databases.region(
            region
        )  # out of reach or without a database: refused before anything is looked at
        law = self._markets.law_of(market.id)
        subject = consent = None
        if envelope.subject is not None:
            named = identifier_of(envelope.subject, market.formats.phone_country)
            subject = self._subjects.pseudonym(tenant, region, named)
            consent = self._consents.require(tenant, region, subject, envelope.purpose, law)
            self._subjects.met(tenant, region, subject, market.id)
        spans = self._detect(market.id, [envelope.content])[0] if envelope.content else []
        content = self._content(envelope, spans)
        return Admitted(
            tenant, market, region, law, subject, content, tuple(spans), envelope.purpose, consent
        )

    def _market(self, envelope: Envelope) -> Market:
        market = self._markets.get(envelope.market)
        allowed = self._markets_of(envelope.tenant)
        if allowed is not None and market.id not in allowed:
            raise ForbiddenError(
                f"tenant {envelope.tenant} does no business in market {market.id!r}",
                hint=f"it does in {', '.join(sorted(allowed)) or 'none'}",
            )
        return market

    def _content(self, envelope: Envelope, spans: Sequence[PiiSpan]) -> str:
        if envelope.redact is not None:
            needs_tokens = envelope.redact == "pseudonym" and spans
            tokens = self._tokens(envelope.tenant, envelope.market) if needs_tokens else None
            return redact(envelope.content, spans, envelope.redact, tokens) if spans else envelope.content
        if spans and envelope.subject is None:
            raise InputError(
                "the content holds somebody's data and the envelope does not say whose",
                hint="name the subject, or ask for the data to be redacted",
            )
        return envelope.content
