"""Channels at the doors: over HTTP, where no key opens what a signature must, and on the command line."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import chat_kit
import httpx
import pytest
import uvicorn
from listener import Listener, listening
from standardwebhooks.webhooks import Webhook as Standard

from tradewind.access.doorkeeper import Doorkeeper
from tradewind.api.app import create_api
from tradewind.api.metrics import Metrics
from tradewind.api.predict import Predict
from tradewind.cli.main import run
from tradewind.cli.serve import address_of, listen
from tradewind.core.settings import Settings, load_settings
from tradewind.workspace import open_workspace

ANNA = "4915112345678"
NUMBER = "106540352242922"


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The real application, whose dialogue is a parrot."""
    metrics, workspace = Metrics(), open_workspace(settings)
    ground = workspace.ground
    doorkeeper = Doorkeeper(lambda: ground.access, settings)
    ground.open()
    workspace.__dict__["_conversations"] = chat_kit.open_conversations(ground)
    app = create_api(workspace, metrics, Predict(workspace.live, settings, metrics), doorkeeper)
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = address_of(listener)
    try:
        until(lambda: httpx.get(f"{address}/v1/channels/whatsapp/nobody").status_code == 404)
        yield address
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
        assert not thread.is_alive()


def until(holds: Callable[[], bool], within_s: float = 30) -> None:
    end = time.monotonic() + within_s
    while True:
        with contextlib.suppress(httpx.TransportError):
            if holds():
                return
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


@pytest.fixture
def api() -> Iterator[Listener]:
    with listening() as opened:
        opened.otherwise = (200, b'{"messages": [{"id": "wamid.OUT"}]}')
        yield opened


