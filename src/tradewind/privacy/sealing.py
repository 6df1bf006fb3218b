"""Sealing: personal fields under a key of their subject, which erasure destroys and retention moves on.

Each subject has a key for each category of data (conversation, event, …). It is a ratchet by months: the stored key is
that of the oldest month that may still be read, and the next month's is its HMAC, so from it every later month
follows and no earlier one. Retention replaces the stored key by a later month's; erasure deletes it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.core.errors import ConflictError, IntegrityError
from tradewind.core.ids import RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases, Scoped
from tradewind.privacy import store
from tradewind.privacy.keys import RegionKeys
from tradewind.privacy.kinds import category_of
from tradewind.privacy.store import SubjectKey
from tradewind.privacy.store.epochs import Epochs

TOKEN = "tw1"
KEY_BYTES = 32
NONCE_BYTES = 12
CACHED_KEYS = 10_000
MAX_MONTHS = 1_200
LOOK_AGAIN_S = 1.0
"""For so long a process seals without looking whether another erased the subject; reading always looks."""


def month_of(moment: datetime) -> int:
    """Months since year 0: the unit in which retention destroys."""
    return moment.year * 12 + moment.month - 1


def later(key: bytes, months: int) -> bytes:
    """The ratchet: the key so many months later."""
    for _ in range(months):
        key = hmac.digest(key, b"tradewind next month", "sha256")
    return key


def key_binding(tenant: TenantId, region: RegionId, subject: SubjectId, category: str) -> bytes:
    """What a subject's key is wrapped for, so that another's cannot be put in its place."""
    return b"\0".join(part.encode() for part in ("tradewind subject key", tenant, region, subject, category))


class _Name(NamedTuple):
    tenant: TenantId
    region: RegionId
    subject: SubjectId
    category: str
    period: int


class _Seen(NamedTuple):
    """A tenant's epoch in a region when it was last looked up, and when that was (monotonic)."""

    epoch: int
    at_s: float


class _Cached(NamedTuple):
    """A cipher, and the epoch in which its key was read: in a later one it is void."""

    epoch: int
    cipher: AESGCM


