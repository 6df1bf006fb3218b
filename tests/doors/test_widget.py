"""The chat widget and the inbox in a real Chromium: both sides of a conversation, and what lies between them."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tiny_assistant import write_assistant

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
SCRIPT = Path(__file__).parents[1] / "helpers" / "tiny_assistant.py"
READY_S = 90


class Server:
    """A server in a process of its own, which comes back at the same address."""

    def __init__(self, workspace: Path) -> None:
        self.workspace = workspace
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, str(SCRIPT), str(self.workspace), str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == self.address
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            try:
                begun = httpx.post(f"{self.address}/v1/conversations", json={"market": "us"}, timeout=20)
                if begun.status_code == 201:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError("the assistant did not come up")

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        assert self._process.wait(30) == 0
        self._process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    served = Server(write_assistant(tmp_path_factory.mktemp("widget") / "workspace"))
    served.start()
    yield served
    served.stop()


@pytest.fixture
def agent(browser: Browser) -> Iterator[Page]:
    """A second person at another screen."""
    page = browser.new_page(viewport={"width": 1350, "height": 850})
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    page.close()
    assert faults == []


def shows(found: Locator, text: str | re.Pattern[str]) -> None:
    from playwright.sync_api import expect

    expect(found).to_have_text(text, timeout=20_000)


def said(page: Page) -> Locator:
    """What stands in the widget, in order."""
    return page.locator("tradewind-chat .text")


def open_chat(page: Page, server: Server, language: str = "en") -> None:
    page.goto(f"{server.address}/demo?language={language}")
    page.locator("tradewind-chat .launch").click()
    page.locator("tradewind-chat .choices").first.wait_for()


def say(page: Page, text: str) -> None:
    """Write a message and wait for what is said to it."""
    before = said(page).count()
    page.locator("tradewind-chat textarea").fill(text)
    page.keyboard.press("Enter")
    said(page).nth(before + 1).wait_for()
    page.locator("tradewind-chat .typing").wait_for(state="hidden")


def last_said(page: Page) -> str:
    return said(page).last.inner_text()


def take_the_newest(agent: Page, server: Server) -> None:
    agent.goto(f"{server.address}/console/inbox")
    waiting = agent.get_by_role("navigation", name="Conversations").get_by_role("link")
    waiting.first.click()
    agent.get_by_role("button", name="Take", exact=True).click()
    agent.locator(".talk-head").get_by_text("yours").wait_for()


def answer(agent: Page, text: str) -> None:
    agent.get_by_label("Your answer").fill(text)
    agent.get_by_role("button", name="Send").click()


def test_a_stranger_disputes_a_fee_in_chinese_digresses_in_english_corrects_and_gets_a_person(
    page: Page, agent: Page, server: Server
) -> None:
    open_chat(page, server, "zh")
    say(page, "你们扣了我一笔费用，我觉得不应该收")
    say(page, "19块")
    reasons = page.locator("tradewind-chat .choices").last
    assert reasons.get_by_role("button").count() >= 3
    say(page, "How much money is in my savings account?")
    texts = said(page).all_inner_texts()
    assert any("CN¥" in text or "¥" in text for text in texts[-3:])
    say(page, "不好意思，我说错了，金额是31.5元")
    assert said(page).all_inner_texts()[-2:] == ["好的，已为您更改。", "请问这笔费用有什么问题？"]
    say(page, "算了，帮我转人工吧")

    take_the_newest(agent, server)
    log = agent.get_by_role("log", name="Messages")
    assert log.get_by_text("How much money is in my savings account?").count() == 1
    assert "Mainland China" in agent.locator(".aside").inner_text()
    answer(agent, "您好，我是小梅，我来帮您处理这笔费用。")
    said(page).get_by_text("我来帮您处理这笔费用").wait_for()
    page.locator("tradewind-chat textarea").fill("谢谢，就是那笔31.5元的")
    page.keyboard.press("Enter")
    log.get_by_text("谢谢，就是那笔31.5元的").wait_for()
    agent.get_by_label("Your answer").fill("checked the account: refund it")
    agent.get_by_role("button", name="Keep as a note").click()
    log.get_by_text("note, not sent").wait_for()

    page.reload()
    said(page).get_by_text("谢谢，就是那笔31.5元的").wait_for()
    assert said(page).get_by_text("refund it").count() == 0
    agent.get_by_role("button", name="Resolve").click()
    stars = page.locator("tradewind-chat .rate").get_by_role("button")
    stars.nth(4).click()
    agent.locator(".talk-head").get_by_text("★★★★★").wait_for()


def test_the_server_goes_and_comes_and_both_sides_with_it(page: Page, agent: Page, server: Server) -> None:
    open_chat(page, server)
    say(page, "I want to speak to a person")
    take_the_newest(agent, server)
    answer(agent, "Hello, this is Ann.")
    said(page).get_by_text("this is Ann").wait_for()
    server.stop()
    page.locator("tradewind-chat").get_by_text("No connection").wait_for()
    page.locator("tradewind-chat textarea").fill("are you still there?")
    page.keyboard.press("Enter")
    page.locator("tradewind-chat").get_by_text("Waiting to be sent").wait_for()
    server.start()
    page.locator("tradewind-chat").get_by_text("Waiting to be sent").wait_for(state="detached")
    log = agent.get_by_role("log", name="Messages")
    log.get_by_text("are you still there?").wait_for()
    answer(agent, "Yes, go on.")
    said(page).get_by_text("Yes, go on.").wait_for()
    assert said(page).get_by_text("are you still there?").count() == 1
    assert log.get_by_text("are you still there?").count() == 1


def test_what_is_written_without_a_network_is_sent_once_when_it_is_back(page: Page, server: Server) -> None:
    open_chat(page, server)
    page.context.set_offline(True)
    page.locator("tradewind-chat textarea").fill("what is my balance")
    page.keyboard.press("Enter")
    page.locator("tradewind-chat").get_by_text("Waiting to be sent").wait_for()
    page.context.set_offline(False)
    page.locator("tradewind-chat").get_by_text("Waiting to be sent").wait_for(state="detached")
    page.reload()
    said(page).get_by_text("what is my balance").wait_for()
    assert said(page).get_by_text("what is my balance").count() == 1


def test_where_websockets_do_not_pass_it_asks_by_http(page: Page, agent: Page, server: Server) -> None:
    page.route_web_socket(re.compile(r"/v1/conversations/.*/live"), lambda route: route.close())
    open_chat(page, server)
    say(page, "I want to speak to a person")
    take_the_newest(agent, server)
    answer(agent, "Hello over a narrow road.")
    said(page).get_by_text("over a narrow road").wait_for()


def test_it_is_used_by_keyboard_alone_and_gives_the_focus_back(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/demo")
    launch = page.get_by_role("button", name="Open chat")
    assert launch.get_attribute("aria-expanded") == "false"
    launch.focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="Your message")
    box.wait_for()
    assert box.evaluate("box => box === box.getRootNode().activeElement")
    page.locator("tradewind-chat .choices").first.wait_for()
    page.keyboard.type("thank you")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("very much")
    page.keyboard.press("Enter")
    said(page).get_by_text("very much").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Chat with us").wait_for(state="hidden")
    assert launch.evaluate("button => button === button.getRootNode().activeElement")


def test_what_is_said_is_text_on_both_sides(page: Page, agent: Page, server: Server) -> None:
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    open_chat(page, server)
    say(page, "I want to speak to a person")
    take_the_newest(agent, server)
    page.locator("tradewind-chat textarea").fill(evil)
    page.keyboard.press("Enter")
    agent.get_by_role("log", name="Messages").get_by_text(evil).wait_for()
    answer(agent, evil)
    said(page).get_by_text(evil).nth(1).wait_for()
    assert "owned" not in (page.title() + agent.title())
    assert page.locator("tradewind-chat img").count() == agent.locator(".talk-log img").count() == 0


def test_it_speaks_the_page_s_language_and_turns_round_for_arabic(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/demo?language=ja")
    chat = page.locator("tradewind-chat")
    shows(chat.locator("h2"), "チャットでお問い合わせ")
    chat.evaluate("chat => chat.setAttribute('language', 'ar')")
    shows(chat.locator("h2"), "تحدّث معنا")
    assert chat.locator(".root").get_attribute("dir") == "rtl"
    corner = chat.locator(".launch").bounding_box()
    assert corner is not None
    assert corner["x"] < 100
    chat.evaluate("chat => chat.setAttribute('language', 'pt-BR')")
    shows(chat.locator("h2"), "Chat with us")


def test_on_a_narrow_screen_it_fills_the_page_and_keeps_the_focus(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 760})
    open_chat(page, server)
    panel = page.locator("tradewind-chat dialog").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": 390, "height": 760}
    for _ in range(15):
        page.keyboard.press("Tab")
        assert page.evaluate("['TRADEWIND-CHAT', 'BODY'].includes(document.activeElement.tagName)")


def test_the_figures_of_the_service_come_from_what_happened(page: Page, agent: Page, server: Server) -> None:
    open_chat(page, server, "de")
    say(page, "Wie viel Geld habe ich auf meinen Konten?")
    agent.goto(f"{server.address}/console/service?market=de&language=de")
    figures = agent.locator(".tiles")
    figures.get_by_text("Conversations").wait_for()
    one, alone = (figures.locator(".panel").nth(at).inner_text().split("\n") for at in (0, 1))
    assert one[:2] == ["Conversations", "1"]
    assert alone[:2] == ["By the assistant alone", "100 %"]
    say(page, "Ich möchte mich über Ihren Mitarbeiter beschweren, er war unverschämt zu mir")
    figures.get_by_text("0 %", exact=True).wait_for()
    agent.get_by_role("table").get_by_text("a rule of the business").wait_for()
