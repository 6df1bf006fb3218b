"""The widget on a page of another site: a key that may stand in public, allowed origins, a strict content policy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tiny_assistant import TinyReader, write_assistant

from tradewind.access.model import Right
from tradewind.core.ids import RegionId, TenantId
from tradewind.core.settings import AssistantSettings, Settings
from tradewind.workspace import open_ground

if TYPE_CHECKING:
    from playwright.sync_api import Page

ACME = TenantId("acme")


@contextmanager
def site(page: dict[str, str]) -> Iterator[str]:
    """Another site with one page, whose policy is that of docs/widget.md."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server = page["server"]
            policy = f"default-src 'none'; script-src {server}; connect-src {server} {server.replace('http', 'ws')}"
            body = page["html"].encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}"
    finally:
        served.shutdown()
        thread.join()
        served.server_close()


@pytest.mark.browser
def test_a_page_of_another_site_begins_by_a_public_key_and_is_refused_where_it_is_not_named(
    page: Page, tmp_path: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    workspace = write_assistant(tmp_path / "workspace")
    with open_ground(Settings(workspace=workspace)) as ground:
        owner = "olga@acme.example"
        ground.access.tenants.create(
            ACME, home=RegionId("eu"), owner=owner, password="correct horse", by="test"
        )
        start = frozenset({Right.CONVERSATIONS_START})
        _, key = ground.access.keys.make(ACME, "web", start, by="test")
        write = frozenset({Right.CONVERSATIONS_WRITE, Right.CONVERSATIONS_READ})
        _, own = ground.access.keys.make(ACME, "the bank's server", write, by="test")
    held = {"server": "", "html": ""}
    with site(held) as named, site(held) as other:
        settings = Settings(workspace=workspace, assistant=AssistantSettings(origins=(named,)))
        with serve(settings, opener=TinyReader) as address:
            held["server"] = address
            script = f'<!doctype html><script src="{address}/widget/tradewind-chat.js" defer></script>'
            held["html"] = f'{script}<tradewind-chat market="us" language="en" key="{key}"></tradewind-chat>'
            said = page.locator("tradewind-chat .text")
            page.goto(named)
            page.locator("tradewind-chat .launch").click()
            page.locator("tradewind-chat .choices").first.wait_for()
            page.locator("tradewind-chat textarea").fill("thank you")
            page.keyboard.press("Enter")
            said.nth(2).wait_for()

            page.goto(other)
            page.locator("tradewind-chat .launch").click()
            page.locator("tradewind-chat textarea").fill("hello")
            page.keyboard.press("Enter")
            page.locator("tradewind-chat .mark").wait_for()
            assert said.count() == 2

            begun = httpx.post(
                f"{address}/v1/conversations",
                json={"market": "us", "language": "en", "subject": "customer:4711"},
                headers={"Authorization": f"Bearer {own}"},
            ).json()
            known = f'conversation="{begun["id"]}" token="{begun["token"]}"'
            held["html"] = f"{script}<tradewind-chat language=en {known}></tradewind-chat>"
            page.goto(named)
            page.locator("tradewind-chat .launch").click()
            said.get_by_text(begun["messages"][0]["text"]).wait_for()
            page.locator("tradewind-chat textarea").fill("thank you")
            page.keyboard.press("Enter")
            said.nth(2).wait_for()
