"""Which column is which, and what is said when one is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tradewind.core.errors import DataError
from tradewind.nlp.data import Columns, read

Write = Callable[[str, str | bytes], Path]


def test_a_wrong_name_lists_the_columns_and_the_nearest(write: Write) -> None:
    path = write("a.csv", "text,category\na,x\n")
    with pytest.raises(DataError) as raised:
        read(path, ["classify"], Columns(label="categorie"))
    assert str(raised.value) == (
        f"{path}:1 [categorie]: no column for the label (columns present: text, category; nearest: category)"
    )


def test_a_usual_synonym_is_taken_for_a_default_name_and_said(write: Write) -> None:
    data = read(write("a.csv", "Sentence,Intent\na,x\n"), ["classify"])
    assert data.examples[0].label == "x"
    assert data.notes == ("text read from column 'Sentence'", "label read from column 'Intent'")


def test_two_synonyms_want_a_decision(write: Write) -> None:
    path = write("a.csv", "text,intent,category\na,x,y\n")
    with pytest.raises(
        DataError, match=r"several columns may hold the label: intent, category .*--label intent"
    ):
        read(path, ["classify"])
    assert read(path, ["classify"], Columns(label="category")).examples[0].label == "y"


def test_a_given_name_is_never_replaced_by_a_synonym(write: Write) -> None:
    with pytest.raises(DataError, match=r"\[utterance\]: no column for the text"):
        read(write("a.csv", "sentence,label\na,x\n"), ["classify"], Columns(text="utterance"))


def test_a_column_that_no_task_needs_is_not_missed(write: Write) -> None:
    path = write("a.csv", "text\na\n")
    assert read(path).examples[0].label is None
    with pytest.raises(DataError, match="no column for the labels"):
        read(path, ["multilabel"])
    with pytest.raises(DataError, match="no column for the spans"):
        read(path, ["tag"])
    with pytest.raises(DataError, match="no column for the text_b"):
        read(path, ["pair"])


def test_a_given_language_column_must_be_there(write: Write) -> None:
    with pytest.raises(DataError, match=r"\[sprache\]: no column for the lang"):
        read(write("a.csv", "text,label\na,x\n"), ["classify"], Columns(lang="sprache"))


def test_pairs_have_two_texts(write: Write) -> None:
    path = write("a.jsonl", '{"sentence1": "a", "sentence2": "b", "label": 1}\n')
    assert [(e.text, e.text_b, e.label) for e in read(path, ["pair"]).examples] == [("a", "b", "1")]


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("fee|card", ("fee", "card")),
        ("fee, in part | card", ("fee, in part", "card")),
        ('"[""fee"", ""card""]"', ("fee", "card")),
        ("", ()),
        ("fee|fee", ("fee",)),
    ],
)
def test_several_labels_in_one_cell(write: Write, cell: str, labels: tuple[str, ...]) -> None:
    quoted = cell if cell.startswith('"') else f'"{cell}"'
    path = write("a.csv", f"text,labels\na,{quoted}\nb,p|q\n")
    assert read(path, ["multilabel"]).examples[0].labels == labels


def test_a_row_without_labels_has_none_that_apply(write: Write) -> None:
    path = write("a.jsonl", '{"text": "a", "labels": ["x", 2, true]}\n{"text": "b"}\n')
    assert [e.labels for e in read(path, ["multilabel"]).examples] == [("x", "2", "true"), ()]


def test_an_empty_label_among_labels_is_an_error(write: Write) -> None:
    with pytest.raises(DataError, match="an empty label stands among the labels"):
        read(write("a.csv", "text,labels\na,x||y\n"), ["multilabel"])
