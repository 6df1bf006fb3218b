"""Listing models, changing what is live, and what operators watch."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tradewind.core.settings import Settings
from tradewind.nlp.runtime import versions

Serve = Callable[..., AbstractContextManager[str]]


def test_models_are_listed_with_what_answers_and_how_good_it_is(client: httpx.Client) -> None:
    (model,) = client.get("/v1/models").json()["models"]
    assert (model["name"], model["version"], model["loaded"]) == ("banking", "1", True)
    assert model["encoder"] == "trigrams"
    assert model["tasks"] == ["classify", "tag"]
    assert model["metrics"]["intent"]["accuracy"] == 0.942
    assert model["bytes"] > 1000


def test_one_model_shows_heads_labels_and_versions(client: httpx.Client) -> None:
    model = client.get("/v1/models/banking").json()
    assert model["heads"][0]["labels"][1] == "lost_card"
    assert [(version["version"], version["live"]) for version in model["versions"]] == [
        ("2", False),
        ("1", True),
    ]
    unknown = client.get("/v1/models/x")
    assert (unknown.status_code, unknown.json()["hint"]) == (404, "there are: banking")


def test_promoting_and_rolling_back_change_what_answers(client: httpx.Client) -> None:
    promoted = client.post("/v1/models/banking:promote", json={"version": "2"})
    assert promoted.json() == {"model": "banking", "version": "2", "previous": ["1"]}
    assert client.post("/v1/models/banking:predict", json={"text": "card"}).json()["version"] == "2"
    assert client.post("/v1/models/banking:rollback").json()["version"] == "1"
    assert client.post("/v1/models/banking:predict", json={"text": "card"}).json()["version"] == "1"
    again = client.post("/v1/models/banking:rollback")
    assert (again.status_code, again.json()["type"]) == (422, "urn:tradewind:problem:bad-input")


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"version": "9"}, 404, "no version '9'"),
        ({}, 422, "version: Field required"),
        ({"version": 2}, 422, "string"),
    ],
)
def test_promoting_nonsense_is_refused(client: httpx.Client, body: object, status: int, says: str) -> None:
    answer = client.post("/v1/models/banking:promote", json=body)
    assert answer.status_code == status
    assert says in answer.json()["detail"]


def test_a_page_of_another_site_cannot_change_what_is_live(client: httpx.Client) -> None:
    stranger = {"Origin": "https://evil.example"}
    answer = client.post("/v1/models/banking:promote", json={"version": "2"}, headers=stranger)
    assert (answer.status_code, client.get("/v1/models/banking").json()["version"]) == (403, "1")
    own = {"Origin": str(client.base_url).rstrip("/")}
    assert client.post("/v1/models/banking:promote", json={"version": "2"}, headers=own).status_code == 200


def test_a_tampered_version_is_not_promoted(client: httpx.Client, workspace: Path) -> None:
    path = workspace / "models" / "banking" / "versions" / "2" / "prototypes.json"
    path.write_bytes(path.read_bytes() + b" ")
    answer = client.post("/v1/models/banking:promote", json={"version": "2"})
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:tradewind:problem:integrity")
    assert client.post("/v1/models/banking:predict", json={"text": "card"}).json()["version"] == "1"


def test_health_readiness_and_metrics(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "models": {"banking": "1"}}
    client.post("/v1/models/banking:predict", json={"text": "card"})
    client.post("/v1/models/no-such-model:predict", json={"text": "card"})
    text = client.get("/metrics").text
    assert 'tradewind_requests_total{model="banking",status="200"} 1.0' in text
    assert 'tradewind_requests_total{model="unknown",status="404"} 1.0' in text
    assert "no-such-model" not in text
    assert 'tradewind_model_info{encoder="trigrams",model="banking",version="1"} 1.0' in text
    assert 'tradewind_queue_tokens{model="banking"} 0.0' in text
    assert 'tradewind_batch_texts_count{model="banking"} 1.0' in text
    assert "process_resident_memory_bytes" in text


def test_a_server_without_models_is_not_ready_and_says_what_to_do(tmp_path: Path, serve: Serve) -> None:
    with serve(Settings(workspace=tmp_path)) as address:
        ready = httpx.get(f"{address}/readyz")
        assert (ready.status_code, ready.json()["detail"]) == (503, "no model is live")
        assert "tradewind train" in ready.json()["hint"]
        assert int(ready.headers["retry-after"]) >= 1
        assert httpx.get(f"{address}/v1/models").json() == {"models": []}
        assert httpx.get(f"{address}/healthz").status_code == 200


def test_a_broken_live_version_is_shown_with_its_reason(workspace: Path, serve: Serve) -> None:
    (workspace / "models" / "banking" / "versions" / "1" / "prototypes.json").unlink()
    with serve(Settings(workspace=workspace)) as address:
        assert "prototypes.json: missing" in httpx.get(f"{address}/readyz").json()["detail"]
        (model,) = httpx.get(f"{address}/v1/models").json()["models"]
        assert (model["loaded"], "missing" in model["problem"]) == (False, True)
        answer = httpx.post(f"{address}/v1/models/banking:predict", json={"text": "card"})
        assert (answer.status_code, "did not load" in answer.json()["detail"]) == (503, True)


def test_folders_are_served_under_their_own_names(
    tmp_path: Path, serve: Serve, write_model: Callable[..., Path]
) -> None:
    folders = [write_model(tmp_path / name, name=name) for name in ("a", "b")]
    with serve(Settings(workspace=tmp_path), folders=folders) as address:
        assert [model["name"] for model in httpx.get(f"{address}/v1/models").json()["models"]] == ["a", "b"]
        refused = httpx.post(f"{address}/v1/models/a:promote", json={"version": "1"})
        assert (refused.status_code, "given model folders" in refused.json()["detail"]) == (422, True)


def test_a_promotion_on_disk_is_taken_up_by_a_running_server(client: httpx.Client, workspace: Path) -> None:
    versions.promote(workspace / "models", "banking", "2")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if client.post("/v1/models/banking:predict", json={"text": "card"}).json()["version"] == "2":
            return
    pytest.fail("version 2 was never taken up")


def test_the_contract_describes_every_route_with_examples(client: httpx.Client) -> None:
    contract = client.get("/openapi.json").json()
    assert set(contract["paths"]) >= {
        "/v1/models",
        "/v1/models/{name}",
        "/v1/models/{name}:predict",
        "/v1/models/{name}:promote",
        "/v1/models/{name}:rollback",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    predict = contract["paths"]["/v1/models/{name}:predict"]["post"]
    body = predict["requestBody"]["content"]["application/json"]["schema"]
    assert {"text": "my card has not arrived"} in body["examples"]
    assert {"404", "413", "422", "503", "504"} <= set(predict["responses"])
    assert set(predict["responses"]["503"]["content"]) == {"application/problem+json"}
    assert "Retry-After" in predict["responses"]["503"]["headers"]
