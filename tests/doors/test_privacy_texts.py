"""Detection and redaction at the doors: command line and HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
import tiny

from tradewind.core.settings import Settings
from tradewind.nlp.runtime import versions

LINES = '{"text": "Call me at (212) 555-0187"}\n"my card is 4111 1111 1111 1111"\n{"full_text": "nothing"}\n'


def run(workspace: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradewind", "--workspace", str(workspace), "privacy", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


class TestCommands:
    def test_detect_prints_the_spans_of_each_line(self, tmp_path: Path) -> None:
        file = tmp_path / "texts.jsonl"
        file.write_text(LINES, encoding="utf-8")
        done = run(tmp_path, "detect", "--market", "us", "--file", str(file), "--json")
        assert done.returncode == 0, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [list(answer) for answer in answers] == [["spans"]] * 3
        (phone,), (card,), nothing = (answer["spans"] for answer in answers)
        assert (phone["type"], phone["start"], phone["end"]) == ("PHONE_NUMBER", 11, 25)
        assert (card["type"], card["start"], card["end"]) == ("CREDIT_CARD", 11, 30)
        assert nothing == []
        assert "tradewind privacy train" in done.stderr

    def test_a_bad_line_is_named_and_can_be_passed_over(self, tmp_path: Path) -> None:
        file = tmp_path / "texts.jsonl"
        file.write_text('"a@b.com"\n{"x": 1}\n"c@d.com"\n', encoding="utf-8")
        stopped = run(tmp_path, "detect", "--market", "us", "--file", str(file), "--json")
        assert stopped.returncode == 2
        assert "texts.jsonl:2" in stopped.stderr
        assert len(stopped.stdout.splitlines()) == 1
        passed = run(tmp_path, "detect", "--market", "us", "--file", str(file), "--json", "--skip-bad")
        assert passed.returncode == 0
        answers = [json.loads(line) for line in passed.stdout.splitlines()]
        assert [sorted(answer) for answer in answers] == [["spans"], ["error", "line"], ["spans"]]

    def test_a_column_of_a_table(self, tmp_path: Path) -> None:
        file = tmp_path / "texts.csv"
        file.write_text("id,said\n1,write to a@b.com\n", encoding="utf-8")
        done = run(tmp_path, "redact", "--market", "us", "--file", str(file), "--text", "said")
        assert done.stdout == "write to <EMAIL_ADDRESS>\n"

    def test_lines_from_standard_input(self, tmp_path: Path) -> None:
        done = run(tmp_path, "redact", "--market", "cn", "--how", "mask", given="手机13800138000谢谢\n")
        assert done.stdout == "手机***********谢谢\n"

    def test_a_pseudonym_comes_back_for_its_tenant_only(self, tmp_path: Path) -> None:
        hidden = run(tmp_path, "redact", "--market", "us", "--how", "pseudonym", given="write to a@b.com\n")
        assert "a@b.com" not in hidden.stdout
        again = run(tmp_path, "redact", "--market", "us", "--how", "pseudonym", given="write to A@b.com\n")
        assert again.stdout == hidden.stdout
        shown = run(tmp_path, "reveal", "--market", "us", "--json", given=hidden.stdout)
        assert json.loads(shown.stdout) == {"text": "write to a@b.com"}
        refused = run(tmp_path, "reveal", "--market", "us", "--tenant", "other", given=hidden.stdout)
        assert refused.returncode == 2
        assert "not made with this key" in refused.stderr

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("detect", "--market", "zz"), "no market 'zz'"),
            (("detect", "--market", "us", "--file", "absent.jsonl"), "no such file"),
            (("detect", "--market", "us", "--format", "docx"), "unknown format"),
            (("detect", "--market", "us", "--model", "absent"), "absent"),
            (("redact", "--market", "us", "--how", "blur"), "mask, placeholder, pseudonym"),
        ],
    )
    def test_bad_input_is_said(self, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
        done = run(tmp_path, *arguments, given="a\n")
        assert done.returncode == 2
        assert said in done.stderr


Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture(scope="module")
def workspace_without_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture
def http(serve: Serve, workspace_without_names: Path) -> Iterator[httpx.Client]:
    settings = Settings(workspace=workspace_without_names, max_texts=5, max_body_bytes=50_000)
    with serve(settings) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


def ask(client: httpx.Client, verb: str, **body: Any) -> httpx.Response:
    return client.post(f"/v1/privacy:{verb}", json=body)


class TestRoutes:
    def test_detect(self, http: httpx.Client) -> None:
        answer = ask(http, "detect", market="us", texts=["Call (212) 555-0187", "", "no"]).json()
        assert answer["names"] is False
        (phone,) = answer["results"][0]["spans"]
        assert (phone["type"], phone["start"], phone["end"]) == ("PHONE_NUMBER", 5, 19)
        assert answer["results"][1:] == [{"spans": []}] * 2

    def test_redact_and_reveal(self, http: httpx.Client) -> None:
        texts = ["write to a@b.com", "card 4111-1111-1111-1111"]
        plain = ask(http, "redact", market="us", texts=texts).json()
        assert [result["text"] for result in plain["results"]] == [
            "write to <EMAIL_ADDRESS>", "card <CREDIT_CARD>",
        ]  # fmt: skip
        hidden = ask(http, "redact", market="us", texts=texts, how="pseudonym").json()
        shown = ask(
            http, "reveal", market="us", texts=[result["text"] for result in hidden["results"]]
        ).json()
        assert [result["text"] for result in shown["results"]] == [
            "write to a@b.com", "card 4111111111111111",
        ]  # fmt: skip

    def test_who_turned_pseudonyms_back_is_in_the_journal(self, http: httpx.Client) -> None:
        hidden = ask(http, "redact", market="us", texts=["a@b.com, a@b.com", "none"], how="pseudonym").json()
        ask(http, "reveal", market="us", texts=[result["text"] for result in hidden["results"]])
        (newest, *_) = http.get(
            "/v1/journal/entries", params={"kind": "privacy.tokens_revealed", "market": "us"}
        ).json()["entries"]
        assert newest["body"] == {"tokens": 2, "texts": 2, "by": "local"}
        assert newest["market"] == "us"

    def test_another_region_s_token_is_refused(self, http: httpx.Client) -> None:
        hidden = ask(http, "redact", market="us", texts=["a@b.com"], how="pseudonym").json()
        refused = ask(http, "reveal", market="de", texts=[hidden["results"][0]["text"]])
        assert refused.status_code == 403
        assert refused.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"market": "zz", "texts": ["a"]}, 404),
            ({"market": "us"}, 422),
            ({"market": "us", "texts": "a"}, 422),
            ({"market": "us", "texts": [1]}, 422),
            ({"market": "us", "texts": ["a"], "else": 1}, 422),
            ({"market": "us", "texts": ["a"] * 6}, 413),
            ({"market": "us", "texts": ["a" * 60_000]}, 413),
        ],
    )
    def test_bad_input_is_a_problem_document(
        self, http: httpx.Client, body: dict[str, Any], status: int
    ) -> None:
        answer = ask(http, "detect", **body)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"

    def test_half_a_surrogate_pair_is_refused(self, http: httpx.Client) -> None:
        content = rb'{"market": "us", "texts": ["\ud800"]}'
        headers = {"content-type": "application/json"}
        assert http.post("/v1/privacy:redact", content=content, headers=headers).status_code == 422

    def test_names_come_from_the_model_that_is_called_pii(self, serve: Serve, tmp_path: Path) -> None:
        built = tiny.write_model(tmp_path / "built", name="pii", tagger=True)
        versions.install(tmp_path / "models", built)
        versions.promote(tmp_path / "models", "pii", "1")
        with serve(Settings(workspace=tmp_path)) as address, httpx.Client(base_url=address) as client:
            answer = ask(client, "detect", market="us", texts=["write to a@b.com", ""]).json()
        assert answer["names"] is True
        assert [span["type"] for span in answer["results"][0]["spans"]] == ["EMAIL_ADDRESS"]
