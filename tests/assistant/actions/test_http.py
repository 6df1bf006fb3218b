"""Actions at a real HTTP server that is slow, fails, refuses or misleads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from talk import NOON

from tradewind.assistant.actions.http import Endpoint, new_client
from tradewind.assistant.actions.model import UNAVAILABLE, Call
from tradewind.assistant.actions.registry import open_actions
from tradewind.assistant.actions.settings import Binding, fault_of, read_action_settings
from tradewind.core.errors import ConfigError, DataError
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.packs.dialogue_file import Action

CALL = Call("send", {"amount": 5}, "key-1", TenantId("acme"), MarketId("de"), NOON, SubjectId("anna"), "de")
KNOWN = {
    "send": Action(name="send", description="Sends", changes=True),
    "look": Action(name="look", description="Looks", changes=False),
}


class Core:
    """A business's system: answers with what `answers` holds, in order, and counts what it did by key."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.seen: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.done: dict[str, int] = {}
        self.delays: list[float] = []
        core = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                core.seen.append((dict(self.headers), json.loads(body)))
                key = self.headers["Idempotency-Key"]
                status, content = core.answers.pop(0) if core.answers else (200, {"reference": "T-1"})
                if status == 200:
                    core.done.setdefault(key, len(core.done) + 1)
                time.sleep(core.delays.pop(0) if core.delays else 0)
                raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                try:
                    self.send_response(status)
                    if status in (301, 302, 307):
                        self.send_header("Location", f"http://127.0.0.1:{core.port}/elsewhere")
                    self.send_header("Content-Length", str(len(raw)))
                    self.end_headers()
                    self.wfile.write(raw)
                except OSError:
                    pass  # the caller has gone

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/transfers"


@pytest.fixture
def core() -> Iterator[Core]:
    made = Core()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def pauses() -> list[float]:
    return []


def endpoint(core: Core, pauses: list[float], *, changes: bool = True, **binding: Any) -> Endpoint:
    return Endpoint(new_client(), Binding(url=core.url, **binding), changes=changes, sleep=pauses.append)


def test_a_call_is_sent_with_its_key_and_gives_the_results(core: Core, pauses: list[float]) -> None:
    result = endpoint(core, pauses)(CALL)
    assert (result.values, result.failure, result.attempts) == ({"reference": "T-1"}, None, 1)
    headers, body = core.seen[0]
    assert headers["Idempotency-Key"] == "key-1"
    assert body == {
        "action": "send",
        "arguments": {"amount": 5},
        "market": "de",
        "subject": "anna",
        "language": "de",
    }


def test_a_refusal_is_a_failure_with_its_values_and_is_not_repeated(core: Core, pauses: list[float]) -> None:
    core.answers = [(422, {"failure": "no_funds", "values": {"balance": 3}})]
    result = endpoint(core, pauses, idempotent=True)(CALL)
    assert (result.values, result.failure, len(core.seen)) == ({"balance": 3}, "no_funds", 1)


def test_an_idempotent_action_is_tried_again_after_an_error_with_the_same_key(
    core: Core, pauses: list[float]
) -> None:
    core.answers = [(500, {}), (503, {}), (200, {"reference": "T-2"})]
    result = endpoint(core, pauses, idempotent=True)(CALL)
    assert (result.values, result.attempts) == ({"reference": "T-2"}, 3)
    assert {headers["Idempotency-Key"] for headers, _ in core.seen} == {"key-1"}
    assert pauses == [0.2, 0.4]


def test_a_change_that_is_not_idempotent_is_never_repeated(core: Core, pauses: list[float]) -> None:
    core.answers = [(500, {})]
    result = endpoint(core, pauses)(CALL)
    assert (result.failure, len(core.seen), pauses) == (UNAVAILABLE, 1, [])


def test_what_only_looks_up_is_repeated_anyway(core: Core, pauses: list[float]) -> None:
    core.answers = [(500, {})]
    assert endpoint(core, pauses, changes=False)(CALL).failure is None


def test_an_answer_that_comes_too_late_is_asked_for_again_and_done_once(
    core: Core, pauses: list[float]
) -> None:
    core.delays = [1.0]
    result = endpoint(core, pauses, idempotent=True, timeout_s=0.2)(CALL)
    assert (result.failure, result.attempts) == (None, 2)
    assert core.done == {"key-1": 1}


def test_a_system_that_never_answers_is_unavailable(core: Core, pauses: list[float]) -> None:
    core.delays = [0.6, 0.6]
    began = time.monotonic()
    result = endpoint(core, pauses, idempotent=True, timeout_s=0.2, retries=1)(CALL)
    assert (result.failure, result.attempts) == (UNAVAILABLE, 2)
    assert time.monotonic() - began < 2


