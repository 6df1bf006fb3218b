"""Polishing by a real HTTP endpoint that behaves well, changes a number, hangs, talks nonsense or is not there."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.model import Language, Passage, Say
from tradewind.assistant.replies import FluentReplies
from tradewind.assistant.replies.rewrite import REST_S, PolishedReplies, Rewriter, holds_disclosure, polished
from tradewind.assistant.replies.same_facts import difference
from tradewind.core.errors import ConfigError
from tradewind.core.ids import MarketId
from tradewind.core.settings import RewriteSettings, Settings, load_settings
from tradewind.markets import load_markets
from tradewind.packs.load import SHIPPED

TEXT = "I have sent $250.00 to Anna Weber on November 5, 2026. It is not final."
BETTER = "Just so you know, I have sent $250.00 to Anna Weber on November 5, 2026. It is not yet final."

Answer = Callable[["Endpoint", BaseHTTPRequestHandler, dict[str, Any]], None]


class Endpoint:
    """A real server of chat completions; `answer` says how it behaves."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Answer = says(BETTER)
        self.gone = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.requests.append({"path": self.path, **body})
                endpoint.headers.append(dict(self.headers))
                endpoint.answer(endpoint, self, body)

            def log_message(self, *_: object) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def close(self) -> None:
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def says(text: str) -> Answer:
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()
    return lambda endpoint, handler, request: send(handler, body)


def answers(body: bytes, status: int = 200) -> Answer:
    return lambda endpoint, handler, request: send(handler, body, status)


def hangs(endpoint: Endpoint, handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
    endpoint.gone.wait(20)


def drips(endpoint: Endpoint, handler: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
    """One byte now and then, for ever: no single wait is long."""
    handler.send_response(200)
    handler.end_headers()
    while not endpoint.gone.wait(0.05):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


def rewriter_of(endpoint: Endpoint, **settings: Any) -> Rewriter:
    return Rewriter(RewriteSettings(url=endpoint.url, model="small", **{"timeout_s": 0.4, **settings}))


def test_better_words_are_said(endpoint: Endpoint) -> None:
    rewriter = rewriter_of(endpoint)
    assert rewriter.polish(TEXT, "en", "polite", ["Anna Weber"]) == BETTER
    assert rewriter.outcomes == {"polished": 1}
    (request,) = endpoint.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["model"] == "small"
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["messages"][1]["content"] == TEXT
    assert "polite" in request["messages"][0]["content"]
    assert "Authorization" not in endpoint.headers[0]


def test_the_key_is_read_where_the_settings_say(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    rewriter_of(endpoint, key=f"file:{tmp_path / 'key'}").polish(TEXT, "en", "polite")
    assert endpoint.headers[0]["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("polished", "outcome"),
    [
        (TEXT.replace("250", "260"), "numbers"),
        (TEXT.replace("$250.00", "250.00"), "numbers"),
        (TEXT.replace("$", "€"), "numbers"),
        (TEXT.replace("$250.00", "$250"), "numbers"),
        (TEXT.replace("$250.00", "-$250.00"), "numbers"),
        (TEXT.replace("5, 2026", "2026, 5"), "numbers"),
        (TEXT + " Expect it in 3 days.", "numbers"),
        (TEXT + " Expect it in three days.", "units"),
        (TEXT + " Call twice.", "numerals"),
        (TEXT.replace("Anna Weber", "Anna Webber"), "names"),
        (TEXT + " Yours, Peter.", "names"),
        (TEXT.replace("not", "now"), "negation"),
        (TEXT + " See https://evil.example/x", "links"),
        (TEXT + " See evil.example", "links"),
        (TEXT + " Write to a@evil.example", "links"),
        (TEXT + " <b>", "characters"),
        (TEXT + " [here]", "characters"),
        (TEXT + " \u202e", "characters"),
        (TEXT + " and so on" * 40, "length"),
        ("", "length"),
    ],
)
def test_an_endpoint_that_changes_a_fact_is_not_said(endpoint: Endpoint, polished: str, outcome: str) -> None:
    endpoint.answer = says(polished)
    rewriter = rewriter_of(endpoint)
    assert rewriter.polish(TEXT, "en", "polite", ["Anna Weber"]) == TEXT
    assert rewriter.outcomes == {outcome: 1}


@pytest.mark.parametrize(
    "answer",
    [
        answers(b"<html>"),
        answers(b"[]"),
        answers(b"{}"),
        answers(b'{"choices": []}'),
        answers(b'{"choices": [{"message": {"content": null}}]}'),
        answers(b"\xff\xfe"),
        answers(b"x" * 500_000),
        answers(b"busy", 503),
        answers(b"moved", 302),
    ],
)
def test_an_endpoint_that_talks_nonsense_is_not_said(endpoint: Endpoint, answer: Answer) -> None:
    endpoint.answer = answer
    rewriter = rewriter_of(endpoint)
    assert rewriter.polish(TEXT, "en", "polite") == TEXT
    assert rewriter.outcomes == {"failure": 1}


@pytest.mark.parametrize("answer", [hangs, drips])
def test_an_endpoint_that_hangs_costs_no_more_than_the_time_it_has(
    endpoint: Endpoint, answer: Answer
) -> None:
    endpoint.answer = answer
    rewriter = rewriter_of(endpoint)
    began = time.monotonic()
    assert rewriter.polish(TEXT, "en", "polite") == TEXT
    assert time.monotonic() - began < 3
    assert rewriter.outcomes == {"timeout": 1}


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> Any:
        raise AssertionError("no wall time is needed")

    def monotonic(self) -> float:
        return self.seconds


def test_an_endpoint_that_is_not_there_is_left_alone_for_a_while(endpoint: Endpoint) -> None:
    clock = Hands()
    rewriter = Rewriter(RewriteSettings(url=endpoint.url, model="small", timeout_s=2), clock=clock)
    endpoint.answer = answers(b"", 500)
    for _ in range(5):
        assert rewriter.polish(TEXT, "en", "polite") == TEXT
    assert rewriter.outcomes == {"failure": 3, "resting": 2}
    endpoint.answer = says(BETTER)
    clock.seconds = REST_S + 1
    assert rewriter.polish(TEXT, "en", "polite") == BETTER


def test_a_port_where_nobody_listens(endpoint: Endpoint) -> None:
    endpoint.close()
    rewriter = rewriter_of(endpoint)
    assert rewriter.polish(TEXT, "en", "polite") == TEXT
    assert rewriter.outcomes == {"failure": 1}


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "You have 3 cards.", "At present you have 3 cards."),
        ("de", "Das kostet 4,50 € im Monat.", "Im Monat kostet das 4,50 €."),
        ("es", "No se ha encontrado ningún pago.", "No hemos encontrado ningún pago."),
        ("zh", "您的余额为¥100.00。", "您目前的余额为¥100.00。"),
        ("ja", "残高は￥1,000です。", "お客様の残高は￥1,000でございます。"),
    ],
)
def test_the_same_facts_in_other_words_are_the_same(language: str, before: str, after: str) -> None:
    assert difference(before, after, language) is None


