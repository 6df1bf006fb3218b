"""CSV and TSV as spreadsheets and scripts really write them."""

from __future__ import annotations

import csv
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import DataError
from tradewind.nlp.data import Columns, read

Write = Callable[[str, str | bytes], Path]


def test_a_csv_row_becomes_an_example_that_knows_its_line(write: Write) -> None:
    path = write("a.csv", "text,category\nwhere is my card,card_arrival\ntop up,top_up\n")
    data = read(path, ["classify"], Columns(label="category"))
    assert [(e.text, e.label, e.line) for e in data.examples] == [
        ("where is my card", "card_arrival", 2),
        ("top up", "top_up", 3),
    ]
    assert data.examples[0].file == str(path)


def test_line_numbers_are_those_of_the_file_when_a_quoted_text_has_several_lines(write: Write) -> None:
    path = write("a.csv", 'text,label\r\n"one\r\ntwo\r\nthree",x\r\n\r\nlast,y\r\n')
    assert [(e.text, e.line) for e in read(path, ["classify"]).examples] == [
        ("one\r\ntwo\r\nthree", 2),
        ("last", 6),
    ]


def test_a_line_separator_inside_a_text_is_not_a_line_end(write: Write) -> None:
    path = write("a.csv", "text,label\nbefore\u2028after\u0085\x0cend,x\nnext,y\n")
    assert [(e.text, e.line) for e in read(path, ["classify"]).examples] == [
        ("before\u2028after\u0085\x0cend", 2),
        ("next", 3),
    ]


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧 ok 🇯🇵", "كم رصيدي؟", "שלום", "e\u0301tude", "ไทย", "\u202eabc\u202c", "𠮷野家"]
)
def test_every_script_survives_unchanged(write: Write, text: str) -> None:
    assert read(write("a.csv", f"text,label\n{text},x\n"), ["classify"]).examples[0].text == text


def test_a_byte_order_mark_is_no_part_of_the_first_column(write: Write) -> None:
    assert read(write("a.csv", b"\xef\xbb\xbftext,label\na,x\n"), ["classify"]).examples[0].text == "a"


def test_semicolons_of_a_european_spreadsheet_are_found_out_and_said(write: Write) -> None:
    data = read(write("a.csv", "text;label\nja, gern;x\n"), ["classify"])
    assert data.examples[0].text == "ja, gern"
    assert data.notes == ("fields are separated by semicolons",)


def test_a_tsv_with_bare_quotes_keeps_them(write: Write) -> None:
    data = read(write("a.tsv", 'text\tlabel\n"quoted" start\tx\n5" screen\ty\nopen "\tz\n'), ["classify"])
    assert [e.text for e in data.examples] == ['"quoted" start', '5" screen', 'open "']
    assert "quotes are read as ordinary characters" in data.notes[0]


def test_a_bare_quote_does_not_swallow_rows_up_to_the_next_one(write: Write) -> None:
    data = read(write("a.tsv", 'text\tlabel\n"hello\tx\nmiddle\ty\nworld"\tz\n'), ["classify"])
    assert [(e.text, e.line) for e in data.examples] == [('"hello', 2), ("middle", 3), ('world"', 4)]


def test_a_tsv_whose_quotes_enclose_fields_is_unquoted(write: Write) -> None:
    data = read(write("a.tsv", 'text\tlabel\n"two\nlines"\tx\n"say ""hi"""\ty\n'), ["classify"])
    assert [e.text for e in data.examples] == ["two\nlines", 'say "hi"']


def test_a_headerless_file_of_intents_and_slots_is_recognised(write: Write) -> None:
    rows = (
        "alarm/set\t13:17:time,18:23:day\tset alarm at 7 pm today\ten_XX\nalarm/list\t\tshow alarms \ten_XX\n"
    )
    data = read(write("a.tsv", rows), ["classify", "tag"])
    first, second = data.examples
    assert (first.label, first.lang, first.line) == ("alarm/set", "en_XX", 1)
    assert [(first.text[s.start : s.end], s.type) for s in first.spans or ()] == [
        ("7 pm", "time"),
        ("today", "day"),
    ]
    assert (second.spans, second.text) == ((), "show alarms ")
    assert data.notes[0].startswith("no header")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("one", "1 field where the header has 2"),
        ("one,two,three", "3 fields where the header has 2"),
        ('"one"two,x', "text follows a closing quote"),
        ('"one,x', "a quote opened in this row is never closed"),
    ],
)
def test_a_broken_row_is_named_by_line_and_reading_goes_on_when_asked(
    write: Write, row: str, message: str
) -> None:
    path = write("a.csv", f"text,label\nfirst,x\n{row}\nlast,y\n")
    with pytest.raises(DataError, match=message) as raised:
        read(path, ["classify"])
    assert (raised.value.file, raised.value.line) == (str(path), 3)
    data = read(path, ["classify"], skip_bad=True)
    assert [(e.text, e.line) for e in data.examples] == [("first", 2), ("last", 4)]
    assert [error.line for error in data.skipped] == [3]


def test_a_header_that_names_a_column_twice_is_refused(write: Write) -> None:
    with pytest.raises(DataError, match="names 'text' twice"):
        read(write("a.csv", "text,label,text\na,b,c\n"), ["classify"])


rows_of_text = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
            str.strip
        ),
        st.sampled_from(["a", "b, c", 'd "e"']),
    ),
    min_size=1,
)


@given(rows_of_text)
def test_what_the_csv_module_writes_is_read_back(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("text", "label"), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(out.getvalue().encode())
        assert [(e.text, e.label) for e in read(path, ["classify"]).examples] == rows


def test_a_hundred_thousand_rows_take_about_a_second(write: Write) -> None:
    rows = "".join(f'"row {n}, with a comma and some more words",label_{n % 77}\n' for n in range(100_000))
    path = write("big.csv", f"text,label\n{rows}")
    started = time.process_time()
    assert len(read(path, ["classify"])) == 100_000
    # 0.8 s of processor time where this was written; the rest is room for slow and busy machines.
    assert time.process_time() - started < 6


def test_a_file_of_nothing_but_broken_quotes_is_read_in_linear_time(write: Write) -> None:
    path = write("a.csv", "text,label\n" + '"abc\n' * 50_000)
    started = time.process_time()
    assert len(read(path, ["classify"], skip_bad=True).skipped) == 50_000
    assert time.process_time() - started < 10
