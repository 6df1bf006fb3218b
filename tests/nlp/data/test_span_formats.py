"""Labelled spans as they are written in the wild."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import DataError
from tradewind.nlp.data import read

Write = Callable[[str, str | bytes], Path]
TEXT = "fly to New York 🗽 today"
WANTED = [("city", "New York"), ("day", "today")]


def marked(path: Path) -> list[tuple[str, str]]:
    (example,) = read(path, ["tag"]).examples
    return [(span.type, example.text[span.start : span.end]) for span in example.spans or ()]


@pytest.mark.parametrize(
    "row",
    [
        {"spans": [{"start": 18, "end": 23, "type": "day"}, {"start": 7, "end": 15, "type": "city"}]},
        {"entities": [{"start": 7, "end": 15, "label": "city"}, {"start": 18, "end": 23, "label": "day"}]},
        {
            "spans": [
                {"start_position": 7, "end_position": 15, "entity_type": "city", "entity_value": "New York"},
                {"start_position": 18, "end_position": 23, "entity_type": "day", "entity_value": "today"},
            ]
        },
        {"slots": {"city": {"span": [7, 15], "text": "New York"}, "day": [{"span": [18, 23]}]}},
        {"entities": [[7, 15, "city"], [18, 23, "day"]]},
        {"spans": "7:15:city,18:23:day"},
        {
            "tokens": ["fly", "to", "New", "York", "🗽", "today"],
            "slots": ["O", "O", "B-city", "I-city", "O", "B-day"],
        },
        {"tags": "O O B-city I-city O B-day"},
        {"ner_tags": ["O", "O", "I-city", "I-city", "O", "I-day"]},
        {"spans": [{"start": 6, "end": 16, "type": "city"}, {"start": 17, "end": 23, "type": "day"}]},
    ],
    ids=[
        "objects",
        "label",
        "positions",
        "by type",
        "triples",
        "compact",
        "bio",
        "bio string",
        "no B",
        "white space",
    ],
)
def test_every_way_to_write_spans_gives_the_same(write: Write, row: Mapping[str, Any]) -> None:
    assert marked(write("a.jsonl", json.dumps({"text": TEXT, **row}))) == WANTED


@pytest.mark.parametrize(
    "text",
    [
        "fly to [New York](city) 🗽 [today](day)",
        'fly to [New York]{"entity": "city"} 🗽 [today](day:now)',
    ],
)
def test_markup_in_the_text_is_taken_out_of_it(write: Write, text: str) -> None:
    path = write("a.jsonl", json.dumps({"text": text}))
    assert marked(path) == WANTED
    assert read(path, ["tag"]).examples[0].text == TEXT


def test_brackets_are_left_alone_where_there_is_a_column_of_spans(write: Write) -> None:
    path = write("a.jsonl", json.dumps({"text": "see [1](x)", "spans": []}))
    assert read(path, ["tag"]).examples[0].text == "see [1](x)"


def test_tokens_alone_are_joined(write: Write) -> None:
    path = write("a.jsonl", '{"tokens": ["to", "Rome"], "tags": ["O", "B-city"]}')
    (example,) = read(path, ["tag"]).examples
    assert (example.text, [s.start for s in example.spans or ()]) == ("to Rome", [3])


def test_a_row_without_spans_is_an_example_without_spans(write: Write) -> None:
    path = write(
        "a.jsonl", '{"text": "a b", "spans": "0:1:x"}\n{"text": "b", "spans": null}\n{"text": "c"}\n'
    )
    assert [len(e.spans or ()) for e in read(path, ["tag"]).examples] == [1, 0, 0]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"spans": [{"start": 7, "end": 99, "type": "city"}]},
            "7:99:city lies outside the text of 23 characters",
        ),
        ({"spans": [{"start": -1, "end": 3, "type": "city"}]}, "-1:3:city lies outside"),
        ({"spans": [{"start": 3, "end": 3, "type": "city"}]}, "3:3:city is empty"),
        ({"spans": [{"start": 3, "end": 4, "type": "city"}]}, "covers only white space"),
        ({"spans": [[0, 6, "a"], [4, 9, "b"]]}, "spans overlap: 0:6:a and 4:9:b"),
        ({"spans": [{"start": "7", "end": 15, "type": "city"}]}, "start is '7', expected a whole number"),
        ({"spans": [{"start": 7, "type": "city"}]}, "end is None, expected a whole number"),
        ({"spans": [{"start": 7, "end": 15}]}, "type is None, expected a name"),
        ({"spans": "7-15 city"}, "no known way to write spans: '7-15 city'"),
        ({"spans": 5}, "no known way to write spans: 5"),
        ({"spans": [1, 2]}, "no known way to write spans"),
        ({"spans": "[{"}, "not valid JSON"),
        (
            {"spans": [{"start": 8, "end": 16, "type": "city", "text": "New York"}]},
            "characters 8 to 16 are 'ew York ', the row says 'New York' .*Unicode characters",
        ),
        ({"tokens": ["fly"], "slots": ["O", "O"]}, "2 tags for 1 tokens"),
        ({"tokens": ["fly", "two"], "slots": ["O", "O"]}, "token 'two' is not in the text from character 3"),
        ({"tokens": ["fly"], "slots": ["X-city"]}, "'X-city' is no BIO tag"),
        ({"tokens": ["fly"], "slots": ["B-"]}, "'B-' is no BIO tag"),
    ],
)
def test_spans_that_cannot_be(write: Write, row: Mapping[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message) as raised:
        read(write("a.jsonl", json.dumps({"text": TEXT, **row})), ["tag"])
    assert raised.value.line == 1
    assert raised.value.column in ("spans", "slots", "tokens")


words = st.lists(st.text("abcdé北京🗽", min_size=1, max_size=4), min_size=1, max_size=8)


@given(words, st.data())
def test_objects_triples_strings_tags_and_markup_agree(tokens: list[str], data: st.DataObject) -> None:
    tags = data.draw(st.lists(st.sampled_from(["O", "x", "y"]), min_size=len(tokens), max_size=len(tokens)))
    text = " ".join(tokens)
    starts = [sum(len(word) + 1 for word in tokens[:n]) for n in range(len(tokens))]
    spans = [(s, s + len(w), t) for s, w, t in zip(starts, tokens, tags, strict=True) if t != "O"]
    markup = " ".join(w if t == "O" else f"[{w}]({t})" for w, t in zip(tokens, tags, strict=True))
    rows: list[dict[str, object]] = [
        {"text": text, "spans": [{"start": s, "end": e, "type": t} for s, e, t in spans]},
        {"text": text, "spans": spans},
        {"text": text, "spans": ",".join(f"{s}:{e}:{t}" for s, e, t in spans)},
        {"text": text, "spans": [t if t == "O" else f"B-{t}" for t in tags], "tokens": tokens},
        *([{"text": markup}] if spans else []),
    ]
    with tempfile.TemporaryDirectory() as folder:
        for row in rows:
            path = Path(folder) / "a.jsonl"
            path.write_bytes(json.dumps(row).encode())
            (example,) = read(path, ["tag"]).examples
            assert (example.text, [(s.start, s.end, s.type) for s in example.spans or ()]) == (text, spans)