class SubjectSealer:
    """AES-256-GCM under subjects' keys; the journal's `Sealer`.

    Args:
        databases: their regions' are migrated by `store.open_region` before.
        category: of the kind of an entry, as retention limits name it.
    """

    def __init__(
        self,
        databases: Databases,
        keys: RegionKeys,
        *,
        category: Callable[[str], str] = category_of,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._databases = databases
        self._keys = keys
        self._category = category
        self._clock = clock
        self._lock = threading.Lock()
        self._ciphers: OrderedDict[_Name, _Cached] = OrderedDict()
        self._seen: dict[tuple[TenantId, RegionId], _Seen] = {}
        self._epochs: dict[RegionId, Epochs] = {}

    def seal(self, tenant: TenantId, region: RegionId, subject: SubjectId, text: str, bound_to: bytes) -> str:
        """Ciphertext as text: `tw1.CATEGORY.MONTH.BASE64`.

        Raises:
            ConflictError: the subject was erased: whoever they are now has another pseudonym.
            IntegrityError: their key was not wrapped for them.
        """
        category = self._category(_kind_in(bound_to))
        name = _Name(tenant, region, subject, category, month_of(self._clock.now()))
        self._look(tenant, region, within_s=LOOK_AGAIN_S)
        name, cipher = self._cipher_to_seal(name)
        nonce = os.urandom(NONCE_BYTES)
        content = nonce + cipher.encrypt(
            nonce, text.encode("utf-8", "surrogatepass"), _binding(name, bound_to)
        )
        return f"{TOKEN}.{name.category}.{name.period}.{base64.urlsafe_b64encode(content).decode()}"

    def open(
        self, tenant: TenantId, region: RegionId, subject: SubjectId, sealed: str, bound_to: bytes
    ) -> str | None:
        """The text again, or None where the key was destroyed by erasure or retention.

        Raises:
            IntegrityError: it was not sealed for this tenant, region, subject and place, or was changed since.
        """
        category, period, content = _parse(sealed)
        name = _Name(tenant, region, subject, category, period)
        self._look(tenant, region, within_s=0)
        cipher = self._cipher_to_open(name)
        if cipher is None:
            return None
        try:
            text = cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], _binding(name, bound_to))
        except InvalidTag:
            raise IntegrityError(
                "a sealed field is not as it was written, or stands in another's place",
                hint="tradewind journal verify names the entry",
            ) from None
        return text.decode("utf-8", "surrogatepass")

    def look_again(self) -> None:
        """Look whether a key was destroyed before the next text is sealed."""
        with self._lock:
            self._seen = {name: seen._replace(at_s=-math.inf) for name, seen in self._seen.items()}

    def _look(self, tenant: TenantId, region: RegionId, within_s: float) -> None:
        """Drop a tenant's keys from memory if one was destroyed since they were read, in whichever process."""
        now = self._clock.monotonic()
        seen = self._seen.get((tenant, region))
        if seen is not None and now - seen.at_s < within_s:
            return
        database = self._databases.region(region)  # asked each time: it refuses who may not reach it
        epochs = self._epochs.get(region)
        if epochs is None:
            with self._lock:
                epochs = self._epochs.setdefault(region, Epochs(database))
        epoch = epochs.of(tenant)
        self._seen[tenant, region] = _Seen(epoch, now)

    def _cipher_to_seal(self, name: _Name) -> tuple[_Name, AESGCM]:
        found = self._cached(name)
        if found is not None:
            return name, found
        database = self._databases.region(name.region)
        with database.read_as(name.tenant) as tables:
            key, epoch = self._present_key(tables, name), store.epoch(tables)
        if key is None:
            fresh = self._keys.of(name.region).wrap(os.urandom(KEY_BYTES), key_binding(*name[:4]))
            with database.write_as(name.tenant) as tables:
                if self._present_key(tables, name) is None:
                    made = SubjectKey(name.subject, name.category, name.period, fresh)
                    store.add_subject_key(database, tables, made)
                key, epoch = self._present_key(tables, name), store.epoch(tables)
        assert key is not None
        name = name._replace(
            period=max(name.period, key.period)
        )  # a clock that went back must not reach back
        return name, self._remember(name, key, epoch)

    def _cipher_to_open(self, name: _Name) -> AESGCM | None:
        found = self._cached(name)
        if found is not None:
            return found
        with self._databases.region(name.region).read_as(name.tenant) as tables:
            key, epoch = store.subject_key(tables, name.subject, name.category), store.epoch(tables)
            gone = key is None and store.erased(tables, name.subject) is not None
        if key is None and not gone:
            raise IntegrityError(
                f"subject {name.subject} has no key for {name.category} and was not erased",
                hint="restore the region's database from a backup that has it",
            )
        if key is None or name.period < key.period:
            return None
        return self._remember(name, key, epoch)

    def _present_key(self, tables: Scoped, name: _Name) -> SubjectKey | None:
        if store.erased(tables, name.subject) is not None:
            raise ConflictError(
                f"subject {name.subject} was erased: nothing more is recorded under this pseudonym",
                hint="ask for the person's present pseudonym",
            )
        return store.subject_key(tables, name.subject, name.category)

    def _cached(self, name: _Name) -> AESGCM | None:
        with self._lock:
            found = self._ciphers.get(name)
            if found is None:
                return None
            if found.epoch != self._seen[name.tenant, name.region].epoch:
                del self._ciphers[name]
                return None
            self._ciphers.move_to_end(name)
            return found.cipher

    def _remember(self, name: _Name, key: SubjectKey, epoch: int) -> AESGCM:
        if name.period - key.period > MAX_MONTHS:
            raise IntegrityError("a sealed field is not as it was written", hint="its month is far from now")
        oldest = self._keys.of(name.region).unwrap(key.wrapped, key_binding(*name[:4]))
        cipher = AESGCM(later(oldest, name.period - key.period))
        with self._lock:
            self._ciphers[name] = _Cached(epoch, cipher)
            if len(self._ciphers) > CACHED_KEYS:
                self._ciphers.popitem(last=False)
        return cipher


def _kind_in(bound_to: bytes) -> str:
    """The journal binds to `id kind field`."""
    parts = bound_to.split(b" ", 2)
    return parts[1].decode() if len(parts) == 3 else ""


def _binding(name: _Name, bound_to: bytes) -> bytes:
    head = f"{TOKEN}\0{name.tenant}\0{name.region}\0{name.subject}\0{name.category}\0{name.period}\0"
    return head.encode() + bound_to


def _parse(sealed: str) -> tuple[str, int, bytes]:
    try:
        token, category, period, content = sealed.split(".")
        if token != TOKEN:
            raise ValueError(f"{token!r:.10} is no known form")
        return category, int(period), base64.b64decode(content, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise IntegrityError("a sealed field is not as it was written", hint=str(error)) from error
