"""From a model and labelled rows to figures that one can act on."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tradewind.core.errors import DataError, InputError, NotFoundError
from tradewind.nlp.data.model import Dataset, Example
from tradewind.nlp.evaluate import evaluate
from tradewind.nlp.evaluate.slices import by_length
from tradewind.nlp.model import HeadPrediction, HeadSpec, Prediction, Span


def in_scope(dataset):
    return [e for e in dataset.examples if e.label != "oos"]


@pytest.fixture(scope="module")
def model(tiny_model):
    return tiny_model()


@pytest.fixture(scope="module")
def evaluation(model, test_rows):
    return evaluate(model, test_rows)


def test_the_public_form_holds_what_is_promised_and_is_json(evaluation):
    document = json.loads(json.dumps(evaluation.as_json(), allow_nan=False))
    promised = {"accuracy", "macro_f1", "micro_f1", "weighted_f1", "ece", "per_class", "confusion", "slices"}
    promised |= {"confidence_interval", "mistakes", "texts_per_s", "oos", "in_scope_accuracy", "threshold"}
    assert promised <= set(document)
    assert {"auroc", "fpr95", "recall"} <= set(document["oos"])
    assert document["texts_per_s"] > 0


def test_accuracy_is_over_in_scope_rows_and_ignores_the_verdict(evaluation, model, test_rows):
    examples = in_scope(test_rows)
    answers = [p.heads[0] for p in model.predict([e.text for e in examples])]
    right = np.array([a.label == e.label for a, e in zip(answers, examples, strict=True)])
    accepted = np.array([a.in_scope for a in answers])
    head = evaluation.heads[0]
    assert head.rows == len(examples) == 400
    assert head.accuracy == pytest.approx(right.mean())
    assert head.in_scope_accuracy == pytest.approx((right & accepted).mean())
    assert head.in_scope_accuracy < head.accuracy
    assert 0.7 < head.accuracy < 1


def test_the_interval_holds_the_figure(evaluation):
    bounds = evaluation.heads[0].intervals["accuracy"]
    assert bounds.lower < evaluation.heads[0].accuracy < bounds.upper
    assert bounds.upper - bounds.lower < 0.1


def test_strangers_are_judged_by_the_verdict_and_by_the_score(evaluation):
    scope = evaluation.heads[0].scope
    assert scope.rows == 100
    assert scope.auroc > 0.75
    assert 0 < scope.fpr95 < 0.5
    assert scope.recall > 0.5
    assert evaluation.as_json()["threshold"] == evaluation.heads[0].threshold


def test_on_the_rows_that_it_was_fitted_on_the_scope_is_judged_as_it_was_while_fitting(model, test_rows):
    head = evaluate(model, test_rows, calibrated_on_these=True).heads[0]
    assert head.scope.rows == model.scope.held_out["rows"] == 60
    assert head.scope.recall == model.scope.held_out["recall"]
    assert head.scope_points is None


def test_slices_are_by_language_and_length_and_cover_every_row(evaluation):
    slices = evaluation.heads[0].slices
    assert [s.name for s in slices if s.by == "language"] == ["de", "en"]
    for kind in ("language", "length"):
        assert sum(s.rows for s in slices if s.by == kind) == 400


def test_the_surest_mistakes_come_first_and_say_where_they_stand(evaluation):
    mistakes = evaluation.heads[0].mistakes
    assert mistakes
    assert all(m.expected != m.predicted and m.file == "test.csv" and m.line > 1 for m in mistakes)
    assert [m.probability for m in mistakes] == sorted((m.probability for m in mistakes), reverse=True)


def test_the_whole_confusion_matrix_is_given_on_request(evaluation):
    confusion = evaluation.as_json(full_confusion=True)["confusion"]
    assert np.array(confusion["matrix"]).sum() == 400
    assert "matrix" not in evaluation.as_json()["confusion"]


def test_another_label_can_mean_out_of_scope(model, test_rows):
    renamed = Dataset(
        tuple(replace(e, label="none of these") if e.label == "oos" else e for e in test_rows.examples)
    )
    document = evaluate(model, renamed, oos_label="none of these").as_json()
    assert document["oos"]["rows"] == 100


def test_a_label_that_training_lacked_is_reported_with_its_place_and_the_way_out(model):
    rows = Dataset(
        (Example("hi", label="balance", line=2), Example("hi", label="mortgage", line=3, file="t.csv"))
    )
    with pytest.raises(
        DataError, match=r"t\.csv:3: label 'mortgage' is not one of the 3 labels.*--oos-label"
    ):
        evaluate(model, rows)


def test_data_that_cannot_judge_the_model_is_refused(model):
    with pytest.raises(InputError, match="no rows"):
        evaluate(model, Dataset(()))
    with pytest.raises(InputError, match="needed: a label column"):
        evaluate(model, Dataset((Example("hi", spans=()),)))
    with pytest.raises(InputError, match="every row is out of scope"):
        evaluate(model, Dataset((Example("hi", label="oos"),)))
    with pytest.raises(NotFoundError, match="no head 'mood'"):
        evaluate(model, Dataset((Example("hi", label="balance"),)), head="mood")


def test_one_row_and_one_class_are_enough(model):
    document = evaluate(model, Dataset((Example("my balance", label="balance"),))).as_json()
    assert document["accuracy"] == 1
    assert "oos" not in document


class Rule:
    """A joint model by rule: numbers are amounts, "send" is a transfer, topics by word."""

    heads = (
        HeadSpec("intent", "classify", ("balance", "transfer")),
        HeadSpec("slots", "tag", ("O", "B-amount", "I-amount", "B-payee", "I-payee")),
        HeadSpec("topics", "multilabel", ("money", "people")),
    )

    def __init__(self, info):
        self.info = info

    def predict(self, texts, pairs=None):
        return [Prediction((self._intent(t), self._slots(t), self._topics(t)), tokens=len(t)) for t in texts]

    def _intent(self, text):
        label = "transfer" if "send" in text else "balance"
        return HeadPrediction("intent", "classify", label=label, probability=0.9)

    def _slots(self, text):
        start = next((i for i, c in enumerate(text) if c.isdigit()), None)
        spans = () if start is None else (Span("amount", start, start + 2, 0.8),)
        return HeadPrediction("slots", "tag", spans=spans)

    def _topics(self, text):
        scores = {"money": 0.9 if "money" in text else 0.2, "people": 0.7 if "Ann" in text else 0.1}
        return HeadPrediction(
            "topics", "multilabel", labels=tuple(k for k, v in scores.items() if v > 0.5), scores=scores
        )


@pytest.fixture
def joint(model):
    return Rule(replace(model.info, heads=Rule.heads, calibration={}))


JOINT_ROWS = Dataset(
    (
        Example(
            "send 20 to Ann",
            label="transfer",
            spans=(Span("amount", 5, 7), Span("payee", 11, 14)),
            labels=("people",),
        ),
        Example("money left", label="balance", spans=(), labels=("money",)),
        Example("is 30 there", label="transfer", spans=(Span("amount", 3, 5),), labels=()),
        Example("send money", label="transfer", spans=(), labels=("money", "people")),
    )
)


def test_several_heads_are_scored_at_once_with_the_first_at_the_top(joint):
    document = evaluate(joint, JOINT_ROWS).as_json()
    assert list(document["heads"]) == ["intent", "slots", "topics"]
    assert document["accuracy"] == document["heads"]["intent"]["accuracy"] == 0.75
    assert document["spans"] == document["heads"]["slots"]["spans"]


def test_a_tag_head_is_scored_by_its_spans(joint):
    spans = evaluate(joint, JOINT_ROWS, head="slots").heads[0]
    assert (spans.spans.precision, spans.spans.recall) == pytest.approx((1, 2 / 3))
    assert spans.accuracy == 0.75
    assert spans.mistakes[0].expected == "amount “20”, payee “Ann”"
    assert spans.ece == pytest.approx(0.2)


def test_a_multilabel_head_is_scored_by_its_sets(joint):
    topics = evaluate(joint, JOINT_ROWS, head="topics").heads[0]
    assert topics.accuracy == 0.75
    assert topics.averages.micro == pytest.approx(2 * 3 / (3 + 4))
    assert topics.mistakes[0].expected == "money, people"
    assert topics.mistakes[0].predicted == "money"


def test_texts_without_spans_anywhere_are_all_right(joint):
    rows = Dataset((Example("money", spans=()), Example("left", spans=())))
    head = evaluate(joint, rows, head="slots").heads[0]
    assert (head.accuracy, head.spans.support) == (1, 0)


def test_heads_without_answers_in_the_data_are_left_out(joint):
    rows = Dataset(tuple(replace(e, spans=None, labels=None) for e in JOINT_ROWS.examples))
    assert [head.head for head in evaluate(joint, rows).heads] == ["intent"]


def test_a_multilabel_label_that_training_lacked_is_reported(joint):
    with pytest.raises(DataError, match="'weather' is not one of the 2 labels"):
        evaluate(joint, Dataset((Example("rain", labels=("weather",)),)), head="topics")


def test_lengths_are_cut_into_quarters_and_into_fewer_when_they_repeat():
    assert [int(s.rows.sum()) for s in by_length(np.arange(100))] == [25, 25, 25, 25]
    assert [s.name for s in by_length(np.array([3, 3, 3, 3, 3, 9]))] == ["3 tokens", "4–9 tokens"]
    assert by_length(np.array([], dtype=np.int64)) == ()


class SameWords:
    """A pair model: two texts mean the same when they share their words."""

    def __init__(self, info):
        self.info = replace(info, heads=(HeadSpec("same", "pair", ("no", "yes")),), calibration={})

    def predict(self, texts, pairs=None):
        return [Prediction((self._answer(*two),), tokens=4) for two in zip(texts, pairs, strict=True)]

    def _answer(self, text, other):
        label = "yes" if set(text.split()) == set(other.split()) else "no"
        return HeadPrediction("same", "pair", label=label, probability=0.8)


def test_a_pair_head_gets_both_texts_and_shows_both_in_its_mistakes(model):
    rows = Dataset(
        (
            Example("lost card", text_b="card lost", label="yes"),
            Example("lost card", text_b="stolen card", label="yes", line=3),
        )
    )
    document = evaluate(SameWords(model.info), rows).as_json()
    assert document["accuracy"] == 0.5
    assert document["mistakes"] == [
        {
            "text": "lost card",
            "text_b": "stolen card",
            "expected": "yes",
            "predicted": "no",
            "probability": 0.8,
            "in_scope": True,
            "file": "",
            "line": 3,
        }
    ]
    assert "threshold" not in document
