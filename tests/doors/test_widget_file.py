"""The widget's file: small, for pages of any site, asked for anew only when it has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tradewind.access.model import Role
from tradewind.channels.widget import FILE, MOST_BYTES
from tradewind.core.ids import RegionId, TenantId
from tradewind.core.settings import Settings
from tradewind.workspace import open_ground

PATH = "/widget/tradewind-chat.js"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a tenant: everything else needs a key."""
    root = tmp_path_factory.mktemp("widget")
    with open_ground(Settings(workspace=root)) as ground:
        tenant = TenantId("acme")
        ground.access.tenants.create(
            tenant,
            home=RegionId("eu"),
            owner="olga@acme.example",
            password="correct horse battery",
            by="test",
        )
        assert Role.OWNER in {member.role for member in ground.access.members.all(tenant)}
    return root


@pytest.fixture
def client(workspace: Path, serve: Callable[..., AbstractContextManager[str]]) -> Iterator[httpx.Client]:
    with serve(Settings(workspace=workspace)) as address, httpx.Client(base_url=address) as http:
        yield http


def test_the_widget_is_given_to_whoever_asks_and_stays_small(client: httpx.Client) -> None:
    assert client.get("/v1/markets").status_code == 401
    plain = client.get(PATH, headers={"Accept-Encoding": "identity"})
    assert plain.content == FILE.read_bytes()
    assert len(plain.content) < MOST_BYTES
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["x-content-type-options"] == "nosniff"
    assert plain.headers["cross-origin-resource-policy"] == "cross-origin"
    zipped = client.get(PATH)
    assert zipped.headers["content-encoding"] == "gzip"
    assert hashlib.sha256(zipped.content).digest() == hashlib.sha256(plain.content).digest()
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert client.head(PATH).headers["etag"] == zipped.headers["etag"]


def test_what_a_browser_has_already_is_not_sent_again(client: httpx.Client) -> None:
    tag = client.get(PATH).headers["etag"]
    again = client.get(PATH, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert "max-age" in again.headers["cache-control"]
    assert client.get(PATH, headers={"If-None-Match": '"other"'}).status_code == 200


def test_it_needs_no_leave_of_a_content_security_policy_and_makes_no_html_of_what_is_said() -> None:
    text = FILE.read_text(encoding="utf-8")
    for never in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "import(",
    ):
        assert never not in text
