"""API keys: made, shown once, recognised by their hash, revoked."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from tradewind.access.beliefs import Beliefs, Known
from tradewind.access.kinds import KeyMade, KeyRevoked
from tradewind.access.model import Key, Right
from tradewind.access.record import Recorder
from tradewind.access.store import Store
from tradewind.core.clock import Clock
from tradewind.core.errors import InputError, NotFoundError, SignInError, TradewindError
from tradewind.core.ids import RegionId, TenantId, new_id

START = "tw_"
RANDOM_BYTES = 32
SHOWN = 10
USED_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Keys:
    """The keys of each tenant.

    A key is 256 random bits, so its SHA-256 cannot be reversed by guessing, and needs no slow hash.
    """

    def __init__(self, store: Store, recorder: Recorder, beliefs: Beliefs, clock: Clock) -> None:
        self._store = store
        self._recorder = recorder
        self._beliefs = beliefs
        self._clock = clock

    def make(
        self,
        tenant: TenantId,
        label: str,
        rights: frozenset[Right],
        *,
        by: str,
        regions: frozenset[RegionId] | None = None,
        rate_per_s: float | None = None,
        lasts: timedelta | None = None,
    ) -> tuple[Key, str]:
        """Make a key; returns it and the text that is shown this once.

        Args:
            rights: what it may do; at least one thing. The door sees to it that its maker may do them too.
            regions: the only regions whose records it reads; all when None.
            lasts: how long it is of use; until it is revoked when None.

        Raises:
            InputError: it has no right, no label, or ends before it begins.
        """
        if not rights:
            raise InputError("a key without any right", hint=f"name some of: {', '.join(Right)}")
        if not label.strip() or len(label) > 200 or not label.isprintable():
            raise InputError(f"{label!r:.80} cannot label a key", hint="1 to 200 characters on one line")
        if rate_per_s is not None and not 0 < rate_per_s <= 1e6:
            raise InputError(f"{rate_per_s} requests a second", hint="more than 0, at most 1,000,000")
        now = self._clock.now()
        expires = None if lasts is None else _later(now, lasts)
        text = START + secrets.token_urlsafe(RANDOM_BYTES)
        key = Key(new_id(self._clock), tenant, label, text[:SHOWN], rights, regions, rate_per_s, now, expires)
        with self._recorder.change(tenant) as rows:
            rows.add_key(key, digest_of(text))
            note = KeyMade(
                key=key.id,
                rights=sorted(rights),
                regions=None if regions is None else sorted(regions),
                expires=None if expires is None else expires.isoformat(),
                by=by,
            )
            rows.note(note)
        return key, text

    def all(self, tenant: TenantId) -> list[Key]:
        """All of a tenant's, oldest first; revoked ones too."""
        with self._store.read(tenant) as rows:
            return rows.all_keys()

    def revoke(self, tenant: TenantId, key: str, *, by: str) -> Key:
        """End a key: at once in this process, within a second in others. Again changes nothing.

        Raises:
            NotFoundError: the tenant has no key of this id or beginning.
        """
        with self._recorder.change(tenant) as rows:
            found = [known for known in rows.all_keys() if key == known.id or key == known.prefix]
            if len(found) != 1:
                raise NotFoundError(f"no key {key!r:.80}", hint="its id, see the list of keys")
            if found[0].revoked is None:
                rows.revoke_key(found[0].id, self._clock.now())
                rows.note(KeyRevoked(key=found[0].id, by=by))
            revoked = rows.key(found[0].id)
            assert revoked is not None
        self._beliefs.doubt()
        return revoked

    def recognise(self, digest: bytes) -> Known:
        """Look a key up, and note that it was used.

        Raises:
            SignInError: there is none, or it is of no use any more.
        """
        generation = self._beliefs.generation
        key = self._store.doorway.key(digest)
        now = self._clock.now()
        if key is None:
            raise SignInError("this key is unknown", hint="make one: tradewind key create")
        if key.revoked is not None:
            raise SignInError("this key was revoked", hint="make another: tradewind key create")
        if key.expires is not None and key.expires <= now:
            raise SignInError(f"this key ended at {key.expires:%Y-%m-%d %H:%M} UTC", hint="make another")
        if key.last_used is None or now - key.last_used >= USED_EVERY:
            self._note_use(key, now)
        known = Known(key.principal, key.expires, key.rate_per_s, by_session=False)
        self._beliefs.keep(digest, known, generation)
        return known

    def _note_use(self, key: Key, now: datetime) -> None:
        """A full disk must not lock out who has a key."""
        try:
            with self._store.write(key.tenant) as rows:
                rows.key_used(key.id, now)
        except TradewindError as error:
            log.warning("the use of key %s was not noted: %s", key.id, error)


def digest_of(text: str) -> bytes:
    """SHA-256 of a key or session."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def _later(now: datetime, lasts: timedelta) -> datetime:
    if lasts <= timedelta(0):
        raise InputError(f"a key that lasts {lasts}", hint="a time that lies ahead, such as 90 days")
    try:
        return now + lasts
    except OverflowError as error:
        raise InputError("a key that lasts longer than the calendar", hint="such as 90 days") from error
