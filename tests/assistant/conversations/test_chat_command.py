"""`tradewind chat`: the assistant in the terminal, without a server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_assistant import write_assistant

HELPERS = Path(__file__).parents[2] / "helpers"
RUN = f"""
import sys
sys.path.insert(0, {str(HELPERS)!r})
from tiny_assistant import TinyReader
from tradewind.nlp.runtime import live
import tradewind.workspace
tradewind.workspace.open_engine = lambda folder, threads=0: TinyReader(folder)
from tradewind.cli.main import run
run(sys.argv[1:])
"""
"""The real command, on a model that needs no network."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_assistant(tmp_path_factory.mktemp("chat"))


def chat(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", RUN, "--workspace", str(folder), "chat", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_messages_are_answered_as_json_lines(folder: Path):
    done = chat(folder, "--market", "us", "--language", "en", "I lost my card", "1", "/no", "--json")
    assert done.returncode == 0, done.stderr
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [m["number"] for m in messages] == list(range(1, len(messages) + 1))
    said = [m["text"] for m in messages if m["author"] == "customer"]
    assert said == ["I lost my card", "/choose 1", "/no"]
    assert messages[0]["choices"]


def test_lines_are_read_from_standard_input_in_another_language(folder: Path):
    done = chat(folder, "--market", "cn", given="我的卡丢了\n")
    assert done.returncode == 0, done.stderr
    assert "assistant: " in done.stdout
    assert any("\u4e00" <= character <= "\u9fff" for character in done.stdout)


def test_what_cannot_be_is_said_in_one_line(folder: Path, tmp_path: Path):
    wrong = chat(folder, "--market", "atlantis", "hello")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("error: ")
    missing = chat(tmp_path, "hello")
    assert missing.returncode == 2
    assert "assistant" in missing.stderr
