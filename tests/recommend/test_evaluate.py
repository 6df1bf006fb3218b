"""The whole evaluation: tuned without looking, judged once, the same for a seed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tradewind.core.errors import InputError
from tradewind.recommend.candidates.ease import Ease
from tradewind.recommend.candidates.recipes import Recipe
from tradewind.recommend.evaluate import Plan, evaluate
from tradewind.recommend.evaluate.tune import judged, tune
from tradewind.recommend.model import Behaviour, Catalogue
from tradewind.recommend.split import split

RANDOM = Recipe(Ease(l2=10.0), {"l2": (0.1, 1.0, 10.0, 100.0, 10_000.0)})


def silent(message: str) -> None:
    """Says nothing."""


def of(data):
    return Behaviour(data, Catalogue(("",) * data.shape[1]), "made here", ("2 rows are odd",))


@pytest.fixture(scope="module")
def document(chain):
    plan = Plan("leave-one-out", k=3, seeds=(0, 1))
    return evaluate(of(chain), plan, silent).as_json()


def test_the_document_has_every_figure_of_every_model(document):
    for row in (document, *document["candidates"].values(), *document["baselines"].values()):
        assert {
            "ndcg@3",
            "recall@3",
            "mrr@3",
            "hit@3",
            "coverage",
            "novelty",
            "diversity",
            "popularity",
            "gini",
        } <= set(row)
        assert 0 <= row["ndcg@3"] <= row["hit@3"] <= 1
    assert set(document["baselines"]) == {"popularity", "item-knn", "implicit-als", "implicit-bpr"}
    assert document["notes"] == ["2 rows are odd"]
    assert json.loads(json.dumps(document)) == document


def test_the_model_on_top_knows_the_order_and_is_surely_better_than_popularity(document):
    assert document["model"] in ("transitions", "blend")
    gain = document["baselines"]["popularity"]["gain"]["ndcg@3"]
    assert gain["lower"] > 0
    assert gain["p"] < 0.001
    assert gain["mean"] == pytest.approx(
        document["ndcg@3"] - document["baselines"]["popularity"]["ndcg@3"], abs=1e-4
    )


def test_the_same_seeds_give_the_same_document(document, chain):
    again = evaluate(of(chain), Plan("leave-one-out", k=3, seeds=(0, 1)), silent).as_json()
    for row in (document, again):
        for part in (row, *row["candidates"].values(), *row["baselines"].values()):
            part.pop("fit_s", None)
    assert again == document


def test_figures_are_given_by_market_and_for_people_who_are_new(tastes):
    markets = (tastes.users % 3 == 0).astype(np.int32)
    data = replace(tastes, markets=markets, market_ids=("de", "jp"))
    newcomers = (data.users >= 110) & (data.times < 9000)
    plan = Plan("temporal", baselines=False, tuned=False, models=("ease",))
    groups = evaluate(of(data.take(~newcomers)), plan, silent).as_json()["groups"]
    assert groups["new people"]["people"] == 10
    assert groups["market de"]["people"] + groups["market jp"]["people"] == (
        groups["new people"]["people"] + groups["people with more"]["people"]
    )


def test_what_people_buy_again_is_found_only_where_repeats_are_offered(chain):
    walks_back = replace(
        chain, items=np.where(chain.times == 5, chain.items - 5, chain.items).astype(np.int32) % 25
    )
    plan = Plan("leave-one-out", k=20, baselines=False, tuned=False, models=("transitions",))
    without, with_repeats = (
        evaluate(of(walks_back), replace(plan, repeats=repeats), silent).as_json()["hit@20"]
        for repeats in (False, True)
    )
    assert without == 0
    assert with_repeats > 0.9


def test_tuning_finds_the_best_of_the_grid_and_reports_all_that_it_tried(tastes):
    parts = split(tastes, "stratified75")
    lines: list[str] = []
    tuned = tune(RANDOM, parts, 5, lines.append)
    scores = {settings["l2"]: score for settings, score in tuned.tried}
    assert tuned.score == max(scores.values())
    assert tuned.model.l2 == max(scores, key=lambda l2: scores[l2])
    assert len(lines) == len(scores)


def test_tuning_does_not_look_at_what_is_judged(tastes):
    parts = split(tastes, "stratified75")
    other = replace(parts, test=parts.test.take(np.arange(3)))
    assert tune(RANDOM, parts, 5, silent) == tune(RANDOM, other, 5, silent)


def test_a_sample_of_people_is_the_same_for_a_seed(tastes):
    assert judged(tastes, 0, 20).tolist() == judged(tastes, 0, 20).tolist()
    assert len(set(judged(tastes, 0, 20).tolist())) == 20
    assert len(judged(tastes, 0)) == 120


@pytest.mark.data
def test_ml_100k_beats_the_published_figures_at_the_defaults(public):
    from tradewind.recommend.data import read

    plan = Plan("stratified75", baselines=False, tuned=False)
    document = evaluate(read(public("ml-100k")), plan, silent).as_json()
    assert document["ndcg@10"] >= 0.48
    assert document["recall@10"] >= 0.22


def test_cold_items_are_judged_apart_by_their_texts(tastes):
    texts = tuple(f"{'garden tool' if item < 20 else 'kitchen pan'}" for item in range(40))
    behaviour = Behaviour(tastes, Catalogue(texts), "made here")
    plan = Plan("stratified75", k=3, seeds=(0, 1), baselines=False, tuned=False, cold_items=0.3)
    cold = evaluate(behaviour, plan, silent).as_json()["cold"]
    assert cold["items"] == 12
    assert cold["text"]["ndcg@3"] > cold["popularity"]["ndcg@3"]
    assert cold["gain"]["ndcg@3"]["lower"] > 0


def test_cold_items_without_texts_are_refused(tastes):
    with pytest.raises(InputError, match="the items have no texts"):
        evaluate(of(tastes), Plan("stratified75", baselines=False, tuned=False, cold_items=0.3), silent)
