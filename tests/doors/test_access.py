"""Who is answered: this machine, keys, sessions; what they may do; how often; and once only."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from served import build_workspace, serving

from tradewind.access.model import RIGHTS, Right, Role
from tradewind.access.sessions import form_token
from tradewind.core.ids import RegionId, TenantId
from tradewind.core.settings import Settings
from tradewind.workspace import Ground

Serve = Callable[..., AbstractContextManager[str]]
PASSWORD = "correct horse battery staple"
PREDICT = "/v1/models/banking:predict"
ACME = TenantId("acme")


class Town:
    """A served workspace with two tenants, and the ground beside the server, as another process has it."""

    def __init__(self, address: str, ground: Ground) -> None:
        self.address = address
        self.ground = ground
        self.access = ground.access

    def key(self, tenant: str = "acme", role: Role = Role.OWNER, **options: object) -> str:
        """A new key with the rights of a role."""
        rights = options.pop("rights", RIGHTS[role])
        return self.access.keys.make(TenantId(tenant), "test", rights, by="operator", **options)[1]  # type: ignore[arg-type]

    def ask(self, key: str | None, **headers: str) -> httpx.Client:
        """A client that sends a key."""
        own = {} if key is None else {"Authorization": f"Bearer {key}"}
        return httpx.Client(base_url=self.address, headers={**own, **headers}, timeout=30)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    settings = Settings(workspace=build_workspace(tmp_path_factory.mktemp("town")))
    ground = Ground(settings)
    for name in ("acme", "beta"):
        ground.access.tenants.create(
            name, home=RegionId("eu"), owner=f"ann@{name}.example", password=PASSWORD, by="operator"
        )
    with serving(settings) as address:
        yield Town(address, ground)
    ground.close()


class TestWithoutATenant:
    def test_this_machine_needs_no_key(self, client: httpx.Client) -> None:
        assert client.post(PREDICT, json={"text": "card"}).status_code == 200
        said = client.get("/v1/tenant").json()
        assert (said["tenant"], said["home"]) == ("local", "eu")
        assert set(said["rights"]) == set(Right)

    @pytest.mark.parametrize(
        "headers",
        [
            {"Host": "evil.example"},
            {"Host": "evil.example:8321"},
            {"Host": ""},
            {"Host": "[::1"},
            {"Host": "127.0.0.1.evil.example"},
            {"X-Forwarded-For": "203.0.113.7"},
            {"Forwarded": "for=203.0.113.7"},
            {"X-Real-IP": "203.0.113.7"},
        ],
    )
    @pytest.mark.parametrize("path", [PREDICT, "/v1/models/banking:rollback"])
    def test_what_came_through_a_proxy_or_a_rebound_name_does(
        self, client: httpx.Client, path: str, headers: dict[str, str]
    ) -> None:
        answer = client.post(path, json={"text": "card"}, headers=headers)
        assert answer.status_code == 401
        assert "tradewind tenant create" in answer.json()["hint"]
        assert client.get("/healthz", headers=headers).status_code == 200

    def test_keys_are_made_for_tenants_only(self, client: httpx.Client) -> None:
        answer = client.post("/v1/keys", json={"label": "a", "rights": ["models:read"]})
        assert (answer.status_code, "tenant create" in answer.json()["hint"]) == (409, True)

    def test_open_to_all_means_all(self, workspace: Path, serve: Serve) -> None:
        with serve(Settings(workspace=workspace), open_to_all=True) as address:
            elsewhere = {"Host": "tradewind.example", "X-Forwarded-For": "203.0.113.7"}
            assert (
                httpx.post(f"{address}{PREDICT}", json={"text": "card"}, headers=elsewhere).status_code == 200
            )
            other_site = {**elsewhere, "Origin": "https://evil.example"}
            refused = httpx.post(f"{address}{PREDICT}", json={"text": "card"}, headers=other_site)
            assert refused.status_code == 403

    def test_the_first_tenant_closes_the_door_of_a_running_server(
        self, workspace: Path, serve: Serve
    ) -> None:
        settings = Settings(workspace=workspace)
        with serve(settings) as address:
            assert httpx.post(f"{address}{PREDICT}", json={"text": "card"}).status_code == 200
            ground = Ground(settings)
            ground.access.tenants.create(
                "acme", home=RegionId("eu"), owner="a@a.example", password=None, by="operator"
            )
            _, key = ground.access.keys.make(ACME, "first", frozenset(Right), by="operator")
            ground.close()
            time.sleep(1.1)
            assert httpx.post(f"{address}{PREDICT}", json={"text": "card"}).status_code == 401
            assert httpx.get(f"{address}/v1/models").status_code == 401
            mine = {"Authorization": f"Bearer {key}"}
            assert httpx.post(f"{address}{PREDICT}", json={"text": "card"}, headers=mine).status_code == 200


class TestKeys:
    def test_nothing_but_health_and_the_contract_is_answered_without_one(self, town: Town) -> None:
        with town.ask(None) as stranger:
            for path, operations in stranger.get("/openapi.json").json()["paths"].items():
                for method in operations:
                    answer = stranger.request(method, path.replace("{", "").replace("}", ""), json={})
                    is_open = path in ("/healthz", "/readyz", "/metrics") or path.startswith("/v1/channels/")
                    assert (answer.status_code == 401) is not is_open, (method, path)
                    if not is_open:
                        assert answer.headers["www-authenticate"] == 'Bearer realm="tradewind"'
                        assert answer.json()["type"] == "urn:tradewind:problem:sign-in"
            assert stranger.get("/no/such/route").status_code == 401
            assert stranger.get("//v1/models").status_code == 401

    @pytest.mark.parametrize(
        "given",
        [
            "Bearer",
            "Bearer x",
            "Basic dXNlcjpwYXNz",
            "bearer tw_",
            "Bearer tw_" + "A" * 43,
            "Bearer tw_' OR '1'='1",
            "Bearer tw_%00",
            "Bearer tws_abc",
        ],
    )
    def test_a_forged_one_is_refused(self, town: Town, given: str) -> None:
        for path in ("/v1/models", PREDICT):
            method = "POST" if path == PREDICT else "GET"
            answer = httpx.request(
                method, f"{town.address}{path}", headers={"Authorization": given}, json={"text": "a"}
            )
            assert (answer.status_code, answer.json()["status"]) == (401, 401)

    def test_it_says_whose_it_is(self, town: Town) -> None:
        with town.ask(town.key(role=Role.ANALYST)) as http:
            said = http.get("/v1/tenant").json()
            assert (said["tenant"], set(said["rights"])) == ("acme", set(RIGHTS[Role.ANALYST]))

    def test_what_its_rights_do_not_say_is_forbidden(self, town: Town) -> None:
        with town.ask(town.key(rights=frozenset({Right.MODELS_READ}))) as http:
            assert http.get("/v1/models").status_code == 200
            for refused in (
                http.post(PREDICT, json={"text": "card"}),
                http.post("/v1/models/banking:rollback"),
                http.get("/v1/keys"),
                http.get("/v1/members"),
                http.get("/v1/journal/entries"),
            ):
                assert refused.status_code == 403
                assert refused.json()["type"] == "urn:tradewind:problem:forbidden"

    def test_nobody_hands_on_more_than_they_have(self, town: Town) -> None:
        with town.ask(town.key(rights=frozenset({Right.TENANT_MANAGE}))) as http:
            for answer in (
                http.post("/v1/keys", json={"label": "more", "rights": ["journal:read"]}),
                http.post("/v1/members", json={"email": "m@acme.example", "role": "owner"}),
            ):
                assert (answer.status_code, "journal:read" in answer.text or "consent" in answer.text) == (
                    403,
                    True,
                )
            assert (
                http.post("/v1/keys", json={"label": "as much", "rights": ["tenant:manage"]}).status_code
                == 201
            )
        eu = frozenset({RegionId("eu")})
        with town.ask(town.key(regions=eu)) as http:
            wider = http.post("/v1/keys", json={"label": "a", "rights": ["models:read"], "regions": ["us"]})
            assert wider.status_code == 403
            same = http.post("/v1/keys", json={"label": "a", "rights": ["models:read"]})
            assert same.json()["regions"] == ["eu"]

    def test_it_is_shown_once_and_can_be_revoked_by_its_owner(self, town: Town) -> None:
        with town.ask(town.key()) as owner:
            made = owner.post(
                "/v1/keys", json={"label": "shop", "rights": ["models:predict"], "expires_days": 1}
            )
            assert made.status_code == 201
            key = made.json()["key"]
            assert key not in owner.get("/v1/keys").text
            with town.ask(key) as shop:
                assert shop.post(PREDICT, json={"text": "card"}).status_code == 200
                assert owner.post(f"/v1/keys/{made.json()['id']}:revoke").json()["revoked"] is not None
                # At once: this server process revoked it.
                refused = shop.post(PREDICT, json={"text": "card"})
                assert (refused.status_code, "revoked" in refused.json()["detail"]) == (401, True)

    def test_one_revoked_in_another_process_is_refused_within_a_second(self, town: Town) -> None:
        key, text = town.access.keys.make(ACME, "shop", frozenset(Right), by="operator")
        with town.ask(text) as shop:
            assert shop.post(PREDICT, json={"text": "card"}).status_code == 200
            town.access.keys.revoke(ACME, key.id, by="operator")
            revoked = time.monotonic()
            while shop.post(PREDICT, json={"text": "card"}).status_code == 200:
                assert time.monotonic() - revoked < 1.5
            assert shop.get("/v1/models").status_code == 401

    def test_a_request_under_way_while_its_key_is_revoked_is_finished(self, town: Town) -> None:
        key, text = town.access.keys.make(ACME, "shop", frozenset(Right), by="operator")
        place = urlsplit(town.address)
        body = b'{"text": "i lost my card"}'
        head = (
            f"POST {PREDICT} HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: Bearer {text}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection((place.hostname or "", place.port or 80), timeout=20) as line:
            line.sendall(head.encode() + body[:5])
            time.sleep(0.3)  # the request was let in and waits for its body
            with town.ask(town.key()) as owner:
                owner.post(f"/v1/keys/{key.id}:revoke")
            line.sendall(body[5:])
            assert line.recv(4096).startswith(b"HTTP/1.1 200")
        with town.ask(text) as shop:
            assert shop.post(PREDICT, json={"text": "card"}).status_code == 401

    def test_a_key_has_its_own_rate(self, town: Town) -> None:
        slow, other = town.key(rate_per_s=5.0), town.key()
        with town.ask(slow) as http:
            statuses = [http.post(PREDICT, json={"text": "card"}).status_code for _ in range(25)]
            assert set(statuses) == {200, 429}
            refused = http.get("/v1/models")
            assert refused.json()["type"] == "urn:tradewind:problem:too-many-requests"
            assert int(refused.headers["retry-after"]) >= 1
        with town.ask(other) as http:
            assert http.post(PREDICT, json={"text": "card"}).status_code == 200

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "/v1/models/banking%0d%0aSet-Cookie:%20a=b", None),
            ("POST", "/v1/models/x'%20OR%201=1--:predict", {"text": "a"}),
            ("DELETE", "/v1/members/%27%20OR%201=1%20--", None),
            ("POST", "/v1/keys/%00:revoke", None),
            ("PUT", "/v1/members/%F0%9F%92%A9/role", {"role": "agent"}),
            ("GET", "/v1/journal/entries?kind=' OR 1=1 --&region=eu", None),
            ("GET", "/v1/journal/entries?subject=%00", None),
            ("POST", "/v1/members", {"email": "a@b.example\r\nX: y", "role": "agent"}),
            ("POST", "/v1/members", {"email": "'; DROP TABLE members; --", "role": "agent"}),
            ("POST", "/v1/keys", {"label": "a\r\nb", "rights": ["models:read"]}),
            ("POST", "/v1/keys", {"label": "\ud800", "rights": ["models:read"]}),
        ],
    )
    def test_injected_sql_and_headers_are_only_text(
        self, town: Town, method: str, path: str, body: dict[str, object] | None
    ) -> None:
        with town.ask(town.key()) as http:
            content = None if body is None else json.dumps(body)
            answer = http.request(method, path, content=content, headers={"Content-Type": "application/json"})
            assert answer.status_code in (200, 404, 405, 422), answer.text
            assert "set-cookie" not in answer.headers
            assert len(http.get("/v1/members").json()["members"]) >= 1


class TestModels:
    def test_a_granted_model_is_not_there_for_others(self, town: Town) -> None:
        town.access.grants.grant(ACME, "banking", by="operator")
        try:
            time.sleep(1.1)
            with town.ask(town.key("acme")) as acme, town.ask(town.key("beta")) as beta:
                assert acme.post(PREDICT, json={"text": "card"}).status_code == 200
                assert beta.get("/v1/models").json() == {"models": []}
                for answer in (
                    beta.post(PREDICT, json={"text": "card"}),
                    beta.get("/v1/models/banking"),
                    beta.post("/v1/models/banking:rollback"),
                    beta.post("/v1/models/banking:promote", json={"version": "2"}),
                    beta.post("/v1/models/other:predict", json={"text": "card"}),
                ):
                    assert answer.status_code == 404
                    assert "banking" not in answer.json().get("hint", "")
                assert "banking" not in beta.get("/metrics").text
                assert 'model="banking"' in acme.get("/metrics").text
                assert acme.post("/v1/models/banking:promote", json={"version": "2"}).status_code == 200
                assert acme.post("/v1/models/banking:rollback").status_code == 200
        finally:
            town.access.grants.end(ACME, "banking", by="operator")
            time.sleep(1.1)

    def test_a_shared_model_is_changed_on_the_machine_only(self, town: Town) -> None:
        with town.ask(town.key()) as http:
            answer = http.post("/v1/models/banking:promote", json={"version": "2"})
            assert (answer.status_code, "tradewind models" in answer.json()["hint"]) == (403, True)


class TestSessions:
    def test_a_write_by_a_session_needs_its_token_and_its_own_site(self, town: Town) -> None:
        session = town.access.sessions.sign_in("acme", "ann@acme.example", PASSWORD, address="192.0.2.1")
        cookie = {"Cookie": f"other=1; tradewind={session}"}
        own = {"Origin": town.address}
        token = {"X-CSRF-Token": form_token(session)}
        body = {"label": "made by a page", "rights": ["models:read"]}
        with town.ask(None, **cookie) as http:
            assert http.get("/v1/tenant").json()["tenant"] == "acme"
            assert http.post("/v1/keys", json=body).status_code == 403
            assert http.post("/v1/keys", json=body, headers=own).status_code == 403
            assert http.post("/v1/keys", json=body, headers=token).status_code == 403
            evil = {"Origin": "https://evil.example"}
            assert http.post("/v1/keys", json=body, headers=evil | token).status_code == 403
            other = {"X-CSRF-Token": form_token("tws_other")}
            assert http.post("/v1/keys", json=body, headers=own | other).status_code == 403
            assert http.post("/v1/keys", json=body, headers=own | token).status_code == 201
            assert http.post(PREDICT, json={"text": "card"}, headers=own | token).status_code == 200
            assert http.post(PREDICT, json={"text": "card"}, headers=own).status_code == 403
            town.access.sessions.end(session)
            time.sleep(1.1)
            assert http.get("/v1/tenant").status_code == 401

    def test_a_key_is_no_cookie(self, town: Town) -> None:
        with town.ask(None, Cookie=f"tradewind={town.key()}") as http:
            assert http.get("/v1/tenant").status_code == 401

    def test_a_key_wins_over_a_cookie(self, town: Town) -> None:
        session = town.access.sessions.sign_in("acme", "ann@acme.example", PASSWORD, address="192.0.2.1")
        with town.ask(town.key("beta"), Cookie=f"tradewind={session}") as http:
            assert http.get("/v1/tenant").json()["tenant"] == "beta"


BODY = {"label": "once", "rights": ["models:read"]}


class TestSendingAgain:
    def count(self, http: httpx.Client, label: str) -> int:
        return sum(key["label"] == label for key in http.get("/v1/keys").json()["keys"])

    def test_the_first_answer_comes_again_and_nothing_is_done_twice(self, town: Town) -> None:
        with town.ask(town.key()) as http:
            header = {"Idempotency-Key": "6a0f"}
            first, again = (http.post("/v1/keys", json=BODY, headers=header) for _ in range(2))
            assert (first.status_code, again.status_code) == (201, 201)
            assert first.json() == again.json()
            assert "idempotency-replayed" not in first.headers
            assert again.headers["idempotency-replayed"] == "true"
            assert again.headers["content-type"] == "application/json"
            assert self.count(http, "once") == 1

    def test_another_request_under_the_same_key_is_a_conflict(self, town: Town) -> None:
        with town.ask(town.key()) as http:
            header = {"Idempotency-Key": "6a10"}
            http.post("/v1/keys", json={**BODY, "label": "one"}, headers=header)
            other = http.post("/v1/keys", json={**BODY, "label": "two"}, headers=header)
            assert (other.status_code, other.json()["type"]) == (409, "urn:tradewind:problem:conflict")
            elsewhere = http.post("/v1/members", json={**BODY, "label": "one"}, headers=header)
            assert elsewhere.status_code == 409
            assert self.count(http, "two") == 0

    def test_a_refusal_comes_again_too(self, town: Town) -> None:
        with town.ask(town.key()) as http:
            header = {"Idempotency-Key": "6a11"}
            answers = [http.post("/v1/keys", json={"label": ""}, headers=header) for _ in range(2)]
            assert [answer.status_code for answer in answers] == [422, 422]
            assert answers[1].headers["idempotency-replayed"] == "true"

    def test_one_of_many_at_once_is_done(self, town: Town) -> None:
        key = town.key()
        start = threading.Barrier(8)

        def send(_: int) -> int:
            start.wait()
            with town.ask(key) as http:
                body = {**BODY, "label": "eight"}
                return http.post("/v1/keys", json=body, headers={"Idempotency-Key": "6a12"}).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(send, range(8)))
        assert set(statuses) <= {201, 409}
        assert 201 in statuses
        with town.ask(key) as http:
            assert self.count(http, "eight") == 1

    def test_keys_of_two_callers_have_nothing_to_do_with_each_other(self, town: Town) -> None:
        header = {"Idempotency-Key": "6a13"}
        shown = set()
        for tenant in ("acme", "beta"):
            with town.ask(town.key(tenant)) as http:
                shown.add(http.post("/v1/keys", json=BODY, headers=header).json()["key"])
        assert len(shown) == 2

    @pytest.mark.parametrize("wrong", ["", "x" * 256, "a\tb"])
    def test_a_key_that_is_none_is_refused(self, town: Town, wrong: str) -> None:
        with town.ask(town.key()) as http:
            answer = http.post("/v1/keys", json=BODY, headers={"Idempotency-Key": wrong})
            assert (answer.status_code, "Idempotency-Key" in answer.json()["detail"]) == (422, True)

    def test_what_is_kept_of_an_answer_cannot_be_read(self, town: Town) -> None:
        with town.ask(town.key()) as http:
            body = {**BODY, "label": "sealed-away"}
            made = http.post("/v1/keys", json=body, headers={"Idempotency-Key": "6a14"}).json()
        for file in town.ground.settings.var.rglob("*"):
            if file.is_file():
                assert made["key"].encode() not in file.read_bytes()


class TestMembers:
    def test_an_owner_adds_changes_and_removes(self, town: Town) -> None:
        with town.ask(town.key()) as http:
            added = http.post("/v1/members", json={"email": "Eve@acme.example", "role": "agent"})
            assert (added.status_code, added.json()["email"], added.json()["password"]) == (
                201,
                "eve@acme.example",
                False,
            )
            who = added.json()["id"]
            again = http.post("/v1/members", json={"email": "eve@acme.example", "role": "agent"})
            assert again.status_code == 409
            assert http.put(f"/v1/members/{who}/role", json={"role": "auditor"}).json()["role"] == "auditor"
            assert http.delete(f"/v1/members/{who}").status_code == 200
            assert http.delete(f"/v1/members/{who}").status_code == 404

    def test_another_tenants_members_and_keys_are_not_there(self, town: Town) -> None:
        theirs = town.access.members.find(TenantId("beta"), "ann@beta.example")
        their_key, text = town.access.keys.make(TenantId("beta"), "b", frozenset(Right), by="operator")
        with town.ask(town.key("acme")) as http:
            for answer in (
                http.delete(f"/v1/members/{theirs.id}"),
                http.put(f"/v1/members/{theirs.id}/role", json={"role": "agent"}),
                http.put(f"/v1/members/{theirs.email}/role", json={"role": "agent"}),
                http.post(f"/v1/keys/{their_key.id}:revoke"),
                http.post(f"/v1/keys/{their_key.prefix}:revoke"),
            ):
                assert answer.status_code == 404
                assert "beta" not in answer.json().get("hint", "")
        with town.ask(text) as http:
            assert http.get("/v1/tenant").json()["tenant"] == "beta"
