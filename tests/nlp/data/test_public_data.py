"""The public data sets, read and checked as they were published."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tradewind.core.errors import DataError
from tradewind.nlp.data import Columns, Dataset, check, read, split
from tradewind.nlp.data.languages import guess_languages

pytestmark = pytest.mark.data
Public = Callable[[str], str]


def texts_of_spans(data: Dataset, row: int) -> list[tuple[str, str]]:
    example = data.examples[row]
    return [(span.type, example.text[span.start : span.end]) for span in example.spans or ()]


def test_banking77(public: Public) -> None:
    train = read(public("banking77/train.csv"), ["classify"], Columns(label="category"))
    assert (len(train), len({e.label for e in train.examples})) == (10_003, 77)
    assert len(split(train, 0.1, seed=1)[1]) == 1_000


def test_banking77_is_checked_in_half_a_minute_of_one_core(public: Public) -> None:
    train, test = (read(public(f"banking77/{part}.csv"), ["classify"]) for part in ("train", "test"))
    started = time.process_time()
    report = check(train, test=test)
    # 5 s of one core where this was written (two when the linear algebra uses both); see `suspects`.
    assert time.process_time() - started < 60
    assert (report.leaking_rows, report.duplicates["normalised"], report.contradicting_rows) == (10, 5, 0)
    assert len(report.suspects) == 50
    assert next(iter(report.languages)) == "en"
    assert not report.spoiled


def test_clinc150_by_its_parts(public: Public) -> None:
    path = public("clinc150/data_full.json")
    train = read(f"{path}#train,oos_train", ["classify"])
    assert (len(train), sum(e.label == "oos" for e in train.examples)) == (15_100, 100)
    assert len({e.label for e in train.examples}) == 151
    with pytest.raises(DataError, match="holds 6 parts"):
        read(path, ["classify"])


@pytest.mark.parametrize(
    ("file", "rows"), [("en/eval", 4_181), ("en/test", 8_621), ("es/train", 3_617), ("es/eval", 1_983)]
)
def test_xnlu(public: Public, file: str, rows: int) -> None:
    data = read(public(f"xnlu/{file}.tsv"), ["classify", "tag"])
    assert len(data) == rows
    assert not data.skipped


def test_one_row_of_xnlu_has_a_span_that_begins_before_its_text(public: Public) -> None:
    path = public("xnlu/es/test.tsv")
    with pytest.raises(DataError, match=r":387 \[spans\]: span -2:30:datetime lies outside the text"):
        read(path, ["classify", "tag"])
    assert len(read(path, ["classify", "tag"], skip_bad=True)) == 3_042
    assert len(read(path, ["classify"])) == 3_043


def test_xnlu_spans_cover_words(public: Public) -> None:
    data = read(public("xnlu/en/eval.tsv"), ["classify", "tag"])
    assert texts_of_spans(data, 1) == [("reminder/todo", "paper"), ("datetime", "on thursday")]


@pytest.mark.parametrize("language", ["en", "de", "ja", "zh", "it", "nl", "id", "tr", "ar"])
def test_xsid(public: Public, language: str) -> None:
    data = read(public(f"xsid/{language}.test.jsonl"), ["classify", "tag"])
    assert len(data) == (250 if language == "ja" else 500)
    guessed = guess_languages([e.text for e in data.examples])
    # English titles stand in many of the sentences.
    assert guessed.count(language) / len(guessed) > 0.85


def test_xsid_slots_are_characters_of_a_text_without_spaces(public: Public) -> None:
    assert texts_of_spans(read(public("xsid/zh.valid.jsonl"), ["tag"]), 0) == [
        ("datetime", "今天"),
        ("weather/attribute", "下雨"),
    ]


def test_snips_has_one_row_that_is_not_utf8(public: Public) -> None:
    pattern = public("snips/train_*.json")
    with pytest.raises(DataError, match=r"train_PlayMusic.json:9091: byte 0xED .*\(offset 150732 "):
        read(pattern, ["classify", "tag"])
    data = read(pattern, ["classify", "tag"], skip_bad=True)
    assert (len(data), len(data.skipped), len({e.label for e in data.examples})) == (13_783, 1, 7)
    assert len(read(public("snips/validate_*.json"), ["classify", "tag"])) == 700


def test_pii_synth_spans_are_what_the_file_says_they_cover(public: Public) -> None:
    data = read(public("pii-synth/part.json"), ["tag"])
    assert len(data) == 1_050
    assert texts_of_spans(data, 0) == [("PERSON", "Catherine")]


@pytest.mark.parametrize(
    ("file", "label", "rows"), [("eprstmt/train_0", "label", 32), ("tnews/test_public", "label_desc", 2_010)]
)
def test_fewclue_is_json_lines_by_another_name(public: Public, file: str, label: str, rows: int) -> None:
    data = read(public(f"fewclue/{file}.json"), ["classify"], Columns(label=label))
    assert len(data) == rows
    assert "read as JSON Lines: one object a line" in data.notes


def test_nlupp_has_several_intents_and_slots(public: Public) -> None:
    data = read(public("nlupp-banking/fold*.json"), ["multilabel", "tag"])
    assert len(data) == 2_071
    assert data.examples[0].labels == ("how_long", "pin", "arrival", "new")


def test_reviews_with_an_empty_one(public: Public) -> None:
    path = public("reviews-zh/hotel.csv")
    with pytest.raises(DataError, match=r":6376 \[review\]: the text is empty"):
        read(path, ["classify"])


def test_finance_posts_contradict_one_another(public: Public) -> None:
    report = check(read(public("fincuge-zh/finfe_train.jsonl"), ["classify"]), wrong_labels=False)
    assert report.contradicting_rows > 1_000
    assert report.spoiled
