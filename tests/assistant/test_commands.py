"""`tradewind assistant check`, `graph` and `test`, as they are called."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tradewind.assistant.flows.graph import dot, mermaid, picture
from tradewind.packs import load
from tradewind.packs.flow_file import read_flows

PASSES = "conversations:\n  - name: hello\n    turns:\n      - {opens: true, says: dialogue_greeting}\n"


def tradewind(*arguments: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tradewind", "--workspace", str(workspace), "assistant", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_finance_pack_is_sound(tmp_path: Path) -> None:
    done = tradewind("check", "finance", "--json", workspace=tmp_path)
    assert (done.returncode, json.loads(done.stdout)["problems"]) == (0, []), done.stderr


def test_tests_that_pass_and_fail_have_their_exit_codes(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(PASSES, encoding="utf-8")
    done = tradewind("test", "finance", "--tests", str(file), "--verbose", workspace=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "1 of 1 conversations passed" in done.stdout
    assert "dialogue_greeting: Hello" in done.stdout or "dialogue_greeting: Hi" in done.stdout
    file.write_text(PASSES.replace("dialogue_greeting", "dialogue_goodbye"), encoding="utf-8")
    done = tradewind("test", "finance", "--tests", str(file), "--json", workspace=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["failed"] == 1


def test_a_faulty_test_file_and_an_unknown_flow_are_bad_input(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("conversations: 5\n", encoding="utf-8")
    done = tradewind("test", "finance", "--tests", str(file), workspace=tmp_path)
    assert done.returncode == 2
    assert "own.yaml:1 [conversations]" in done.stderr
    assert tradewind("graph", "finance", "--flow", "fly", workspace=tmp_path).returncode == 2


def test_the_graph_is_printed_for_mermaid_and_graphviz(tmp_path: Path) -> None:
    assert tradewind("graph", "finance", "--flow", "loan", workspace=tmp_path).stdout.startswith(
        "flowchart TD"
    )
    assert tradewind("graph", "finance", "--format", "dot", workspace=tmp_path).stdout.startswith("digraph")


@pytest.fixture(scope="module")
def flows() -> list[object]:
    return [flow for flow, _ in read_flows(load("finance").folder)[0].values()]


def test_every_edge_leads_from_a_node_to_a_node_and_every_node_is_reached(flows: list[object]) -> None:
    pictures = [picture(flow) for flow in flows]  # type: ignore[arg-type]
    nodes = {node.id for drawn in pictures for node in drawn.nodes}
    for drawn in pictures:
        goals = {edge.goal for edge in drawn.edges}
        assert {edge.start for edge in drawn.edges} | goals <= nodes
        assert {node.id for node in drawn.nodes} - goals <= {f"{drawn.flow}_start", f"{drawn.flow}_end"}


def test_labels_are_quoted(flows: list[object]) -> None:
    assert "failure == &quot;no_funds&quot;" in mermaid(flows)  # type: ignore[arg-type]
    assert r"failure == \"no_funds\"" in dot(flows)  # type: ignore[arg-type]
