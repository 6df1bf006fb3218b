"""`tradewind encoders`, in this process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tradewind.cli.main import app
from tradewind.core.errors import IntegrityError, NotFoundError
from tradewind.core.settings import Settings
from tradewind.nlp.encoders.record import EncoderRecord, file_records, write_record


@pytest.fixture
def cache(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRADEWIND_CACHE", str(settings.cache))
    return settings.encoders


@pytest.fixture
def tiny(cache: Path, tiny_folder: Path) -> Path:
    """The tiny encoder, pulled."""
    folder = cache / "org--tiny"
    shutil.copytree(tiny_folder, folder)
    write_record(folder, EncoderRecord("org/tiny", "hub:org/tiny@abc", "", "", 0, file_records(folder), {}))
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["encoders", *arguments])


def test_list_says_what_there_is_and_what_is_here(tiny: Path) -> None:
    header, first, second, third = run("list").stdout.splitlines()
    assert header.split()[:3] == ["name", "languages", "licence"]
    assert first.split()[:4] == ["minilm-l6", "English", "Apache-2.0", "-"]
    assert second.split()[:5] == ["e5-small", "100", "languages", "MIT", "-"]
    assert third.split() == ["org/tiny", "-", "-", "hub:org/tiny@abc", "-"]


def test_list_as_json_is_one_document(cache: Path) -> None:
    said = json.loads(run("list", "--json").stdout)
    assert said["cache"] == str(cache)
    assert {row["name"]: row["pulled"] for row in said["encoders"]} == {"minilm-l6": False, "e5-small": False}


def test_verify_checks_all_that_were_pulled(tiny: Path) -> None:
    assert run("verify").stdout == "org/tiny: every file is as it was pulled (from hub:org/tiny@abc)\n"
    (verified,) = json.loads(run("verify", "--json").stdout)["verified"]
    assert (verified["name"], verified["path"]) == ("org/tiny", str(tiny))


def test_verify_of_an_empty_cache_says_so(cache: Path) -> None:
    assert run("verify").stderr == f"no encoder has been pulled to {cache}\n"


def test_verify_names_the_file_that_changed(tiny: Path) -> None:
    (tiny / "tokenizer.json").write_bytes((tiny / "tokenizer.json").read_bytes().replace(b"card", b"cart"))
    assert isinstance(run("verify", "org/tiny").exception, IntegrityError)
    assert "tokenizer.json: SHA-256" in str(run("verify").exception)


def test_pull_of_what_is_here_needs_no_network(tiny: Path) -> None:
    done = run("pull", "org/tiny", "--json")
    assert json.loads(done.stdout)["source"] == "hub:org/tiny@abc"
    assert done.stderr == ""


def test_an_unknown_name_is_bad_input(cache: Path) -> None:
    error = run("pull", "e5-smal").exception
    assert isinstance(error, NotFoundError)
    assert error.exit_code == 2
    assert "did you mean 'e5-small'?" in str(error)
