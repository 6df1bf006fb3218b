"""The pages of the ground in a real Chromium: each organisation sees its own, each role what it may."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from ground_scene import (
    ACME,
    AGENT,
    ANNA,
    AUDITOR,
    ENGINEER,
    EU,
    GB,
    OTHER,
    OWNER,
    PASSWORD,
    SCRIPT,
    SECRET_WORDS,
    Scene,
    fill,
)

from tradewind.access.model import RIGHTS, Role
from tradewind.console.market_view import view_of
from tradewind.console.privacy_page import row_of
from tradewind.console.sections import open_to
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.ids import MarketId
from tradewind.core.settings import Settings
from tradewind.journal.export import verify_export
from tradewind.journal.model import Lane
from tradewind.journal.signing import read_public
from tradewind.markets import load_markets
from tradewind.privacy.receipts import verify as verify_receipt
from tradewind.privacy.records import Request, Target
from tradewind.privacy.reveal import reveal
from tradewind.workspace import open_ground

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

SignIn = Callable[..., None]


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    script = Path(__file__).parents[1] / "helpers" / "ground_scene.py"
    process = subprocess.Popen(
        [sys.executable, str(script), str(workspace)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)
        process.communicate()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """More than a page of entries."""
    return fill(tmp_path_factory.mktemp("ground"), entries=60)


@pytest.fixture(scope="module")
def address(scene: Scene) -> Iterator[str]:
    with serving(scene.workspace) as address:
        yield address


@pytest.fixture
def sign_in(page: Page, address: str) -> SignIn:
    """`sign_in(email, tenant="acme", to="/console/…")`: leads to a page as somebody."""
    return lambda email, to, tenant=ACME: enter(page, address, email, to, tenant)


def enter(page: Page, address: str, email: str, to: str, tenant: str = ACME) -> None:
    page.goto(f"{address}/sign-in?goal=/console/markets")
    page.get_by_label("Organisation").first.fill(tenant)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/console/markets")
    page.goto(f"{address}{to}")


def sections(page: Page) -> list[str]:
    return page.get_by_role("navigation", name="Sections").inner_text().split()


def has(found: Locator, count: int) -> None:
    """Wait until so many are there."""
    from playwright.sync_api import expect

    expect(found).to_have_count(count, timeout=20_000)


def choose(page: Page, label: str, option: str, within: str = "body") -> None:
    page.locator(within).get_by_label(label).click()
    page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.browser
class TestKeysAndMembers:
    def test_a_key_is_made_shown_once_used_and_revoked(
        self, page: Page, address: str, sign_in: SignIn
    ) -> None:
        sign_in(OWNER, "/console/keys")
        page.get_by_label("What it is for").fill("web shop <b>")
        page.get_by_role("checkbox", name="journal:read").click()
        page.get_by_role("button", name="Make key").click()
        key = page.get_by_role("dialog").get_by_label("Key").input_value()
        headers = {"Authorization": f"Bearer {key}"}
        shown = httpx.get(f"{address}/v1/tenant", headers=headers).json()
        assert (shown["tenant"], shown["rights"]) == (ACME, ["journal:read"])
        page.get_by_role("button", name="Copy").click()
        page.get_by_text("Copied.").or_(page.get_by_text("It is selected")).wait_for()
        page.get_by_role("button", name="I have it").click()
        row = page.get_by_role("list", name="Keys").get_by_role("listitem").filter(has_text="web shop <b>")
        row.wait_for()
        assert "in use" in row.inner_text()
        page.get_by_role("dialog").wait_for(state="detached")
        assert key not in page.content()
        assert "key of other" not in page.content()
        row.get_by_role("button", name="Revoke").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        row.get_by_text("revoked", exact=True).wait_for()
        assert httpx.get(f"{address}/v1/tenant", headers=headers).status_code == 401
        assert row.get_by_role("button").count() == 0

    def test_a_key_without_a_right_is_refused_in_words(self, page: Page, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/keys")
        page.get_by_label("What it is for").fill("nothing")
        page.get_by_role("button", name="Make key").click()
        page.get_by_text("a key without any right").wait_for()

    def test_a_member_comes_changes_role_and_goes(self, page: Page, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/members")
        members = page.get_by_role("list", name="Members")
        has(members.get_by_role("listitem"), 4)
        page.get_by_label("E-mail address").fill("nina@acme.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Add member").click()
        row = members.get_by_role("listitem").filter(has_text="nina@acme.example")
        row.wait_for()
        assert "analyst" in row.inner_text()
        row.get_by_role("button", name="Change the role of nina@acme.example").click()
        page.get_by_role("dialog").get_by_text("partner: ").click()
        page.get_by_role("dialog").get_by_role("button", name="Change role").click()
        row.get_by_text("partner", exact=True).wait_for()
        row.get_by_role("button", name="Remove nina@acme.example").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        row.wait_for(state="detached")

    def test_the_only_owner_stays(self, page: Page, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/members")
        page.get_by_role("button", name=f"Remove {OWNER}").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        page.get_by_text("is the only owner of acme").wait_for()

    def test_rights_that_were_taken_away_meanwhile_are_missed_at_once(
        self, page: Page, address: str, scene: Scene, sign_in: SignIn
    ) -> None:
        with open_ground(Settings(workspace=scene.workspace)) as ground:
            ground.access.members.add(ACME, "oskar@acme.example", Role.OWNER, password=PASSWORD, by="test")
            sign_in("oskar@acme.example", "/console/keys")
            page.get_by_label("What it is for").fill("too late")
            page.get_by_role("checkbox", name="journal:read").click()
            ground.access.members.set_role(ACME, "oskar@acme.example", Role.PARTNER, by="test")
            page.wait_for_timeout(1500)  # roles are believed for a second
            page.get_by_role("button", name="Make key").click()
            page.get_by_text("this needs the right tenant:manage").wait_for()
            assert "too late" not in [key.label for key in ground.access.keys.all(ACME)]
            ground.access.members.remove(ACME, "oskar@acme.example", by="test")

    def test_a_page_that_outlives_its_session_does_nothing_more(
        self, page: Page, address: str, scene: Scene, sign_in: SignIn
    ) -> None:
        with open_ground(Settings(workspace=scene.workspace)) as ground:
            ground.access.members.add(ACME, "otto@acme.example", Role.OWNER, password=PASSWORD, by="test")
            sign_in("otto@acme.example", "/console/keys")
            page.get_by_label("What it is for").fill("too late")
            page.get_by_role("checkbox", name="journal:read").click()
            ground.access.members.remove(ACME, "otto@acme.example", by="test")
            page.wait_for_timeout(1500)
            page.get_by_role("button", name="Make key").click()
            page.wait_for_timeout(1500)
            assert "too late" not in [key.label for key in ground.access.keys.all(ACME)]
        page.goto(f"{address}/console/keys")
        page.wait_for_url("**/sign-in?goal=**")


@pytest.mark.browser
class TestWhoSeesWhat:
    @pytest.mark.parametrize(
        ("email", "seen"),
        [
            (OWNER, ["Models", "Inbox", "Service", "Markets", "Journal", "Privacy", "Members", "Keys"]),
            (AUDITOR, ["Models", "Inbox", "Service", "Markets", "Journal", "Privacy"]),
            (ENGINEER, ["Models", "Markets", "Journal"]),
            (AGENT, ["Models", "Inbox", "Service", "Markets", "Privacy"]),
        ],
    )
    def test_the_navigation_has_what_a_role_may_see(
        self, page: Page, sign_in: SignIn, email: str, seen: list[str]
    ) -> None:
        sign_in(email, "/console/markets")
        assert sections(page) == seen

    @pytest.mark.parametrize("path", ["members", "keys"])
    def test_an_auditor_who_asks_for_a_page_that_is_not_theirs_is_told_so(
        self, page: Page, sign_in: SignIn, path: str
    ) -> None:
        sign_in(AUDITOR, f"/console/{path}")
        page.get_by_role("heading", name="You may not see this").wait_for()
        assert page.locator("#main").get_by_role("button").count() == 0
        assert OWNER not in page.content()

    def test_an_auditor_sees_no_button_that_they_may_not_use(self, page: Page, sign_in: SignIn) -> None:
        sign_in(AUDITOR, "/console/privacy")
        page.get_by_role("heading", name="What a person agreed to").wait_for()
        for name in ("Export", "Erase"):
            assert page.get_by_role("button", name=name).count() == 0
        page.goto(page.url.replace("privacy", "journal?market=de&kind=scene.said"))
        page.locator("table.entries tbody a").first.click()
        page.get_by_text("sealed", exact=True).wait_for()
        assert page.get_by_role("button", name="Reveal").count() == 0

    def test_an_engineer_verifies_without_reading(self, page: Page, sign_in: SignIn) -> None:
        sign_in(ENGINEER, "/console/journal")
        page.get_by_role("button", name="Verify now").click()
        page.get_by_text("Everything is as it was written.").wait_for()
        assert page.locator("table.entries").count() == 0
        assert page.get_by_role("link", name="Download an export").count() == 0
        page.goto(page.url + "/eu/0/1")
        page.get_by_text("this needs the right journal:read").wait_for()

    def test_without_an_organisation_it_says_how_to_make_one(self, page: Page, tmp_path: Path) -> None:
        with serving(tmp_path) as address:
            for path in ("members", "keys"):
                page.goto(f"{address}/console/{path}")
                page.get_by_role("heading", name="There is no organisation here yet").wait_for()
            page.goto(f"{address}/console/journal")
            page.get_by_role("heading", name="Nothing recorded here yet").wait_for()
            page.goto(f"{address}/console/privacy")
            page.get_by_role("heading", name="Nobody has asked for anything").wait_for()


@pytest.mark.browser
class TestMarkets:
    def test_a_market_shows_its_formats_hours_limits_and_law(self, page: Page, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/markets")
        has(page.locator("table.list tbody tr"), len(load_markets()))
        page.get_by_role("link", name="Germany").click()
        page.get_by_text("1.234.567,00\N{NO-BREAK SPACE}€").wait_for()
        assert "Anna Schneider" in page.content()
        year = SYSTEM_CLOCK.now().year
        page.get_by_role("heading", name=f"Holidays in {year}").wait_for()
        assert page.get_by_text("Tag der Deutschen Einheit").count() == 1
        duties = page.locator("section[aria-labelledby=law-gdpr] tbody tr")
        access = duties.filter(has=page.get_by_role("rowheader", name="Access")).inner_text()
        assert "Art. 12(3)" in access
        assert "1 month" in access

    def test_a_name_that_is_no_market_is_shown_as_it_was_written(self, page: Page, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/markets/%3Cimg%20src=x%20onerror=alert(1)%3E")
        page.get_by_role("heading", name="No market “<img src=x onerror=alert(1)>”").wait_for()
        assert page.locator("main img").count() == 0

    def test_the_name_of_a_market_is_text(self, page: Page, address: str, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/markets")
        page.get_by_role("link", name=SCRIPT).click()
        page.get_by_role("heading", name=SCRIPT).wait_for()
        assert page.locator("#main script, #main img").count() == 0
        assert page.title() == f"{SCRIPT} · Tradewind"
        page.goto(f"{address}/console/privacy")
        choose(page, "Market", SCRIPT, "section[aria-labelledby=consent]")
        page.goto(f"{address}/console/journal")
        page.get_by_label("Market").select_option(label=SCRIPT)
        assert page.title() == "Journal · Tradewind"


@pytest.mark.browser
class TestJournal:
    def test_entries_are_of_ones_own_organisation_only(
        self, page: Page, address: str, sign_in: SignIn
    ) -> None:
        sign_in(OWNER, "/console/journal?market=de")
        rows = page.locator("table.entries tbody tr")
        rows.first.wait_for()
        has(rows, 50)
        texts = "\n".join(rows.all_inner_texts())
        page.get_by_role("link", name="Older").click()
        page.get_by_role("link", name="Newest").wait_for()
        rows.filter(has_text="remark 0").wait_for()
        texts += "\n".join(rows.all_inner_texts())
        assert all(f"remark {number}" in texts for number in range(60))
        assert "other organisation" not in texts
        assert SECRET_WORDS not in texts
        sign_in("omar@other.example", "/console/journal?market=de", tenant=OTHER)
        page.get_by_text("this is of the other organisation").wait_for()
        has(page.locator("table.entries tbody tr"), 1)

    def test_filters_narrow_and_can_be_cleared(self, page: Page, scene: Scene, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/journal")
        page.get_by_label("Kind").select_option("privacy.consent_given")
        page.get_by_label("Market").select_option("de")
        page.get_by_label("Subject").fill(scene.subject)
        page.get_by_role("textbox", name="From").fill(f"{SYSTEM_CLOCK.now() - timedelta(days=1):%Y-%m-%d}")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url("**kind=privacy.consent_given**")
        has(page.locator("table.entries tbody tr"), 1)
        assert "marketing" in page.locator("table.entries").inner_text()
        page.get_by_role("textbox", name="To").fill("2020-01-01")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("heading", name="No entry fits").wait_for()
        page.get_by_role("link", name="Clear").click()
        page.locator("table.entries tbody tr").nth(5).wait_for()

    @pytest.mark.parametrize("query", ["market=zz", "region=zz", "since=yesterday", "cursor=1.2"])
    def test_an_address_that_asks_for_nonsense_is_answered_in_words(
        self, page: Page, sign_in: SignIn, query: str
    ) -> None:
        sign_in(OWNER, f"/console/journal?{query}")
        page.locator(".trouble").wait_for()
        page.get_by_role("heading", name="Journal").wait_for()

    def test_what_is_recorded_is_text_and_never_runs(self, page: Page, sign_in: SignIn) -> None:
        sign_in(OWNER, "/console/journal?market=de&kind=scene.said")
        page.locator("table.entries tbody tr", has_text="<script>").get_by_role("link").click()
        page.get_by_role("rowheader", name="remark").wait_for()
        assert page.locator("tr", has_text="remark").locator("td").inner_text() == SCRIPT
        assert page.locator("main script, main img").count() == 0
        assert page.title().startswith("Entry ")

    def test_personal_fields_are_revealed_by_leave_and_on_record(
        self, page: Page, address: str, sign_in: SignIn
    ) -> None:
        sign_in(OWNER, "/console/journal?market=de&kind=scene.said")
        page.locator("table.entries tbody a").nth(3).click()
        page.get_by_text("sealed", exact=True).wait_for()
        assert SECRET_WORDS not in page.content()
        page.get_by_text("covered by 1").wait_for()
        page.get_by_role("button", name="Reveal personal fields").click()
        page.get_by_role("dialog").get_by_role("button", name="Reveal").click()
        page.get_by_text(SECRET_WORDS).wait_for()
        page.goto(f"{address}/console/journal?market=de&kind=privacy.revealed")
        has(page.locator("table.entries tbody tr"), 1)

    def test_another_organisations_place_is_not_there(
        self, page: Page, address: str, scene: Scene, sign_in: SignIn
    ) -> None:
        sign_in("omar@other.example", "/console/journal/eu/0/60", tenant=OTHER)
        page.get_by_role("heading", name="No such entry").wait_for()
        for place in ("eu/0/0", "eu/99/1", f"eu/0/{2**70}", "zz/0/1"):
            page.goto(f"{address}/console/journal/{place}")
            page.get_by_role("heading", name="No such entry").wait_for()

    def test_an_export_and_its_key_let_an_outsider_verify(
        self, page: Page, tmp_path: Path, sign_in: SignIn
    ) -> None:
        sign_in(AUDITOR, "/console/journal")
        saved = {}
        for link in ("Download an export", "Download the public key"):
            with page.expect_download() as download:
                page.get_by_role("link", name=link).click()
            saved[link] = tmp_path / download.value.suggested_filename
            download.value.save_as(saved[link])
        export, key = saved.values()
        found = verify_export(export, read_public(key))
        assert found.sound
        assert found.entries == found.checkpointed > 60
        content = export.read_text()
        assert "other organisation" not in content
        assert SECRET_WORDS not in content

    def test_a_tampered_entry_is_named(self, page: Page, tmp_path: Path) -> None:
        scene = fill(tmp_path, entries=10)
        with sqlite3.connect(tmp_path / "var" / "regions" / "eu.db") as database:
            sequence, body = database.execute(
                "SELECT sequence, body FROM journal_entries WHERE CAST(body AS TEXT) LIKE '%remark 4%'"
            ).fetchone()
            database.execute(
                "UPDATE journal_entries SET body = ? WHERE tenant = 'acme' AND sequence = ?",
                (body.replace(b"remark 4", b"remark X"), sequence),
            )
        database.close()
        with serving(scene.workspace) as address:
            enter(page, address, OWNER, "/console/journal")
            page.get_by_role("button", name="Verify now").click()
            page.get_by_text("1 wrong.").wait_for()
            page.get_by_role("link", name=f"Entry eu/0/{sequence}").click()
            page.get_by_text("remark X").wait_for()
            enter(page, address, "omar@other.example", "/console/journal", OTHER)
            page.get_by_role("button", name="Verify now").click()
            page.get_by_text("Everything is as it was written.").wait_for()


@pytest.mark.browser
class TestPersons:
    def test_a_person_is_exported_looked_up_and_erased_with_a_receipt(
        self, page: Page, tmp_path: Path
    ) -> None:
        scene = fill(tmp_path)
        with serving(scene.workspace) as address:
            enter(page, address, OWNER, "/console/privacy")
            self._consent(page)
            self._export(page, tmp_path)
            self._erase(page, tmp_path)
            page.goto(f"{address}/console/journal?market=de&kind=scene.said")
            page.locator("table.entries tbody a").first.click()
            page.get_by_role("button", name="Reveal personal fields").click()
            page.get_by_role("dialog").get_by_role("button", name="Reveal").click()
            page.get_by_text("erased", exact=True).wait_for()
            enter(page, address, "omar@other.example", "/console/privacy", OTHER)
            page.get_by_role("heading", name="Nobody has asked for anything").wait_for()

    def _consent(self, page: Page) -> None:
        box = "section[aria-labelledby=consent]"
        choose(page, "Market", "Germany", box)
        page.get_by_label("Name of the person").fill(ANNA)
        page.get_by_role("button", name="Look up").click()
        page.locator(box).get_by_text("agreed", exact=True).wait_for()
        page.get_by_label("Name of the person").fill("nobody@example.com")
        page.get_by_label("Name of the person").press("Enter")
        page.locator(box).get_by_text("Nobody of this name was met").wait_for()

    def _export(self, page: Page, folder: Path) -> None:
        form = "section[aria-labelledby=asks]"
        page.get_by_role("button", name="Export").click()
        page.get_by_text("no market is chosen").wait_for()
        choose(page, "Market", "Germany", form)
        page.get_by_label("Every name they go by").fill(ANNA)
        page.get_by_role("button", name="Export").click()
        page.get_by_text("Collected.").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download as JSON").click()
        download.value.save_as(folder / "export.json")
        content = json.loads((folder / "export.json").read_text())
        assert [entry["content"].get("text") for entry in content["regions"][0]["entries"]].count(
            SECRET_WORDS
        ) == 4
        row = page.locator("table.list tbody tr").filter(has_text="export")
        row.wait_for()
        assert "done" in row.inner_text()

    def _erase(self, page: Page, folder: Path) -> None:
        page.get_by_label("Every name they go by").fill(f"{ANNA}\ncustomer:<b>77</b>")
        page.get_by_role("button", name="Erase").click()
        dialog = page.get_by_role("dialog")
        typed = dialog.get_by_label(f"Type {ANNA}")
        typed.fill("somebody@example.com")
        dialog.get_by_role("button", name="Erase").click()
        page.get_by_text("That is not the same name.").wait_for()
        typed.fill(ANNA)
        dialog.get_by_role("button", name="Erase").click()
        page.get_by_text("Erased.").wait_for()
        row = page.locator("table.list tbody tr").filter(has_text="erasure")
        row.get_by_text("done", exact=True).wait_for()
        assert "Art. 12(3)" in row.inner_text() or "Art. 17" in row.inner_text()
        with page.expect_download() as download:
            row.get_by_role("link").click()
        download.value.save_as(folder / "receipt.json")
        statement = verify_receipt(json.loads((folder / "receipt.json").read_text()))
        assert statement["tenant"] == ACME
        assert [subject["region"] for subject in statement["subjects"]] == [EU]


@pytest.mark.browser
class TestAnywhere:
    @pytest.mark.parametrize(
        "path",
        ["markets", "markets/sg", "journal?market=de", "journal/eu/0/20", "privacy", "members", "keys"],
    )
    def test_a_page_fits_a_telephone_and_a_keyboard(self, page: Page, sign_in: SignIn, path: str) -> None:
        page.set_viewport_size({"width": 390, "height": 800})
        sign_in(OWNER, f"/console/{path}")
        page.locator("main h1").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input, select, textarea, button')].filter(e => e.type !== 'hidden'"
            " && e.offsetParent && !e.labels?.length && !e.ariaLabel && !e.innerText.trim()).map(e => e.outerHTML)"
        )
        assert unnamed == []
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.innerText") == "Skip to content"


def test_downloads_are_refused_to_who_is_not_signed_in(address: str) -> None:
    for path in ("journal/eu.jsonl", "journal-key.pem", "requests/x.json"):
        answer = httpx.get(f"{address}/console/downloads/{path}")
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


def test_an_erasure_has_a_clock_until_it_is_done() -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)

    def asked(due: datetime | None, done: datetime | None = None) -> Request:
        target = Target(EU, GB, "s")  # type: ignore[arg-type]
        return Request("r", "erasure", GB, "en", "uk-gdpr", "Art. 17", now, due, (target,), done=done)

    states = [
        (row.state, row.left)
        for row in (
            row_of(asked(now + timedelta(days=12, hours=3)), now),
            row_of(asked(now + timedelta(days=1)), now),
            row_of(asked(now + timedelta(hours=3)), now),
            row_of(asked(now - timedelta(hours=3)), now),
            row_of(asked(now - timedelta(days=2)), now),
            row_of(asked(None), now),
            row_of(asked(now, done=now), now),
        )
    ]
    assert states == [
        ("open", "12 days"),
        ("open", "1 day"),
        ("open", "today"),
        ("overdue", "since today"),
        ("overdue", "2 days over"),
        ("open", "no deadline in this law"),
        ("done", "–"),
    ]


@pytest.mark.parametrize("name", [market.id for market in load_markets()])
def test_every_market_can_be_shown(name: MarketId) -> None:
    view = view_of(load_markets(), name, datetime(2026, 11, 25, tzinfo=UTC))
    assert all(len(texts) == len(view.languages) and all(texts) for _, texts in view.examples)
    assert view.holidays
    assert view.windows
    assert all(duties for _, duties in view.laws)


def test_revealing_is_recorded_first_and_names_who_did(tmp_path: Path) -> None:
    fill(tmp_path)
    with open_ground(Settings(workspace=tmp_path)) as ground:
        entry = next(ground.journal.read(ACME, EU, kinds=["scene.said"]))
        assert reveal(ground.journal, entry, by="olga") == {"text": SECRET_WORDS}
        (note,) = ground.journal.read(ACME, EU, kinds=["privacy.revealed"])
        assert dict(note.body) == {"entry": entry.id, "fields": ["text"], "by": "olga"}
        assert (note.market, note.subject) == (entry.market, entry.subject)
        assert ground.journal.entry(ACME, EU, Lane(0), entry.sequence) == entry
        nothing = next(ground.journal.read(ACME, EU, kinds=["access.tenant_created"]))
        assert reveal(ground.journal, nothing, by="olga") == {}


def test_verification_tells_how_far_it_is(tmp_path: Path) -> None:
    fill(tmp_path)
    told: list[tuple[int, int]] = []
    with open_ground(Settings(workspace=tmp_path)) as ground:
        found = ground.journal.verify(ACME, EU, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (found.entries, found.entries)


def test_each_right_opens_the_section_that_shows_it() -> None:
    from tradewind.access.model import Principal

    def seen(role: Role) -> list[str]:
        return [section.name for section in open_to(Principal(ACME, "x", RIGHTS[role]))]

    assert seen(Role.PARTNER) == ["Models", "Markets"]
    assert seen(Role.ANALYST) == ["Models", "Service", "Markets", "Journal"]
