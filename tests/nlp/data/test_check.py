"""What a check notices before anybody trains."""

from __future__ import annotations

import doctest
import json
import sys
from collections.abc import Callable
from importlib import import_module

import numpy as np
import pytest

from tradewind.core.errors import DataError, InputError, UnavailableError
from tradewind.nlp.data import CheckReport, Dataset, Example, check, require_trainable
from tradewind.nlp.data.languages import guess_languages
from tradewind.nlp.data.normalise import normalised
from tradewind.nlp.data.suspects import find_suspects
from tradewind.nlp.model import Span

Labelled = Callable[[list[tuple[str, str]]], Dataset]


def kinds(report: CheckReport) -> dict[str, bool]:
    return {problem.kind: problem.spoils for problem in report.problems}


def quick(data: Dataset, test: Dataset | None = None) -> CheckReport:
    return check(data, test=test, wrong_labels=False)


def fair(rows: int = 40) -> list[tuple[str, str]]:
    return [(f"question number {n}", "ab"[n % 2]) for n in range(rows)]


def test_labels_are_counted_the_most_frequent_first(labelled: Labelled) -> None:
    report = quick(labelled([("one", "b"), ("two", "a"), ("three", "b")]))
    assert list(report.labels.items()) == [("b", 2), ("a", 1)]
    assert (report.rows, report.imbalance) == (3, 2.0)


def test_good_data_has_no_problems(labelled: Labelled) -> None:
    report = quick(labelled(fair()))
    assert (report.problems, report.spoiled) == ((), False)


def test_duplicates_to_the_letter_and_but_for_case(labelled: Labelled) -> None:
    report = quick(labelled([("Hello", "a"), ("Hello", "a"), (" hello!", "a"), ("bye", "b")]))
    assert report.duplicates == {"exact": 1, "normalised": 2}


def test_one_text_with_two_labels_is_a_contradiction_with_its_lines(labelled: Labelled) -> None:
    report = quick(labelled([*fair(), ("Where is it?", "a"), ("where is it", "b")]))
    (found,) = report.contradictions
    assert [(place.line, place.answer) for place in found.places] == [(42, "a"), (43, "b")]
    assert report.contradicting_rows == 2
    assert kinds(report)["contradictions"], "2 of 42 rows are more than one in a hundred"


def test_the_order_of_labels_is_no_contradiction_but_other_spans_are() -> None:
    sets = (Example("a", labels=("x", "y")), Example("A", labels=("y", "x")))
    assert quick(Dataset(sets)).contradictions == ()
    cities = (
        Example("to Rome", spans=(Span("city", 3, 7),)),
        Example(" To Rome", spans=(Span("city", 4, 8),)),
        Example("to Rome", spans=(Span("person", 3, 7),)),
    )
    assert quick(Dataset(cities[:2])).contradictions == ()
    (found,) = quick(Dataset(cities)).contradictions
    assert [place.answer for place in found.places] == ["rome=city", "rome=city", "rome=person"]


def test_a_test_text_that_was_trained_on_is_a_leak(labelled: Labelled) -> None:
    report = quick(labelled(fair()), labelled([("QUESTION number 3", "b"), ("new", "a")]))
    (leak,) = report.leaks
    assert [place.line for place in leak.places] == [2, 5]
    assert (report.leaking_rows, report.test_rows, kinds(report)["leakage"]) == (1, 2, True)


def test_a_test_label_that_training_lacks_spoils_the_test(labelled: Labelled) -> None:
    report = quick(labelled(fair()), labelled([("new", "c"), ("newer", "c")]))
    assert report.unknown_test_labels == {"c": 2}
    assert kinds(report)["unknown_test_labels"]


def test_one_class_small_classes_and_imbalance(labelled: Labelled) -> None:
    assert kinds(quick(labelled([("one", "a"), ("two", "a")])))["one_class"]
    report = quick(labelled([*((f"text {n}", "big") for n in range(200)), ("x", "tiny")]))
    assert report.small_classes == {"tiny": 1}
    assert kinds(report) == {"small_classes": False, "imbalance": False}


def test_many_skipped_rows_spoil(labelled: Labelled) -> None:
    data = labelled(fair())
    report = quick(Dataset(data.examples, (DataError("bad", line=9),) * 60, "a.csv"))
    assert (report.skipped_rows, len(report.skipped), kinds(report)["skipped"]) == (60, 50, True)


def test_no_rows_at_all() -> None:
    report = quick(Dataset((), source="a.csv"))
    assert kinds(report) == {"no_rows": True}
    json.dumps(report.as_json())


def test_lengths_count_a_chinese_character_as_a_word(labelled: Labelled) -> None:
    report = quick(labelled([("我的 card 在哪里", "a")]))
    assert (report.lengths["words"]["max"], report.lengths["characters"]["p50"]) == (6, 11)


