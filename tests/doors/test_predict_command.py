"""Texts from files and lines: any number, in order, bad rows named."""

from __future__ import annotations

import io
import itertools
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tradewind.cli.predict import _Run, answers
from tradewind.core.errors import DataError, InputError
from tradewind.nlp.data.model import Columns
from tradewind.nlp.data.stream import TEXT_FORMATS, TextFormat, TextRow, format_of, stream_texts
from tradewind.nlp.model import HeadPrediction, Prediction

COLUMNS = Columns()


def rows(content: bytes, format: TextFormat, columns: Columns = COLUMNS) -> list[TextRow]:
    return list(stream_texts(io.BytesIO(content), format, columns, file="f"))


def faults(found: list[TextRow]) -> list[str | None]:
    return [None if row.fault is None else str(row.fault) for row in found]


class Echo:
    """Answers a text with itself."""

    def __init__(self) -> None:
        self.longest_call = 0

    def predict(self, texts: Any, pairs: Any = None) -> list[Prediction]:
        self.longest_call = max(self.longest_call, len(texts))
        second = pairs or [""] * len(texts)
        return [
            Prediction((HeadPrediction("echo", "classify", label=text + pair),), tokens=1)
            for text, pair in zip(texts, second, strict=True)
        ]

    def close(self) -> None:
        """Holds nothing."""


