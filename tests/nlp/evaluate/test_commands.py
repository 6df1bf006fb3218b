"""`tradewind evaluate` and `tradewind compare`, from the command line to one JSON document."""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager

import pytest

from tradewind.cli.main import run
from tradewind.nlp.runtime.engine import Engine


@pytest.fixture
def models(tmp_path, tiny_model, monkeypatch):
    """Two folders that the engine opens as tiny models: "good" and "poor"."""
    built = {"good": tiny_model("good"), "poor": tiny_model("poor", width=6)}
    for name in built:
        (tmp_path / name).mkdir()

    @contextmanager
    def opened(folder, *, threads=0):
        yield built[folder.name]

    monkeypatch.setattr(Engine, "open", opened)
    return tmp_path


@pytest.fixture
def rows(tmp_path, test_rows):
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["says", "wants", "lang"])
        writer.writerows((e.text, e.label, e.lang) for e in test_rows.examples)
    return path


COLUMNS = ("--text", "says", "--label", "wants")


def tradewind(capfdbinary, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run([str(argument) for argument in arguments])
    out, err = capfdbinary.readouterr()
    return int(left.value.code or 0), out.decode(), err.decode()


def test_evaluate_prints_one_document_and_writes_a_report(models, rows, capfdbinary):
    report = models / "report.html"
    code, out, err = tradewind(
        capfdbinary, "evaluate", models / "good", rows, *COLUMNS, "--json", "--report", report
    )
    document = json.loads(out)
    assert code == 0
    assert document["rows"] == 400
    assert document["oos"]["rows"] == 100
    assert {part["name"] for part in document["slices"] if part["by"] == "language"} == {"de", "en"}
    assert report.is_file()
    assert str(report) in err


def test_evaluate_without_json_prints_a_table_for_people(models, rows, capfdbinary):
    code, out, _ = tradewind(capfdbinary, "evaluate", models / "good", rows, *COLUMNS)
    assert code == 0
    for name in ("accuracy", "macro F1", "calibration error", "in-scope accuracy", "out-of-scope recall"):
        assert name in out


def test_several_files_are_taken_together(models, rows, capfdbinary):
    _, out, _ = tradewind(capfdbinary, "evaluate", models / "good", rows, rows, *COLUMNS, "--json")
    assert json.loads(out)["rows"] == 800


def test_compare_prints_its_verdict(models, rows, capfdbinary):
    arguments = ("compare", models / "poor", models / "good", rows, *COLUMNS)
    _, out, _ = tradewind(capfdbinary, *arguments, "--json")
    document = json.loads(out)
    assert document["verdict"].startswith("B is better by")
    assert document["significant"] is True
    _, out, _ = tradewind(capfdbinary, *arguments)
    assert out.startswith("B is better by")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("says,wants\nhi,mortgage\n", "rows.csv:2: label 'mortgage' is not one of the 3 labels"),
        ("says,label\nhi,balance\n", "no column for the label"),
        ("", "the file is empty"),
    ],
)
def test_bad_data_is_reported_in_one_line_with_exit_code_two(models, rows, capfdbinary, file, says):
    rows.write_text(file, encoding="utf-8")
    code, out, err = tradewind(capfdbinary, "evaluate", models / "good", rows, *COLUMNS, "--json")
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert says in err


def test_a_model_that_is_not_there_is_reported_with_what_there_is(models, rows, capfdbinary):
    code, _, err = tradewind(capfdbinary, "--workspace", models, "evaluate", "mistyped", rows)
    assert code == 2
    assert "mistyped: no such folder" in err
