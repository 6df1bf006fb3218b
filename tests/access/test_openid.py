"""Sign-in by OpenID Connect against a real provider on this machine."""

from __future__ import annotations

import hashlib
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.deprecate import AuthlibDeprecationWarning

with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # the provider uses what is going away
    from oidc_provider_mock import User, run_server_in_thread

from tradewind.access.keys import digest_of
from tradewind.access.model import Role
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import ConfigError, InputError, NotFoundError, SignInError, UnavailableError
from tradewind.core.ids import RegionId, TenantId

ACME = TenantId("acme")
BACK = "http://localhost:8321/sign-in/openid/back"
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # of the provider, which runs in a thread

USERS = (
    User(sub="ann-0", claims={"email": "ann@acme.example", "email_verified": True}),
    User(sub="ann-1", claims={"email": "ann@acme.example", "email_verified": True}),
    User(sub="unverified", claims={"email": "ann@acme.example", "email_verified": False}),
    User(sub="stringly", claims={"email": "ann@acme.example", "email_verified": "true"}),
    User(sub="stranger", claims={"email": "zoe@else.example", "email_verified": True}),
)


@dataclass
class Inn:
    """An installation whose tenant `acme` signs in by a provider."""

    house: object
    issuer: str

    @property
    def openid(self):
        return self.house.access.openid

    def begin(self, goal="/console/"):
        return self.openid.begin("acme", back=BACK, goal=goal)

    def agree(self, begun, subject="ann-0", **form):
        """What the browser of a person does at the provider; the query that it comes back with."""
        answer = httpx.post(begun.address, data={"sub": subject, **form})
        assert answer.status_code == 302, answer.text
        there = urlsplit(answer.headers["location"])
        assert f"{there.scheme}://{there.netloc}{there.path}" == BACK
        return {name: values[0] for name, values in parse_qs(there.query).items()}

    def finish(self, begun, answer, cookie=None):
        return self.openid.finish(begun.state if cookie is None else cookie, answer, back=BACK)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=USERS) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def inn(acme, issuer, tmp_path) -> Inn:
    (tmp_path / "secret").write_text("a client's secret\n", encoding="utf-8")
    acme.clock.at = SYSTEM_CLOCK.now()  # the provider has no other
    acme.access.openid.set_provider(ACME, issuer, "tradewind", f"file:{tmp_path}/secret", by="operator")
    return Inn(acme, issuer)


def test_a_member_signs_in_and_comes_out_where_they_wanted(inn):
    begun = inn.begin("/console/models/banking")
    session, goal = inn.finish(begun, inn.agree(begun))
    principal = inn.house.access.sessions.recognise(digest_of(session)).principal
    assert (principal.tenant, goal) == ("acme", "/console/models/banking")
    assert principal.name == inn.house.access.members.find(ACME, "ann@acme.example").id
    assert inn.house.recorded()[-1] == ("access.signed_in", {"member": principal.name, "how": "openid"})


def test_the_request_has_state_nonce_and_a_challenge_that_differ_each_time(inn):
    asked = [parse_qs(urlsplit(inn.begin().address).query) for _ in range(2)]
    for query in asked:
        assert query["response_type"] == ["code"]
        assert query["code_challenge_method"] == ["S256"]
        assert query["redirect_uri"] == [BACK]
        assert query["scope"] == ["openid email"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name][0]) >= 43


def test_the_verifier_of_the_challenge_goes_with_the_code(inn, monkeypatch):
    """RFC 7636: the provider compares them; this one does not, so the test does."""
    from authlib.integrations.httpx_client import OAuth2Client

    sent: list[str] = []
    fetch = OAuth2Client.fetch_token

    def noted(self, *args, **options):
        sent.append(options["code_verifier"])
        return fetch(self, *args, **options)

    monkeypatch.setattr(OAuth2Client, "fetch_token", noted)
    begun = inn.begin()
    inn.finish(begun, inn.agree(begun))
    challenge = parse_qs(urlsplit(begun.address).query)["code_challenge"][0]
    assert urlsafe_b64encode(hashlib.sha256(sent[0].encode()).digest()).decode().rstrip("=") == challenge


def test_who_began_elsewhere_is_refused(inn):
    """Login CSRF: somebody lures a browser to an answer that was made for another."""
    begun, other = inn.begin(), inn.begin()
    answer = inn.agree(begun)
    for cookie in ("", other.state, begun.state[:-1]):
        with pytest.raises(SignInError, match="not begun in this browser"):
            inn.finish(begun, answer, cookie=cookie)


def test_an_answer_is_good_once_and_for_ten_minutes(inn):
    begun = inn.begin()
    answer = inn.agree(begun)
    inn.finish(begun, answer)
    with pytest.raises(SignInError, match="ended before"):
        inn.finish(begun, answer)
    late = inn.begin()
    answer = inn.agree(late)
    inn.house.clock.wait(600)
    with pytest.raises(SignInError, match="took too long"):
        inn.finish(late, answer)


def test_a_code_of_another_sign_in_is_refused_by_its_nonce(inn):
    mine, theirs = inn.begin(), inn.begin()
    stolen = inn.agree(theirs)["code"]
    with pytest.raises(SignInError, match="token does not hold"):
        inn.finish(mine, {"state": mine.state, "code": stolen})