@pytest.mark.parametrize(
    ("language", "before", "after", "expected"),
    [
        ("de", "Das kostet 4,50 € im Monat.", "Das kostet 4,50 € im Jahr.", "units"),
        ("de", "Die Karte ist gesperrt.", "Die Karte ist nicht gesperrt.", "negation"),
        ("es", "Tarda tres días.", "Tarda cuatro días.", "numerals"),
        ("zh", "需要三个工作日。", "需要五个工作日。", "numerals"),
        ("zh", "可以退款。", "不可以退款。", "negation"),
        ("ja", "三日かかります。", "五日かかります。", "numerals"),
        ("ja", "返金できます。", "返金できません。", "negation"),
        ("ja", "残高は￥1,000です。", "残高は￥1,000円です。", "numbers"),
        ("de", "Siehe „Konto › Modell“.", "Siehe „Konto › Karte“.", "quotes"),
        ("en", "It is ٣ cards.", "It is 4 cards.", "numbers"),
    ],
)
def test_other_facts_are_found(language: str, before: str, after: str, expected: str) -> None:
    assert difference(before, after, language) == expected


@given(digits=st.integers(0, 10**9), other=st.integers(0, 10**9))
def test_a_number_is_never_another(digits: int, other: int) -> None:
    same = difference(f"Your balance is {digits} now.", f"Your balance now is {other}.", "en")
    assert (same is None) is (digits == other)


def test_what_the_law_wants_said_and_what_is_quoted_never_leaves(endpoint: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "en.ftl").write_text(
        "hello = Hello { $name }, this is all.\ndisclosure_x = May lose value.\nsuggestion = Buy. { $disclosures }\n",
        encoding="utf-8",
    )
    markets = load_markets()
    rewriter = rewriter_of(endpoint)
    polished = PolishedReplies(FluentReplies.of(tmp_path, markets), rewriter, markets, names=["Northgate"])
    market, language = MarketId("us"), Language("en")
    disclosure = Say("disclosure_x")
    passage = Passage("fees", "Fees", "It costs $5.", language)
    assert polished.render(disclosure, market, language).text == "May lose value."
    held = Say("suggestion", {"disclosures": [disclosure.value]})
    assert polished.render(held, market, language).text == "Buy. May lose value."
    assert polished.render(Say("hello", {"name": "Ada"}, quote=passage), market, language).text.endswith(
        "$5."
    )
    assert endpoint.requests == []
    endpoint.answer = says("A warm hello, Ada, this is all.")
    assert polished.render(Say("hello", {"name": "Ada"}), market, language).text.startswith("A warm hello")
    endpoint.answer = says("Hello Eve, this is all.")
    assert polished.render(Say("hello", {"name": "Ada"}), market, language).text == "Hello Ada, this is all."
    assert holds_disclosure(Say("x", {"more": [{"reply": "y", "values": {"z": disclosure.value}}]}))


def test_it_is_off_until_an_endpoint_is_named(tmp_path: Path, endpoint: Endpoint) -> None:
    markets = load_markets()
    replies = FluentReplies.of(SHIPPED / "finance", markets)
    assert Settings(workspace=tmp_path).assistant.rewrite is None
    assert polished(replies, None, markets) is replies
    (tmp_path / "tradewind.toml").write_text(
        f'[assistant.rewrite]\nurl = "{endpoint.url}"\nmodel = "m"\n', encoding="utf-8"
    )
    settings = load_settings(tmp_path).assistant.rewrite
    say = Say("dialogue_goodbye")
    endpoint.answer = says("Thank you so much for contacting Northgate. Goodbye!")
    reply = polished(replies, settings, markets).render(say, MarketId("us"), Language("en"))
    assert reply.text == "Thank you so much for contacting Northgate. Goodbye!"
    endpoint.answer = says("Thank you for contacting Eastgate. Goodbye!")
    reply = polished(replies, settings, markets).render(say, MarketId("us"), Language("en"))
    assert reply.text == "Thank you for contacting Northgate. Goodbye!"


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tradewind.toml").write_text(
        '[assistant.rewrite]\nurl = "ftp://x"\nmodel = "m"\n', encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"rewrite\.url"):
        load_settings(tmp_path)
