"""Settings: a file in the workspace, the environment above it, and one clear sentence when something is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tradewind.core.errors import ConfigError
from tradewind.core.settings import FILE_NAME, Settings, load_settings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch):
    for name in list(os.environ):  # noqa: TID251 - the test is about the environment
        if name.upper().startswith("TRADEWIND_"):
            monkeypatch.delenv(name)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / FILE_NAME).write_text('port = 9000\nthreads = 2\nlog_level = "debug"\n', encoding="utf-8")
    return tmp_path


def test_without_a_file_the_defaults_hold(tmp_path):
    settings = load_settings(tmp_path)
    assert (settings.host, settings.port, settings.threads) == ("127.0.0.1", 8321, 0)
    assert settings.models == tmp_path / "models"
    assert settings.encoders == Path.home() / ".cache" / "tradewind" / "encoders"


def test_the_file_of_the_workspace_is_found(workspace):
    assert load_settings(workspace).port == 9000


def test_the_workspace_may_be_named_by_the_environment(workspace, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRADEWIND_WORKSPACE", str(workspace))
    settings = load_settings()
    assert (settings.workspace, settings.port) == (workspace, 9000)


def test_the_workspace_is_the_current_folder_when_nothing_names_it(workspace, monkeypatch):
    monkeypatch.chdir(workspace)
    assert load_settings().port == 9000


def test_a_given_workspace_wins_over_the_environments(workspace, monkeypatch):
    monkeypatch.setenv("TRADEWIND_WORKSPACE", "/nowhere")
    assert load_settings(workspace).workspace == workspace


def test_the_environment_wins_over_the_file(workspace, monkeypatch):
    monkeypatch.setenv("TRADEWIND_PORT", "9001")
    settings = load_settings(workspace)
    assert (settings.port, settings.threads) == (9001, 2)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("prot = 9000", "'prot'"),
        ("[server]\nport = 9000", "'server'"),
        ('port = "many"', "'port'"),
        ("port = 65536", "'port'"),
        ("deadline_s = 0", "'deadline_s'"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(tmp_path, content, named):
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=named) as refused:
        load_settings(tmp_path)
    assert FILE_NAME in str(refused.value)


def test_a_wrong_value_in_the_environment_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("TRADEWIND_QUEUE_TOKENS", "plenty")
    with pytest.raises(ConfigError, match="'queue_tokens'"):
        load_settings(tmp_path)


def test_a_misspelt_variable_is_an_error_that_names_the_nearest(tmp_path, monkeypatch):
    monkeypatch.setenv("TRADEWIND_PROT", "9001")
    with pytest.raises(
        ConfigError, match=r"TRADEWIND_PROT: there is no such setting \(nearest: TRADEWIND_PORT"
    ):
        load_settings(tmp_path)


def test_levels_are_known_and_home_is_understood(tmp_path, monkeypatch):
    monkeypatch.setenv("TRADEWIND_LOG_LEVEL", "WARNING")
    monkeypatch.setenv("TRADEWIND_CACHE", "~/encoders")
    settings = load_settings(tmp_path)
    assert (settings.log_level, settings.cache) == ("warning", Path.home() / "encoders")
    monkeypatch.setenv("TRADEWIND_LOG_LEVEL", "loud")
    with pytest.raises(ConfigError, match="'log_level'"):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    "content", [b"port = = 1", b"\xff\xfe\x00", b"port"], ids=["syntax", "bytes", "half"]
)
def test_a_file_that_is_no_toml_is_refused(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(ConfigError, match="must be valid TOML"):
        load_settings(tmp_path)


def test_every_setting_says_what_it_is():
    assert all(field.description for field in Settings.model_fields.values())
