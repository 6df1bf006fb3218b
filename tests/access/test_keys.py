"""API keys: shown once, kept as a hash, scoped, expiring, revocable."""

from __future__ import annotations

from datetime import timedelta

import pytest
from access_house import PASSWORD
from sqlalchemy import text

from tradewind.access.beliefs import BELIEVED_S
from tradewind.access.keys import digest_of
from tradewind.access.model import Right
from tradewind.core.errors import InputError, NotFoundError, SignInError, StorageError
from tradewind.core.ids import RegionId, TenantId

ACME = TenantId("acme")
PREDICTS = frozenset({Right.MODELS_PREDICT})


def make(house, **options):
    return house.access.keys.make(ACME, "shop", options.pop("rights", PREDICTS), by="operator", **options)


def test_a_key_does_what_it_was_made_for(acme):
    key, shown = make(acme, regions=frozenset({RegionId("eu")}))
    assert shown.startswith("tw_")
    assert len(shown) >= 46
    assert shown.startswith(key.prefix)
    known = acme.access.keys.recognise(digest_of(shown))
    assert known.principal == key.principal
    assert (known.principal.tenant, known.principal.rights) == (ACME, PREDICTS)
    assert known.principal.regions == {"eu"}


def test_two_keys_are_never_alike(acme):
    assert len({make(acme)[1] for _ in range(20)}) == 20


def test_only_a_hash_of_it_is_kept_anywhere(acme, tmp_path):
    _, shown = make(acme)
    acme.access.keys.recognise(digest_of(shown))
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert shown[3:].encode() not in file.read_bytes()
    with acme.journal.databases.control.read() as connection:
        (row,) = connection.execute(text("SELECT digest FROM keys WHERE label = 'shop'"))
    assert bytes(row.digest) == digest_of(shown)


@pytest.mark.parametrize("forged", ["tw_", "tw_" + "A" * 43, "", "' OR 1=1 --", "tw_\udcff", "x" * 10_000])
def test_a_forged_key_is_unknown(acme, forged):
    make(acme)
    with pytest.raises(SignInError, match="unknown"):
        acme.access.keys.recognise(digest_of(forged))


def test_a_key_ends_when_its_time_is_over_even_where_it_is_believed(acme):
    _, shown = make(acme, lasts=timedelta(seconds=0.5))
    digest = digest_of(shown)
    acme.access.keys.recognise(digest)
    assert acme.access.beliefs.get(digest) is not None
    acme.clock.wait(0.5)
    assert acme.access.beliefs.get(digest) is None
    with pytest.raises(SignInError, match="ended at 2026-11-25 03:00 UTC"):
        acme.access.keys.recognise(digest)


def test_a_revoked_key_is_refused_at_once_in_this_process(acme):
    key, shown = make(acme)
    digest = digest_of(shown)
    acme.access.keys.recognise(digest)
    acme.access.keys.revoke(ACME, key.id, by="operator")
    assert acme.access.beliefs.get(digest) is None
    with pytest.raises(SignInError, match="was revoked"):
        acme.access.keys.recognise(digest)


def test_a_lookup_that_was_under_way_while_it_was_revoked_is_not_believed(acme):
    key, shown = make(acme)
    digest = digest_of(shown)
    generation = acme.access.beliefs.generation
    known = acme.access.keys.recognise(digest)
    acme.access.keys.revoke(ACME, key.id, by="operator")
    acme.access.beliefs.keep(digest, known, generation)
    assert acme.access.beliefs.get(digest) is None


def test_what_another_process_revoked_is_believed_for_a_second_at_most(acme):
    key, shown = make(acme)
    digest = digest_of(shown)
    acme.access.keys.recognise(digest)
    with acme.access.recorder.change(ACME) as rows:  # another process tells this one nothing
        rows.revoke_key(key.id, acme.clock.now())
    assert acme.access.beliefs.get(digest) is not None
    acme.clock.wait(BELIEVED_S + 0.001)
    assert acme.access.beliefs.get(digest) is None
    with pytest.raises(SignInError):
        acme.access.keys.recognise(digest)


def test_making_and_revoking_are_recorded_once_and_without_the_key(acme):
    key, shown = make(acme, lasts=timedelta(days=1))
    for _ in range(2):
        acme.access.keys.revoke(ACME, key.prefix, by="operator")
    (made, revoked) = acme.recorded()[-2:]
    assert made[0] == "access.key_made"
    assert made[1]["rights"] == ["models:predict"]
    assert revoked == ("access.key_revoked", {"key": key.id, "by": "operator"})
    assert shown[3:] not in str(acme.recorded())


def test_the_last_use_is_noted_to_the_minute(acme):
    _, shown = make(acme)
    digest = digest_of(shown)
    acme.access.keys.recognise(digest)
    first = acme.access.keys.all(ACME)[0].last_used
    acme.clock.wait(30)
    acme.access.keys.recognise(digest)
    assert acme.access.keys.all(ACME)[0].last_used == first
    acme.clock.wait(31)
    acme.access.keys.recognise(digest)
    assert acme.access.keys.all(ACME)[0].last_used == acme.clock.now()


def test_another_tenants_key_is_not_there(acme):
    key, _ = make(acme)
    acme.access.tenants.create("beta", home=RegionId("eu"), owner="z@z.example", password=None, by="operator")
    for name in (key.id, key.prefix, "", "%"):
        with pytest.raises(NotFoundError):
            acme.access.keys.revoke(TenantId("beta"), name, by="operator")
    assert acme.access.keys.all(ACME)[0].revoked is None
    assert acme.access.keys.all(TenantId("beta")) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"rights": frozenset()}, "without any right"),
        ({"lasts": timedelta(0)}, "lies ahead"),
        ({"lasts": timedelta.max}, "calendar"),
        ({"rate_per_s": 0.0}, "more than 0"),
        ({"rate_per_s": float("nan")}, "more than 0"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(acme, wrong, says):
    with pytest.raises(InputError) as refused:
        make(acme, **wrong)
    assert says in str(refused.value)


@pytest.mark.parametrize("label", ["", "  ", "a\nb", "x" * 201])
def test_a_label_is_one_line(acme, label):
    with pytest.raises(InputError, match="cannot label a key"):
        acme.access.keys.make(ACME, label, PREDICTS, by="operator")


def test_a_full_disk_locks_nobody_out(acme, monkeypatch):
    _, shown = make(acme)
    session = acme.access.sessions.sign_in("acme", "ann@acme.example", PASSWORD, address="192.0.2.1")
    acme.clock.wait(61)

    def full(_):
        raise StorageError("the disk is full")

    for part in (acme.access.keys, acme.access.sessions):
        monkeypatch.setattr(part._store, "write", full)
    assert acme.access.keys.recognise(digest_of(shown)).principal.tenant == ACME
    assert acme.access.sessions.recognise(digest_of(session)).principal.tenant == ACME
