"""Accuracy and F1 agree with scikit-learn; spans count only when they match exactly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.nlp.evaluate.metrics import (
    averages,
    confusion_matrix,
    label_counts,
    multilabel_counts,
    per_label,
    top_confusions,
)
from tradewind.nlp.evaluate.rows import class_rows, flag_rows
from tradewind.nlp.evaluate.spans import score_spans, span_rows, span_types
from tradewind.nlp.model import Span

sklearn_metrics = pytest.importorskip("sklearn.metrics")

CLASSES = 4
answers = st.lists(
    st.tuples(st.integers(0, CLASSES - 1), st.integers(0, CLASSES - 1)), min_size=1, max_size=60
)


@given(answers)
@settings(max_examples=60)
def test_averages_are_those_of_scikit_learn(pairs):
    true, guess = (list(column) for column in zip(*pairs, strict=True))
    mean = averages(label_counts(confusion_matrix(true, guess, CLASSES)))
    for kind in ("macro", "micro", "weighted"):
        expected = sklearn_metrics.f1_score(true, guess, average=kind, zero_division=0)
        assert getattr(mean, kind) == pytest.approx(expected)


@given(answers)
@settings(max_examples=40)
def test_the_table_of_classes_is_that_of_scikit_learn(pairs):
    true, guess = (list(column) for column in zip(*pairs, strict=True))
    names = [f"c{i}" for i in range(CLASSES)]
    expected = sklearn_metrics.precision_recall_fscore_support(
        true, guess, labels=range(CLASSES), zero_division=0
    )
    rows = per_label(label_counts(confusion_matrix(true, guess, CLASSES)), names)
    found = [[getattr(row, name) for row in rows] for name in ("precision", "recall", "f1", "support")]
    np.testing.assert_allclose(found, expected)


@given(answers)
@settings(max_examples=40)
def test_counts_of_rows_are_those_of_the_confusion_matrix(pairs):
    true, guess = (list(column) for column in zip(*pairs, strict=True))
    rows = class_rows(true, guess, CLASSES)
    assert (rows.counts() == label_counts(confusion_matrix(true, guess, CLASSES))).all()
    assert rows.right.mean() == pytest.approx(sklearn_metrics.accuracy_score(true, guess))


@given(st.integers(1, 30), st.integers(0, 2**31))
@settings(max_examples=40)
def test_multilabel_averages_are_those_of_scikit_learn(rows, seed):
    random = np.random.default_rng(seed)
    true, guess = random.random((2, rows, 3)) < 0.4
    # scikit-learn takes the mean over all labels, we over those that occur: make all of them occur
    true[0] = True
    counts = multilabel_counts(true, guess)
    for kind in ("macro", "micro", "weighted"):
        expected = sklearn_metrics.f1_score(true, guess, average=kind, zero_division=0)
        assert getattr(averages(counts), kind) == pytest.approx(expected)
    assert (flag_rows(true, guess).counts() == counts).all()
    assert flag_rows(true, guess).right.mean() == pytest.approx(sklearn_metrics.accuracy_score(true, guess))


def test_the_most_frequent_confusions_come_first_and_right_answers_never():
    confusion = confusion_matrix([0, 0, 0, 1, 1, 2], [1, 1, 0, 0, 1, 2], 3)
    assert top_confusions(confusion, "abc") == [
        {"label": "a", "predicted": "b", "count": 2},
        {"label": "b", "predicted": "a", "count": 1},
    ]


def test_a_span_is_right_only_when_type_start_and_end_match():
    true = [[Span("amount", 5, 8), Span("payee", 10, 14)], [Span("amount", 0, 3)], []]
    found = [[Span("amount", 5, 8), Span("payee", 10, 13)], [Span("payee", 0, 3)], []]
    types = span_types(true, found)
    scores = score_spans(span_rows(true, found, types), types)
    assert (scores.precision, scores.recall, scores.f1) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    by_type = scores.as_json()["per_type"]
    assert by_type["amount"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "support": 2}
    assert by_type["payee"]["f1"] == 0


def test_texts_without_any_span_have_a_score():
    scores = score_spans(span_rows([[], []], [[], []], ["amount"]), ["amount"])
    assert (scores.f1, scores.support) == (0, 0)
