"""Intervals cover the truth as often as they say; the paired test agrees with scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.nlp.evaluate.bootstrap import interval, mcnemar
from tradewind.nlp.evaluate.metrics import macro_f1
from tradewind.nlp.evaluate.rows import class_rows, resample, resample_paired


def test_resampling_distinct_rows_is_resampling_rows():
    """Same distribution as drawing row numbers with replacement, to the precision of 4,000 draws."""
    random = np.random.default_rng(0)
    true, guess = random.integers(0, 3, (2, 200))
    shares, counts = resample(class_rows(true, guess, 3), resamples=4000, seed=1)
    drawn = random.integers(0, 200, (4000, 200))
    by_hand = (true[drawn] == guess[drawn]).mean(axis=1)
    assert shares.mean() == pytest.approx(by_hand.mean(), abs=0.004)
    assert shares.std() == pytest.approx(by_hand.std(), rel=0.08)
    assert macro_f1(counts).mean() == pytest.approx(shares.mean(), abs=0.05)


def test_the_interval_covers_the_true_accuracy_about_as_often_as_it_says():
    random = np.random.default_rng(3)
    covered = 0
    for seed in range(200):
        guess = (random.random(400) > 0.8).astype(int)
        shares, _ = resample(class_rows(np.zeros(400), guess, 2), resamples=400, seed=seed)
        bounds = interval(shares)
        covered += bounds.lower <= 0.8 <= bounds.upper
    assert 0.9 <= covered / 200 <= 0.99


def test_the_same_seed_gives_the_same_interval():
    rows = class_rows(np.arange(50) % 3, np.arange(50) % 2, 3)
    assert interval(resample(rows, seed=7)[0]) == interval(resample(rows, seed=7)[0])


def test_two_systems_are_resampled_together():
    """Equal systems never differ in a resample, however uncertain each of them is."""
    rows = class_rows(np.arange(90) % 3, np.arange(90) % 2, 3)
    shares, counts = resample_paired((rows, rows))
    assert (shares[0] == shares[1]).all()
    assert (counts[0] == counts[1]).all()


@given(st.integers(0, 80), st.integers(0, 80))
@settings(max_examples=60)
def test_mcnemar_is_the_exact_binomial_test(only_a, only_b):
    stats = pytest.importorskip("scipy.stats")
    expected = stats.binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1.0
    assert mcnemar(only_a, only_b) == pytest.approx(expected, rel=1e-9)
    assert mcnemar(only_a, only_b) == mcnemar(only_b, only_a)


def test_mcnemar_holds_for_thousands_of_disagreements():
    assert mcnemar(5000, 5000) == 1
    assert 0 <= mcnemar(3000, 5000) < 1e-100
