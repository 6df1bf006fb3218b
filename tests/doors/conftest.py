"""A real server over real sockets, on tiny models."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import tiny
from served import build_workspace, serving

from tradewind.core.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when its scripts do, or when it asks anybody but this machine."""
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: _note_stranger(request.url, faults))
    yield page
    page.close()
    assert faults == []


def _note_stranger(url: str, faults: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
        faults.append(f"asked {url}")