@pytest.fixture
def folder(tmp_path: Path, api: Listener, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a number whose API is a server on this machine."""
    for name, value in (("TOKEN", "EAAG"), ("APP", "app secret"), ("VERIFY", "meine-bank")):
        monkeypatch.setenv(f"WA_{name}", value)
    (tmp_path / "tradewind.toml").write_text(
        f"""
        [channels]
        webhook_networks = ["127.0.0.0/8"]
        [channels.whatsapp.main]
        market = "de"
        phone_number_id = "{NUMBER}"
        token = "env:WA_TOKEN"
        app_secret = "env:WA_APP"
        verify_token = "env:WA_VERIFY"
        base_url = "{api.address}/v23.0"
        """,
        encoding="utf-8",
    )
    return tmp_path


def signed(body: bytes) -> dict[str, str]:
    digest = hmac.new(b"app secret", body, hashlib.sha256).hexdigest()
    return {"x-hub-signature-256": f"sha256={digest}", "content-type": "application/json"}


def payload(text: str, id: str = "wamid.1") -> bytes:
    message = {"from": ANNA, "id": id, "timestamp": "1", "type": "text", "text": {"body": text}}
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": NUMBER},
        "messages": [message],
    }
    entry = [{"id": "1", "changes": [{"field": "messages", "value": value}]}]
    return json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()


def test_meta_needs_no_key_but_its_signature(folder: Path, api: Listener):
    settings = load_settings(folder)
    with serving(settings) as address:
        hook = f"{address}/v1/channels/whatsapp/main"
        asked = {"hub.mode": "subscribe", "hub.verify_token": "meine-bank", "hub.challenge": "1158201444"}
        confirmed = httpx.get(hook, params=asked)
        assert (confirmed.status_code, confirmed.text) == (200, "1158201444")
        assert confirmed.headers["content-type"].startswith("text/plain")
        refused = httpx.get(hook, params=asked | {"hub.verify_token": "x"})
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:tradewind:problem:forbidden")

        body = payload("Wo ist meine Karte?")
        assert httpx.post(hook, content=body, headers=signed(body)).json() == {"messages": 1}
        until(lambda: len(api.came) == 1)
        again = httpx.post(hook, content=body, headers=signed(body))
        assert (again.status_code, again.json()) == (200, {"messages": 1})
        time.sleep(0.3)
        assert len(api.came) == 1

        for content, headers, status, slug in (
            (body, {}, 401, "sign-in"),
            (body, signed(b"other"), 401, "sign-in"),
            (b"{", signed(b"{"), 422, "bad-input"),
            (b"[1]", signed(b"[1]"), 422, "bad-input"),
        ):
            answer = httpx.post(hook, content=content, headers=headers)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["type"] == f"urn:tradewind:problem:{slug}"
            assert answer.json()["hint"]
        unknown = f"{address}/v1/channels/whatsapp/other"
        assert httpx.post(unknown, content=body, headers=signed(body)).status_code == 404


def test_webhooks_are_made_told_and_removed_over_http(folder: Path):
    served = serving(load_settings(folder))
    with listening() as crm, served as address, httpx.Client(base_url=address) as http:
        refused = http.post("/v1/webhooks", json={"url": "http://169.254.169.254/latest/meta-data"})
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:tradewind:problem:forbidden")
        assert http.post("/v1/webhooks", json={"url": "nowhere"}).status_code == 422
        assert http.post("/v1/webhooks", json={"url": crm.address, "events": ["x"]}).status_code == 422
        wanted = {"url": crm.address, "events": ["conversation.message"], "region": "eu"}
        made = http.post("/v1/webhooks", json=wanted).json()
        assert http.get("/v1/webhooks").json()["webhooks"][0]["id"] == made["id"]
        assert "secret" not in http.get("/v1/webhooks").text
        begun = http.post("/v1/conversations", json={"market": "de"}).json()
        conversation = begun.get("conversation", begun)
        name = conversation["id"] if isinstance(conversation, dict) else conversation
        http.post(f"/v1/conversations/{name}/messages", json={"text": "hello", "client_id": "1"})
        until(lambda: len(crm.came) == 3)
        _, headers, body = crm.came[1]
        assert Standard(made["secret"]).verify(body, headers)["data"]["text"] == "hello"
        told = http.get(f"/v1/webhooks/{made['id']}/deliveries", params={"state": "sent"})
        until(
            lambda: (
                len(http.get(f"/v1/webhooks/{made['id']}/deliveries?state=sent").json()["deliveries"]) == 3
            )
        )
        assert told.status_code == 200
        assert http.post(f"/v1/webhooks/{made['id']}:retry").json() == {"retried": 0}
        assert http.delete(f"/v1/webhooks/{made['id']}").json()["id"] == made["id"]
        assert http.delete(f"/v1/webhooks/{made['id']}").status_code == 404


def command(capfd: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run(list(words))
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


def test_webhooks_on_the_command_line(folder: Path, capfd: pytest.CaptureFixture[str]):
    own = ("--workspace", str(folder), "webhook")
    code, out, _ = command(
        capfd, *own, "make", "http://127.0.0.1:9/", "--event", "conversation.began", "--json"
    )
    made = json.loads(out)
    assert (code, made["events"], made["secret"][:6]) == (0, ["conversation.began"], "whsec_")
    assert json.loads(command(capfd, *own, "list", "--json")[1])["webhooks"][0]["id"] == made["id"]
    assert made["id"] in command(capfd, *own, "list")[1]
    assert json.loads(command(capfd, *own, "deliveries", made["id"], "--json")[1]) == {"deliveries": []}
    assert command(capfd, *own, "retry", made["id"])[1] == "0 to be tried again\n"
    assert command(capfd, *own, "remove", made["id"])[1] == f"{made['id']}: removed\n"
    for words in (
        ("make", "http://10.0.0.1/"), ("make", "x"), ("remove", made["id"]), ("list", "--tenant", "nobody"),
        ("list", "--region", "mars"), ("make", "http://127.0.0.1:9/", "--event", "x"),
    ):  # fmt: skip
        code, out, err = command(capfd, *own, *words)
        assert (code, out) == (2, "")
        assert err.startswith("error: ")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[channels.email.a]\nmarket = "de"\naddress = "x"', "channels.email.a.address"),
        ('[channels.email.A]\nmarket = "de"', "channels.email.A"),
        (
            '[channels.whatsapp.a]\nmarket = "de"\nphone_number_id = "1"\ntoken = "EAAG"',
            "a secret is named by its place",
        ),
        ("[channels]\nsms = 1", "channels.sms"),
    ],
)
def test_an_account_that_is_none_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str], table, says):
    (tmp_path / "tradewind.toml").write_text(table, encoding="utf-8")
    code, _, err = command(capfd, "--workspace", str(tmp_path), "webhook", "list")
    assert code == 2
    assert says in err


def test_a_network_that_is_none_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    (tmp_path / "tradewind.toml").write_text('[channels]\nwebhook_networks = ["x"]', encoding="utf-8")
    code, _, err = command(capfd, "--workspace", str(tmp_path), "webhook", "list")
    assert (code, "webhook_networks" in err) == (2, True)