@pytest.mark.parametrize(
    "answer", [{}, {"code": ""}, {"code": "forged"}, {"error": "access_denied", "code": "x"}]
)
def test_what_the_provider_did_not_say_is_refused(inn, answer):
    begun = inn.begin()
    with pytest.raises(SignInError):
        inn.finish(begun, {"state": begun.state, **answer})


def test_an_answer_of_another_provider_is_refused(inn):
    begun = inn.begin()
    answer = inn.agree(begun) | {"iss": "https://evil.example"}
    with pytest.raises(SignInError, match="another provider"):
        inn.finish(begun, answer)


@pytest.mark.parametrize("subject", ["unverified", "stringly", "stranger"])
def test_who_is_no_member_or_not_verified_is_refused_and_recorded(inn, subject):
    begun = inn.begin()
    with pytest.raises(SignInError):
        inn.finish(begun, inn.agree(begun, subject))
    kind, body = inn.house.recorded()[-1]
    assert (kind, body["how"], body["member"]) == ("access.sign_in_failed", "openid", None)
    assert "example" not in str(body)


def test_a_member_is_known_by_the_providers_id_from_the_first_time_on(inn):
    begun = inn.begin()
    inn.finish(begun, inn.agree(begun, "ann-0"))
    taken_over = inn.begin()
    with pytest.raises(SignInError, match="nobody of this address"):
        inn.finish(taken_over, inn.agree(taken_over, "ann-1"))
    again = inn.begin()
    assert inn.finish(again, inn.agree(again, "ann-0"))


def test_a_token_that_the_provider_did_not_sign_is_refused(inn, monkeypatch):
    from joserfc import jwt
    from joserfc.jwk import OctKey, RSAKey

    claims = {"iss": inn.issuer, "aud": "tradewind", "sub": "ann-0", "iat": 0, "exp": 2**40}
    claims |= {"email": "ann@acme.example", "email_verified": True}

    def forged(header, key, **changed):
        from authlib.integrations.httpx_client import OAuth2Client

        begun = inn.begin()
        nonce = parse_qs(urlsplit(begun.address).query)["nonce"][0]
        token = jwt.encode(header, {**claims, "nonce": nonce, **changed}, key, algorithms=[header["alg"]])
        monkeypatch.setattr(OAuth2Client, "fetch_token", lambda *_, **__: {"id_token": token})
        with pytest.raises(SignInError, match="token does not hold"):
            inn.finish(begun, {"state": begun.state, "code": "x"})

    forged({"alg": "RS256"}, RSAKey.generate_key(2048))
    forged({"alg": "HS256"}, OctKey.import_key("tradewind-tradewind-tradewind-tradewind"))


@pytest.mark.parametrize(
    "address", ["http://login.example.com", "ftp://x", "", "https://", "javascript:alert(1)"]
)
def test_a_provider_is_reached_by_https_unless_it_is_on_this_machine(acme, address):
    with pytest.raises(InputError, match="no provider's address"):
        acme.access.openid.set_provider(ACME, address, "tradewind", None, by="operator")


def test_a_provider_that_is_away_or_none_is_said_to_be(acme, issuer, tmp_path):
    with pytest.raises(UnavailableError, match="does not answer"):
        acme.access.openid.set_provider(ACME, "http://localhost:9", "tradewind", None, by="operator")
    with pytest.raises((InputError, UnavailableError)):
        acme.access.openid.set_provider(ACME, f"{issuer}/nothing-here", "tradewind", None, by="operator")
    with pytest.raises(InputError, match="says that it is"):
        acme.access.openid.set_provider(ACME, issuer + "/", "tradewind", None, by="operator")
    with pytest.raises(ConfigError, match="cannot be read"):
        acme.access.openid.set_provider(ACME, issuer, "tradewind", f"file:{tmp_path}/none", by="operator")
    assert acme.access.openid.provider(ACME) is None


def test_the_secret_is_named_and_never_kept(inn, tmp_path):
    assert inn.openid.provider(ACME).secret == f"file:{tmp_path}/secret"
    begun = inn.begin()
    assert inn.finish(begun, inn.agree(begun))
    inn.house.journal.databases.close()
    assert b"client's secret" not in (tmp_path / "c.db").read_bytes()


def test_only_a_tenant_with_a_provider_has_this_way_in(inn):
    inn.house.access.tenants.create(
        "beta", home=RegionId("eu"), owner="ann@acme.example", password=None, by="operator"
    )
    for tenant in ("beta", "nobody", ""):
        with pytest.raises(NotFoundError, match="no sign-in by a provider"):
            inn.openid.begin(tenant, back=BACK, goal="/console/")
    begun = inn.begin()
    answer = inn.agree(begun)
    inn.openid.drop_provider(ACME, by="operator")
    with pytest.raises(SignInError, match="no provider any more"):
        inn.finish(begun, answer)


def test_a_member_without_a_password_signs_in_by_the_provider_of_their_own_tenant_only(inn):
    inn.house.access.tenants.create(
        "beta", home=RegionId("eu"), owner="zoe@else.example", password=None, by="operator"
    )
    inn.house.access.members.add(ACME, "bob@acme.example", Role.AGENT, password=None, by="operator")
    begun = inn.begin()
    with pytest.raises(SignInError, match="nobody of this address"):  # zoe is a member of beta, not of acme
        inn.finish(begun, inn.agree(begun, "stranger"))
