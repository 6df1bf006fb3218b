"""Signing in to the console: by password, by a provider, out again; over HTTP and in a real Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from authlib.deprecate import AuthlibDeprecationWarning
from served import build_workspace

with warnings.catch_warnings():
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)  # the provider uses what is going away
    from oidc_provider_mock import User, run_server_in_thread

from tradewind.access.model import Role
from tradewind.core.ids import RegionId, TenantId
from tradewind.core.settings import Settings
from tradewind.workspace import Ground

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # of the provider, which runs in a thread

ACME = TenantId("acme")
ANN, EVE = "ann@acme.example", "eve@acme.example"
PASSWORD = "correct horse battery staple"
HOSTILE = '"><script>document.title="owned"</script>'


@contextmanager
def served(workspace: Path, **environment: str) -> Iterator[str]:
    script = Path(__file__).parents[1] / "helpers" / "serve_tiny.py"
    command = ["env", *(f"{name}={value}" for name, value in environment.items()), sys.executable]
    process = subprocess.Popen([*command, str(script), str(workspace)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if "still being loaded" not in httpx.get(f"{address}/readyz").text:
                    break
            except httpx.TransportError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        process.communicate()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A workspace with the tenant `acme`, whose owner is Ann."""
    ground = Ground(Settings(workspace=build_workspace(tmp_path_factory.mktemp("sign-in"))))
    ground.access.tenants.create("acme", home=RegionId("eu"), owner=ANN, password=PASSWORD, by="operator")
    ground.access.members.add(ACME, EVE, Role.AUDITOR, password=PASSWORD, by="operator")
    yield ground
    ground.close()


@pytest.fixture(scope="module")
def address(ground: Ground) -> Iterator[str]:
    with served(ground.settings.workspace) as address:
        yield address


@pytest.fixture
def browser_like(address: str) -> Iterator[httpx.Client]:
    """A client that keeps cookies and says where it comes from, as browsers do."""
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=60) as http:
        yield http


def sign_in(http: httpx.Client, **fields: str) -> httpx.Response:
    form = {"tenant": "acme", "email": ANN, "password": PASSWORD, "goal": "/console/", **fields}
    return http.post("/sign-in", data=form)


class TestOverHttp:
    def test_every_page_leads_to_the_sign_in_and_from_there_back(self, browser_like: httpx.Client) -> None:
        for path in ("/console/", "/console/models/banking", "/reports/banking/1"):
            sent = browser_like.get(path)
            assert (sent.status_code, sent.headers["location"]) == (303, f"/sign-in?goal={path}")
            shown = browser_like.get(sent.headers["location"])
            assert f'name="goal" value="{path}"' in shown.text
        assert browser_like.post("/console/").status_code == 401
        assert browser_like.get("/console/_nicegui_ws/socket.io/?EIO=4&transport=polling").status_code in (
            303,
            401,
        )

    def test_a_password_opens_a_session_and_signing_out_ends_it(self, browser_like: httpx.Client) -> None:
        answer = sign_in(browser_like, goal="/console/models/banking")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/models/banking")
        cookie = answer.headers["set-cookie"]
        assert re.fullmatch(
            r"tradewind=tws_[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=lax", cookie
        ), cookie
        page = browser_like.get("/console/")
        assert page.status_code == 200
        token = re.search(r'name=\\?"token\\?" value=\\?"([0-9a-f]{64})', page.text)
        assert token is not None
        assert browser_like.post("/sign-out", data={"token": "0" * 64}).status_code == 403
        assert browser_like.get("/console/").status_code == 200
        left = browser_like.post("/sign-out", data={"token": token[1]})
        assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
        assert browser_like.get("/console/").status_code == 303

    def test_an_old_cookie_is_of_no_use_after_signing_in_anew_or_out(
        self, browser_like: httpx.Client
    ) -> None:
        sign_in(browser_like)
        first = browser_like.cookies["tradewind"]
        sign_in(browser_like)
        assert browser_like.cookies["tradewind"] != first
        stale = httpx.get(f"{browser_like.base_url}/console/", headers={"Cookie": f"tradewind={first}"})
        assert stale.status_code == 303

    def test_a_session_that_somebody_else_chose_is_not_taken_over(self, browser_like: httpx.Client) -> None:
        """Session fixation: the id in the browser before signing in is not the one after it."""
        chosen = "tws_" + "A" * 43
        form = {"tenant": "acme", "email": ANN, "password": PASSWORD}
        answer = browser_like.post("/sign-in", data=form, headers={"Cookie": f"tradewind={chosen}"})
        assert answer.status_code == 303
        assert chosen not in answer.headers["set-cookie"]
        assert browser_like.get("/console/", headers={"Cookie": f"tradewind={chosen}"}).status_code == 303

    def test_what_does_not_fit_is_said_kindly_and_shown_as_text(self, browser_like: httpx.Client) -> None:
        answer = sign_in(browser_like, email=HOSTILE, password="wrong but long enough")
        assert answer.status_code == 401
        assert "organisation, e-mail address or password do not fit" in answer.text
        assert "<script>" not in answer.text
        assert "wrong but long enough" not in answer.text
        assert "set-cookie" not in answer.headers
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize(
        "goal",
        ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/console/\r\nX: y",
         "/console", "/v1/keys", "", HOSTILE],
    )  # fmt: skip
    def test_nobody_is_sent_elsewhere(self, browser_like: httpx.Client, goal: str) -> None:
        assert sign_in(browser_like, goal=goal).headers["location"] == "/console/"
        assert 'name="goal" value="/console/"' in browser_like.get("/sign-in", params={"goal": goal}).text

    def test_another_site_cannot_sign_anybody_in_or_out(self, browser_like: httpx.Client) -> None:
        evil = {"Origin": "https://evil.example"}
        form = {"tenant": "acme", "email": ANN, "password": PASSWORD}
        for path in ("/sign-in", "/sign-out"):
            assert browser_like.post(path, data=form, headers=evil).status_code == 403

    @pytest.mark.parametrize("body", [b"", b"\xff", b"a" * 20_000, b"=&=&=", b"&".join([b"a=b"] * 20), b"{}"])
    def test_a_form_that_is_none_is_refused(self, browser_like: httpx.Client, body: bytes) -> None:
        for path in ("/sign-in", "/sign-out"):
            assert browser_like.post(path, content=body).status_code in (401, 403, 422)

    def test_guessing_is_slowed_down(self, browser_like: httpx.Client) -> None:
        statuses = [
            sign_in(browser_like, email="guess@acme.example", password="x" * 12).status_code for _ in range(7)
        ]
        assert statuses[:5] == [401] * 5
        assert 429 in statuses[5:]

    def test_behind_https_the_cookie_is_for_https_only(self, ground: Ground) -> None:
        public = "https://tradewind.example"
        with (
            served(ground.settings.workspace, TRADEWIND_PUBLIC_URL=public) as address,
            httpx.Client(base_url=address, headers={"Origin": public}, timeout=60) as http,
        ):
            cookie = sign_in(http).headers["set-cookie"]
            assert cookie.startswith("__Host-tradewind=tws_")
            assert cookie.endswith("SameSite=lax; Secure")

    def test_an_installation_without_a_tenant_says_how_to_make_one(self, tmp_path: Path) -> None:
        with served(build_workspace(tmp_path)) as address:
            page = httpx.get(f"{address}/sign-in").text
            assert "tradewind tenant create" in page
            assert "<form" not in page


CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


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
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    page = context.new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def fill_in(page: Page, email: str = ANN) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.browser
class TestInChromium:
    def test_in_by_password_look_around_and_out(self, page: Page, address: str) -> None:
        page.goto(f"{address}/console/models/banking")
        page.get_by_role("heading", name="Sign in").wait_for()
        assert page.get_by_label("Organisation").first.input_value() == "acme"
        fill_in(page)
        page.get_by_label("A sentence").fill("i lost my card")
        page.get_by_role("button", name="Ask the model").click()
        page.locator(".bars").wait_for()
        assert page.url == f"{address}/console/models/banking"
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.goto(f"{address}/console/")
        page.get_by_role("heading", name="Sign in").wait_for()

    def test_a_page_that_is_open_stops_with_its_session(
        self, page: Page, address: str, ground: Ground
    ) -> None:
        ground.access.members.add(ACME, "leo@acme.example", Role.AGENT, password=PASSWORD, by="operator")
        page.goto(f"{address}/console/models/banking")
        fill_in(page, "leo@acme.example")
        box = page.get_by_label("A sentence")
        box.fill("i lost my card")
        box.press("Enter")
        page.locator(".bars").wait_for()
        ground.access.members.remove(ACME, "leo@acme.example", by="operator")
        page.wait_for_timeout(2500)
        box.fill("what exchange rate do you use")
        box.press("Enter")
        page.wait_for_timeout(2500)
        assert "exchange_rate" not in page.locator(".said").inner_text()

    def test_who_may_not_predict_is_told_so(self, page: Page, address: str) -> None:
        page.goto(f"{address}/console/models/banking")
        fill_in(page, EVE)
        page.get_by_label("A sentence").fill("i lost my card")
        page.get_by_role("button", name="Ask the model").click()
        page.get_by_text("this needs the right models:predict").wait_for()
        page.get_by_role("button", name="Make 2 live").click()
        page.get_by_role("dialog").get_by_role("button", name="Make 2 live").click()
        page.get_by_text("this needs the right models:manage").wait_for()

    def test_in_by_the_organisations_provider(
        self, page: Page, address: str, ground: Ground, tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_text("a client's secret", encoding="utf-8")
        users = [User(sub="ann", claims={"email": ANN, "email_verified": True})]
        with run_server_in_thread(user_claims=users) as provider:
            issuer = f"http://localhost:{provider.server_port}"
            secret = f"file:{tmp_path / 'secret'}"
            ground.access.openid.set_provider(ACME, issuer, "tradewind", secret, by="operator")
            page.goto(f"{address}/console/")
            page.get_by_role("button", name="Sign in by its provider").click()
            page.get_by_role("button", name="ann").click()
            page.locator("table.list").wait_for()
            assert page.url == f"{address}/console/"
            ground.access.openid.drop_provider(ACME, by="operator")
