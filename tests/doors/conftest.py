"""A real server over real sockets, on tiny models."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import tiny
from served import build_workspace, serving

from tradewind.core.settings import Settings


@pytest.fixture
def write_model() -> Callable[..., Path]:
    """Writes a sealed model folder."""
    return tiny.write_model


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with one live model, `banking` version 1, and version 2 installed but not live."""
    return build_workspace(tmp_path)


@pytest.fixture(scope="module")
def shared_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, for tests that change nothing."""
    return build_workspace(tmp_path_factory.mktemp("shared"))


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
