"""The customer's side over HTTP: a real server, real sockets, the finance pack, tokens, and a page of another site."""

from __future__ import annotations

import httpx
import pytest
from served import serving

from tradewind.access.model import Right
from tradewind.core.ids import RegionId, TenantId
from tradewind.core.settings import AssistantSettings, Settings
from tradewind.workspace import Ground

ACME = TenantId("acme")
SITE = "https://bank.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    """A server with a tenant; its address and a key with each right."""
    folder = tmp_path_factory.mktemp("house")
    settings = Settings(workspace=folder, assistant=AssistantSettings(origins=(SITE,)))
    ground = Ground(settings)
    ground.access.tenants.create("acme", home=RegionId("eu"), owner="o@acme.example", password=None, by="t")
    keys = {
        right: ground.access.keys.make(ACME, str(right), frozenset({right}), by="test")[1] for right in Right
    }
    ground.close()
    with serving(settings) as address:
        yield address, keys


def ask(address: str, key: str | None = None, **headers: str) -> httpx.Client:
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    return httpx.Client(base_url=address, headers=headers, timeout=30)


def begin(address: str, key: str, **wanted: object) -> dict:
    with ask(address, key) as http:
        answer = http.post("/v1/conversations", json={"market": "us", "language": "en", **wanted})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_visitor_presses_a_button_and_is_answered(house):
    address, keys = house
    begun = begin(address, keys[Right.CONVERSATIONS_START])
    assert [m["author"] for m in begun["messages"]] == ["assistant"]
    choice = begun["messages"][0]["choices"][0]
    with ask(address, begun["token"]) as http:
        path = f"/v1/conversations/{begun['id']}/messages"
        said = http.post(path, json={"text": choice["payload"], "client_id": "c1"})
        assert said.status_code == 200, said.text
        numbers = [m["number"] for m in said.json()["messages"]]
        assert numbers[0] == 2
        assert len(numbers) > 1
        assert http.post(path, json={"text": choice["payload"], "client_id": "c1"}).json() == said.json()
        assert [m["number"] for m in http.get(path, params={"after": 1}).json()["messages"]] == numbers
        assert http.get(f"/v1/conversations/{begun['id']}").json()["last"] == numbers[-1]


def test_a_token_opens_its_conversation_and_nothing_else(house):
    address, keys = house
    one, other = (begin(address, keys[Right.CONVERSATIONS_WRITE]) for _ in range(2))
    with ask(address, one["token"]) as http:
        for method, path in [
            ("GET", f"/v1/conversations/{other['id']}"),
            ("GET", f"/v1/conversations/{other['id']}/messages"),
            ("POST", f"/v1/conversations/{other['id']}/token"),
            ("POST", "/v1/conversations"),
            ("GET", "/v1/tenant"),
            ("GET", "/v1/models"),
            ("GET", "/v1/inbox"),
            ("GET", f"/v1/conversations/{one['id']}/../../tenant"),
        ]:
            assert http.request(method, path).status_code == 403, path
        assert http.get(f"/v1/conversations/{one['id']}").status_code == 200
        renewed = http.post(f"/v1/conversations/{one['id']}/token").json()["token"]
    with ask(address, renewed) as http:
        assert http.get(f"/v1/conversations/{one['id']}").status_code == 200
    head, tail = one["token"].split(".")
    forged = [
        f"{head}.{tail[:-2]}AA",
        head,
        "twc_",
        "twc_a.b",
        f"{other['token'].split('.')[0]}.{tail}",
        "twc_" + "A" * 500,
    ]
    for token in forged:
        with ask(address, token) as http:
            assert http.get(f"/v1/conversations/{one['id']}").status_code == 401, token


def test_a_public_page_begins_for_visitors_only_and_from_its_own_site(house):
    address, keys = house
    key = keys[Right.CONVERSATIONS_START]
    wanted = {"market": "us"}
    with ask(address, key, Origin=SITE) as http:
        begun = http.post("/v1/conversations", json=wanted)
        assert begun.status_code == 201
        assert begun.headers["Access-Control-Allow-Origin"] == SITE
        named = http.post("/v1/conversations", json={**wanted, "subject": "customer:1"})
        assert named.status_code == 403
    with ask(address, key, Origin="https://evil.example") as http:
        refused = http.post("/v1/conversations", json=wanted)
        assert refused.status_code == 403
        assert "Access-Control-Allow-Origin" not in refused.headers
    with ask(address, Origin=SITE) as http:
        asked = http.options("/v1/conversations", headers={"Access-Control-Request-Method": "POST"})
        assert (asked.status_code, asked.headers["Access-Control-Allow-Origin"]) == (204, SITE)
    for right in (Right.CONVERSATIONS_READ, Right.MODELS_READ):
        with ask(address, keys[right]) as http:
            assert http.post("/v1/conversations", json=wanted).status_code == 403


def test_words_need_a_model_and_say_so(house):
    address, keys = house
    begun = begin(address, keys[Right.CONVERSATIONS_WRITE])
    with ask(address, begun["token"]) as http:
        said = http.post(f"/v1/conversations/{begun['id']}/messages", json={"text": "where is my card?"})
    assert (said.status_code, said.json()["type"]) == (503, "urn:tradewind:problem:unavailable")
    assert said.json()["hint"] == "tradewind assistant train"


def test_what_is_too_long_or_no_text_is_refused(house):
    address, keys = house
    begun = begin(address, keys[Right.CONVERSATIONS_WRITE])
    with ask(address, begun["token"]) as http:
        path = f"/v1/conversations/{begun['id']}/messages"
        assert http.post(path, json={"text": "x" * 1_000_000}).status_code == 422
        assert http.post(path, json={"text": "x" * 9_000_000}).status_code == 413
        assert http.post(path, json={"text": "\0"}).status_code == 422
        assert http.post(path, content=b'{"text": "\\ud800"}').status_code == 422
        assert http.post(path, json={"text": " "}).status_code == 422
        assert len(http.get(path).json()["messages"]) == 1
