"""Each model against its definition, and the laws that all of them obey."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.core.errors import InputError, UnavailableError
from tradewind.recommend.candidates import ease as ease_module
from tradewind.recommend.candidates.blend import Blend
from tradewind.recommend.candidates.ease import Ease, ease_weights
from tradewind.recommend.candidates.factors import require_implicit
from tradewind.recommend.candidates.fallback import filled
from tradewind.recommend.candidates.histories import histories
from tradewind.recommend.candidates.knn import ItemNeighbours, nearest
from tradewind.recommend.candidates.popularity import Popularity
from tradewind.recommend.candidates.recipes import BASELINES, OURS, our_recipes
from tradewind.recommend.candidates.sequence import Transitions
from tradewind.recommend.candidates.text import Text, word_vectors
from tradewind.recommend.evaluate.metrics import per_person
from tradewind.recommend.evaluate.rank import recommend
from tradewind.recommend.model import Interactions
from tradewind.recommend.split import split

MODELS = {
    **{name: recipe.model for name, recipe in {**OURS, **BASELINES}.items()},
    "blend": Blend((Ease(l2=10.0), Transitions()), (1.0, 0.5)),
}


def everybody(data):
    return np.arange(data.shape[0], dtype=np.int32)


def hit_rate(model, parts, k=3):
    users = np.unique(parts.test.users).astype(np.int32)
    fitted = filled(model.fit(parts.fit, 0), parts.fit)
    lists = recommend(fitted, users, k, parts.fit.shape[1], parts.known)
    return per_person(lists, users, parts.test)["hit"].mean()


# --- laws


@pytest.mark.parametrize("name", MODELS)
def test_a_list_has_no_item_twice_and_none_that_is_known(name, tastes):
    fitted = filled(MODELS[name].fit(tastes, 0), tastes)
    for user, offered in enumerate(recommend(fitted, everybody(tastes), 12, 40, tastes).tolist()):
        assert len(set(offered)) == 12
        assert not set(offered) & set(tastes.items[tastes.users == user].tolist())


@pytest.mark.parametrize("name", MODELS)
def test_the_same_seed_gives_the_same_scores(name, tastes):
    one, other = (MODELS[name].fit(tastes, 7).scores(everybody(tastes)) for _ in range(2))
    assert one.shape == tastes.shape
    assert np.isfinite(one).all()
    assert (one == other).all()


@pytest.mark.parametrize("name", MODELS)
def test_scores_do_not_depend_on_who_else_is_asked_for(name, tastes):
    fitted = MODELS[name].fit(tastes, 0)
    some = np.array([5, 3, 77], np.int32)
    np.testing.assert_allclose(
        fitted.scores(some), fitted.scores(everybody(tastes))[some], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_order_of_the_file_does_not_matter(name, tastes):
    if name in ("implicit-als", "implicit-bpr"):
        return  # they draw from the rows as they come
    shuffled = tastes.take(np.random.default_rng(1).permutation(len(tastes)))
    np.testing.assert_allclose(
        MODELS[name].fit(tastes, 0).scores(everybody(tastes)),
        MODELS[name].fit(shuffled, 0).scores(everybody(tastes)),
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("name", [name for name in MODELS if name not in ("popularity", "implicit-bpr")])
def test_a_persons_own_taste_comes_first(name, tastes):
    fitted = filled(MODELS[name].fit(tastes, 0), tastes)
    lists = recommend(fitted, everybody(tastes), 5, 40, tastes)
    own = (lists >= 20) == (everybody(tastes)[:, None] % 2 == 1)
    assert own.mean() > 0.95


@pytest.mark.parametrize("name", MODELS)
def test_people_of_whom_nothing_is_known_get_what_is_popular(name, tastes):
    if name in ("implicit-als", "implicit-bpr"):
        return  # their factors of a stranger are what they began with
    known = tastes.take(tastes.users != 9)
    fitted = filled(MODELS[name].fit(known, 0), known)
    stranger = np.array([9], np.int32)
    popular = recommend(Popularity().fit(known, 0), stranger, 5, 40, known)
    assert recommend(fitted, stranger, 5, 40, known).tolist() == popular.tolist()


# --- closed forms


def ridge(seen, l2, wanted):
    """The weights of one item by a solver that knows nothing of inverses."""
    others = np.delete(np.arange(seen.shape[1]), wanted)
    penalty = np.sqrt(l2[others])
    left = np.vstack([seen[:, others], np.diag(penalty)])
    right = np.concatenate([seen[:, wanted], np.zeros(len(others))])
    solved = np.zeros(seen.shape[1])
    solved[others] = np.linalg.lstsq(left, right, rcond=None)[0]
    return solved


@given(st.floats(0.5, 50), st.floats(0, 0.8), st.integers(0, 3))
def test_each_column_of_ease_is_a_ridge_regression_on_the_other_items(l2, dropout, seed):
    from scipy.sparse import csr_array

    dense = (np.random.default_rng(seed).random((15, 6)) < 0.4).astype(np.float32)
    weights = ease_weights(csr_array(dense), l2, dropout)
    penalties = l2 + dropout / (1 - dropout) * (dense**2).sum(axis=0)
    for item in range(6):
        np.testing.assert_allclose(weights[:, item], ridge(dense, penalties, item), atol=1e-5)


def test_busy_people_count_less_where_fairness_says_so():
    from scipy.sparse import csr_array

    dense = np.array(
        [[1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0], [1, 0, 1, 1, 1, 1], [1, 0, 1, 1, 1, 1]], np.float32
    )
    plain, fair = (ease_weights(csr_array(dense), 1.0, fairness=power) for power in (0.0, 1.0))
    assert fair[0, 1] / fair[0, 2] > plain[0, 1] / plain[0, 2]


def test_a_ridge_of_nothing_is_refused():
    from scipy.sparse import csr_array

    with pytest.raises(np.linalg.LinAlgError, match="the ridge must be above 0"):
        ease_weights(csr_array(np.ones((3, 3), np.float32)), 0.0)


def test_on_all_its_neighbours_the_large_variant_is_the_exact_one(tastes, monkeypatch):
    model = Ease(l2=20.0, dropout=0.3, fairness=0.4, rating_power=0.5, neighbours=39)
    exact = model.fit(tastes, 0).scores(everybody(tastes))
    monkeypatch.setattr(ease_module, "EXACT_ITEMS", 0)
    local = model.fit(tastes, 0)
    np.testing.assert_allclose(local.scores(everybody(tastes)), exact, atol=2e-4)
    few = replace(model, neighbours=5).fit(tastes, 0)
    assert np.diff(few.weights.tocsc().indptr).max() == 5


def test_ratings_count_by_their_power_and_the_last_one_holds():
    users, items = np.array([0, 0, 1], np.int32), np.array([0, 0, 1], np.int32)
    data = Interactions(
        users, items, ("u", "v"), ("a", "b"), np.array([4, 1, 4], np.float32), np.array([2.0, 9.0, 3.0])
    )
    assert histories(data, 0.5).toarray().tolist() == [[0.5, 0.0], [0.0, 1.0]]
    assert histories(data).toarray().tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_neighbours_are_the_nearest_by_shrunk_cosine(tastes):
    seen = tastes.matrix()
    dense = seen.toarray()
    together, sizes = dense.T @ dense, dense.sum(axis=0)
    cosine = together / (np.sqrt(np.outer(sizes, sizes)) + 3)
    np.fill_diagonal(cosine, 0)
    kept = nearest(seen, 4, 3.0).toarray()
    for item in range(40):
        assert (kept[:, item] > 0).sum() == 4
        assert sorted(kept[:, item])[-4:] == pytest.approx(sorted(cosine[:, item])[-4:])


# --- order


def test_what_followed_is_counted_the_less_the_farther():
    data = Interactions(
        np.zeros(3, np.int32),
        np.array([2, 0, 1], np.int32),
        ("u",),
        ("a", "b", "c"),
        times=np.array([5.0, 1.0, 3.0]),  # a, b, c
    )
    model = Transitions(nearness=0.5, backward=0.0, forget=0.5, from_power=0.0, to_power=0.0)
    fitted = model.fit(data, 0)
    assert fitted.weights.toarray().tolist() == [[0, 1, 0.5], [0, 0, 1], [0, 0, 0]]
    assert fitted.histories.toarray().tolist() == [[0.25, 0.5, 1.0]]


def test_knowing_the_order_finds_the_next_item_that_the_others_cannot(chain):
    parts = split(chain, "leave-one-out")
    ordered = hit_rate(Transitions(backward=0.0, forget=0.5), parts, k=1)
    blind = hit_rate(ItemNeighbours(shrink=0.0), parts, k=1)
    assert ordered == 1
    assert blind < 0.7


# --- choice


def test_models_that_need_an_order_stand_back_where_there_is_none(tastes):
    blind = Interactions(tastes.users, tastes.items, tastes.user_ids, tastes.item_ids)
    assert list(our_recipes(tastes)) == ["ease", "transitions"]
    assert list(our_recipes(tastes, ordered=False)) == ["ease"]
    assert list(our_recipes(blind)) == ["ease"]
    with pytest.raises(InputError, match="transitions needs data that says what came first"):
        our_recipes(blind, ["transitions"])


def test_an_unknown_model_is_answered_with_those_there_are(tastes):
    with pytest.raises(InputError, match=r"there is no model 'magic' .*ease, transitions"):
        our_recipes(tastes, ["magic"])


def test_ratings_are_tuned_only_where_there_are_any(tastes):
    assert "rating_power" in our_recipes(tastes)["ease"].grid
    assert "rating_power" not in our_recipes(replace(tastes, ratings=None))["ease"].grid


@pytest.mark.parametrize("name", [*OURS, *BASELINES])
def test_tuning_starts_from_a_value_of_its_grid(name):
    recipe = {**OURS, **BASELINES}[name]
    for each, values in recipe.grid.items():
        assert getattr(recipe.model, each) in values
        assert list(values) == sorted(values)


def test_a_missing_package_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "implicit", None)
    with pytest.raises(UnavailableError, match=r"pip install 'tradewind\[recommend\]'"):
        require_implicit()


# --- text


def test_texts_that_share_words_are_alike_and_rare_words_count_more():
    texts = ("the red kite", "the red boat", "the blue kite", "the tin", "")
    alike = (word_vectors(texts) @ word_vectors(texts).T).toarray()
    assert np.diag(alike) == pytest.approx([1, 1, 1, 1, 0], abs=1e-5)
    assert alike[0, 1] > alike[0, 3]
    assert alike[0, 4] == 0


def test_texts_without_spaces_are_compared_too():
    alike = (
        word_vectors(("如何申请信用卡", "申请信用卡的条件", "天气预报"))
        @ word_vectors(("如何申请信用卡", "申请信用卡的条件", "天气预报")).T
    ).toarray()
    assert alike[0, 1] > 0.1 > alike[0, 2]


def test_an_item_that_nobody_has_touched_is_found_by_its_text(tastes):
    texts = tuple(f"{'garden tool' if item < 20 else 'kitchen pan'} number {item}" for item in range(40))
    cold = 25
    known = tastes.take(tastes.items != cold)
    scores = Text(word_vectors(texts), l2=3.0).fit(known, 0).scores(everybody(tastes))[:, cold]
    assert scores[1::2].min() > scores[0::2].max()


def test_text_weights_are_those_of_kernel_ridge(tastes):
    vectors = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kernel = vectors.astype(np.float64) @ vectors.T
    expected = tastes.matrix() @ np.linalg.solve(kernel + 2 * np.eye(40), kernel)
    np.testing.assert_allclose(
        Text(vectors, l2=2.0).fit(tastes, 0).scores(everybody(tastes)), expected, atol=1e-4
    )
