"""The console in a real Chromium, on a real server in a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tradewind.console.card import card_html
from tradewind.console.presentation import metric_rows, pieces, size
from tradewind.nlp.model import Span
from tradewind.nlp.runtime import versions

if TYPE_CHECKING:
    from playwright.sync_api import Page


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    script = Path(__file__).parents[1] / "helpers" / "serve_tiny.py"
    process = subprocess.Popen(
        [sys.executable, str(script), str(workspace)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        _wait_until_loaded(address)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        process.communicate()


def _wait_until_loaded(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if "still being loaded" not in httpx.get(f"{address}/readyz").text:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)


@pytest.fixture
def address(workspace: Path) -> Iterator[str]:
    with serving(workspace) as address:
        yield address


@pytest.fixture(scope="module")
def shared(shared_workspace: Path) -> Iterator[str]:
    """A server for tests that change nothing."""
    with serving(shared_workspace) as address:
        yield address


@pytest.mark.browser
class TestInChromium:
    def test_list_a_model_try_a_sentence_see_distribution_and_verdict(self, page: Page, shared: str) -> None:
        page.goto(shared)
        row = page.locator("table.list tbody tr").first
        row.wait_for()
        assert row.inner_text().split() == [
            "banking",
            "1",
            "live",
            "classify,",
            "tag",
            "trigrams",
            "en",
            "zh",
            "94.2",
            "%",
            "0.018",
            *row.inner_text().split()[-2:],
        ]
        page.get_by_role("link", name="banking").click()
        box = page.get_by_label("A sentence, in any language the model knows")
        box.fill("i lost my card 42 times")
        box.press("Enter")
        page.locator(".bars").wait_for()
        assert page.locator(".said h3").inner_text().startswith("lost_card")
        assert page.locator(".verdict").inner_text() == "in scope"
        assert page.locator(".bars tbody tr").count() == 5
        widths = [
            bar.evaluate("bar => bar.getBoundingClientRect().width") for bar in page.locator(".bars i").all()
        ]
        assert widths == sorted(widths, reverse=True)
        assert widths[0] > 100
        assert page.locator("mark").inner_text() == "42number"
        assert " ms" in page.locator(".took").inner_text()
        assert "threshold 0.75" in page.locator(".gauge").inner_text()

    def test_a_sentence_out_of_scope_is_called_so(self, page: Page, shared: str) -> None:
        page.goto(f"{shared}/console/models/banking")
        page.get_by_label("A sentence").fill("zzz qqq www")
        page.get_by_role("button", name="Ask the model").click()
        page.locator(".verdict.out").wait_for()
        assert page.locator(".verdict").inner_text() == "out of scope"

    def test_nothing_written_is_met_kindly(self, page: Page, shared: str) -> None:
        page.goto(f"{shared}/console/models/banking")
        page.get_by_role("button", name="Ask the model").click()
        page.get_by_text("Write a sentence first.").wait_for()

    def test_text_and_card_are_shown_and_never_run(self, page: Page, shared: str) -> None:
        page.goto(f"{shared}/console/models/banking")
        page.get_by_label("A sentence").fill("<img src=x onerror=\"document.title='owned'\"> 7")
        page.get_by_role("button", name="Ask the model").click()
        page.locator("mark").wait_for()
        assert page.locator(".marked").inner_text().startswith("<img src=x onerror=")
        assert page.locator(".card strong").inner_text() == "which of five things"
        assert page.locator(".card img, .card script").count() == 0
        assert page.title() == "banking · Tradewind"

    def test_versions_are_made_live_and_rolled_back(self, page: Page, address: str) -> None:
        page.goto(f"{address}/console/models/banking")
        page.get_by_role("button", name="Make 2 live").click()
        page.get_by_role("dialog").get_by_role("button", name="Make 2 live").click()
        page.get_by_text("banking 2 is live").wait_for()
        assert httpx.get(f"{address}/v1/models/banking").json()["version"] == "2"
        page.get_by_role("button", name="Roll back to 1").click()
        page.get_by_role("dialog").get_by_role("button", name="Roll back to 1").click()
        page.get_by_text("banking 1 is live").wait_for()
        assert httpx.get(f"{address}/v1/models/banking").json()["version"] == "1"

    def test_a_model_that_vanished_is_said_to_have(self, page: Page, address: str, workspace: Path) -> None:
        page.goto(f"{address}/console/models/banking")
        page.get_by_label("A sentence").fill("i lost my card")
        shutil.rmtree(workspace / "models" / "banking")
        for _ in range(200):
            if not httpx.get(f"{address}/v1/models").json()["models"]:
                break
            page.wait_for_timeout(100)
        page.get_by_role("button", name="Ask the model").click()
        page.get_by_text("banking is no longer here.").wait_for()
        page.goto(f"{address}/console/models/banking")
        page.get_by_role("heading", name="No model “banking”").wait_for()

    def test_a_page_can_be_used_by_keyboard_alone(self, page: Page, shared: str) -> None:
        page.goto(f"{shared}/console/models/banking")
        page.get_by_label("A sentence").wait_for()
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
                break
        page.keyboard.type("i lost my card")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(".bars").wait_for()

    def test_without_models_it_says_how_to_get_one(self, page: Page, tmp_path: Path) -> None:
        with serving(tmp_path) as address:
            page.goto(address)
            page.get_by_role("heading", name="No models yet").wait_for()
            assert "tradewind train" in page.locator("pre").inner_text()

    def test_a_refused_version_shows_its_reason(self, page: Page, address: str, workspace: Path) -> None:
        path = workspace / "models" / "banking" / "versions" / "2" / "prototypes.json"
        path.write_bytes(path.read_bytes() + b" ")
        versions.point(workspace / "models", "banking", versions.Pointer("2", ("1",)))
        page.goto(address)
        page.get_by_text("newer version refused").wait_for()
        assert "prototypes.json" in page.locator("tr.problem").inner_text()

    def test_the_report_is_shown_and_runs_nothing(self, page: Page, shared: str) -> None:
        page.goto(f"{shared}/reports/banking/1")
        assert page.locator("h1").inner_text() == "Evaluation of banking"
        assert page.locator("#said").inner_text() == "static"


def test_the_report_is_sandboxed(shared: str) -> None:
    report = httpx.get(f"{shared}/reports/banking/2")
    assert report.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert httpx.get(f"{shared}/reports/banking/9").status_code == 404
    assert httpx.get(f"{shared}/reports/..%2f..%2fbanking/1").status_code == 404


def test_no_other_site_may_frame_the_console(shared: str) -> None:
    page = httpx.get(f"{shared}/console/")
    assert page.headers["x-frame-options"] == "DENY"
    assert httpx.get(f"{shared}/console/no-such-page").status_code == 404


def test_a_card_is_text_whatever_it_holds() -> None:
    rendered = card_html(
        "# a\n\n<script>x</script> ![p](http://e.example/p.png) [l](javascript:x) [k](https://e.example)"
    )
    assert "<script" not in rendered
    assert "<img" not in rendered
    assert 'href="javascript' not in rendered
    assert '<a href="https://e.example">k</a>' in rendered


def test_a_text_is_cut_at_its_spans_and_loses_nothing() -> None:
    text = "from 北京 to Rome"
    spans = (Span("to", 11, 15), Span("from", 5, 7), Span("overlap", 6, 9))
    cut = pieces(text, spans)
    assert "".join(piece.text for piece in cut) == text
    assert [(piece.text, piece.type) for piece in cut if piece.type] == [("北京", "from"), ("Rome", "to")]


def test_figures_come_in_the_order_of_importance() -> None:
    own = {"rows": 3080, "ece": 0.0181, "accuracy": 0.9423, "oos": {"recall": 0.79, "auroc": 0.9714}}
    shown = [
        ("Accuracy", "94.2 %"),
        ("Calibration error (ECE)", "0.0181"),
        ("Out of scope: AUROC", "0.971"),
        ("Out of scope: recall", "79.0 %"),
        ("Texts", "3,080"),
    ]
    assert metric_rows({"intent": own}) == shown
    both = metric_rows({"intent": own, "slots": {"span_f1": 0.91}})
    assert both == [*((f"intent: {name}", value) for name, value in shown), ("slots: Span F1", "91.0 %")]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0 B"), (999, "999 B"), (2_930, "2.9 kB"), (226_000_000, "226 MB"), (None, "–")]
)
def test_sizes_read_well(count: int | None, shown: str) -> None:
    assert size(count) == shown
