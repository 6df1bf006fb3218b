"""`tradewind data check` as a person or a script calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tradewind.cli.main import run

Write = Callable[[str, str | bytes], Path]
ROWS = "text,label\n" + "".join(f"question {n},{'ab'[n % 2]}\n" for n in range(40))


def tradewind(*arguments: object) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    code = left.value.code
    assert isinstance(code, int)
    return code


def test_a_report_for_people(write: Write, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = write("a.csv", ROWS + "Question 3?,a\n[bold]我的卡[/bold] 👍,b\n")
    assert tradewind("data", "check", path, "--no-wrong-labels") == 0
    out = capfdbinary.readouterr().out.decode()
    assert "42 rows, 2 labels" in out
    assert "'question 3': a.csv:5 b | a.csv:42 a" in out
    assert "2 row(s) (4.8%) give one text different labels" in out


def test_json_is_exactly_one_document(write: Write, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = write("a.csv", "intent,utterance\nx,我的卡 👍\n,bad\n")
    options = ("--text", "utterance", "--label", "intent", "--skip-bad", "--no-wrong-labels", "--json")
    assert tradewind("data", "check", path, *options) == 0
    document = json.loads(capfdbinary.readouterr().out)
    assert (document["rows"], document["labels"], document["skipped_rows"]) == (1, {"x": 1}, 1)
    assert document["skipped"] == [f"{path}:3 [intent]: the label is empty (every row needs a label)"]


def test_strict_fails_on_what_would_spoil(write: Write, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    train, test = write("a.csv", ROWS), write("b.csv", "text,label\nquestion 1,b\n")
    assert tradewind("data", "check", train, "--no-wrong-labels", "--strict") == 0
    assert tradewind("data", "check", train, "--test", test, "--no-wrong-labels") == 0
    assert tradewind("data", "check", train, "--test", test, "--no-wrong-labels", "--strict", "--json") == 1
    out = capfdbinary.readouterr().out.decode()
    assert "Test rows that stand in the training data (1)" in out


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", (), "the file is empty"),
        (ROWS, ("--label", "lable"), "columns present: text, label; nearest: label"),
        (ROWS, ("--task", "clasify"), "unknown task 'clasify' (one of classify, multilabel"),
        (ROWS + "a,b,c\n", (), ":42 [field 3]: 3 fields where the header has 2"),
        (ROWS, ("--max-line-bytes", "12"), "a.csv:2: the line has 13 bytes, more than 12"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    write: Write,
    capfdbinary: pytest.CaptureFixture[bytes],
    content: str,
    options: tuple[str, ...],
    message: str,
) -> None:
    assert tradewind("data", "check", write("a.csv", content), "--json", *options) == 2
    captured = capfdbinary.readouterr()
    assert captured.out == b""
    error = captured.err.decode()
    assert message in error
    assert error.count("\n") == 1
