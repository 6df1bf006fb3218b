"""Probabilities mean what they say: temperature, calibration error, thresholds of labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tradewind.core.errors import InputError
from tradewind.nlp.calibration import (
    expected_calibration_error,
    fit_sigmoid_temperature,
    fit_temperature,
    fit_thresholds,
    log_softmax,
    reliability,
    sigmoid,
    softmax,
)

logits_of_any_size = hnp.arrays(
    np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.floats(-1e4, 1e4, width=32)
)


def drawn_from(logits: np.ndarray, seed: int = 0) -> np.ndarray:
    """Targets drawn from softmax(logits), so that T = 1 is the truth."""
    noise = np.random.default_rng(seed).gumbel(size=logits.shape)
    return (logits + noise).argmax(axis=1)


def some_logits(rows: int = 4000, classes: int = 7, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(scale=2, size=(rows, classes)).astype(np.float32)


@given(logits_of_any_size)
def test_softmax_is_a_distribution_and_log_softmax_its_logarithm(logits):
    probabilities = softmax(logits)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.exp(log_softmax(logits)), probabilities, atol=1e-5)


@given(logits_of_any_size, st.floats(-100, 100))
def test_softmax_does_not_change_when_all_logits_move(logits, shift):
    np.testing.assert_allclose(softmax(logits), softmax(logits + np.float32(shift)), atol=2e-3)


@given(st.floats(-1e30, 1e30))
def test_sigmoid_never_overflows(logit):
    assert 0 <= float(sigmoid(logit)) <= 1


@pytest.mark.parametrize("scale", [0.2, 1.0, 3.0, 10.0])
def test_the_temperature_that_made_the_answers_is_found(scale):
    logits = some_logits()
    assert fit_temperature(logits * scale, drawn_from(logits)) == pytest.approx(scale, rel=0.06)


def test_a_fitted_temperature_lowers_the_calibration_error_and_keeps_the_answers():
    logits = some_logits()
    targets = drawn_from(logits)
    loud = logits * 4
    temperature = fit_temperature(loud, targets)
    correct = loud.argmax(axis=1) == targets
    before = expected_calibration_error(softmax(loud).max(axis=1), correct)
    after = expected_calibration_error(softmax(loud, temperature).max(axis=1), correct)
    assert after < 0.03 < 0.1 < before
    assert (softmax(loud, temperature).argmax(axis=1) == loud.argmax(axis=1)).all()


def test_a_validation_set_without_a_mistake_does_not_make_every_answer_certain():
    logits = np.eye(5, dtype=np.float32)[np.arange(50) % 5] * 4
    temperature = fit_temperature(logits, np.arange(50) % 5)
    assert softmax(logits, temperature).max() < 0.995


@given(st.integers(0, 30), st.integers(1, 5), st.integers(0, 2**31))
@settings(max_examples=40)
def test_the_temperature_is_always_usable(rows, classes, seed):
    generator = np.random.default_rng(seed)
    logits = generator.normal(scale=generator.choice([0, 1, 1000]), size=(rows, classes))
    assert 0.02 <= fit_temperature(logits, generator.integers(0, classes, rows)) <= 50


def test_targets_that_are_no_class_are_refused():
    with pytest.raises(InputError, match="outside the 3 classes"):
        fit_temperature(np.zeros((2, 3)) + np.arange(3), [0, 3])
    with pytest.raises(InputError, match=r"\[n, C\]"):
        fit_temperature(np.zeros((2, 3)), [0])


def test_the_sigmoid_temperature_that_made_the_labels_is_found():
    logits = some_logits()
    applies = np.random.default_rng(2).random(logits.shape) < sigmoid(logits)
    assert fit_sigmoid_temperature(logits * 3, applies) == pytest.approx(3, rel=0.06)


def test_perfectly_calibrated_answers_have_no_error_and_overconfident_ones_their_excess():
    assert expected_calibration_error([0.75] * 4, [1, 1, 1, 0]) == pytest.approx(0)
    assert expected_calibration_error([0.9] * 10, [1] * 5 + [0] * 5) == pytest.approx(0.4)
    assert expected_calibration_error([], []) == 0


@given(hnp.arrays(np.float64, st.integers(0, 60), elements=st.floats(0, 1)), st.integers(1, 30))
def test_every_row_falls_into_exactly_one_bin(probabilities, bins):
    filled = reliability(probabilities, probabilities > 0.5, bins)
    assert sum(b.count for b in filled) == len(probabilities)
    assert all(b.lower - 1e-9 <= b.confidence <= b.upper + 1e-9 for b in filled)


def test_thresholds_separate_labels_that_can_be_separated():
    generator = np.random.default_rng(3)
    applies = generator.random((600, 3)) < 0.3
    cuts = np.array([0.2, 0.5, 0.8])
    probabilities = np.where(applies, cuts + 0.1, cuts - 0.1) + generator.uniform(-0.02, 0.02, (600, 3))
    thresholds = np.array(fit_thresholds(probabilities, applies))
    assert ((probabilities > thresholds) == applies).mean() > 0.99


def test_a_rare_label_leans_on_the_common_threshold_and_an_unseen_one_takes_it():
    generator = np.random.default_rng(4)
    applies = np.zeros((500, 3), dtype=bool)
    applies[:, 0] = generator.random(500) < 0.5
    applies[0, 1] = True
    probabilities = np.where(applies, 0.9, generator.uniform(0, 0.3, (500, 3)))
    probabilities[0, 1] = 0.2
    common, rare, unseen = fit_thresholds(probabilities, applies)
    assert common == pytest.approx(0.6, abs=0.02)
    assert rare == pytest.approx(common, abs=0.03)
    assert unseen == pytest.approx(common, abs=0.02)
