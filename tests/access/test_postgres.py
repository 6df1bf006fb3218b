"""The same on PostgreSQL: what tables, times and conflicts do there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import postgres
import pytest
from access_house import EU, PASSWORD, House, build_house

from tradewind.access.keys import digest_of
from tradewind.access.model import Right, Role
from tradewind.core.errors import ConflictError, SignInError, UnavailableError
from tradewind.core.ids import TenantId

pytestmark = pytest.mark.postgres
ACME = TenantId("acme")


@pytest.fixture
def acme(postgres_database: Callable[[], str], tmp_path: Path) -> Iterator[House]:
    house = build_house(postgres_database(), postgres_database(), tmp_path / "locks")
    house.access.tenants.create("acme", home=EU, owner="ann@acme.example", password=PASSWORD, by="operator")
    yield house
    house.journal.close()
    house.journal.databases.close()


def test_tenants_members_keys_and_sessions(acme: House) -> None:
    access = acme.access
    bob = access.members.add(ACME, "bob@acme.example", Role.AGENT, password=PASSWORD, by="operator")
    for again in (
        lambda: access.tenants.create("acme", home=EU, owner="a@b.example", password=None, by="operator"),
        lambda: access.members.add(ACME, "bob@acme.example", Role.AGENT, password=None, by="operator"),
    ):
        with pytest.raises(ConflictError):
            again()
    key, text = access.keys.make(
        ACME, "shop", frozenset({Right.MODELS_READ}), by="operator", regions=frozenset({EU}),
        rate_per_s=2.5, lasts=timedelta(days=1),
    )  # fmt: skip
    assert access.keys.all(ACME) == [key]
    assert access.keys.recognise(digest_of(text)).principal == key.principal
    assert access.keys.all(ACME)[0].last_used == acme.clock.now()
    access.keys.revoke(ACME, key.id, by=bob.id)
    with pytest.raises(SignInError, match="revoked"):
        access.keys.recognise(digest_of(text))
    session = access.sessions.sign_in("acme", "bob@acme.example", PASSWORD, address="192.0.2.1")
    assert access.sessions.recognise(digest_of(session)).principal == bob.principal
    access.members.remove(ACME, bob.id, by="operator")
    with pytest.raises(SignInError):
        access.sessions.recognise(digest_of(session))
    access.grants.grant(ACME, "banking", by="operator")
    assert access.grants.all() == {"banking": {"acme"}}
    assert len(acme.recorded()) == 8


def test_of_many_that_send_one_write_at_once_one_does_it(acme: House) -> None:
    def begin(_: int) -> str:
        try:
            acme.access.answers.begin(ACME, "tw_key", "once", b"request")
        except ConflictError:
            return "conflict"
        return "mine"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(begin, range(16)))
    assert outcomes.count("mine") == 1


def test_a_database_that_is_away_is_said_to_be_and_everything_is_there_when_it_is_back(
    tmp_path: Path,
) -> None:
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with postgres.server() as server:
        house = build_house(server.create("control"), server.create("eu"), tmp_path / "locks")
        access = house.access
        access.tenants.create("acme", home=EU, owner="ann@acme.example", password=PASSWORD, by="operator")
        _, text = access.keys.make(ACME, "shop", frozenset({Right.MODELS_READ}), by="operator")
        server.stop(fast=False)
        for refused in (
            lambda: access.keys.recognise(digest_of(text)),
            lambda: access.members.add(ACME, "b@acme.example", Role.AGENT, password=None, by="operator"),
            lambda: access.sessions.sign_in("acme", "ann@acme.example", PASSWORD, address="192.0.2.1"),
        ):
            with pytest.raises(UnavailableError):
                refused()
        server.start()
        assert access.keys.recognise(digest_of(text)).principal.tenant == ACME
        assert [member.email for member in access.members.all(ACME)] == ["ann@acme.example"]
        assert access.sessions.sign_in("acme", "ann@acme.example", PASSWORD, address="192.0.2.1")
        house.journal.close()
        house.journal.databases.close()
