"""Who is asking: the one place that every request passes before any route sees it.

An installation without a tenant answers this machine only, as the owner of a built-in tenant. From the first tenant
on a request needs an API key (`Authorization: Bearer`) or the session of somebody who signed in to the console.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tradewind.access.access import Access
from tradewind.access.beliefs import Known
from tradewind.access.keys import START, digest_of
from tradewind.access.model import LOCAL, Principal, Right
from tradewind.access.sessions import START as SESSION_START
from tradewind.access.sessions import form_token
from tradewind.access.throttle import Throttle
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import ForbiddenError, SignInError
from tradewind.core.settings import Settings

Needs = Callable[[Right | None], Callable[..., Any]]
"""Gives the dependency of a route: `principal: Principal = Depends(needs(Right.X))`. `api.access` has it."""

Scope = Mapping[str, Any]
"""Of a request or a websocket, as ASGI has it."""

CALLER, DOORKEEPER = "tradewind.caller", "tradewind.doorkeeper"
"""Where in a request's scope its `Caller` is, and who let it in."""
BURST_S = 2.0
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
WANTED = frozenset(
    {
        b"sec-websocket-protocol",
        b"authorization",
        b"cookie",
        b"origin",
        b"host",
        b"forwarded",
        b"x-forwarded-for",
        b"x-real-ip",
        b"x-csrf-token",
    }
)
CONVERSATION_START = "twc_"
"""First letters of a conversation's token; see `assistant.conversations.tokens`."""
CONVERSATION_PER_S = 20.0
"""Requests a second by a conversation's token."""
THIS_MACHINE = Principal(LOCAL, "local", frozenset(Right))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Args:
        credential: the key or session itself; empty where none is needed. It is never logged.
        by_session: it is a browser that signed in.
    """

    principal: Principal
    credential: str
    by_session: bool = False


Customers = Callable[[str], Known]
"""Who holds a conversation's token; raises `SignInError`. May ask the database."""


def no_customers(_: str) -> Known:
    """Where there are no conversations."""
    raise SignInError("this server has no conversations", hint="use an API key")


