"""The journal at the doors: command line and HTTP, over a workspace with entries of two tenants."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from journal_kit import Noted, Said

from tradewind.access.model import Principal, Right
from tradewind.api.journal import journal_routes
from tradewind.api.problems import install_problem_handlers
from tradewind.cli.main import run
from tradewind.core.ids import MarketId, SubjectId, TenantId
from tradewind.core.settings import Settings
from tradewind.journal.model import Draft
from tradewind.workspace import open_ground

LOCAL, OTHER = TenantId("local"), TenantId("other")
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    with open_ground(Settings(workspace=folder)) as ground:
        for number in range(30):
            ground.journal.append_now(LOCAL, [Draft(Noted(number=number), market=MarketId("de"))])
        ground.journal.append_now(
            LOCAL,
            [Draft(Said(text="geheim"), market=MarketId("de"), subject=SubjectId("s" * 20))],
        )
        ground.journal.append_now(OTHER, [Draft(Noted(number=99), market=MarketId("de"))])
        ground.journal.append_now(LOCAL, [Draft(Noted(number=7), market=MarketId("us"))])
    return folder


@pytest.fixture
def command(workspace: Path, capfdbinary: Any) -> Command:
    """Runs `tradewind journal …`; exit code, standard output, standard error."""

    def call(*arguments: str, at: Path = workspace) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            run(["--workspace", str(at), "journal", *arguments])
        said = capfdbinary.readouterr()
        return int(left.value.code or 0), said.out.decode(), said.err.decode()

    return call


class TestCommands:
    def test_tail_shows_the_newest_with_what_is_personal_sealed(self, command: Command) -> None:
        code, out, _ = command("tail", "--region", "eu", "-n", "2", "--json")
        assert code == 0
        number, said = map(json.loads, out.splitlines())
        assert number["body"]["number"] == 29
        assert (said["body"]["text"], said["sealed"]) == (None, ["text"])
        _, out, _ = command("tail", "--region", "eu", "-n", "1")
        assert "test.said  de" in out
        assert "geheim" not in out

    def test_tail_narrows(self, command: Command) -> None:
        _, out, _ = command("tail", "--market", "us", "--kind", "test.noted", "--json")
        assert [json.loads(line)["region"] for line in out.splitlines()] == ["us"]
        _, out, _ = command("tail", "--tenant", "other", "--json")
        assert [json.loads(line)["body"]["number"] for line in out.splitlines()] == [99]
        assert command("tail", "--tenant", "nobody") == (0, "", "")

    def test_stats_and_rebuild_count(self, command: Command) -> None:
        _, out, _ = command("stats", "--json")
        counts = {(c["region"], c["kind"]): c["entries"] for c in json.loads(out)["counts"]}
        assert counts == {("eu", "test.noted"): 30, ("eu", "test.said"): 1, ("us", "test.noted"): 1}
        _, out, _ = command("rebuild", "journal-counts", "--json")
        assert json.loads(out)["entries"]["journal-counts"] >= 33
        assert "no reading" in command("rebuild", "nothing")[2]

    def test_an_export_is_verified_elsewhere(self, command: Command, tmp_path: Path) -> None:
        key, file = tmp_path / "journal.pub", tmp_path / "export.jsonl"
        code, out, _ = command("checkpoint", "--tenant", "local", "--key", str(key), "--json")
        assert code == 0
        assert {c["region"] for c in json.loads(out)["checkpoints"]} == {"eu", "us"}
        assert command("export", str(file), "--region", "eu")[0] == 0
        empty = tmp_path / "elsewhere"
        empty.mkdir()
        code, out, _ = command("verify", "--export", str(file), "--key", str(key), "--json", at=empty)
        found = json.loads(out)
        assert (code, found["sound"], found["entries"], found["checkpointed"]) == (0, True, 31, 31)
        assert list(empty.iterdir()) == []
        file.write_bytes(file.read_bytes().replace(b'"number":12', b'"number":13'))
        code, out, err = command("verify", "--export", str(file), "--key", str(key))
        assert code == 1
        assert "lane 0, sequence 13: it is not what was hashed" in err

    def test_the_snippet_of_the_manual_verifies_an_export(
        self, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        command("export", str(tmp_path / "export.jsonl"), "--region", "eu")
        manual = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")
        snippet = next(b for b in manual.split("```python\n") if b.startswith("import hashlib")).split("```")[
            0
        ]
        monkeypatch.chdir(tmp_path)
        names: dict[str, Any] = {}
        exec(snippet.replace('open("export.jsonl", "rb")', "lines"), names | {
            "lines": (tmp_path / "export.jsonl").read_bytes().splitlines(keepends=True)
        })  # fmt: skip

    def test_verify_names_what_is_wrong_and_fails(self, command: Command, workspace: Path) -> None:
        assert command("verify")[0] == 0
        file = workspace / "var" / "regions" / "eu.db"
        change = "UPDATE journal_entries SET market = ? WHERE tenant = 'other'"
        _run_sql(file, change, "fr")
        code, out, _ = command("verify", "--json")
        (problem,) = json.loads(out)["problems"]
        assert code == 1
        assert (problem["tenant"], problem["region"], problem["lane"], problem["sequence"]) == (
            "other",
            "eu",
            0,
            1,
        )
        assert command("verify", "--tenant", "local")[0] == 0
        _run_sql(file, change, "de")
        assert command("verify")[0] == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("tail", "--region", "mars"), "region 'mars' has no database"),
            (("verify", "--region", "mars"), "region 'mars' has no database"),
            (("verify", "--export", "x"), "--export and --key belong together"),
            (("tail", "--kind", "a\nb"), "cannot be the kind"),
        ],
    )
    def test_bad_input_is_said_and_ends_with_2(
        self, command: Command, arguments: tuple[str, ...], message: str
    ) -> None:
        code, out, err = command(*arguments)
        assert (code, out) == (2, "")
        assert message in err


def get(workspace: Path, path: str, tenant: TenantId = LOCAL, **parameters: Any) -> httpx.Response:
    """What a server over the workspace answers to a principal of a tenant."""

    def needs(right: Right) -> Callable[[], Principal]:
        return lambda: Principal(tenant, "test", frozenset({right}))

    async def ask(app: FastAPI) -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get(f"/v1/journal/{path}", params=parameters)

    with open_ground(Settings(workspace=workspace)) as ground:
        app = FastAPI()
        install_problem_handlers(app)
        app.include_router(journal_routes(lambda: ground.journal, needs))
        return asyncio.run(ask(app))


class TestRoutes:
    def test_entries_come_in_pages(self, workspace: Path) -> None:
        numbers: list[int] = []
        wanted = {"region": "eu", "kind": "test.noted", "order": "oldest", "limit": 8}
        cursor: dict[str, str] = {}
        while True:
            page = get(workspace, "entries", **wanted, **cursor).json()
            numbers += [entry["body"]["number"] for entry in page["entries"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert numbers == list(range(30))

    def test_a_tenant_sees_its_own_entries_only(self, workspace: Path) -> None:
        entries = get(workspace, "entries", OTHER, region="eu").json()["entries"]
        assert [entry["body"]["number"] for entry in entries] == [99]
        assert get(workspace, "entries", TenantId("nobody"), region="eu").json()["entries"] == []

    def test_what_is_personal_stays_sealed(self, workspace: Path) -> None:
        answer = get(workspace, "entries", region="eu", kind="test.said")
        (entry,) = answer.json()["entries"]
        assert (entry["body"]["text"], entry["sealed"]) == (None, ["text"])
        assert "geheim" not in answer.text

    def test_the_region_is_the_markets_when_none_is_named(self, workspace: Path) -> None:
        (entry,) = get(workspace, "entries", market="us").json()["entries"]
        assert entry["region"] == "us"

    def test_verification_and_checkpoints_are_the_tenants_own(self, workspace: Path) -> None:
        with open_ground(Settings(workspace=workspace)) as ground:
            ground.journal.checkpoint()
        found = get(workspace, "verification", region="eu").json()
        assert (found["sound"], found["streams"], found["entries"]) == (True, 1, 31)
        page = get(workspace, "checkpoints", OTHER, region="eu").json()
        assert [(c["number"], c["entries"]) for c in page["checkpoints"]] == [(1, 1)]
        assert json.loads(page["checkpoints"][0]["content"])["tenant"] == "other"
        assert page["public_key"].startswith("-----BEGIN PUBLIC KEY-----")

    @pytest.mark.parametrize(
        ("path", "parameters", "status"),
        [
            ("entries", {"region": "mars"}, 404),
            ("entries", {"market": "atlantis"}, 404),
            ("entries", {"region": "eu", "cursor": "x"}, 422),
            ("entries", {"region": "eu", "cursor": "999999999999999999.1.1"}, 422),
            ("entries", {"region": "eu", "kind": "a\0b"}, 422),
            ("entries", {"region": "eu", "since": "2026-01-01T00:00:00"}, 422),
            ("entries", {"region": "eu", "limit": 0}, 422),
            ("entries", {"region": "eu", "since": "0001-01-01T00:00:00+14:00"}, 200),
            ("entries", {"region": "eu", "until": "9999-12-31T23:59:59-14:00"}, 200),
            ("verification", {"region": "mars"}, 404),
            ("checkpoints", {"region": "eu", "after": 2**63}, 422),
        ],
    )
    def test_bad_input_is_a_problem_document(
        self, workspace: Path, path: str, parameters: dict[str, Any], status: int
    ) -> None:
        answer = get(workspace, path, **parameters)
        assert answer.status_code == status
        if status != 200:
            assert answer.headers["content-type"] == "application/problem+json"


def _run_sql(file: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(statement, values)
    connection.close()
