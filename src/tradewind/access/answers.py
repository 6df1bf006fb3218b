"""Answers to writes, remembered for a day: a request that is sent again gets the first answer, and changes nothing.

What is kept is sealed under a key made of the caller's own credential and idempotency key, of which the database has
only hashes: an answer may hold a new API key or a person's data, and whoever reads the tables must not.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from tradewind.access.store import Store
from tradewind.core.clock import Clock
from tradewind.core.errors import ConflictError, InputError
from tradewind.core.ids import TenantId

KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=5)
"""A process that died while answering holds its key no longer than this."""
LONGEST_KEY = 255
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that is being answered under an idempotency key."""

    tenant: TenantId
    digest: bytes
    secret: bytes


class Answers:
    """What was answered under which idempotency key, for each tenant."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, tenant: TenantId, credential: str, key: str, request: bytes) -> Pending | bytes:
        """The first answer of a key, or the right to make it.

        Args:
            credential: the caller's API key or session.
            request: all that makes the request what it is: method, path, query, body.

        Raises:
            InputError: the key is empty, too long, or not visible ASCII.
            ConflictError: the key was used for another request, or is being answered.
        """
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            raise InputError(
                "an Idempotency-Key has 1 to 255 visible ASCII characters", hint="such as a UUID"
            )
        secret = hashlib.sha256(b"answer\0" + credential.encode() + b"\0" + key.encode()).digest()
        digest = hmac.digest(secret, b"name", "sha256")
        asked = hmac.digest(secret, request, "sha256")
        now = self._clock.now()
        with self._store.write(tenant) as rows:
            rows.forget_answers(now - KEPT)
            found = rows.answer(digest)
            if found is not None and found[1] is None and now - found[2] > GIVEN_UP:
                rows.drop_answer(digest)
                found = None
            if found is None:
                rows.begin_answer(digest, asked, now)
                return Pending(tenant, digest, secret)
        if not hmac.compare_digest(found[0], asked):
            raise ConflictError("this Idempotency-Key was used for another request", hint="make a new one")
        if found[1] is None:
            raise ConflictError("a request with this Idempotency-Key is being answered", hint="wait for it")
        return _open(secret, found[1])

    def keep(self, pending: Pending, answer: bytes) -> None:
        """Remember an answer."""
        with self._store.write(pending.tenant) as rows:
            rows.keep_answer(pending.digest, _seal(pending.secret, answer))

    def drop(self, pending: Pending) -> None:
        """There is no answer worth remembering: the same request may be tried again."""
        with self._store.write(pending.tenant) as rows:
            rows.drop_answer(pending.digest)


def _seal(secret: bytes, plain: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, plain, None)


def _open(secret: bytes, sealed: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
