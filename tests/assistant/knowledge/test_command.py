"""What the command says before there is anything to ask."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewind.cli.main import run


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["search", "how much"], "tradewind knowledge train"),
        (["search", "  "], "the question is empty"),
        (["search", "x", "--name", "../x"], "tradewind knowledge train"),
        (["evaluate", "--part", "none"], "one of train, dev, test"),
        (["evaluate", "--pack", "nothing"], "knowledge/LANGUAGE/ID.md"),
        (["index", "gone.md"], "no such file"),
        (["index"], "no documents"),
        (["index", "--name", "../x"], "cannot be used"),
    ],
)
def test_bad_input_is_refused_with_what_would_be_right(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(["--workspace", str(tmp_path), "knowledge", *arguments])
    assert stopped.value.code == 2
    assert says in capsys.readouterr().err
