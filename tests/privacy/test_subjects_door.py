"""Persons over HTTP and at the command line, against one real server."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from tradewind.cli.serve import address_of, listen
from tradewind.core.settings import Settings
from tradewind.server import create_app

ANNA = {"market": "de", "subjects": ["anna@example.com"]}
AGREES = {
    "market": "de", "subject": "Anna@Example.com", "purpose": "marketing", "granted": True,
    "version": "v1", "language": "de",
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("subjects")


@pytest.fixture(scope="module")
def address(workspace: Path) -> Iterator[str]:
    settings = Settings(workspace=workspace)
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(create_app(settings, console=False), log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = address_of(listener)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/healthz").status_code == 200:
                break
        time.sleep(0.05)
    yield address
    server.should_exit = True
    thread.join(30)


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as opened:
        yield opened


def test_a_person_agrees_is_told_what_is_known_and_is_erased(client: httpx.Client):
    given = client.post("/v1/subjects:consent", json=AGREES)
    assert (given.status_code, given.json()["granted"]) == (200, True)
    told = client.post("/v1/subjects:export", json={**ANNA, "page": True}).json()
    assert told["request"]["due"] is not None
    assert told["content"]["regions"][0]["consents"][0]["purpose"] == "marketing"
    assert "Was wir über Sie gespeichert haben" in told["page"]
    erased = client.post("/v1/subjects:erase", json={**ANNA, "wait_s": 60})
    assert erased.status_code == 202
    assert erased.json()["receipt"]["statement"]["regulation"] == "gdpr"
    again = client.post("/v1/subjects:export", json=ANNA).json()
    assert again["content"]["regions"] == []
    shown = client.get(f"/v1/subjects/requests/{erased.json()['id']}").json()
    assert shown["receipt"] == erased.json()["receipt"]
    listed = client.get("/v1/subjects/requests").json()["requests"]
    assert [one["asked"] for one in listed].count("erasure") == 1
    assert client.get("/v1/subjects/requests", params={"open": True}).json()["requests"] == []


def test_a_request_that_is_sent_again_is_answered_once(client: httpx.Client):
    client.post("/v1/subjects:consent", json={**AGREES, "subject": "ben@example.com"})
    wanted = {"market": "de", "subjects": ["ben@example.com"], "wait_s": 60}
    ids = {
        client.post("/v1/subjects:erase", json=wanted, headers={"Idempotency-Key": "erase-ben"}).json()["id"]
        for _ in range(3)
    }
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("consent", {**AGREES, "market": "atlantis"}, 404, "atlantis"),
        ("consent", {**AGREES, "subject": "phone:abc"}, 422, "telephone"),
        ("consent", {**AGREES, "version": None}, 422, "version"),
        ("consent", {**AGREES, "purpose": "Robert'); DROP TABLE"}, 422, "purpose"),
        ("export", {"market": "de", "subjects": []}, 422, "subjects"),
        ("export", {"market": "de", "subjects": ["\x07"]}, 422, "control"),
        ("erase", {"market": "de", "subjects": ["a@example.com"], "region": "us"}, 422, "region"),
    ],
)
def test_what_cannot_be_done_says_why(
    client: httpx.Client, path: str, body: dict[str, object], status: int, words: str
):
    answer = client.post(f"/v1/subjects:{path}", json=body)
    assert answer.status_code == status
    assert words in answer.text


def test_an_unknown_request_is_not_found(client: httpx.Client):
    for unknown in ("nothing", "0" * 32, "%00", "a'--"):
        assert client.get(f"/v1/subjects/requests/{unknown}").status_code == 404


def tradewind(workspace: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "tradewind", "--workspace", str(workspace), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_a_command_leaves_its_work_to_the_server(client: httpx.Client, workspace: Path):
    client.post("/v1/subjects:consent", json={**AGREES, "subject": "carl@example.com"})
    person = ("--market", "de", "--subject", "carl@example.com")
    erased = json.loads(tradewind(workspace, "privacy", "erase", *person, "--yes", "--json"))
    assert (erased["found"], erased["done"] is not None) == (1, True)
    assert client.get(f"/v1/subjects/requests/{erased['id']}").json()["receipt"] == erased["receipt"]


def test_nothing_is_restored_under_a_running_server(client: httpx.Client, workspace: Path, tmp_path: Path):
    tradewind(workspace, "backup", "create", str(tmp_path / "backup"))
    command = [sys.executable, "-m", "tradewind", "--workspace", str(workspace), "backup", "restore"]
    done = subprocess.run([*command, str(tmp_path / "backup"), "--yes"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"stop it first" in done.stderr
    assert client.get("/v1/subjects/requests").status_code == 200


def test_a_backup_is_restored_by_the_command(tmp_path: Path):
    person = ("--market", "de", "--subject", "anna@example.com")
    said = ("--purpose", "marketing", "--version", "v1", "--language", "de")
    tradewind(tmp_path, "privacy", "consent", "give", *person, *said)
    tradewind(tmp_path, "backup", "create", str(tmp_path / "backup"))
    tradewind(tmp_path, "privacy", "erase", *person, "--yes")
    back = json.loads(tradewind(tmp_path, "backup", "restore", str(tmp_path / "backup"), "--yes", "--json"))
    assert back["erased_again"] == 1
    shown = json.loads(tradewind(tmp_path, "privacy", "consent", "show", *person, "--json"))
    assert shown == {"consents": []}
    assert "as it was written" in tradewind(tmp_path, "journal", "verify")
    moved = json.loads(tradewind(tmp_path, "privacy", "keys", "rotate", "--region", "eu", "--json"))
    assert moved["keys"] == 1, "the tenant's secret; the erased person has no key any more"


def test_the_same_at_the_command_line(tmp_path: Path):
    person = ("--market", "cn", "--subject", "phone:13800138000")
    given = json.loads(
        tradewind(
            tmp_path, "privacy", "consent", "give", *person, "--purpose", "marketing",
            "--version", "v1", "--language", "zh", "--json",
        )
    )  # fmt: skip
    assert given["consents"][0]["granted"] is True
    tradewind(tmp_path, "privacy", "export", *person, "--out", str(tmp_path / "out"))
    assert "我们保存的关于您的信息" in (tmp_path / "out" / "export.html").read_text(encoding="utf-8")
    tradewind(tmp_path, "privacy", "consent", "withdraw", *person, "--purpose", "marketing")
    shown = json.loads(tradewind(tmp_path, "privacy", "consent", "show", *person, "--json"))
    assert shown["consents"][0]["granted"] is False
    (tmp_path / "who.txt").write_text("phone:13800138000\n", encoding="utf-8")
    noted = tradewind(
        tmp_path, "privacy", "trained", "banking", "1", "--market", "cn", "--subjects", str(tmp_path / "who.txt"),
        "--json",
    )  # fmt: skip
    assert json.loads(noted)["persons"] == 1
    erased = tradewind(tmp_path, "privacy", "erase", *person, "--yes", "--json")
    (tmp_path / "receipt.json").write_text(erased, encoding="utf-8")
    checked = json.loads(
        tradewind(tmp_path, "privacy", "receipt", "verify", str(tmp_path / "receipt.json"), "--json")
    )
    assert checked["statement"]["regulation"] == "pipl"
    assert json.loads(tradewind(tmp_path, "privacy", "requests", "--json"))["requests"][0]["found"] == 1
    (marked,) = json.loads(tradewind(tmp_path, "privacy", "retraining", "--json"))["needs_retraining"]
    assert (marked["model"], marked["version"]) == ("banking", "1")
