"""JSON Lines, and the shapes in which public data sets come as one JSON document."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import DataError, InputError
from tradewind.nlp.data import Columns, read

Write = Callable[[str, str | bytes], Path]

PARTS = """{
  "train": [
    ["book a flight", "book_flight"],
    ["play
 music", "play"]
  ],
  "oos_train": [["how tall is it", "oos"]],
  "test": []
}""".replace("\n music", " music")


def test_json_lines_pass_over_blank_lines(write: Write) -> None:
    path = write("a.jsonl", '{"text": "a", "label": "x"}\n\n  \n{"text": "b", "label": 7}\r\n')
    assert [(e.text, e.label, e.line) for e in read(path, ["classify"]).examples] == [
        ("a", "x", 1),
        ("b", "7", 4),
    ]


def test_json_lines_in_a_file_named_json_are_recognised_and_said(write: Write) -> None:
    data = read(write("a.json", '{"text": "a", "label": "x"}\n{"text": "b", "label": "y"}\n'), ["classify"])
    assert [e.text for e in data.examples] == ["a", "b"]
    assert "read as JSON Lines: one object a line" in data.notes


def test_a_list_of_objects_knows_the_line_on_which_each_begins(write: Write) -> None:
    path = write("a.json", '[\n {"text": "a",\n  "label": "x"},\n {"text": "b", "label": "y"}\n]\n')
    assert [(e.text, e.line) for e in read(path, ["classify"]).examples] == [("a", 2), ("b", 4)]


def test_parts_of_a_document_are_chosen_by_name(write: Write) -> None:
    path = write("a.json", PARTS)
    data = read(f"{path}#train,oos_train", ["classify"])
    assert [(e.text, e.label, e.line) for e in data.examples] == [
        ("book a flight", "book_flight", 3),
        ("play music", "play", 4),
        ("how tall is it", "oos", 6),
    ]
    assert data.source == f"{path}#train,oos_train"


def test_a_document_of_several_parts_wants_them_named(write: Write) -> None:
    path = write("a.json", PARTS)
    with pytest.raises(DataError, match=r"holds 3 parts: train, oos_train, test .*for example .*#train"):
        read(path, ["classify"])
    with pytest.raises(DataError, match=r"no part 'trian' \(parts present: .*; nearest: train\)"):
        read(f"{path}#trian", ["classify"])


def test_only_json_documents_have_parts(write: Write) -> None:
    path = write("a.csv", "text,label\na,x\n")
    with pytest.raises(InputError, match="only a JSON document has parts"):
        read(f"{path}#train", ["classify"])


def test_pieces_of_text_by_intent_give_label_and_spans(write: Write) -> None:
    piece = {"data": [{"text": "rain in "}, {"text": "Köln 🌧", "entity": "city"}, {"text": "?"}]}
    data = read(write("a.json", json.dumps({"GetWeather": [piece]})), ["classify", "tag"])
    (example,) = data.examples
    assert (example.text, example.label) == ("rain in Köln 🌧?", "GetWeather")
    assert [(s.type, s.start, s.end) for s in example.spans or ()] == [("city", 8, 14)]
    assert "the keys of the document are the labels" in data.notes


def test_texts_by_label(write: Write) -> None:
    data = read(write("a.json", '{"greet": ["hi", "hello"],\n "bye": ["ciao"]}'), ["classify"])
    assert [(e.text, e.label) for e in data.examples] == [
        ("hi", "greet"),
        ("hello", "greet"),
        ("ciao", "bye"),
    ]


def test_a_pattern_names_several_files(write: Write) -> None:
    write("train_a.json", '[["one", "a"]]')
    second = write("train_b.json", '[["two", "b"]]')
    data = read(second.parent / "train_*.json", ["classify"])
    assert [(e.text, Path(e.file).name) for e in data.examples] == [
        ("one", "train_a.json"),
        ("two", "train_b.json"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "b", "label": }', r"not valid JSON at character 24 of the line: Expecting value"),
        ('{"text": "b", "label": "y"', "not valid JSON at character"),
        ('"just a word" trailing', "not valid JSON at character 15"),
        ("[" * 100_000, "nested too deeply|not valid JSON"),
        ('{"text": "b", "label": ' + "9" * 5_000 + "}", "not valid JSON"),
        ("17", "a row that is 17"),
        ("null", "a row that is null"),
        ('["a", "b", "c"]', "a row that is a list of 3"),
        ('{"text": "\\ud83d", "label": "y"}', r"half a character \(U\+D83D\) at position 0"),
        ('{"text": "a\\u0000b", "label": "y"}', "NUL character at position 1"),
        ('{"text": 12, "label": "y"}', "expected a text, found 12"),
        ('{"text": null, "label": "y"}', "the text is empty"),
        ('{"text": "b", "label": ["y"]}', "expected one label"),
        ('{"text": "b", "label": " "}', "the label is empty"),
        ('{"text": "b"}', "the label is empty"),
    ],
)
def test_a_bad_line_is_named_and_passed_over_when_asked(write: Write, line: str, message: str) -> None:
    path = write("a.jsonl", f'{{"text": "a", "label": "x"}}\n{line}\n{{"text": "c", "label": "z"}}\n')
    with pytest.raises(DataError, match=message) as raised:
        read(path, ["classify"])
    assert raised.value.line == 2
    data = read(path, ["classify"], skip_bad=True)
    assert ([e.line for e in data.examples], [e.line for e in data.skipped]) == ([1, 3], [2])


def test_a_truncated_document_says_where_and_gives_what_came_before(write: Write) -> None:
    path = write("a.json", '[\n{"text": "a", "label": "x"},\n{"text": "b", "lab')
    with pytest.raises(DataError, match="not valid JSON at character 15 of the line") as raised:
        read(path, ["classify"])
    assert raised.value.line == 3
    assert [e.text for e in read(path, ["classify"], skip_bad=True).examples] == ["a"]


@pytest.mark.parametrize(
    "document", ['{"a": 1, "b": 2}', '{"a": {"text": "x"}}', '"text"', "[]", "{}", '{"train": []}']
)
def test_a_document_without_rows_says_so(write: Write, document: str) -> None:
    with pytest.raises(DataError):
        read(write("a.json", document), ["classify"])


json_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    str.strip
)


@given(
    st.lists(st.tuples(json_texts, st.sampled_from("xyz")), min_size=1),
    st.booleans(),
    st.sampled_from([None, 1]),
)
def test_what_the_json_module_writes_is_read_back(
    rows: list[tuple[str, str]], ascii_only: bool, indent: int | None
) -> None:
    objects = [{"t": text, "y": label} for text, label in rows]
    with tempfile.TemporaryDirectory() as folder:
        document, lines = Path(folder) / "a.json", Path(folder) / "a.jsonl"
        document.write_bytes(json.dumps(objects, ensure_ascii=ascii_only, indent=indent).encode())
        lines.write_bytes("\n".join(json.dumps(each, ensure_ascii=ascii_only) for each in objects).encode())
        for path in (document, lines):
            data = read(path, ["classify"], Columns(text="t", label="y"))
            assert [(e.text, e.label) for e in data.examples] == rows
