"""A real server over real sockets, on tiny models."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny
import uvicorn

from tradewind.cli.serve import address_of, listen
from tradewind.core.settings import Settings
from tradewind.nlp.runtime import versions
from tradewind.server import create_app


@pytest.fixture
def write_model() -> Callable[..., Path]:
    """Writes a sealed model folder."""
    return tiny.write_model


def _build_workspace(root: Path) -> Path:
    models = root / "workspace" / "models"
    for version in ("1", "2"):
        versions.install(models, tiny.write_model(root / f"built-{version}", version=version, tagger=True))
    versions.promote(models, "banking", "1")
    return root / "workspace"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with one live model, `banking` version 1, and version 2 installed but not live."""
    return _build_workspace(tmp_path)


@pytest.fixture(scope="module")
def shared_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, for tests that change nothing."""
    return _build_workspace(tmp_path_factory.mktemp("shared"))


@contextlib.contextmanager
def serving(settings: Settings, **options: Any) -> Iterator[str]:
    """Run uvicorn in a thread and yield its address once the models are loaded (or it has none)."""
    listener = listen("127.0.0.1", 0)
    app = create_app(settings, console=False, opener=options.pop("opener", tiny.open_tiny), **options)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = address_of(listener)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if "still being loaded" not in httpx.get(f"{address}/readyz").text:
                break
        time.sleep(0.02)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()
        assert not thread.is_alive()


@pytest.fixture
def serve() -> Callable[..., contextlib.AbstractContextManager[str]]:
    """`with serve(settings) as address`: a real server on loopback."""
    return serving


@pytest.fixture
def client(workspace: Path) -> Iterator[httpx.Client]:
    """A client of a server with `banking` live."""
    with (
        serving(Settings(workspace=workspace, max_texts=100, max_body_bytes=200_000)) as address,
        httpx.Client(base_url=address, timeout=20) as http,
    ):
        yield http