class TestReading:
    def test_lines(self) -> None:
        found = rows("\ufeffone\r\n二\nthree \u2028 still three".encode(), "lines")
        assert [(row.line, row.text) for row in found] == [
            (1, "one"),
            (2, "二"),
            (3, "three \u2028 still three"),
        ]

    def test_csv_with_quotes_and_synonyms_for_the_column(self) -> None:
        found = rows(b'id,utterance\n1,"a, ""b""\nc"\n2,d\n', "csv")
        assert [(row.line, row.text) for row in found] == [(3, 'a, "b"\nc'), (4, "d")]

    def test_tsv_with_a_named_column_and_pairs(self) -> None:
        found = rows(b"x\ty\na\tb\n", "tsv", Columns(text="y", text_b="x"))
        assert [(row.text, row.text_b) for row in found] == [("b", "a")]

    def test_jsonl_of_objects_and_strings(self) -> None:
        found = rows('{"text": "a", "n": 1}\n"b"\n{"sentence": "好"}\n'.encode(), "jsonl")
        assert [row.text for row in found] == ["a", "b", "好"]

    def test_parquet(self, tmp_path: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        path = tmp_path / "a.parquet"
        pyarrow.parquet.write_table(pyarrow.table({"text": ["a", None, "c"], "other": [1, 2, 3]}), path)
        with path.open("rb") as source:
            found = list(stream_texts(source, "parquet", COLUMNS, file="f"))
        assert [row.text for row in found] == ["a", "", "c"]
        assert faults(found) == [None, "f:2 [text]: expected text, found nothing", None]

    def test_a_bad_row_is_named_and_the_next_one_read(self) -> None:
        assert faults(rows(b"a\n\nb\xff\nc\n", "lines")) == [
            None,
            "f:2: the text is empty",
            "f:3: byte 0xFF at byte 2 of the line is not UTF-8",
            None,
        ]
        assert faults(rows(b"text,n\na,1\nb\xff,2\nc\nd,4\n", "csv")) == [
            None,
            "f:3 [text]: character 2 is not valid UTF-8",
            "f:4: 1 fields, the header has 2",
            None,
        ]
        found = faults(rows(b'{"text": 3}\n{"text"\n[1]\n{"txt": "a"}\n"\\ud800"\n{"text": "ok"}\n', "jsonl"))
        assert found[0] == "f:1 [text]: expected text, found a int"
        assert found[1] is not None
        assert found[1].startswith("f:2: not usable JSON: Expecting ':'")
        assert found[2] == "f:3: not usable JSON: expected an object or a string"
        assert found[3] is not None
        assert found[3].startswith("f:4:")
        assert found[4] == "f:5 [text]: character 1 is not valid UTF-8"
        assert found[5] is None

    def test_a_missing_column_is_named_with_those_there_are(self) -> None:
        with pytest.raises(DataError, match="id, words"):
            rows(b"id,words\n1,a\n", "csv")

    def test_what_is_not_parquet_is_refused(self) -> None:
        with pytest.raises(DataError, match="not a Parquet file"):
            rows(b"PAR1 or not", "parquet")

    def test_an_endless_line_is_not_held(self) -> None:
        class Endless(io.RawIOBase):
            left = 64_000_000

            def readable(self) -> bool:
                return True

            def readinto(self, buffer: Any) -> int:
                count = min(len(buffer), self.left)
                buffer[:count] = b"x" * count
                self.left -= count
                return count

        source = io.BufferedReader(Endless())
        tracemalloc.start()
        found = list(stream_texts(source, "lines", COLUMNS, file="f"))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert faults(found) == ["f:1: the line has more than 16,000,000 bytes"]
        assert most < 60_000_000

    @given(
        some.lists(
            some.text(min_size=1).filter(lambda t: not t.isspace() and "\n" not in t and "\r" not in t)
        )
    )
    def test_law_lines_round_trip(self, texts: list[str]) -> None:
        found = rows("\n".join(texts).encode(), "lines")
        assert [row.text for row in found] == texts or texts[0].startswith("\ufeff")

    @pytest.mark.parametrize("name", ["a.csv", "b.TSV", "c.jsonl", "d.ndjson", "e.txt", "f.parquet"])
    def test_the_name_tells_the_format(self, name: str) -> None:
        assert format_of(Path(name)) in get_args(TextFormat)
        assert set(TEXT_FORMATS) == set(get_args(TextFormat))

    def test_a_name_that_tells_nothing_is_asked_about(self) -> None:
        with pytest.raises(InputError, match="what kind of file"):
            format_of(Path("a.docx"))


class TestAnswering:
    def test_a_million_lines_are_answered_in_order_in_bounded_memory(self) -> None:
        def endless() -> Iterator[TextRow]:
            return (TextRow(number, f"text {number}") for number in range(1, 1_000_001))

        engine, run = Echo(), _Run(skip_bad=False, paired=False)
        tracemalloc.start()
        count = 0
        for row, prediction in itertools.islice(answers(engine, endless(), run), 50_000):
            assert prediction is not None
            assert prediction.heads[0].label == row.text
            count += 1
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (count, run.texts) == (50_000, 50_000)
        assert engine.longest_call == 2048
        assert most < 20_000_000

    def test_a_bad_row_stops_after_the_rows_before_it_were_answered(self) -> None:
        run = _Run(skip_bad=False, paired=False)
        answered = []
        asking = answers(Echo(), rows(b"a\nb\n\nc\n", "lines"), run)
        with pytest.raises(DataError, match="f:3: the text is empty"):
            answered.extend(row.text for row, _ in asking)
        assert answered == ["a", "b"]

    def test_bad_rows_are_passed_over_on_request_and_counted(self) -> None:
        run = _Run(skip_bad=True, paired=False)
        found = [
            (row.line, prediction is None)
            for row, prediction in answers(Echo(), rows(b"a\n\n\xff\nc\n", "lines"), run)
        ]
        assert found == [(1, False), (2, True), (3, True), (4, False)]
        assert (run.texts, run.bad) == (2, 2)

    def test_a_pair_model_needs_second_texts(self) -> None:
        run = _Run(skip_bad=True, paired=True)
        content = json.dumps({"text": "a", "text_b": "b"}) + "\n" + json.dumps({"text": "a"})
        found = [prediction for _, prediction in answers(Echo(), rows(content.encode(), "jsonl"), run)]
        assert found[0] is not None
        assert found[0].heads[0].label == "ab"
        assert found[1] is None
