"""Files that are not what they seem: each refusal says where and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tradewind.core.errors import DataError
from tradewind.nlp.data import read

Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl", "a.json", "a.txt"])
@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file(write: Write, name: str, content: bytes) -> None:
    with pytest.raises(DataError, match="the file is empty"):
        read(write(name, content))


def test_a_header_alone_is_not_enough(write: Write) -> None:
    with pytest.raises(DataError, match="the file holds no rows"):
        read(write("a.csv", "text,label\n"), ["classify"])


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "in UTF-16, not"),
        ("utf-32", "in UTF-32, not"),
        ("utf-16-le", "UTF-16 without a byte order mark"),
        ("utf-16-be", "UTF-16 without a byte order mark"),
    ],
)
def test_another_unicode_encoding_is_named(write: Write, encoding: str, named: str) -> None:
    with pytest.raises(DataError, match=rf"{named}.*iconv"):
        read(write("a.csv", "text,label\nhello,x\n".encode(encoding)), ["classify"])


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_invalid_utf8_says_line_and_byte_and_can_be_passed_over(write: Write, name: str) -> None:
    lines = {
        "a.csv": [b"text,label", b"good,x", "Zürich,x".encode("latin-1"), b"fine,y"],
        "a.jsonl": [b'["a", "b"]', b'["good", "x"]', '["Zürich", "x"]'.encode("latin-1"), b'["fine", "y"]'],
    }[name]
    path = write(name, b"\n".join(lines))
    with pytest.raises(
        DataError, match=r"byte 0xFC at byte \d of the line \(offset \d\d of the file\)"
    ) as raised:
        read(path, ["classify"])
    assert (raised.value.line, raised.value.file) == (3, str(path))
    data = read(path, ["classify"], skip_bad=True)
    assert [e.text for e in data.examples][-2:] == ["good", "fine"]
    assert len(data.skipped) == 1


def test_offsets_count_the_byte_order_mark(write: Write) -> None:
    with pytest.raises(DataError, match=r"byte 1 of the line \(offset 14 of the file\)"):
        read(write("a.csv", b"\xef\xbb\xbftext,label\n\xff,x\n"), ["classify"])


def test_a_nul_byte_is_named_by_place(write: Write) -> None:
    path = write("a.csv", b"text,label\nfine,x\nbad\0one,y\n")
    with pytest.raises(DataError, match=r":3: NUL byte at byte 4 of the line \(offset 21 of the file\)"):
        read(path, ["classify"])
    assert [e.text for e in read(path, ["classify"], skip_bad=True).examples] == ["fine"]


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_line_of_more_than_a_megabyte(write: Write, name: str) -> None:
    comma = "," if name == "a.csv" else "\t"
    path = write(name, f"text{comma}label\n{'long ' * 250_000}{comma}x\nshort{comma}y\n")
    with pytest.raises(DataError, match=r":2: the line has 1,250,003 bytes, more than 1,000,000"):
        read(path, ["classify"])
    assert [e.text for e in read(path, ["classify"], skip_bad=True).examples] == ["short"]
    assert len(read(path, ["classify"], max_line_bytes=2_000_000)) == 2


def test_a_document_on_one_long_line_is_fine_but_a_long_text_in_it_is_not(write: Write) -> None:
    rows = ", ".join(f'["text {n}", "x"]' for n in range(60_000))
    assert len(read(write("a.json", f"[{rows}]"), ["classify"])) == 60_000
    with pytest.raises(DataError, match=r"the text has 1,250,000 characters, more than 1,000,000"):
        read(write("b.json", f'[["{"long " * 250_000}", "x"]]'), ["classify"])


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf", "heavy"])
def test_a_weight_is_a_positive_number(write: Write, weight: str) -> None:
    path = write("a.csv", f"text,label,weight\na,x,2.5\nb,x,\nc,x,{weight}\n")
    with pytest.raises(DataError, match=rf":4 \[weight\]: weight '{weight}' is not a positive number"):
        read(path, ["classify"])
    assert [e.weight for e in read(path, ["classify"], skip_bad=True).examples] == [2.5, 1.0]


def test_an_empty_text_and_an_empty_label_are_errors_of_their_column(write: Write) -> None:
    path = write("a.csv", "text,label\n  ,x\nb, \nc,z\n")
    data = read(path, ["classify"], skip_bad=True)
    assert [(error.line, error.column) for error in data.skipped] == [(2, "text"), (3, "label")]
    assert [e.text for e in data.examples] == ["c"]


def test_without_skip_bad_the_first_bad_row_of_the_file_is_the_error(write: Write) -> None:
    path = write("a.csv", "text,label\na,x\n,x\nb,x,y,z\n")
    with pytest.raises(DataError) as raised:
        read(path, ["classify"])
    assert raised.value.line == 3


def test_a_limit_stops_before_later_bad_rows(write: Write) -> None:
    path = write("a.csv", "text,label\na,x\nb,y\n,x\n")
    assert len(read(path, ["classify"], limit=2)) == 2


def test_language_codes_are_accepted_as_they_are(write: Write) -> None:
    path = write("a.csv", "text,label,lang\na,x,tlh\nb,y,\n")
    assert [e.lang for e in read(path, ["classify"]).examples] == ["tlh", None]


def test_a_file_of_only_bad_rows_gives_an_empty_data_set(write: Write) -> None:
    data = read(write("a.jsonl", "{\n[\n"), ["classify"], skip_bad=True)
    assert (len(data), [error.line for error in data.skipped]) == (0, [1, 2])
