"""Who an entry is about, without their name: a keyed pseudonym, the same for the same person in a tenant's region.

A pseudonym is HMAC-SHA256 under a secret of the tenant in that region, so regions cannot be joined, and nobody
without the secret can try names. A person who comes back after their erasure gets the next generation: a new
pseudonym, which nothing connects to the erased one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import threading
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import InputError
from tradewind.core.ids import MarketId, RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases
from tradewind.privacy import store
from tradewind.privacy.keys import RegionKeys

SECRET = "pseudonyms"
SECRET_BYTES = 32
KNOWN_AT_MOST = 50_000
MAX_IDENTIFIER = 320  # the longest e-mail address: 64 + @ + 255

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a person calls themselves: `kind` is email, phone or customer; `value` is normalised."""

    kind: str
    value: str


def identifier_of(text: str, country: str | None) -> Identifier:
    """Read an e-mail address, a telephone number or a customer number.

    Args:
        text: `alice@example.com`, `+49 30 901820`, anything else is a customer number; `email:`, `phone:` and
            `customer:` before it say which it is.
        country: ISO 3166 code of the numbering plan for `phone:` without `+`.

    Raises:
        InputError: it is empty, too long, or not what its prefix says.
    """
    clean = " ".join(unicodedata.normalize("NFKC", text).split())
    if not clean or len(clean) > MAX_IDENTIFIER or any(unicodedata.category(c)[0] == "C" for c in clean):
        raise InputError(
            "this identifies nobody: it is empty, too long, or has control characters",
            hint="an e-mail address, a telephone number with +, or a customer number",
        )
    kind, colon, rest = clean.partition(":")
    if not colon or kind not in ("email", "phone", "customer"):
        kind, rest = _kind_of(clean), clean
    rest = rest.strip()
    if kind == "email":
        if not _EMAIL.fullmatch(rest):
            raise InputError("this is no e-mail address", hint="name@example.com")
        return Identifier(kind, rest.lower())
    if kind == "phone":
        return Identifier(kind, _e164(rest, country))
    if not rest:
        raise InputError("the customer number is empty")
    return Identifier(kind, rest)


def _kind_of(text: str) -> str:
    if _EMAIL.fullmatch(text):
        return "email"
    return "phone" if text.startswith("+") else "customer"


def _e164(text: str, country: str | None) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise InputError(
            "this is no telephone number", hint="write it with + and the country's code"
        ) from error
    if not phonenumbers.is_possible_number(number):
        raise InputError("this is no telephone number: too short or too long")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class Subjects:
    """Pseudonyms of a tenant's persons, and where they were met.

    Args:
        databases: their regions' are migrated by `open_region` before.
    """

    def __init__(self, databases: Databases, keys: RegionKeys, clock: Clock = SYSTEM_CLOCK) -> None:
        self._databases = databases
        self._keys = keys
        self._clock = clock
        self._lock = threading.Lock()
        self._secrets: dict[tuple[TenantId, RegionId], bytes] = {}
        self._met: dict[tuple[TenantId, RegionId, SubjectId, MarketId], None] = {}

    def pseudonym(self, tenant: TenantId, region: RegionId, identifier: Identifier) -> SubjectId:
        """The person's present pseudonym: that of the first generation that was not erased."""
        return self._present(tenant, region, identifier, self._secret(tenant, region))

    def known(self, tenant: TenantId, region: RegionId, identifier: Identifier) -> SubjectId | None:
        """The present pseudonym, None where the tenant has met nobody in the region; makes no secret there."""
        with self._databases.region(region).read_as(tenant) as tables:
            if store.secret(tables, SECRET) is None:
                return None
        return self.pseudonym(tenant, region, identifier)

    def knows(self, tenant: TenantId, region: RegionId) -> bool:
        """Whether the tenant has a secret in the region, which its first person there makes."""
        if (tenant, region) in self._secrets:
            return True
        with self._databases.region(region).read_as(tenant) as tables:
            return store.secret(tables, SECRET) is not None

    def met(self, tenant: TenantId, region: RegionId, subject: SubjectId, market: MarketId) -> None:
        """Remember that a subject was met in a market: export and retention look there."""
        seen = (tenant, region, subject, market)
        if seen in self._met:
            return
        database = self._databases.region(region)
        with database.write_as(tenant) as tables:
            if store.erased(tables, subject) is None:
                store.add_subject(database, tables, subject, market, self._clock.now())
        with self._lock:
            if len(self._met) >= KNOWN_AT_MOST:
                self._met.clear()
            self._met[seen] = None

    def markets(self, tenant: TenantId, region: RegionId, subject: SubjectId) -> list[MarketId]:
        """The markets of a region where a subject was met; empty for a stranger."""
        with self._databases.region(region).read_as(tenant) as tables:
            return store.markets_of(tables, subject)

    def derived(self, tenant: TenantId, region: RegionId, purpose: bytes, length: int) -> bytes:
        """A key of a tenant in a region for another purpose (HKDF, RFC 5869): one does not tell the other."""
        derivation = HKDF(hashes.SHA256(), length, salt=None, info=purpose)
        return derivation.derive(self._secret(tenant, region))

    def _present(
        self, tenant: TenantId, region: RegionId, identifier: Identifier, secret: bytes
    ) -> SubjectId:
        database = self._databases.region(region)
        generation = 0
        with database.read_as(tenant) as tables:
            while True:
                subject = _pseudonym(secret, identifier, generation)
                if store.erased(tables, subject) is None:
                    return subject
                generation += 1

    def _secret(self, tenant: TenantId, region: RegionId) -> bytes:
        known = self._secrets.get((tenant, region))
        if known is not None:
            return known
        service = self._keys.of(region)
        bound_to = secret_binding(tenant, region, SECRET)
        database = self._databases.region(region)
        with database.read_as(tenant) as tables:
            wrapped = store.secret(tables, SECRET)
        if wrapped is None:
            fresh = service.wrap(os.urandom(SECRET_BYTES), bound_to)
            with database.write_as(tenant) as tables:
                store.add_secret(database, tables, SECRET, fresh)
                wrapped = store.secret(tables, SECRET)
        assert wrapped is not None
        secret = service.unwrap(wrapped, bound_to)
        with self._lock:
            self._secrets[tenant, region] = secret
        return secret


def secret_binding(tenant: TenantId, region: RegionId, name: str) -> bytes:
    """What a tenant's secret is wrapped for, so that another's cannot be put in its place."""
    return f"tradewind secret {name}\0{tenant}\0{region}".encode()


def _pseudonym(secret: bytes, identifier: Identifier, generation: int) -> SubjectId:
    """128 bits are enough: two of a billion persons share one with a chance of 1.5e-21."""
    text = f"{generation}\0{identifier.kind}\0{identifier.value}"
    return SubjectId(hmac.digest(secret, text.encode(), hashlib.sha256)[:16].hex())
