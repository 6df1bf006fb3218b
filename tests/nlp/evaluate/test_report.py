"""The report is one safe file: everything in it, nothing from elsewhere, and no customer's text can run."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.evaluate import evaluate
from tradewind.nlp.evaluate.report import TrainingCurve, render_report, write_report
from tradewind.nlp.evaluate.svg import most_confused, score_histogram
from tradewind.nlp.model import HeadPrediction, HeadSpec, Prediction, Span

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
VOID = {"meta", "br", "img", "link", "input"}


class Outline(HTMLParser):
    """Reads a page strictly: every element closed, in order; keeps the names of elements and the visible text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.names: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href"}]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def evaluation(tiny_model, test_rows):
    model = tiny_model()
    wrong = next(e for e in test_rows.examples if model.predict([e.text])[0].heads[0].label != e.label)
    attack = replace(wrong, text=f"{wrong.text} {ATTACK}")
    return evaluate(model, replace(test_rows, examples=(*test_rows.examples, attack)))


def test_the_report_shows_the_figures_and_every_plot(evaluation):
    page = Outline(render_report(evaluation))
    for title in (
        "probabilities be believed",
        "know what it does not know",
        "Surest mistakes",
        "By language",
    ):
        assert title in page.text
    assert f"{100 * evaluation.heads[0].accuracy:.1f} %" in page.text
    assert page.names.count("svg") == 4


def test_a_text_that_is_a_script_is_shown_and_does_not_run(evaluation):
    page = Outline(render_report(evaluation))
    assert "script" not in page.names
    assert "img" not in page.names
    assert ATTACK in page.text


def test_a_label_that_is_a_script_does_not_run_in_a_plot_either(evaluation):
    head = evaluation.heads[0]
    classes = (replace(head.per_class[0], label=ATTACK), *head.per_class[1:])
    page = Outline(render_report(replace(evaluation, heads=(replace(head, per_class=classes),))))
    assert "script" not in page.names


def test_the_report_asks_nothing_of_the_network(evaluation):
    page = render_report(evaluation)
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert Outline(page).links == []


def test_the_report_is_written_as_one_file(evaluation, tmp_path):
    write_report(tmp_path / "new" / "report.html", evaluation)
    assert (tmp_path / "new" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_training_curve_is_drawn_when_there_is_one(evaluation):
    curve = TrainingCurve(loss=[(0, 4.0), (10, 1.0), (20, 0.5)], validation=[(1, 0.8), (2, 0.9)])
    page = Outline(render_report(evaluation, curve=curve))
    assert "training loss" in page.text
    assert page.names.count("svg") == 6
    assert "Training" not in Outline(render_report(evaluation, curve=TrainingCurve(loss=[(0, 4.0)]))).text


class Known:
    """Knows the answers by heart, or gives the same spans for every text."""

    def __init__(self, info, heads, answers):
        self.info = replace(info, heads=heads, calibration={})
        self.answers = answers

    def predict(self, texts, pairs=None):
        return [Prediction(self.answers, tokens=len(text)) for text in texts]


@pytest.mark.parametrize("rows", [1, 12])
def test_a_model_without_a_mistake_has_a_report(tiny_model, rows):
    answer = HeadPrediction("intent", "classify", label="balance", probability=1.0)
    model = Known(tiny_model().info, (HeadSpec("intent", "classify", ("balance", "transfer")),), (answer,))
    page = Outline(render_report(evaluate(model, Dataset((Example("how much", label="balance"),) * rows))))
    assert "100.0 %" in page.text
    assert "Surest mistakes" not in page.text


def test_several_heads_each_have_their_part(tiny_model):
    heads = (
        HeadSpec("slots", "tag", ("O", "B-amount", "I-amount")),
        HeadSpec("topics", "multilabel", ("money", "people")),
    )
    answers = (
        HeadPrediction("slots", "tag", spans=(Span("amount", 0, 2, 0.7),)),
        HeadPrediction("topics", "multilabel", labels=("money",), scores={"money": 0.9, "people": 0.2}),
    )
    rows = Dataset(
        (
            Example("20 now", spans=(Span("amount", 0, 2),), labels=("money",)),
            Example("سلام ٢٠ 🙂", spans=(), labels=("people",)),
        )
    )
    page = Outline(render_report(evaluate(Known(tiny_model().info, heads, answers), rows)))
    assert "Head “slots”" in page.text
    assert "Head “topics”" in page.text
    assert "span F1" in page.text


def test_equal_scores_and_a_threshold_far_off_can_be_drawn():
    same, groups = np.zeros(10), np.arange(10) > 7
    for threshold in (None, 0.0, 5.0, -5.0):
        Outline(score_histogram(same, groups, threshold))


def test_only_classes_that_are_confused_are_in_the_map():
    confusion = np.diag([5, 5, 5, 5])
    assert most_confused(confusion, 3) == []
    confusion[1, 3] = 2
    assert most_confused(confusion, 3) == [1, 3]
