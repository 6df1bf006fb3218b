"""Two models on the same rows: a real difference is called one, luck is not."""

import json
from dataclasses import replace

import pytest

from tradewind.core.errors import DataError, InputError
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.evaluate import compare
from tradewind.nlp.evaluate.bootstrap import Interval
from tradewind.nlp.evaluate.comparison import Comparison, Difference
from tradewind.nlp.model import HeadPrediction, HeadSpec, Prediction, Span


def test_a_clearly_better_model_is_called_better(tiny_model, test_rows):
    poor, good = tiny_model("poor", width=6), tiny_model("good")
    comparison = compare(poor, good, test_rows)
    assert comparison.significant
    assert comparison.verdict.startswith("B is better by ")
    assert comparison.rows == 400
    turned = compare(good, poor, test_rows)
    assert turned.verdict.startswith("A is better by ")
    assert turned.p_value == comparison.p_value


def test_a_model_is_not_better_than_itself(tiny_model, test_rows):
    model = tiny_model()
    comparison = compare(model, model, test_rows)
    assert comparison.p_value == 1
    assert comparison.verdict.startswith("no real difference shown")
    assert comparison.disagreements == ()


def test_the_public_form_is_json_and_names_rows_on_which_they_differ(tiny_model, test_rows):
    comparison = compare(tiny_model("poor", width=6), tiny_model("good"), test_rows)
    document = json.loads(json.dumps(comparison.as_json(), allow_nan=False))
    assert document["only_a_right"] + document["only_b_right"] >= len(document["disagreements"]) > 0
    first = document["disagreements"][0]
    assert (first["a"] == first["expected"]) == (first["right"] == "a")
    bounds = document["accuracy"]["confidence_interval"]
    assert bounds["lower"] <= document["accuracy"]["difference"] <= bounds["upper"]


def test_a_small_lead_is_not_sold_as_a_difference():
    close = Comparison(
        a="a 1", b="b 1", data="t.csv", head="intent", rows=200,
        accuracy=Difference(0.90, 0.91, Interval(-0.012, 0.031)),
        macro_f1=Difference(0.90, 0.91, Interval(-0.012, 0.031)),
        only_a_right=4, only_b_right=6, p_value=0.754, disagreements=(),
    )  # fmt: skip
    assert close.verdict == (
        "no real difference shown: B is ahead by 1.0 points (95 % CI -1.2 to 3.1, p = 0.75)"
    )


class Spotter:
    """Tags the first `found` characters as an amount, names a topic, whatever the text."""

    def __init__(self, info, found, topic):
        tags = HeadSpec("slots", "tag", ("O", "B-amount", "I-amount"))
        topics = HeadSpec("topics", "multilabel", ("money", "people"))
        self.info = replace(info, heads=(tags, topics), calibration={})
        self.found, self.topic = found, topic

    def predict(self, texts, pairs=None):
        spans = (Span("amount", 0, self.found),)
        slots = HeadPrediction("slots", "tag", spans=spans)
        topics = HeadPrediction("topics", "multilabel", labels=(self.topic,), scores={self.topic: 1.0})
        return [Prediction((slots, topics), tokens=1) for _ in texts]


@pytest.mark.parametrize("head", ["slots", "topics"])
def test_tags_and_sets_of_labels_are_compared_too(tiny_model, head):
    info = tiny_model().info
    rows = Dataset(
        tuple(Example("20 euro", spans=(Span("amount", 0, 2),), labels=("money",)) for _ in range(20))
    )
    right, wrong = Spotter(info, 2, "money"), Spotter(info, 3, "people")
    comparison = compare(wrong, right, rows, head=head)
    assert (comparison.accuracy.a, comparison.accuracy.b) == (0, 1)
    assert comparison.verdict == "B is better by 100.0 points of accuracy (95 % CI 100.0 to 100.0, p < 0.001)"


def test_models_of_different_tasks_cannot_be_compared(tiny_model, test_rows):
    model = tiny_model()
    with pytest.raises(InputError, match="no classify head to compare"):
        compare(model, Spotter(model.info, 1, "money"), test_rows)


def test_a_label_that_only_one_of_them_knows_is_reported(tiny_model, test_rows):
    with pytest.raises(DataError, match="'transfer' is not one of the 2 labels"):
        compare(tiny_model(), tiny_model("few", labels=("card_lost", "balance")), test_rows)
