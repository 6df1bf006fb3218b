"""Texts that no class covers are told apart by a score, chosen and cut on validation data."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from tradewind.core.errors import InputError, IntegrityError
from tradewind.nlp.scope import KINDS, ScopeModel, auroc, fit_scope, from_arrays, scope_scores, to_arrays
from tradewind.nlp.scope.banks import EXAMPLES_PER_CLASS, whiten
from tradewind.nlp.scope.combination import choose_signals, placements
from tradewind.nlp.scope.roc import false_positive_rate_at
from tradewind.nlp.scope.scores import energy, max_probability, neighbour_distance, unit

WIDTH = 16


class World:
    """Classes as clouds in 16 dimensions, a linear classifier on them, and strangers in between."""

    def __init__(self, classes: int = 6, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.centres = self.random.normal(scale=2, size=(classes, WIDTH)).astype(np.float32)

    def inside(self, rows: int) -> tuple[np.ndarray, np.ndarray]:
        targets = np.arange(rows) % len(self.centres)
        noise = self.random.normal(scale=1.1, size=(rows, WIDTH))
        return (self.centres[targets] + noise).astype(np.float32), targets

    def outside(self, rows: int) -> np.ndarray:
        return self.random.normal(scale=2.2, size=(rows, WIDTH)).astype(np.float32)

    def logits(self, vectors: np.ndarray) -> np.ndarray:
        squared = (self.centres**2).sum(axis=1) / 2
        return (vectors @ self.centres.T - squared) / np.float32(1.2)


def fitted(world: World, *, strangers: int = 60, **options: object) -> ScopeModel:
    train, train_targets = world.inside(600)
    val, val_targets = world.inside(400)
    rows = np.concatenate([val, world.outside(strangers)])
    is_oos = np.arange(len(rows)) >= len(val)
    targets = np.concatenate([val_targets, np.full(strangers, -1)])
    logits = world.logits(rows)
    return fit_scope(world.logits(train), train, train_targets, logits, rows, targets, is_oos, **options)


def shares(model: ScopeModel, world: World) -> tuple[float, float]:
    """Shares of new in-scope and new out-of-scope texts that are rejected."""
    inside, outside = world.inside(3000)[0], world.outside(3000)
    return tuple(
        float((scope_scores(model, world.logits(rows), rows) > model.threshold).mean())
        for rows in (inside, outside)
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", [0.01, 0.1])
def test_the_threshold_honours_the_stated_false_rejection_rate(kind, rate):
    world = World()
    model = fitted(world, kind=kind, false_rejection_rate=rate)
    rejected, caught = shares(model, world)
    assert rejected == pytest.approx(rate, abs=0.02 + rate / 2)
    assert caught > 2 * rejected


def test_the_kind_with_the_highest_auroc_on_validation_wins():
    model = fitted(World())
    assert model.chosen_on == "validation"
    assert set(KINDS) - {"combined"} <= set(model.auroc)
    assert model.auroc[model.kind] == max(model.auroc.values())


def test_few_strangers_are_no_ground_for_a_combination():
    model = fitted(World(), strangers=20)
    assert model.chosen_on == "validation"
    assert "combined" not in model.auroc


def test_without_strangers_whole_classes_are_held_out_in_their_place():
    world = World()
    model = fitted(world, strangers=0)
    assert model.chosen_on == "held-out classes"
    assert set(model.auroc) == set(KINDS) - {"combined"}
    rejected, caught = shares(model, world)
    assert caught > 5 * rejected


@pytest.mark.parametrize("classes", [1, 2, 3])
def test_few_classes_still_give_a_verdict(classes):
    world = World(classes=classes)
    model = fitted(world, strangers=0)
    assert np.isfinite(model.threshold)
    assert shares(model, world)[0] < 0.1


def strangers_near_a_class(world: World) -> None:
    """Strangers that the classifier takes for its first class: only examples of them tell them apart."""
    place = world.centres[0] + 3 * unit(world.random.normal(size=(1, WIDTH)))

    def outside(rows: int) -> np.ndarray:
        return (place + 0.6 * world.random.normal(size=(rows, WIDTH))).astype(np.float32)

    world.outside = outside  # type: ignore[method-assign]


def test_strangers_that_look_like_a_class_are_known_by_their_examples():
    world = World(seed=3)
    strangers_near_a_class(world)
    model = fitted(world, train_oos_vectors=world.outside(100))
    assert model.kind == "combined"
    assert "known_outside" in model.signals
    assert model.arrays["outside_bank"].shape == (160, WIDTH)
    assert shares(model, world)[1] > shares(fitted(world, kind="energy"), world)[1] + 0.1


def test_a_signal_that_adds_nothing_is_left_out_of_a_combination():
    random = np.random.default_rng(0)
    is_oos = np.arange(600) < 100
    useful, more = (random.normal(size=600) + 1.5 * is_oos for _ in range(2))
    signals = np.stack([random.normal(size=600), useful, useful * 2 + 1, more], axis=1).astype(np.float32)
    chosen, score = choose_signals(signals, is_oos, [0, 1])
    assert chosen == (1, 3)
    assert score > placements(signals[:, [1]], is_oos).mean()


def test_a_gain_on_a_few_strangers_that_may_be_chance_is_not_believed():
    random = np.random.default_rng(1)
    is_oos = np.arange(600) < 40
    useful = random.normal(size=600) + 2.5 * is_oos
    signals = np.stack([useful, useful + 0.6 * random.normal(size=600)], axis=1).astype(np.float32)
    assert choose_signals(signals, is_oos, [0])[0] == (0,)


def test_an_example_is_not_its_own_neighbour_while_fitting():
    """Otherwise any out-of-scope validation row would look perfectly known, even where nothing is to be learnt."""
    world = World()
    world.outside = lambda rows: world.inside(rows)[0]  # type: ignore[method-assign]
    model = fitted(world)
    assert all(value < 0.65 for value in model.auroc.values())


def test_figures_on_validation_are_those_to_expect_on_new_texts():
    world = World(seed=3)
    strangers_near_a_class(world)
    model = fitted(world, strangers=200)
    rejected, caught = shares(model, world)
    assert "known_outside" in model.signals
    assert model.held_out["recall"] == pytest.approx(caught, abs=0.1)
    assert model.held_out["rejected"] == pytest.approx(rejected, abs=0.02)
    assert model.held_out["rows"] == 200
    assert fitted(world, strangers=0).held_out == {}


def test_a_combination_asks_for_enough_strangers():
    with pytest.raises(InputError, match="needs 30 out-of-scope validation rows, there are 20"):
        fitted(World(), kind="combined", strangers=20)


@pytest.mark.parametrize("kind", KINDS)
def test_a_score_survives_saving_and_loading(kind, tmp_path):
    world = World()
    model = fitted(world, kind=kind)
    description, arrays = to_arrays(model)
    save_file(arrays, tmp_path / "scope.safetensors")
    again = from_arrays(json.loads(json.dumps(description)), load_file(tmp_path / "scope.safetensors"))
    rows = world.outside(50)
    assert (
        scope_scores(again, world.logits(rows), rows) == scope_scores(model, world.logits(rows), rows)
    ).all()
    assert again.threshold == model.threshold


@pytest.mark.parametrize("kind", KINDS)
def test_a_score_of_a_text_does_not_depend_on_its_company(kind):
    world = World()
    model = fitted(world, kind=kind)
    rows = world.outside(5000)
    logits = world.logits(rows)
    together = scope_scores(model, logits, rows)
    alone = np.concatenate(
        [scope_scores(model, logits[i : i + 1], rows[i : i + 1]) for i in range(0, 5000, 500)]
    )
    assert together.dtype == np.float32
    np.testing.assert_allclose(together[::500], alone, rtol=1e-4, atol=1e-4)
    assert scope_scores(model, logits[:0], rows[:0]).shape == (0,)


def test_a_damaged_description_or_a_missing_array_is_refused():
    description, arrays = to_arrays(fitted(World(), kind="class_distance"))
    with pytest.raises(IntegrityError, match="class_means"):
        from_arrays(description, {"whitening": arrays["whitening"]})
    with pytest.raises(IntegrityError, match="unknown out-of-scope score 'tarot'"):
        from_arrays({**description, "kind": "tarot"}, arrays)
    with pytest.raises(IntegrityError, match="unknown signals"):
        from_arrays({**description, "signals": ["tarot"]}, arrays)
    with pytest.raises(IntegrityError, match="not a description"):
        from_arrays({"kind": "energy"}, {})


def test_what_cannot_be_learnt_from_is_refused():
    world = World()
    rows, targets = world.inside(12)
    logits = world.logits(rows)
    with pytest.raises(InputError, match="between 0 and 1"):
        fitted(world, false_rejection_rate=3)
    with pytest.raises(InputError, match="in-scope validation rows"):
        fit_scope(logits, rows, targets, logits, rows, targets, np.ones(12, dtype=bool))
    with pytest.raises(InputError, match="training vectors"):
        fit_scope(logits[:0], rows[:0], targets[:0], logits, rows, targets, np.zeros(12, dtype=bool))
    with pytest.raises(InputError, match="differ in length"):
        fit_scope(logits, rows, targets, logits[:3], rows, targets, np.zeros(12, dtype=bool))


def test_the_neighbour_bank_stays_small():
    model = fitted(World(classes=3), kind="neighbours")
    assert model.arrays["bank"].shape == (3 * EXAMPLES_PER_CLASS, WIDTH)


scores_of_a_row = st.lists(st.floats(-30, 30, width=32), min_size=2, max_size=6)


@given(scores_of_a_row, st.floats(-50, 50, width=32))
def test_max_probability_ignores_a_common_shift_and_energy_follows_it(row, shift):
    logits = np.array([row], dtype=np.float32)
    np.testing.assert_allclose(max_probability(logits + shift), max_probability(logits), atol=1e-3)
    np.testing.assert_allclose(energy(logits + shift), energy(logits) - shift, atol=1e-3)


@given(scores_of_a_row, st.floats(0.5, 5))
def test_a_surer_classifier_is_further_in_scope(row, more):
    calm = np.array([row], dtype=np.float32)
    sure = calm.copy()
    sure[0, calm[0].argmax()] += np.float32(more)
    assert max_probability(sure)[0] < max_probability(calm)[0]
    assert energy(sure)[0] < energy(calm)[0]


@given(st.integers(0, 2**31), st.floats(0.01, 100))
@settings(max_examples=30)
def test_neighbour_distance_ignores_the_length_of_vectors(seed, factor):
    random = np.random.default_rng(seed)
    bank, rows = unit(random.normal(size=(9, 4))), random.normal(size=(5, 4))
    np.testing.assert_allclose(
        neighbour_distance(rows * factor, bank, 3), neighbour_distance(rows, bank, 3), atol=1e-5
    )


def test_whitened_residuals_have_unit_covariance():
    random = np.random.default_rng(0)
    residuals = (random.normal(size=(20_000, 5)) * [1, 2, 3, 4, 5]).astype(np.float32)
    whitened = residuals @ whiten(residuals)
    np.testing.assert_allclose(np.cov(whitened.T), np.eye(5), atol=0.05)
    assert np.isfinite(whiten(residuals[:2])).all()
    assert np.isfinite(whiten(np.zeros((3, 5), dtype=np.float32))).all()


values = st.lists(st.floats(-5, 5), min_size=1, max_size=30)


@given(values, values)
def test_auroc_is_the_chance_that_a_stranger_scores_higher(inside, outside):
    pairs = [(o > i) + 0.5 * (o == i) for i in inside for o in outside]
    assert auroc(inside, outside) == pytest.approx(np.mean(pairs))
    assert auroc(outside, inside) == pytest.approx(1 - np.mean(pairs))


def test_fpr95_counts_the_strangers_let_in_when_95_percent_of_the_known_are():
    inside = np.arange(100)
    assert false_positive_rate_at(inside, np.array([10, 94, 95, 96])) == pytest.approx(0.75)
    assert np.isnan(false_positive_rate_at(inside, []))
