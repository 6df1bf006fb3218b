"""`tradewind recommend evaluate` as a person or a script meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tradewind.recommend.split import PROTOCOLS

TRADEWIND = [sys.executable, "-W", "error", "-m", "tradewind", "recommend", "evaluate"]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TRADEWIND, *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def shop(tastes, write) -> Path:
    """The people of two tastes, as RecBole's files."""
    rows = [
        f"{tastes.user_ids[u]}\t{tastes.item_ids[i]}\t{time:g}"
        for u, i, time in zip(tastes.users, tastes.items, tastes.times, strict=True)
    ]
    header = "user_id:token\titem_id:token\ttimestamp:float"
    return write("shop/shop.inter", "\n".join([header, *rows]) + "\n").parent


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_prints_one_document(shop, protocol):
    result = run(shop, "--protocol", protocol, "--json", "--no-tune", "--k", "5")
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["protocol"] == protocol
    assert {"ndcg@5", "recall@5", "mrr@5", "hit@5", "coverage"} <= set(document)
    assert set(document["baselines"]) == {"popularity", "item-knn", "implicit-als", "implicit-bpr"}


def test_without_json_a_table_is_printed_and_progress_stays_apart(shop):
    result = run(shop, "--model", "ease", "--no-baselines")
    assert result.returncode == 0, result.stderr
    assert "ndcg@10" in result.stdout
    assert "nDCG 0." not in result.stdout
    assert "ease l2=" in result.stderr


def test_quiet_says_nothing_but_the_result(shop):
    result = run(shop, "--no-baselines", "--no-tune", "-q")
    assert result.returncode == 0
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--protocol", "weekly"], "there is no protocol 'weekly' (one of stratified75, random811, temporal"),
        (["--model", "magic"], "there is no model 'magic'"),
        (["--model", "transitions"], "transitions needs data that says what came first"),
        (["--time", "tiem"], "there is no column 'tiem'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_2(shop, arguments, message):
    result = run(shop, *arguments)
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    assert message in line


def test_a_folder_that_is_not_there_is_exit_2(tmp_path):
    result = run(tmp_path / "absent")
    assert result.returncode == 2
    assert "there is no file or folder" in result.stderr