def test_the_report_is_one_json_document(labelled: Labelled) -> None:
    document = json.loads(json.dumps(quick(labelled([("a", "x"), ("A", "y")])).as_json()))
    assert document["contradictions"][0]["places"][0] == {"file": "a.csv", "line": 2, "answer": "x"}
    assert document["spoiled"] is True


TOPICS = {
    "card": "card lost stolen blocked plastic replace wallet pin chip contactless",
    "rain": "rain snow sunny cloudy forecast umbrella storm wind weather degrees",
    "loan": "loan mortgage interest repay instalment borrow credit monthly debt rate",
}


def about(topic: str, rows: int) -> list[str]:
    random = np.random.default_rng(len(topic) + rows)
    return [" ".join(random.choice(TOPICS[topic].split(), 4, replace=False)) for _ in range(rows)]


def test_wrong_labels_are_found_with_a_better_one(labelled: Labelled) -> None:
    rows = [(text, topic) for topic in TOPICS for text in about(topic, 60)]
    wrong = {5: "rain", 77: "loan", 150: "card"}
    rows = [(text, wrong.get(n, label)) for n, (text, label) in enumerate(rows)]
    found = check(labelled(rows)).suspects[:3]
    assert {(s.line - 2, s.label, s.suggested) for s in found} == {
        (5, "rain", "card"),
        (77, "loan", "rain"),
        (150, "card", "loan"),
    }
    assert all(0 < s.margin <= 1 for s in found)


def test_without_scikit_learn_the_hint_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, labelled: Labelled
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(UnavailableError, match=r"tradewind\[train\].*--no-wrong-labels"):
        check(labelled(fair()))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", "x")],
        [("a", "x"), ("b", "y")],
        [("same", "x")] * 9 + [("same", "y")] * 9,
    ],
)
def test_data_too_small_to_learn_from_has_no_suspects(
    labelled: Labelled, rows: list[tuple[str, str]]
) -> None:
    assert find_suspects(labelled(rows).examples) == ()


def test_texts_of_punctuation_alone_can_be_checked(labelled: Labelled) -> None:
    assert check(labelled([(mark, "xy"[n % 2]) for n, mark in enumerate("?!….;:-,")])).rows == 8


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("when will my card arrive", "en"),
        ("wann kommt meine Karte an", "de"),
        ("¿dónde está mi tarjeta?", "es"),
        ("où est ma carte", "fr"),
        ("dov'è la mia carta", "it"),
        ("onde está o meu cartão", "pt"),
        ("waar is mijn kaart", "nl"),
        ("kartım nerede", "tr"),
        ("di mana kartu saya", "id"),
        ("gdzie jest moja karta", "pl"),
        ("我的卡在哪里", "zh"),
        ("私のカードはどこですか", "ja"),
        ("내 카드 어디 있어요", "ko"),
        ("أين بطاقتي", "ar"),
        ("где моя карта", "ru"),
        ("де моя картка і рахунок", "uk"),
        ("บัตรของฉันอยู่ที่ไหน", "th"),
        ("मेरा कार्ड कहाँ है", "hi"),
        ("播放 Bohemian Rhapsody 好吗", "zh"),
        ("👍👍", "und"),
        ("12345", "und"),
    ],
)
def test_languages_are_guessed_by_script_and_function_words(text: str, language: str) -> None:
    assert guess_languages([text]) == [language]


def test_a_text_that_fits_two_languages_goes_to_the_one_around_it() -> None:
    around = ["wat is het saldo van mijn rekening", "ik wil mijn kaart graag blokkeren"]
    assert guess_languages(["in", *around])[0] == "nl"


def test_normalising_keeps_texts_of_punctuation_apart() -> None:
    assert normalised("Ｗhere  IS\tit?!") == "where is it"
    assert normalised("?") != normalised("!")


@pytest.mark.parametrize("module", ["languages", "normalise"])
def test_examples_of_the_docstrings_run(module: str) -> None:
    result = doctest.testmod(import_module(f"tradewind.nlp.data.{module}"))
    assert (result.failed, result.attempted > 0) == (0, True)


def test_training_needs_rows_and_two_classes(labelled: Labelled) -> None:
    require_trainable(labelled(fair()), ["classify"])
    with pytest.raises(InputError, match=r"a.csv: no rows to train on"):
        require_trainable(labelled([]), ["classify"])
    with pytest.raises(InputError, match=r"only one class, 'a', for classify in 2 row\(s\)"):
        require_trainable(labelled([("one", "a"), ("two", "a")]), ["classify"])
    with pytest.raises(InputError, match="only one class, 'a'"):
        require_trainable(labelled([("one", "a"), ("two", "oos")]), ["classify"], oos_label="oos")
    with pytest.raises(InputError, match="no row has a span"):
        require_trainable(labelled(fair()), ["classify", "tag"])
    with pytest.raises(InputError, match="no row has a label"):
        require_trainable(Dataset((Example("a", labels=()),)), ["multilabel"])
