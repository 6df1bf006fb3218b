"""Sign-in by password, sessions and their end, throttles."""

from __future__ import annotations

import statistics
import time

import pytest

from tradewind.access.keys import digest_of
from tradewind.access.model import Right, Role
from tradewind.access.sessions import ADDRESS_TRIES, TRIES, form_token
from tradewind.access.throttle import Throttle
from tradewind.core.errors import RateError, SignInError
from tradewind.core.ids import TenantId

ACME = TenantId("acme")
ANN = "ann@acme.example"
PASSWORD = "correct horse battery staple"


def sign_in(house, *, tenant="acme", email=ANN, password=PASSWORD, address="192.0.2.1"):
    return house.access.sessions.sign_in(tenant, email, password, address=address)


def principal(house, session):
    return house.access.sessions.recognise(digest_of(session)).principal


def test_who_knows_the_password_gets_a_session(acme):
    session = sign_in(acme, email="ANN@acme.example")
    assert principal(acme, session).tenant == ACME
    assert Right.TENANT_MANAGE in principal(acme, session).rights
    assert acme.recorded()[-1][0] == "access.signed_in"


def test_the_session_is_kept_as_a_hash_only(acme, tmp_path):
    session = sign_in(acme)
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert session[4:].encode() not in file.read_bytes()


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "correct horse battery stable"},
        {"password": ""},
        {"password": "x" * 100_000},
        {"email": "nobody@acme.example"},
        {"email": "' OR 1=1 --"},
        {"tenant": "nobody"},
        {"tenant": ""},
        {"tenant": "acme\0"},
    ],
)
def test_whatever_does_not_fit_is_told_the_same(acme, wrong):
    with pytest.raises(SignInError) as refused:
        sign_in(acme, **wrong)
    assert refused.value.message == "organisation, e-mail address or password do not fit"


def test_a_failed_sign_in_is_recorded_without_what_was_typed(acme):
    for email in (ANN, "stranger@elsewhere.example"):
        with pytest.raises(SignInError):
            sign_in(acme, email=email, password="a guess of twenty letters")
    known, unknown = acme.recorded()[-2:]
    assert known[0] == unknown[0] == "access.sign_in_failed"
    assert known[1]["member"] == acme.access.members.find(ACME, ANN).id
    assert unknown[1]["member"] is None
    assert "stranger" not in str(acme.recorded())
    assert "guess" not in str(acme.recorded())


def test_a_stranger_is_refused_no_faster_than_a_member(acme):
    """The hash is computed for nobody too: without it a stranger would be refused a hundred times as fast."""
    taken: dict[str, list[float]] = {ANN: [], "nobody@acme.example": []}
    for number in range(4):
        for email, times in taken.items():
            started = time.process_time()
            with pytest.raises(SignInError):
                sign_in(acme, email=email, password="wrong but long enough", address=f"192.0.2.{number}")
            times.append(time.process_time() - started)
    member, stranger = (statistics.median(times) for times in taken.values())
    assert 0.5 < stranger / member < 2.0


def test_a_member_without_a_password_cannot_sign_in_by_one(acme):
    acme.access.members.add(ACME, "bob@acme.example", Role.AGENT, password=None, by="operator")
    for guess in ("", "None", "nobody's"):
        with pytest.raises(SignInError):
            sign_in(acme, email="bob@acme.example", password=guess)


def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_all(acme):
    idle = sign_in(acme)
    acme.clock.wait(2 * 3600)
    with pytest.raises(SignInError, match="has ended"):
        principal(acme, idle)
    used = sign_in(acme)
    for _ in range(11):
        acme.clock.wait(3600)
        assert principal(acme, used)
    acme.clock.wait(3600)
    with pytest.raises(SignInError, match="has ended"):
        principal(acme, used)


def test_signing_out_ends_it_at_once_and_again_is_nothing(acme):
    session = sign_in(acme)
    principal(acme, session)
    for _ in range(2):
        acme.access.sessions.end(session)
    assert acme.access.beliefs.get(digest_of(session)) is None
    with pytest.raises(SignInError):
        principal(acme, session)
    assert [kind for kind, _ in acme.recorded()].count("access.signed_out") == 1


def test_a_new_password_and_the_end_of_a_membership_end_sessions(acme):
    acme.access.members.add(ACME, "bob@acme.example", Role.AGENT, password=PASSWORD, by="operator")
    ann, bob = sign_in(acme), sign_in(acme, email="bob@acme.example")
    acme.access.members.set_password(ACME, ANN, "another horse battery staple", by="operator")
    acme.access.members.remove(ACME, "bob@acme.example", by="operator")
    for session in (ann, bob):
        with pytest.raises(SignInError):
            principal(acme, session)
    assert sign_in(acme, password="another horse battery staple")


def test_a_role_that_is_taken_away_is_gone_from_the_next_request_on(acme):
    acme.access.members.add(ACME, "bob@acme.example", Role.OWNER, password=PASSWORD, by="operator")
    session = sign_in(acme, email="bob@acme.example")
    assert Right.TENANT_MANAGE in principal(acme, session).rights
    acme.access.members.set_role(ACME, "bob@acme.example", Role.PARTNER, by="operator")
    assert acme.access.beliefs.get(digest_of(session)) is None
    assert Right.TENANT_MANAGE not in principal(acme, session).rights


def test_guessing_is_slowed_down_for_a_name_from_wherever_it_comes(acme):
    for number in range(TRIES):
        with pytest.raises(SignInError):
            sign_in(acme, password="wrong but long enough", address=f"192.0.2.{number}")
    with pytest.raises(RateError) as refused:
        sign_in(acme, address="198.51.100.1")
    assert 0 < refused.value.retry_after_s <= 10
    acme.clock.wait(10)
    assert sign_in(acme)
    assert sign_in(acme)  # who got in has all tries again


def test_guessing_many_names_is_slowed_down_for_an_address(acme):
    acme.access.sessions._addresses._buckets["192.0.2.9"] = (0.5, acme.clock.monotonic())
    with pytest.raises(RateError):
        sign_in(acme, address="192.0.2.9")
    assert sign_in(acme, address="192.0.2.10")
    assert ADDRESS_TRIES == 30


def test_a_bucket_fills_as_it_says(house):
    throttle = Throttle(house.clock, burst=3, per_s=2, what="this may come")
    for _ in range(3):
        throttle.take("a")
    with pytest.raises(RateError) as refused:
        throttle.take("a")
    assert refused.value.retry_after_s == pytest.approx(0.5)
    throttle.take("b")
    house.clock.wait(0.5)
    throttle.take("a")
    with pytest.raises(RateError):
        throttle.take("a")


def test_a_form_token_is_of_one_session_and_does_not_tell_it():
    assert form_token("tws_a") != form_token("tws_b")
    assert "tws_a" not in form_token("tws_a")
