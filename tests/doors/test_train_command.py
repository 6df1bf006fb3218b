"""`tradewind train`: what it refuses before anything slow begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewind.cli.main import run

ROWS = "text,label\n" + "".join(f"question {n},{'ab'[n % 2]}\n" for n in range(40))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "train.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "exactly one of --data, --head or --pack"),
        (["--data", "DATA", "--pack", "finance"], "exactly one of --data, --head or --pack"),
        (["--pack", "finance", "--oos-label", "other"], "a pack's own label is out_of_scope"),
        (["--head", "a:classify:DATA", "--head", "a:classify:DATA"], "--head a: named twice"),
        (["--head", "a:classify"], "not of the form NAME:TASK:FILE"),
        (["--data", "DATA", "--task", "guess"], "unknown task 'guess'"),
        (["--data", "DATA", "--label", "class"], "class"),
        (["--data", "DATA", "--set", "warmth=1"], "no such setting"),
        (["--data", "DATA", "--encoder", "bert-huge"], "bert-huge"),
        (["--data", "DATA", "--epochs", "-1"], "epochs is -1"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(
    arguments: list[str], says: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.replace("DATA", str(data)) for argument in arguments]
    with pytest.raises(SystemExit) as left:
        run(["train", *given, "--out", str(tmp_path / "out")])
    error = capsys.readouterr().err.splitlines()
    assert (left.value.code, says in error[-1]) == (2, True), error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the file is empty"),
        ("text,label\n", "holds no rows"),
        ("text,label\na,x\nb,x\nc,x\n", "only one class, 'x'"),
        ("text,label\nhello,a\n\x00bad,b\n", "train.csv:3: NUL byte"),
    ],
)
def test_a_file_that_cannot_be_trained_on_is_named(
    content: str, says: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        run(["train", "--data", str(data), "--out", str(tmp_path / "out")])
    error = capsys.readouterr().err.splitlines()[-1]
    assert (left.value.code, says in error, "train.csv" in error) == (2, True, True), error
