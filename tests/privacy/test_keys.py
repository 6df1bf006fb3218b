"""Region keys: where they live, whom they are for, and going over to the next."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from subjects import ACME, CN, EU, Ground, ground, heard, say

from tradewind.core.errors import ConfigError, IntegrityError, NotFoundError
from tradewind.core.ids import RegionId
from tradewind.privacy import store
from tradewind.privacy.keys import KeyService, Wrapped, open_region_keys
from tradewind.privacy.store.scrub import holds

KEY = b"k" * 32


@pytest.fixture(params=["file", "env", "kms"])
def service(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyService:
    monkeypatch.setenv("ACME_EU_KEY", base64.b64encode(os.urandom(32)).decode())
    named = {
        "file": f"file:{tmp_path / 'keys' / 'eu.key'}",
        "env": "env:ACME_EU_KEY",
        "kms": "kms:tradewind.privacy.keys:file_service",
    }
    return open_region_keys({EU: named[request.param]}, tmp_path).of(EU)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=16, max_size=64), st.binary(max_size=80), st.binary(max_size=80))
def test_a_key_is_unwrapped_where_it_was_wrapped_for(
    service: KeyService, key: bytes, one: bytes, other: bytes
):
    wrapped = service.wrap(key, one)
    assert key not in wrapped.content
    assert service.unwrap(wrapped, one) == key
    if one != other:
        with pytest.raises(IntegrityError):
            service.unwrap(wrapped, other)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_changed_wrapped_key_is_refused(service: KeyService, data: st.DataObject):
    wrapped = service.wrap(KEY, b"anna")
    content = bytearray(wrapped.content)
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(IntegrityError):
        service.unwrap(Wrapped(wrapped.key_id, bytes(content)), b"anna")


def test_a_file_is_made_at_first_use_for_its_owner_alone(tmp_path: Path):
    service = open_region_keys({EU: None}, tmp_path / "keys").of(EU)
    path = tmp_path / "keys" / "eu.key"
    assert not path.exists()
    service.wrap(KEY, b"")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="others may read"):
        open_region_keys({EU: None}, tmp_path / "keys").of(EU).wrap(KEY, b"")


@pytest.mark.parametrize(
    "content", ["", "{}", '{"current": "a", "keys": {}}', '{"current":"a","keys":{"a":"AAA="}}']
)
def test_a_damaged_file_is_named(tmp_path: Path, content: str):
    path = tmp_path / "eu.key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"eu\.key"):
        open_region_keys({EU: f"file:{path}"}, tmp_path).of(EU).current()


def test_the_environment_knows_the_key_before(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    monkeypatch.setenv("ACME_KEY", first)
    service = open_region_keys({EU: "env:ACME_KEY"}, tmp_path).of(EU)
    wrapped = service.wrap(KEY, b"")
    monkeypatch.setenv("ACME_KEY", second)
    with pytest.raises(IntegrityError, match="not in the environment variable ACME_KEY"):
        service.unwrap(wrapped, b"")
    monkeypatch.setenv("ACME_KEY_PREVIOUS", first)
    assert service.unwrap(wrapped, b"") == KEY
    assert service.rotate() == service.current() != wrapped.key_id


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("vault:x", "no place for a key"),
        ("file:", "no place for a key"),
        ("kms:no.such.module:x", "cannot be imported"),
        ("kms:tradewind.privacy.keys:nothing", "cannot be imported"),
        ("kms:pathlib:Path", "lacks"),
    ],
)
def test_a_setting_that_names_no_key_is_refused(tmp_path: Path, named: str, words: str):
    with pytest.raises(ConfigError, match=words):
        open_region_keys({EU: named}, tmp_path)


def test_a_missing_variable_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(ConfigError, match="urandom"):
        open_region_keys({EU: "env:NOT_SET_ANYWHERE"}, tmp_path).of(EU).current()


def test_a_region_without_a_key_is_not_found(tmp_path: Path):
    with pytest.raises(NotFoundError, match="atlantis"):
        open_region_keys({EU: None}, tmp_path).of(RegionId("atlantis"))


def test_after_a_rotation_everything_reads_as_before_and_the_old_key_is_gone(here: Ground):
    said = {say(here, f"customer:{number}", f"text {number}"): f"text {number}" for number in range(30)}
    before = here.privacy.keys.of(EU).current()
    other = here.privacy.keys.of(CN).current()
    key, count = here.privacy.rotation.rotate(EU, timeout_s=60)
    assert count == 31, "thirty persons' keys and the tenant's secret"
    assert here.privacy.keys.of(EU).current() == key != before
    assert here.privacy.keys.of(CN).current() == other
    with here.databases.region(EU).read_as(ACME) as tables:
        assert store.subject_keys_after(tables, key, ("", ""), 100) == []
    assert before not in (here.var / "keys" / "eu.key").read_text(encoding="utf-8")
    assert heard(here) == said
    assert say(here, "customer:1", "later") in said, "the same pseudonym as before"
    (entry,) = here.journal.read(ACME, EU, kinds=["privacy.key_rotated"])
    assert entry.body["key"] == key


def test_a_wrapped_key_of_another_person_does_not_open_theirs(tmp_path: Path):
    with ground(tmp_path) as here:
        anna, ben = say(here, "anna@example.com", "hers"), say(here, "ben@example.com", "his")
        database = here.databases.region(EU)
        with database.read_as(ACME) as tables:
            hers, his = (store.subject_key(tables, one, "conversation") for one in (anna, ben))
        assert hers is not None
        assert his is not None
        with database.write_as(ACME) as tables:
            swapped = store.SubjectKey(ben, his.category, his.period, hers.wrapped)
            assert store.replace_subject_key(tables, his, swapped)
            store.next_epoch(database, tables)
        assert holds(database, [hers.wrapped.content])
        with pytest.raises(IntegrityError, match="belongs to somebody else"):
            heard(here)
