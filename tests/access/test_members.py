"""Tenants and their members: made, changed, and every change recorded."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tradewind.access.model import LOCAL, RIGHTS, Right, Role
from tradewind.core.errors import ConflictError, InputError, NotFoundError, StorageError
from tradewind.core.ids import RegionId, TenantId

PASSWORD = "correct horse battery staple"
EU = RegionId("eu")
ACME = TenantId("acme")


def test_a_tenant_comes_with_an_owner_and_both_are_recorded(house):
    assert not house.access.tenants.any()
    tenant, owner = house.access.tenants.create(
        "acme", home=EU, owner="Ann@Acme.example", password=PASSWORD, by="operator"
    )
    assert house.access.tenants.any()
    assert (tenant.tenant, tenant.home, owner.email, owner.role) == (
        "acme",
        "eu",
        "ann@acme.example",
        Role.OWNER,
    )
    assert house.recorded() == [
        ("access.tenant_created", {"home": "eu", "by": "operator"}),
        ("access.member_added", {"member": owner.id, "role": "owner", "by": "operator"}),
    ]


@pytest.mark.parametrize("name", ["", "Acme", "a_b", "-a", "x" * 64, "a'; drop table tenants; --", "a\nb"])
def test_a_name_that_is_none_is_refused(house, name):
    with pytest.raises(InputError, match="cannot name a tenant"):
        house.access.tenants.create(name, home=EU, owner="a@b.example", password=None, by="operator")


def test_a_taken_name_changes_nothing(acme):
    before = acme.recorded()
    with pytest.raises(ConflictError, match="there is a tenant 'acme' already"):
        acme.access.tenants.create("acme", home=EU, owner="b@b.example", password=None, by="operator")
    assert len(acme.access.members.all(ACME)) == 1
    assert acme.recorded() == before
    with pytest.raises(ConflictError, match="'local'"):
        acme.access.tenants.create("local", home=EU, owner="b@b.example", password=None, by="operator")


@pytest.mark.parametrize(
    "email", ["", "ann", "@b", "a@", "a b@c", "a@b\r\nBcc: x@y", "<a@b>", "a@b,c@d", "x" * 65 + "@b"]
)
def test_an_address_that_is_none_is_refused(acme, email):
    with pytest.raises(InputError, match="no e-mail address"):
        acme.access.members.add(ACME, email, Role.AGENT, password=None, by="operator")


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused(acme, password):
    with pytest.raises(InputError, match="characters"):
        acme.access.members.add(ACME, "b@b.example", Role.AGENT, password=password, by="operator")


def test_a_password_is_kept_as_an_argon2id_hash_only(acme):
    member = acme.access.members.find(ACME, "ann@acme.example")
    assert member.password.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    with acme.journal.databases.control.read() as connection:
        dump = "".join(str(row) for row in connection.execute(text("SELECT * FROM members")))
    assert PASSWORD not in dump


def test_roles_change_and_the_last_owner_stays(acme):
    members = acme.access.members
    bob = members.add(ACME, "bob@acme.example", Role.AGENT, password=None, by="operator")
    with pytest.raises(ConflictError, match="only owner"):
        members.set_role(ACME, "ann@acme.example", Role.AGENT, by="operator")
    with pytest.raises(ConflictError, match="only owner"):
        members.remove(ACME, "ann@acme.example", by="operator")
    assert members.set_role(ACME, "bob@acme.example", Role.OWNER, by="operator").role is Role.OWNER
    members.remove(ACME, "ann@acme.example", by=bob.id)
    assert [member.email for member in members.all(ACME)] == ["bob@acme.example"]
    assert [kind for kind, _ in acme.recorded()][-2:] == [
        "access.member_role_changed",
        "access.member_removed",
    ]


def test_the_same_address_may_be_a_member_of_two_tenants_and_no_more_than_once_of_one(acme):
    acme.access.tenants.create("beta", home=EU, owner="ann@acme.example", password=None, by="operator")
    with pytest.raises(ConflictError, match="is a member already"):
        acme.access.members.add(ACME, "ANN@acme.example", Role.AGENT, password=None, by="operator")


def test_a_member_of_another_tenant_is_nobody(acme):
    _, other = acme.access.tenants.create(
        "beta", home=EU, owner="zoe@beta.example", password=None, by="operator"
    )
    for who in (other.id, other.email):
        with pytest.raises(NotFoundError) as refused:
            acme.access.members.find(ACME, who)
        assert "members are: ann@acme.example" in str(refused.value)
        with pytest.raises(NotFoundError):
            acme.access.members.remove(ACME, who, by="operator")
    assert acme.access.members.find(TenantId("beta"), other.id).email == "zoe@beta.example"


def test_every_role_has_what_the_page_says_and_the_owner_everything():
    assert RIGHTS[Role.OWNER] == frozenset(Right)
    assert set(RIGHTS) == set(Role)
    assert not any(Right.TENANT_MANAGE in rights for role, rights in RIGHTS.items() if role is not Role.OWNER)


def test_an_unknown_tenant_has_no_home_and_the_local_one_has(house):
    assert house.access.home_of(LOCAL) == EU
    with pytest.raises(NotFoundError, match="no tenant 'nobody'"):
        house.access.home_of(TenantId("nobody"))


def test_a_change_whose_entry_could_not_be_written_is_recorded_later_and_once(acme, monkeypatch):
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    recorder = acme.access.recorder
    before = acme.recorded()
    with monkeypatch.context() as patched:
        patched.setattr(recorder, "_append", full)
        acme.access.members.add(ACME, "bob@acme.example", Role.AGENT, password=None, by="operator")
    assert acme.access.members.find(ACME, "bob@acme.example").role is Role.AGENT
    assert acme.recorded() == before
    recorder.hand_on_all()
    recorder.hand_on_all()
    added = acme.recorded()[len(before) :]
    assert [kind for kind, _ in added] == ["access.member_added"]


def test_a_process_that_died_between_entry_and_note_records_nothing_twice(acme, monkeypatch):
    """The entry is in the journal, the note still in the table: as after a kill between the two."""
    recorder = acme.access.recorder
    journal_append = recorder._append

    def then_die(tenant, drafts):
        journal_append(tenant, drafts)
        raise StorageError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(recorder, "_append", then_die)
        acme.access.members.add(ACME, "bob@acme.example", Role.AGENT, password=None, by="operator")
    held = acme.recorded()
    recorder.hand_on_all()
    assert acme.recorded() == held
    assert not list(acme.access.recorder._store.doorway.unrecorded_tenants())
