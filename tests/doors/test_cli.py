"""The command line as a person or a script meets it: a process, its output, its exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

WriteModel = Callable[..., Path]
TRADEWIND = [sys.executable, "-W", "error", "-m", "tradewind"]


def tradewind(
    *arguments: str | Path, stdin: bytes | None = None, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command and return what it printed and its exit code."""
    return subprocess.run(
        [*TRADEWIND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=60,
        env={**os.environ, "COLUMNS": "120", **environment},  # noqa: TID251 - a child inherits it
        check=False,
    )


def error_of(result: subprocess.CompletedProcess[bytes]) -> str:
    """The one line on standard error; nothing may be on standard output."""
    assert result.stdout == b""
    (line,) = result.stderr.decode().splitlines()
    assert line.startswith("error: ")
    return line.removeprefix("error: ")


@contextmanager
def serving(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A running `serve --json` and what it said of itself."""
    process = subprocess.Popen(
        [*TRADEWIND, *map(str, arguments), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        document = ""
        while not document.endswith("}\n"):
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            document += line
        yield process, json.loads(document)
    finally:
        process.kill()
        process.communicate()


def test_help_is_quick_and_names_the_commands() -> None:
    tradewind("--help")
    started = time.process_time(), os.times().children_user + os.times().children_system
    result = tradewind("--help")
    spent = os.times().children_user + os.times().children_system - started[1]
    assert result.returncode == 0
    for command in ("train", "predict", "models", "serve"):
        assert re.search(rf"^\W*{command}\b", result.stdout.decode(), re.MULTILINE)
    assert spent < 0.5


def test_help_imports_nothing_heavy() -> None:
    code = "import sys, tradewind.cli.main as m; m.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"numpy", "fastapi", "nicegui", "uvicorn", "pydantic", "openvino", "torch", "pyarrow", "jinja2"}
    assert not heavy & set(loaded)


def test_every_command_helps() -> None:
    from tradewind.cli.main import COMMANDS, app

    for command in [
        command for command in COMMANDS if command in {info.name for info in app.registered_commands}
    ]:
        result = tradewind(command, "--help")
        assert (command, result.returncode, result.stderr) == (command, 0, b"")


def test_usage_errors_exit_with_2() -> None:
    assert tradewind("nonsense").returncode == 2
    assert tradewind("models", "install").returncode == 2
    assert tradewind().returncode == 0


def test_an_error_is_one_line_with_what_would_be_right(tmp_path: Path) -> None:
    result = tradewind("--workspace", tmp_path, "models", "show", "x")
    assert result.returncode == 2
    assert error_of(result) == f"no model 'x' in {tmp_path}/models (there are: none yet)"


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "tradewind.toml").write_text("prot = 1\n", encoding="utf-8")
    result = tradewind("--workspace", tmp_path, "models", "list")
    assert (result.returncode, "setting 'prot'" in error_of(result)) == (2, True)
    (tmp_path / "tradewind.toml").write_text("= 1\n", encoding="utf-8")
    assert "valid TOML" in error_of(tradewind("--workspace", tmp_path, "models", "list"))


def test_debug_shows_where_an_error_arose(tmp_path: Path) -> None:
    result = tradewind("--debug", "--workspace", tmp_path, "models", "show", "x")
    assert b"Traceback" in result.stderr
    assert result.stderr.decode().splitlines()[-1].startswith("error: no model 'x'")
    by_environment = tradewind("--workspace", tmp_path, "models", "show", "x", TRADEWIND_LOG_LEVEL="debug")
    assert b"Traceback" in by_environment.stderr


class TestModels:
    def test_install_promote_roll_back_and_verify(self, tmp_path: Path, write_model: WriteModel) -> None:
        def models(*arguments: str | Path) -> dict[str, object]:
            result = tradewind("--workspace", tmp_path, "models", *arguments, "--json")
            assert (result.returncode, result.stderr) == (0, b"")
            document = json.loads(result.stdout)
            assert isinstance(document, dict)
            return document

        assert models("list") == {"models": []}
        assert models("install", write_model(tmp_path / "a", version="1"), "--promote")["live"] is True
        assert models("install", write_model(tmp_path / "b", version="2")) == {
            "name": "banking",
            "version": "2",
            "live": False,
        }
        assert models("promote", "banking", "2")["previous"] == ["1"]
        (listed,) = models("list")["models"]  # type: ignore[misc]
        assert (listed["live"], listed["previous"]) == ("2", ["1"])
        assert models("rollback", "banking")["version"] == "1"
        assert [Path(folder).name for folder in models("verify")["verified"]] == ["1", "2"]  # type: ignore[attr-defined]
        assert models("verify", tmp_path / "a") == {"verified": [str(tmp_path / "a")]}
        assert models("show", "banking")["live"] == "1"

    def test_the_list_reads_well(self, tmp_path: Path, write_model: WriteModel) -> None:
        tradewind("--workspace", tmp_path, "models", "install", write_model(tmp_path / "a"), "--promote")
        lines = tradewind("--workspace", tmp_path, "models", "list").stdout.decode().splitlines()
        assert lines[0].split() == ["name", "live", "versions", "encoder", "accuracy", "ece"]
        assert lines[1].split() == ["banking", "1", "1", "trigrams", "0.942", "0.018"]

    def test_a_tampered_model_fails_verification(self, tmp_path: Path, write_model: WriteModel) -> None:
        folder = write_model(tmp_path / "a")
        (folder / "CARD.md").write_text("better than it is", encoding="utf-8")
        result = tradewind("models", "verify", folder)
        assert (result.returncode, "CARD.md" in error_of(result)) == (1, True)
        assert tradewind("--workspace", tmp_path, "models", "install", folder).returncode == 1

    def test_what_is_no_model_is_refused(self, tmp_path: Path) -> None:
        result = tradewind("--workspace", tmp_path, "models", "install", tmp_path)
        assert (result.returncode, "no model here" in error_of(result)) == (2, True)


class TestServe:
    def test_it_says_where_it_answers_and_stops_cleanly_on_sigterm(self, tmp_path: Path) -> None:
        with serving("--workspace", tmp_path, "serve", "--port", "0") as (process, said):
            assert said["console"] == f"{said['address']}/console"
            assert httpx.get(f"{said['address']}/healthz", timeout=30).status_code == 200
            assert httpx.get(f"{said['address']}/", timeout=30).headers["location"] == "/console/"
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
            assert process.returncode == 0
            assert "Traceback" not in errors

    def test_ctrl_c_stops_it_too(self, tmp_path: Path) -> None:
        with serving("--workspace", tmp_path, "serve", "--port", "0", "--no-console") as (process, said):
            assert said["console"] is None
            assert httpx.get(f"{said['address']}/healthz", timeout=30).status_code == 200
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0

    def test_a_port_in_use_is_an_error_that_says_so(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            result = tradewind("--workspace", tmp_path, "serve", "--port", str(port))
        assert result.returncode == 2
        assert (
            error_of(result)
            == f"port {port} on 127.0.0.1 is in use (choose another: --port 0 takes a free one)"
        )

    @pytest.mark.parametrize("host", ["no.such.host.invalid", "203.0.113.7"])
    def test_a_host_that_is_not_this_machine_is_refused(self, tmp_path: Path, host: str) -> None:
        result = tradewind("--workspace", tmp_path, "serve", "--port", "0", "--host", host)
        assert (result.returncode, "cannot listen on" in error_of(result)) == (2, True)

    def test_an_address_that_others_reach_needs_a_tenant(self, tmp_path: Path) -> None:
        result = tradewind("--workspace", tmp_path, "serve", "--port", "0", "--host", "0.0.0.0")
        assert (result.returncode, "there is no tenant yet" in error_of(result)) == (2, True)
        assert "tradewind tenant create NAME --owner EMAIL" in result.stderr.decode()

    def test_an_open_host_is_warned_about(self, tmp_path: Path) -> None:
        open_to_all = ("--host", "0.0.0.0", "--open")
        with serving("--workspace", tmp_path, "serve", "--port", "0", *open_to_all) as (process, said):
            assert httpx.get(f"{said['address']}/healthz", timeout=30).status_code == 200
            process.send_signal(signal.SIGTERM)
            assert "warning: whoever reaches 0.0.0.0 may do everything" in process.communicate(timeout=20)[1]

    def test_a_folder_that_is_no_model_is_refused(self, tmp_path: Path) -> None:
        result = tradewind("serve", tmp_path, "--port", "0")
        assert (result.returncode, "no model here" in error_of(result)) == (2, True)

    def test_a_tampered_folder_is_refused_at_once(self, tmp_path: Path, write_model: WriteModel) -> None:
        folder = write_model(tmp_path / "m")
        (folder / "prototypes.json").write_text("{}", encoding="utf-8")
        result = tradewind("serve", folder, "--port", "0")
        assert (result.returncode, "prototypes.json: 2 bytes" in error_of(result)) == (1, True)


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path, write_model: WriteModel) -> None:
    for version in ("1", "2"):
        folder = write_model(tmp_path / version, name="m" + version)
        tradewind("--workspace", tmp_path, "models", "install", folder)
    command = " ".join([*TRADEWIND, "--workspace", str(tmp_path), "models", "list", "--json"])
    result = subprocess.run(f"{command} | true", shell=True, capture_output=True, text=True, check=False)
    assert result.stderr == ""