def test_a_system_that_is_not_there_is_unavailable(core: Core, pauses: list[float]) -> None:
    gone = Endpoint(new_client(), Binding(url="http://127.0.0.1:9/x"), changes=True, sleep=pauses.append)
    assert gone(CALL).failure == UNAVAILABLE


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'"x"', b"x" * 1_200_000])
def test_an_answer_that_is_no_object_is_unavailable(core: Core, pauses: list[float], body: bytes) -> None:
    core.answers = [(200, body)]
    assert endpoint(core, pauses)(CALL).failure == UNAVAILABLE


def test_a_redirect_is_not_followed(core: Core, pauses: list[float]) -> None:
    core.answers = [(302, {})]
    assert endpoint(core, pauses)(CALL).failure == UNAVAILABLE
    assert len(core.seen) == 1


def test_a_secret_is_sent_but_not_written_in_the_settings(
    core: Core, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORE_TOKEN", "s3cret")
    endpoint(core, pauses, secret="env:CORE_TOKEN")(CALL)
    assert core.seen[0][0]["Authorization"] == "Bearer s3cret"


# --- settings


def settings(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "actions.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "https://core.example:444/x",
        "https://core.example@evil.example/x",
        "https://core.example.evil.example/x",
        "http://core.example/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https:///x",
        "https://core.example:port/x",
    ],
)
def test_an_address_beside_the_named_hosts_is_refused(url: str) -> None:
    assert fault_of(url, ("core.example",)) is not None


def test_an_address_at_a_named_host_is_accepted() -> None:
    assert fault_of("https://core.example/x", ("core.example",)) is None
    assert fault_of("https://core.example:8443/x", ("core.example:8443",)) is None


def test_a_fault_in_the_settings_is_named_by_line(tmp_path: Path) -> None:
    file = settings(tmp_path, "hosts: [core.example]\nactions:\n  send:\n    url: https://evil.example/x\n")
    with pytest.raises(
        DataError, match=r"actions.yaml:4 \[actions.send.url\]: host 'evil.example' is not among"
    ):
        read_action_settings(file)


def test_an_action_has_one_place(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="exactly one of url and python"):
        read_action_settings(settings(tmp_path, "actions:\n  send: {timeout_s: 3}\n"))


def test_an_action_that_the_pack_does_not_have_is_refused(tmp_path: Path) -> None:
    file = settings(tmp_path, "actions:\n  fly: {python: 'builtins:dict'}\n")
    with pytest.raises(ConfigError, match="no action 'fly'"):
        open_actions(file, KNOWN)


# --- registry


def test_the_settings_say_what_does_an_action_and_the_sandbox_does_the_rest(
    core: Core, tmp_path: Path
) -> None:
    class Sandbox:
        def call(self, call: Call) -> Any:
            from tradewind.assistant.actions.model import Result

            return Result({"by": "sandbox"})

    text = f"hosts: ['127.0.0.1:{core.port}']\nactions:\n  send: {{url: '{core.url}'}}\n"
    registry = open_actions(settings(tmp_path, text), KNOWN, Sandbox())
    try:
        assert registry.call(CALL).values == {"reference": "T-1"}
        looked = Call("look", {}, "key-2", CALL.tenant, CALL.market, NOON)
        assert registry.call(looked).values == {"by": "sandbox"}
    finally:
        registry.close()


def test_nothing_is_done_by_a_sandbox_that_is_off(tmp_path: Path) -> None:
    class Sandbox:
        def call(self, call: Call) -> Any:
            raise AssertionError("it is off")

    registry = open_actions(settings(tmp_path, "sandbox: false\n"), KNOWN, Sandbox())
    try:
        assert registry.call(CALL).failure == UNAVAILABLE
    finally:
        registry.close()


FUNCTIONS = """
import time
from tradewind.assistant.actions.model import Result

def good(call): return {"said": call.arguments["amount"]}
def refuses(call): return Result(failure="no_funds")
def breaks(call): raise ValueError("broken")
def sleeps(call): time.sleep(0.5); return {}
"""


@pytest.fixture
def functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "own_actions_of_a_test.py").write_text(FUNCTIONS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "own_actions_of_a_test"


@pytest.mark.parametrize(
    ("name", "failure"),
    [("good", None), ("refuses", "no_funds"), ("breaks", UNAVAILABLE), ("sleeps", UNAVAILABLE)],
)
def test_an_action_may_be_a_function(tmp_path: Path, functions: str, name: str, failure: str | None) -> None:
    text = f"actions:\n  send: {{python: '{functions}:{name}', timeout_s: 0.2}}\n"
    registry = open_actions(settings(tmp_path, text), KNOWN)
    try:
        assert registry.call(CALL).failure == failure
    finally:
        registry.close()


def test_a_function_that_is_not_there_is_refused_at_once(tmp_path: Path, functions: str) -> None:
    file = settings(tmp_path, f"actions:\n  send: {{python: '{functions}:nothing'}}\n")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        open_actions(file, KNOWN)
