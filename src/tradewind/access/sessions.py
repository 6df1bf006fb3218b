"""Sessions of browsers: opened at sign-in under a new random id, kept on the server, ended by time or by hand."""

from __future__ import annotations

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from tradewind.access.beliefs import Beliefs, Known
from tradewind.access.keys import digest_of
from tradewind.access.kinds import How, SignedIn, SignedOut, SignInFailed
from tradewind.access.model import Member, Session
from tradewind.access.passwords import password_fits
from tradewind.access.record import Recorder
from tradewind.access.store import Store
from tradewind.access.throttle import Throttle
from tradewind.core.clock import Clock
from tradewind.core.errors import SignInError, TradewindError
from tradewind.core.ids import TenantId

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
USED_EVERY = timedelta(minutes=1)
RANDOM_BYTES = 32
START = "tws_"

TRIES, TRIES_PER_S = 5, 1 / 10
"""Of one name: five at once, then one in ten seconds."""
ADDRESS_TRIES, ADDRESS_TRIES_PER_S = 30, 1 / 2
"""Of one network address, whatever names it tries."""

log = logging.getLogger(__name__)


class Sessions:
    """Sign-in by password, and the sessions of whoever signed in."""

    def __init__(self, store: Store, recorder: Recorder, beliefs: Beliefs, clock: Clock) -> None:
        self._store = store
        self._recorder = recorder
        self._beliefs = beliefs
        self._clock = clock
        what = "sign-ins are taken"
        self._names = Throttle(clock, burst=TRIES, per_s=TRIES_PER_S, what=what)
        self._addresses = Throttle(clock, burst=ADDRESS_TRIES, per_s=ADDRESS_TRIES_PER_S, what=what)

    def sign_in(self, tenant: str, email: str, password: str, *, address: str) -> str:
        """Open a session for a member who knows their password; returns its id, the cookie's value.

        What is wrong, the organisation, the name or the password, is not told, and takes the same time.

        Args:
            address: network address that asks, for the throttle.

        Raises:
            SignInError: it does not fit. RateError: too many tries.
        """
        self._addresses.take(address)
        name = digest_of(f"{tenant}\0{email.lower()}")
        self._names.take(name)
        found = self._store.doorway.tenant(TenantId(tenant))
        member = None
        if found is not None:
            with self._store.read(found.tenant) as rows:
                member = rows.member_by_email(email.lower())
        if not password_fits(password, member.password if member else None) or member is None:
            if found is not None:
                self.failed(found.tenant, member, "password", "wrong name or password")
            raise SignInError("organisation, e-mail address or password do not fit", hint="try again")
        self._names.forget(name)
        return self.open(member, "password")

    def open(self, member: Member, how: How) -> str:
        """Open a session; returns its id, of which only the SHA-256 is kept."""
        text = START + secrets.token_urlsafe(RANDOM_BYTES)
        now = self._clock.now()
        with self._recorder.change(member.tenant) as rows:
            rows.forget_sessions(now)
            rows.add_session(digest_of(text), member.id, now, now + LASTS)
            rows.note(SignedIn(member=member.id, how=how))
        return text

    def failed(self, tenant: TenantId, member: Member | None, how: How, reason: str) -> None:
        """Record that somebody could not sign in."""
        with self._recorder.change(tenant) as rows:
            rows.note(SignInFailed(member=member.id if member else None, how=how, reason=reason))

    def recognise(self, digest: bytes) -> Known:
        """Look a session up, and note that it was used.

        Raises:
            SignInError: there is none, or it has ended.
        """
        generation = self._beliefs.generation
        session = self._store.doorway.session(digest)
        now = self._clock.now()
        if session is None or session.expires <= now or session.used + IDLE <= now:
            raise SignInError("this session has ended", hint="sign in again")
        if now - session.used >= USED_EVERY:
            self._note_use(digest, session, now)
        known = Known(session.member.principal, session.expires, None, by_session=True)
        self._beliefs.keep(digest, known, generation)
        return known

    def _note_use(self, digest: bytes, session: Session, now: datetime) -> None:
        """A full disk must not lock out who has signed in."""
        try:
            with self._store.write(session.member.tenant) as rows:
                rows.session_used(digest, now)
        except TradewindError as error:
            log.warning("the use of a session of %s was not noted: %s", session.member.id, error)

    def end(self, text: str) -> None:
        """Sign out; a session that has ended already is none."""
        digest = digest_of(text)
        session = self._store.doorway.session(digest)
        if session is not None:
            with self._recorder.change(session.member.tenant) as rows:
                rows.end_session(digest)
                rows.note(SignedOut(member=session.member.id))
        self._beliefs.doubt()


def form_token(session: str) -> str:
    """What a form or script of our own pages sends along to show that it is one: no other site can know it."""
    return hashlib.sha256(f"form\0{session}".encode("utf-8", "surrogatepass")).hexdigest()