class Doorkeeper:
    """Tells who asks, and how often they may.

    Args:
        customers: knows the tokens of conversations.
        open_to_all: without a tenant, answer not only this machine (`serve --open`).
    """

    def __init__(
        self,
        access: Callable[[], Access],
        settings: Settings,
        *,
        open_to_all: bool = False,
        customers: Customers = no_customers,
    ) -> None:
        self._access = access
        self._customers = customers
        self.public = settings.public_url
        self._open_to_all = open_to_all
        rate = settings.key_rate_per_s
        self._throttle = Throttle(SYSTEM_CLOCK, burst=BURST_S * rate, per_s=rate, what="this key may ask")

    @property
    def access(self) -> Access:
        """Of the installation, opened at the first use."""
        return self._access()

    @property
    def cookie(self) -> str:
        """Name of the cookie that holds a session; browsers take `__Host-` over https only, from this host only."""
        return "__Host-tradewind" if self.is_https else "tradewind"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this server by https."""
        return self.public is not None and self.public.startswith("https://")

    def admit_now(self, scope: Scope) -> Caller | None:
        """`admit` from what was looked up within the last second; None where the database must be asked."""
        access = self.access
        if not access.grants.fresh:
            return None
        headers = headers_of(scope)
        credential, _ = self._credential(headers)
        if not credential:
            return self._without(scope, headers) if access.tenants.surely_none else None
        if credential.startswith(CONVERSATION_START):
            return None
        known = access.beliefs.get(digest_of(credential))
        return None if known is None else self._check(scope, headers, credential, known)

    async def admit(self, scope: Scope) -> Caller:
        """Who asks; asks the database if need be.

        Raises:
            SignInError: no valid key or session. ForbiddenError: a page of another site asks.
            RateError: this key asks too often. UnavailableError: the control database does not answer.
        """
        found = self.admit_now(scope)
        return found if found is not None else await asyncio.to_thread(self._admit, scope)

    def again(self, caller: Caller) -> Principal:
        """What a caller that was admitted before may do now; may ask the database.

        Raises:
            SignInError: their session has ended, their key was revoked.
        """
        if not caller.credential:
            if self.access.tenants.any():
                raise SignInError("this installation has tenants now", hint="sign in")
            return caller.principal
        return self._known(caller.credential, caller.by_session).principal

    def reaches(self, principal: Principal) -> Callable[[str], bool]:
        """Which models a principal's tenant reaches, as known within the last second; asks nobody."""
        return self.access.grants.reached_by(principal.tenant)

    def require_change(self, principal: Principal, model: str) -> None:
        """Refuse to change a model that others are answered by too; may ask the database.

        Raises:
            ForbiddenError: the right is missing, or another tenant reaches the model.
        """
        principal.require(Right.MODELS_MANAGE)
        if not self.access.grants.owns(principal.tenant, model):
            raise ForbiddenError(
                f"other tenants use model {model!r:.80} too",
                hint="change it by `tradewind models` on the machine",
            )

    def _admit(self, scope: Scope) -> Caller:
        access = self.access
        access.grants.all()
        headers = headers_of(scope)
        credential, by_session = self._credential(headers)
        if not credential:
            if access.tenants.any():
                raise SignInError(
                    "this needs a key", hint="Authorization: Bearer tw_…; see `tradewind key create`"
                )
            return self._without(scope, headers)
        return self._check(scope, headers, credential, self._known(credential, by_session))

    def _known(self, credential: str, by_session: bool) -> Known:
        if credential.startswith(CONVERSATION_START):
            return self._customers(credential)
        access, digest = self.access, digest_of(credential)
        known = access.beliefs.get(digest)
        if known is None:
            known = (access.sessions if by_session else access.keys).recognise(digest)
        return known

    def _credential(self, headers: dict[bytes, bytes]) -> tuple[str, bool]:
        """The key, or the session, that came with a request. A key wins: who sends one means it."""
        given = headers.get(b"authorization")
        if given is not None:
            kind, _, key = given.decode("latin-1").partition(" ")
            if kind.lower() != "bearer" or not key.startswith((START, CONVERSATION_START)):
                raise SignInError(
                    "Authorization is not of the form Bearer tw_…", hint="send the API key there"
                )
            return key.strip(), False
        offered = headers.get(b"sec-websocket-protocol", b"").decode("latin-1")
        for protocol in offered.split(","):  # a browser's websocket can send no other header
            if protocol.strip().startswith(CONVERSATION_START):
                return protocol.strip(), False
        for part in headers.get(b"cookie", b"").decode("latin-1").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self.cookie and value.startswith(SESSION_START):
                return value, True
        return "", False

    def _without(self, scope: Scope, headers: dict[bytes, bytes]) -> Caller:
        if not (self._open_to_all or is_this_machine(scope, headers)):
            raise SignInError(
                "without a tenant only this machine itself is answered",
                hint="make one: tradewind tenant create NAME --owner EMAIL",
            )
        self._refuse_other_sites(scope, headers, needs_origin=False)
        return Caller(THIS_MACHINE, "")

    def _check(self, scope: Scope, headers: dict[bytes, bytes], credential: str, known: Known) -> Caller:
        principal = known.principal
        if known.by_session:
            self._refuse_other_sites(scope, headers, needs_origin=True)
            if scope["type"] == "http" and scope["path"].startswith("/v1/") and scope["method"] not in SAFE:
                self._require_token(headers, credential)
        rate = known.rate_per_s
        name = principal.tenant, principal.name
        self._throttle.take(name, per_s=rate, burst=None if rate is None else max(1.0, BURST_S * rate))
        return Caller(principal, credential, known.by_session)

    def _refuse_other_sites(self, scope: Scope, headers: dict[bytes, bytes], *, needs_origin: bool) -> None:
        """A browser sends its cookie, or reaches this machine, for pages of other sites too."""
        if scope["type"] == "http" and scope["method"] in SAFE:
            return
        origin = headers.get(b"origin", b"").decode("latin-1")
        if (origin and not self.is_own(origin, headers)) or (needs_origin and not origin):
            raise ForbiddenError(
                f"a page of {origin or 'no known site'} may not change anything here",
                hint="use this server's own console, or an API key",
            )

    def is_own(self, origin: str, headers: dict[bytes, bytes]) -> bool:
        """Whether an origin is this server, as browsers reach it."""
        if self.public is not None and origin == self.public:
            return True
        _, _, place = origin.partition("://")
        return place == headers.get(b"host", b"").decode("latin-1") != ""

    def _require_token(self, headers: dict[bytes, bytes], session: str) -> None:
        given = headers.get(b"x-csrf-token", b"")
        if not hmac.compare_digest(given, form_token(session).encode()):
            raise ForbiddenError(
                "a write by a session needs X-CSRF-Token", hint="it is in each page of the console"
            )


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """The headers that say who asks; of one that comes twice the first."""
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in WANTED and name not in found:
            found[name] = value
    return found


def is_this_machine(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether a request comes from a program on this machine, and not through a proxy or a page that pretends.

    The name it asks for counts too: a site whose name an attacker points at 127.0.0.1 is not this machine.
    """
    client = scope.get("client")
    if client is None or not _is_loopback(client[0]):
        return False
    if b"forwarded" in headers or b"x-forwarded-for" in headers or b"x-real-ip" in headers:
        return False
    host = _without_port(headers.get(b"host", b"").decode("latin-1"))
    return host == "localhost" or _is_loopback(host)


def _without_port(host: str) -> str:
    if host.startswith("["):
        inside, closed, _ = host[1:].partition("]")
        return inside if closed else ""
    return host.partition(":")[0]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
