"""Sign-in by OpenID Connect: authorization code with PKCE, state bound to the browser, nonce bound to the token.

OpenID Connect Core 1.0, section 3.1; RFC 7636; RFC 9700. The protocol is authlib's, the tokens are joserfc's.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from tradewind.access.keys import digest_of
from tradewind.access.kinds import ProviderSet
from tradewind.access.model import Flow, Member, Provider
from tradewind.access.record import Recorder
from tradewind.access.sessions import Sessions
from tradewind.access.store import Store
from tradewind.core.clock import Clock
from tradewind.core.errors import InputError, NotFoundError, SignInError, UnavailableError
from tradewind.core.ids import TenantId
from tradewind.core.secret import read_secret

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid email"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
"""Public-key signatures only: with a shared secret the client itself could have signed the token."""
FLOW_LASTS = timedelta(minutes=10)
LEEWAY_S = 60
TIMEOUT_S = 10.0
FAILED = "the sign-in by the provider did not succeed"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: where the browser goes, and what it must bring back in a cookie."""

    address: str
    state: str


class OpenId:
    """Sign-in of each tenant's members by that tenant's provider."""

    def __init__(self, store: Store, recorder: Recorder, sessions: Sessions, clock: Clock) -> None:
        self._store = store
        self._recorder = recorder
        self._sessions = sessions
        self._clock = clock

    def provider(self, tenant: TenantId) -> Provider | None:
        """The tenant's provider, if it has one."""
        with self._store.read(tenant) as rows:
            return rows.provider()

    def set_provider(
        self, tenant: TenantId, issuer: str, client: str, secret: str | None, *, by: str
    ) -> Provider:
        """Let a tenant's members sign in by a provider; it is asked for its metadata at once.

        Args:
            issuer: its address, `https` unless it runs on this machine.
            client: id that it gave this installation.
            secret: `env:NAME` or `file:PATH`; None for a public client.

        Raises:
            InputError: the issuer is no such address, or says it is another one.
            ConfigError: the secret is not there. UnavailableError: the provider does not answer.
        """
        provider = Provider(tenant, _issuer(issuer), client, secret)
        if secret is not None:
            read_secret(secret)
        self._metadata(provider)
        with self._recorder.change(tenant) as rows:
            rows.set_provider(provider)
            rows.note(ProviderSet(issuer=provider.issuer, by=by))
        return provider

    def drop_provider(self, tenant: TenantId, *, by: str) -> None:
        """Let nobody sign in by a provider any more."""
        with self._recorder.change(tenant) as rows:
            rows.set_provider(None)
            rows.note(ProviderSet(issuer=None, by=by))

    def begin(self, tenant: str, *, back: str, goal: str) -> Begun:
        """Begin a sign-in.

        Args:
            back: address of this installation that the provider sends the browser back to.
            goal: page to show afterwards.

        Raises:
            NotFoundError: there is no such tenant, or it has no provider.
            UnavailableError: the provider does not answer.
        """
        found = self._store.doorway.tenant(TenantId(tenant))
        provider = self.provider(found.tenant) if found else None
        if provider is None:
            raise NotFoundError("this organisation has no sign-in by a provider", hint="use a password")
        metadata = self._metadata(provider)
        now = self._clock.now()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        with _client(provider, back) as client:
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        self._store.doorway.forget_flows(now)
        with self._store.write(provider.tenant) as rows:
            rows.begin_flow(digest_of(state), Flow(provider.tenant, nonce, verifier, goal, now + FLOW_LASTS))
        return Begun(address, state)

    def finish(self, cookie: str, answer: Mapping[str, str], *, back: str) -> tuple[str, str]:
        """End a sign-in with what the provider sent the browser back with; returns (session, goal).

        Args:
            cookie: the state that `begin` gave the browser.
            answer: the query of the address that the provider sent the browser to.
            back: as in `begin`.

        Raises:
            SignInError: it was begun elsewhere, took too long, was refused, or the token does not hold.
            UnavailableError: the provider does not answer.
        """
        state = answer.get("state", "")
        if not (cookie and state and hmac.compare_digest(cookie.encode(), state.encode())):
            raise SignInError(f"{FAILED}: it was not begun in this browser", hint="begin again")
        flow = self._store.doorway.take_flow(digest_of(state))
        if flow is None or flow.expires <= self._clock.now():
            raise SignInError(f"{FAILED}: it took too long, or was ended before", hint="begin again")
        provider = self.provider(flow.tenant)
        if provider is None:
            raise SignInError(f"{FAILED}: the organisation has no provider any more", hint="use a password")
        try:
            member = self._member(flow, provider, answer, back)
        except SignInError as error:
            self._sessions.failed(flow.tenant, None, "openid", error.message)
            raise
        return self._sessions.open(member, "openid"), flow.goal

    def _member(self, flow: Flow, provider: Provider, answer: Mapping[str, str], back: str) -> Member:
        if "error" in answer or not answer.get("code"):
            raise SignInError(f"{FAILED}: the provider refused it", hint="begin again")
        if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: an answer of another provider
            raise SignInError(f"{FAILED}: another provider answered", hint="begin again")
        claims = self._claims(flow, provider, answer["code"], back)
        subject = hashlib.sha256(f"{provider.issuer}\0{claims['sub']}".encode()).hexdigest()
        email = str(claims.get("email", "")).lower()
        with self._recorder.change(flow.tenant) as rows:
            member = rows.member_by_subject(subject)
            if member is not None:
                return member
            if claims.get("email_verified") is not True:
                raise SignInError(f"{FAILED}: the provider has not verified the e-mail address")
            member = rows.member_by_email(email)
            if member is None or member.subject is not None:
                raise SignInError(f"{FAILED}: nobody of this address is a member", hint="ask an owner")
            rows.change_member(member.id, subject=subject)
            return member

    def _claims(self, flow: Flow, provider: Provider, code: str, back: str) -> Mapping[str, Any]:
        """The claims of a verified id token for a code."""
        from authlib.integrations.base_client import OAuthError
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        metadata = self._metadata(provider)
        try:
            with _reaching(provider), _client(provider, back) as client:
                token = client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                    redirect_uri=back,
                )
                keys = KeySet.import_key_set(
                    client.request("GET", metadata["jwks_uri"], withhold_token=True).json()
                )
            decoded = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": flow.nonce},
                },
                {
                    "nonce": flow.nonce,
                    "client_id": provider.client,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock.now().timestamp()), leeway=LEEWAY_S)
        except OAuthError as error:
            raise SignInError(f"{FAILED}: the provider refused the code", hint="begin again") from error
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise SignInError(f"{FAILED}: its token does not hold", hint="begin again") from error
        return dict(claims)

    def _metadata(self, provider: Provider) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        with _reaching(provider), _client(provider, "") as client:
            answer = client.request("GET", provider.issuer.rstrip("/") + DISCOVERY, withhold_token=True)
            answer.raise_for_status()
            try:
                metadata = answer.json()
                said = metadata["issuer"]
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    _issuer(metadata[name])
            except (ValueError, KeyError, TypeError, InputError) as error:
                raise InputError(
                    f"{provider.issuer} is no OpenID provider", hint="its issuer address"
                ) from error
        if said != provider.issuer:
            raise InputError(
                f"{provider.issuer} says that it is {said!r:.200}", hint="give exactly that issuer"
            )
        return dict(metadata)


def _client(provider: Provider, back: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client

    return OAuth2Client(
        provider.client,
        None if provider.secret is None else read_secret(provider.secret),
        scope=SCOPE,
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=TIMEOUT_S,
        follow_redirects=False,
    )


@contextlib.contextmanager
def _reaching(provider: Provider) -> Iterator[None]:
    import httpx2

    try:
        yield
    except httpx2.HTTPError as error:
        raise UnavailableError(f"{provider.issuer} does not answer", hint="try again in a moment") from error


def _issuer(address: str) -> str:
    parts = urlsplit(address)
    host = parts.hostname or ""
    if (parts.scheme == "https" and host) or (parts.scheme == "http" and _is_here(host)):
        return address
    raise InputError(f"{address!r:.200} is no provider's address", hint="https://login.example.com")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
