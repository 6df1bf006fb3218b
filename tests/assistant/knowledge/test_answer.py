"""An answer quotes one passage, in the asker's language where there is one, of the asker's market, or is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tradewind.assistant.knowledge.answer import KnowledgeBase, probability
from tradewind.assistant.knowledge.index import Index, Tuning, build
from tradewind.assistant.knowledge.known import KnownQuestions
from tradewind.assistant.knowledge.markdown import read_markdown
from tradewind.assistant.knowledge.model import Asked, Document
from tradewind.assistant.knowledge.search import search
from tradewind.assistant.knowledge.trial import abstention, rank, ranking
from tradewind.assistant.knowledge.tune import logistic, tune
from tradewind.assistant.knowledge.vectors import unit
from tradewind.assistant.knowledge.words import WordIndex, words_of
from tradewind.assistant.model import Language
from tradewind.core.errors import InputError, UnavailableError
from tradewind.core.ids import MarketId
from tradewind.nlp.model import Floats

from .conftest import WordEmbedder

EN, DE, ZH = Language("en"), Language("de"), Language("zh")
US, CN = MarketId("us"), MarketId("cn")


def document(id: str, text: str, language: str = "en", markets: str = "") -> Document:
    head = f"---\ntitle: {id}\nlink: https://bank.example/{id}\nmarkets: [{markets}]\n---\n"
    return read_markdown(Path(f"{language}/{id}.md"), head + text, id=id, language=Language(language))


def small(embedder: WordEmbedder, asked: tuple[Asked, ...] = ()) -> Index:
    found = [
        document("cards", "Freeze the **card** in the app."),
        document("cards", "Sperren Sie die card in der App.", "de"),
        document("loans", "A loan costs five percent.", markets="us"),
        document("credit", "A loan costs eight percent.", markets="cn"),
        document("hours", "转账当天到账。", "zh"),
    ]
    return build(found, embedder, asked=asked)


def test_an_answer_quotes_its_passage_word_for_word_with_its_link(embedder: WordEmbedder) -> None:
    base = KnowledgeBase(small(embedder).tuned(Tuning(threshold=0.1)), embedder)
    answer = base.answer("freeze the card in the app", US, EN)
    assert answer is not None
    assert answer.passage.text == "Freeze the card in the app."
    assert (answer.passage.document, answer.passage.link) == ("cards", "https://bank.example/cards")


def test_below_the_threshold_nothing_is_said(embedder: WordEmbedder) -> None:
    base = KnowledgeBase(small(embedder).tuned(Tuning(threshold=0.9)), embedder)
    assert base.answer("who won the match last night", US, EN) is None
    assert base.answer("   ", US, EN) is None


def test_the_askers_language_is_quoted_where_the_document_has_it(embedder: WordEmbedder) -> None:
    index = small(embedder)
    for language in (EN, DE):
        hits = search(index, "card", embedder.questions(["card app"])[0], language)
        assert (hits[0].piece.document, hits[0].piece.language) == ("cards", language)
    assert len({hit.piece.document for hit in search(index, "card", None, EN, limit=9)}) == 4


def test_what_holds_in_another_market_is_never_found(embedder: WordEmbedder) -> None:
    index, vector = small(embedder), embedder.questions(["loan percent"])[0]
    for market, own in ((US, "loans"), (CN, "credit")):
        found = {
            hit.piece.document for hit in search(index, "loan percent", vector, EN, market=market, limit=9)
        }
        assert own in found
        assert not {"loans", "credit"} - {own} & found or own in found
        assert ({"loans", "credit"} - {own}).isdisjoint(found)
    elsewhere = {
        hit.piece.document for hit in search(index, "loan", vector, EN, market=MarketId("jp"), limit=9)
    }
    assert elsewhere == {"cards", "hours"}


def test_a_known_question_leads_to_its_document(embedder: WordEmbedder) -> None:
    asked = (Asked("plastic gone missing", EN, "cards"), Asked("sing me something", EN, None))
    index, vector = small(embedder, asked), embedder.questions(["plastic missing"])[0]
    assert search(index, "plastic missing", vector, EN)[0].piece.document == "cards"
    near = index.known.nearest(index.meanings.centred(embedder.questions(["sing something"])[0], EN))
    assert near.company > 0.9
    assert near.stranger > 0.5


def test_documents_without_known_questions_neither_gain_nor_lose() -> None:
    vectors = unit(np.eye(4, dtype=np.float32) + 0.1)
    vectors[1] = unit(-vectors[1:2])[0]
    asked = [Asked("a", EN, "a"), Asked("b", EN, "b"), Asked("gone", EN, "z"), Asked("no", EN, None)]
    near = KnownQuestions(asked, vectors, {"a": 0, "b": 1, "c": 2}).nearest(vectors[0])
    assert near.documents[0] > near.documents[2] > near.documents[1]
    assert KnownQuestions([], np.zeros((0, 0), dtype=np.float32), {"a": 0}).nearest(vectors[0]).company == 0.0


def test_an_index_of_another_embedder_is_refused(embedder: WordEmbedder) -> None:
    with pytest.raises(UnavailableError, match="tradewind knowledge index"):
        KnowledgeBase(small(embedder), WordEmbedder("other"))


def test_a_vector_of_another_model_is_not_looked_at(embedder: WordEmbedder) -> None:
    stranger = np.ones(7, dtype=np.float32)
    found = KnowledgeBase(small(embedder), embedder).find("freeze card", US, EN, vector=stranger)
    assert found.hits[0].piece.document == "cards"
    own = embedder.questions(["loan percent"])[0]
    trusting = KnowledgeBase(small(embedder), embedder, trusts_vectors=True)
    assert trusting.find("?!", US, EN, vector=own).hits[0].piece.document == "loans"


def test_the_reranker_has_the_last_word_by_its_weight(embedder: WordEmbedder) -> None:
    class PrefersLoans:
        def scores(self, question: str, passages: list[str]) -> Floats:
            return np.array([10.0 if "loan" in passage else -10.0 for passage in passages], dtype=np.float32)

    index = small(embedder).tuned(Tuning(pair_weight=1.0))
    hits = KnowledgeBase(index, embedder, PrefersLoans()).find("freeze card", US, EN).hits
    assert hits[0].piece.document == "loans"


@pytest.mark.parametrize(
    "question", ["\ud800", "x" * 1_000_000, "<script>alert(1)</script>", "\0", "？！", "%s {0}"]
)
def test_hostile_questions_are_searched_like_others(embedder: WordEmbedder, question: str) -> None:
    found = KnowledgeBase(small(embedder), embedder).find(question, US, EN)
    assert all(np.isfinite(hit.score) for hit in found.hits)


def test_words_fold_case_width_and_pair_dense_scripts() -> None:
    assert words_of("ＩＢＡＮ don't Überweisung") == ["iban", "don't", "überweisung"]
    assert words_of("IBAN号码") == ["iban", "号码"]
    assert words_of("カードを") == ["カー", "ード", "ドを"]
    assert words_of("卡") == ["卡"]


def test_the_share_of_words_counts_rare_ones_more_and_unknown_ones_against() -> None:
    index = WordIndex.build(["the card", "the loan", "the fee"])
    whole, half = index.shares("the card"), index.shares("the card xyzzy")
    assert whole[0] > whole[1] > 0
    assert half[0] < whole[0]
    assert not index.shares("xyzzy").any()
    assert (index.shares("card") <= 1).all()


def test_ranking_counts_what_was_not_found() -> None:
    found = ranking([1, 3, None, 10])
    assert (found.recall_at_1, found.recall_at_3, found.questions) == (0.25, 0.5, 4)
    assert found.mrr == pytest.approx((1 + 1 / 3 + 0.1) / 4)


def test_the_regression_finds_the_side_of_a_line() -> None:
    rows = np.random.default_rng(0).standard_normal((400, 2)).astype(np.float32)
    targets = (rows[:, 0] - rows[:, 1] > 0.5).astype(np.float32)
    weights = logistic(rows, targets)
    said = np.array([probability(weights, row) > 0.5 for row in rows])
    assert (said == targets.astype(bool)).mean() > 0.97


def test_tuning_learns_when_to_keep_silent(embedder: WordEmbedder) -> None:
    names = [f"topic{number}" for number in range(12)]
    index = build([document(name, f"All about {name} and word{name}.") for name in names], embedder)
    asked = [Asked(f"tell me about {name} word{name} {extra}", EN, name) for name in names for extra in "ab"]
    asked += [Asked(f"football stars sing number{number}", EN, None) for number in range(12)]
    tuned = index.tuned(tune(index, asked, embedder))
    vectors = embedder.questions([one.text for one in asked])
    found = abstention(tuned, asked, vectors)
    assert found.answered >= 0.9
    assert found.abstained >= 0.9
    assert rank(tuned, asked, vectors, "all").recall_at_1 == 1.0
    with pytest.raises(InputError, match="too few to tune"):
        tune(index, asked[:5], embedder)
