"""A real server over real sockets, on tiny models, in a thread of the test."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import tiny
import uvicorn

from tradewind.cli.serve import address_of, listen
from tradewind.core.settings import Settings
from tradewind.nlp.runtime import versions
from tradewind.server import create_app


def build_workspace(root: Path) -> Path:
    """A workspace with one live model, `banking` version 1, and version 2 installed but not live."""
    models = root / "workspace" / "models"
    for version in ("1", "2"):
        versions.install(models, tiny.write_model(root / f"built-{version}", version=version, tagger=True))
    versions.promote(models, "banking", "1")
    return root / "workspace"


@contextlib.contextmanager
def serving(settings: Settings, **options: Any) -> Iterator[str]:
    """Run uvicorn in a thread and yield its address once the models are loaded (or it has none)."""
    listener = listen("127.0.0.1", 0)
    options = {"console": False, "opener": tiny.open_tiny, **options}
    app = create_app(settings, **options)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    address = address_of(listener)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(httpx.TransportError):
            if "still being loaded" not in httpx.get(f"{address}/readyz").text:
                break
        time.sleep(0.02)
    try:
        yield address
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()
        assert not thread.is_alive()
