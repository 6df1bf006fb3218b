"""Parquet, plain text and folders of text files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.nlp.data import read

Write = Callable[[str, str | bytes], Path]


def test_parquet_gives_texts_labels_and_nested_spans(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    rows = {
        "text": ["fly to Rom", "bye"],
        "label": ["fly", "end"],
        "spans": [[{"start": 7, "end": 10, "type": "city"}], []],
    }
    pyarrow.parquet.write_table(pyarrow.table(rows), tmp_path / "a.parquet")
    first, second = read(tmp_path / "a.parquet", ["classify", "tag"]).examples
    assert [(s.type, s.start, s.end) for s in first.spans or ()] == [("city", 7, 10)]
    assert (second.label, second.spans, second.line) == ("end", (), 2)


def test_a_truncated_parquet_file_says_so(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    path = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"text": ["a"] * 100}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="not readable as Parquet"):
        read(path)


def test_plain_text_is_one_unlabelled_text_a_line(write: Write) -> None:
    data = read(write("a.txt", "first\r\n\r\n  second \n"))
    assert [(e.text, e.line, e.label) for e in data.examples] == [("first", 1, None), ("  second ", 3, None)]


def test_in_a_folder_the_folder_is_the_label(write: Write) -> None:
    write("mail/spam/1.txt", "buy\nnow\n")
    path = write("mail/ham/2.txt", "see you at 5")
    write("mail/ham/.hidden.txt", "no")
    data = read(path.parent.parent, ["classify"])
    assert [(e.text, e.label, Path(e.file).name) for e in data.examples] == [
        ("see you at 5", "ham", "2.txt"),
        ("buy\nnow", "spam", "1.txt"),
    ]


def test_a_flat_folder_is_unlabelled(write: Write) -> None:
    folder = write("texts/1.txt", "one").parent
    assert [(e.text, e.label) for e in read(folder).examples] == [("one", None)]
    with pytest.raises(DataError, match="no column for the label"):
        read(folder, ["classify"])


def test_one_bad_file_of_a_folder_can_be_passed_over(write: Write) -> None:
    write("mail/a/1.txt", b"\xff\xfe\xfd")
    write("mail/a/2.txt", "")
    folder = write("mail/b/3.txt", "fine").parent.parent
    data = read(folder, ["classify"], skip_bad=True)
    assert [e.label for e in data.examples] == ["b"]
    assert len(data.skipped) == 2


def test_a_folder_of_data_files_hints_at_a_pattern(write: Write) -> None:
    folder = write("snips/train_a.json", "[]").parent
    with pytest.raises(DataError, match=r"no .txt file in this folder: train_a.json .*pattern"):
        read(folder, ["classify"])


def test_a_missing_file_names_the_nearest_one(write: Write) -> None:
    path = write("train.csv", "text\na\n")
    with pytest.raises(NotFoundError, match=r"no such file or folder \(nearest: .*train.csv\)"):
        read(path.with_name("trian.csv"))
    with pytest.raises(NotFoundError, match="check the path"):
        read(path.parent / "no" / "where.csv")


def test_an_unknown_ending_lists_the_known_ones(write: Write) -> None:
    with pytest.raises(InputError, match=r"unknown kind of file '.xlsx' \(known: .csv, .tsv"):
        read(write("a.xlsx", "PK"))
