"""The agents' side over HTTP, and that neither side reaches what is the other's."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from served import serving

from tradewind.access.model import RIGHTS, Right, Role
from tradewind.core.ids import RegionId, TenantId
from tradewind.core.settings import Settings
from tradewind.workspace import Ground

ACME = TenantId("acme")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    """A server of the finance pack; its address and keys of two agents, an analyst and the business."""
    folder = tmp_path_factory.mktemp("inbox")
    settings = Settings(workspace=folder)
    ground = Ground(settings)
    ground.access.tenants.create("acme", home=RegionId("eu"), owner="o@acme.example", password=None, by="t")

    def key(rights: frozenset[Right]) -> str:
        return ground.access.keys.make(ACME, "key", rights, by="test")[1]

    keys = {
        "ann": key(RIGHTS[Role.AGENT]),
        "bo": key(RIGHTS[Role.AGENT]),
        "analyst": key(RIGHTS[Role.ANALYST]),
        "business": key(frozenset({Right.CONVERSATIONS_WRITE})),
    }
    ground.close()
    with serving(settings) as address:
        yield address, keys


def ask(address: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=30)


def test_an_agent_takes_answers_notes_and_closes(house):
    address, keys = house
    with (
        ask(address, keys["business"]) as business,
        ask(address, keys["ann"]) as ann,
        ask(address, keys["bo"]) as bo,
    ):
        begun = business.post("/v1/conversations", json={"market": "us", "subject": "customer:1"}).json()
        own = f"/v1/inbox/{begun['id']}"
        with ask(address, begun["token"]) as customer:
            path = f"/v1/conversations/{begun['id']}/messages"
            asked = customer.post(path, json={"text": "/human"})
            assert asked.status_code == 200, asked.text
            assert (
                ann.put("/v1/inbox/agents/me", json={"name": "Ann", "languages": ["en"]}).status_code == 200
            )
            waiting = ann.get("/v1/inbox").json()["conversations"]
            assert [(each["id"], each["status"], each["reason"]) for each in waiting] == [
                (begun["id"], "queued", "requested")
            ]
            assert ann.post(f"{own}:say", json={"text": "too early"}).status_code == 409
            taken = ann.post("/v1/inbox/next").json()["conversation"]
            assert (taken["id"], taken["status"]) == (begun["id"], "taken")
            assert bo.post(f"{own}:take").status_code == 409
            said = ann.post(f"{own}:say", json={"text": "hello", "client_id": "a1"})
            assert said.json() == ann.post(f"{own}:say", json={"text": "hello", "client_id": "a1"}).json()
            assert bo.post(f"{own}:note", json={"text": "a regular"}).status_code == 200
            assert ann.post(f"{own}:resolve").status_code == 200
            seen = customer.get(path).json()["messages"]
            assert [m["text"] for m in seen if m["author"] == "agent"] == ["hello"]
            assert [m["agent"] for m in seen if m["author"] == "agent"] == ["Ann"]
            assert [choice["payload"] for choice in seen[-1]["choices"]] == [
                f"/rate {n}" for n in range(1, 6)
            ]
            customer.post(path, json={"text": "/rate 4"}).raise_for_status()
            assert ann.get(own).json()["rating"] == 4
            notes = [m["text"] for m in ann.get(f"{own}/messages").json()["messages"] if m["note"]]
            assert notes == ["a regular"]
            assert [a["name"] for a in ann.get("/v1/inbox/agents").json()["agents"]] == ["", "Ann"]


def test_canned_replies_come_and_go(house):
    address, keys = house
    with ask(address, keys["ann"]) as ann, ask(address, keys["business"]) as business:
        texts = {"en": "One moment, please.", "de": "Einen Moment, bitte."}
        assert ann.put("/v1/inbox/canned/moment", json={"texts": texts}).status_code == 204
        assert ann.get("/v1/inbox/canned").json() == {"canned": {"moment": texts}}
        begun = business.post("/v1/conversations", json={"market": "de"}).json()
        offered = ann.get(f"/v1/inbox/{begun['id']}/suggestions").json()["suggestions"]
        assert [(one["text"], one["source"]) for one in offered] == [(texts["de"], "moment")]
        assert ann.delete("/v1/inbox/canned/moment").status_code == 204
        assert ann.delete("/v1/inbox/canned/moment").status_code == 404
        assert ann.put("/v1/inbox/canned/x", json={"texts": {}}).status_code == 422


def test_who_may_not_handle_sees_nothing_of_the_inbox(house):
    address, keys = house
    with ask(address, keys["business"]) as business:
        begun = business.post("/v1/conversations", json={"market": "us"}).json()
    for who in (keys["analyst"], keys["business"], begun["token"]):
        with ask(address, who) as http:
            for method, path in [
                ("GET", "/v1/inbox"),
                ("POST", "/v1/inbox/next"),
                ("GET", f"/v1/inbox/{begun['id']}"),
                ("GET", f"/v1/inbox/{begun['id']}/messages"),
                ("POST", f"/v1/inbox/{begun['id']}:take"),
                ("POST", f"/v1/inbox/{begun['id']}:resolve"),
                ("GET", "/v1/inbox/canned"),
            ]:
                assert http.request(method, path).status_code == 403, (path, who[:4])


def test_two_of_a_key_begin_one_conversation(house):
    address, keys = house
    with ask(address, keys["business"]) as business:
        wanted = {"market": "us", "key": "order-4711"}
        first, again = (business.post("/v1/conversations", json=wanted).json() for _ in range(2))
    assert first["id"] == again["id"]
    assert first["token"].startswith("twc_")


def test_the_workspace_has_no_file_with_the_words(house, tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.getbasetemp()
    stored = b"".join(file.read_bytes() for file in folder.rglob("inbox*/var/**/*") if file.is_file())
    assert b"a regular" not in stored
