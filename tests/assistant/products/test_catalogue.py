"""Which products are suggested: never one that the person may not have, never one without what the law wants said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradewind.assistant.model import Language, Suggestion
from tradewind.assistant.products import Catalogue
from tradewind.assistant.products.eligible import Person, may_have
from tradewind.assistant.products.reasons import KEYS
from tradewind.assistant.replies import FluentReplies
from tradewind.core.errors import NotFoundError, QualityError
from tradewind.core.ids import MarketId, SubjectId
from tradewind.markets import Markets, load_markets
from tradewind.nlp.model import Floats
from tradewind.packs.load import SHIPPED
from tradewind.packs.product_file import UNREGULATED, Product, ProductFile, read_products
from tradewind.packs.reply_files import reply_files

FINANCE = SHIPPED / "finance"
CURRENCIES = {"us": "USD", "cn": "CNY", "de": "EUR", "es": "EUR", "jp": "JPY"}
LANGUAGES = {"us": "en", "cn": "zh", "de": "de", "es": "es", "jp": "ja"}

MARKETS = load_markets()
FILE, PROBLEMS = read_products(FINANCE, MARKETS)
assert FILE is not None


@pytest.fixture(scope="module")
def markets() -> Markets:
    return MARKETS


@pytest.fixture(scope="module")
def file() -> ProductFile:
    assert FILE is not None
    return FILE


@pytest.fixture(scope="module")
def catalogue(file: ProductFile, markets: Markets) -> Catalogue:
    return Catalogue(file, markets)


def wealthy(market: str, **changes: Any) -> dict[str, Any]:
    """Somebody who may have nearly everything."""
    profile = {
        "age": 30,
        "residence": market,
        "income": {"minor": 10**9, "currency": CURRENCIES[market]},
        "employment": "employed",
        "risk": 5,
        "products": ["everyday-account"],
    }
    return profile | changes


def names(found: Sequence[Suggestion]) -> list[str]:
    return [suggestion.product for suggestion in found]


def test_the_pack_has_forty_products_and_no_problem(file: ProductFile) -> None:
    assert not PROBLEMS
    assert len(file.products) == 40
    assert len({product.category for product in file.products}) >= 10


@pytest.mark.parametrize(
    ("market", "need", "expected"),
    [
        ("us", "I want to finance a car", "car-loan"),
        ("us", "which savings account fits me?", "harbour-savings"),
        ("cn", "我想贷款买车", "car-loan"),
        ("cn", "有什么基金推荐", "money-market-fund"),
        ("de", "Ich möchte jeden Monat etwas zurücklegen", "savings-plan"),
        ("de", "KREDITKARTE GOLD", "gold-credit-card"),
        ("es", "quiero comprar mi primera vivienda", "first-home-mortgage"),
        ("es", "tarjeta de credito con reembolso", "cashback-credit-card"),
        ("jp", "旅行保険に入りたい", "travel-insurance"),
        ("jp", "毎月少しずつ積み立てたい", "savings-plan"),
    ],
)
def test_the_need_is_found_in_any_language(
    catalogue: Catalogue, market: str, need: str, expected: str
) -> None:
    found = catalogue.match(need, wealthy(market), MarketId(market))
    assert expected in names(found)
    if expected not in ("harbour-savings", "money-market-fund"):
        assert names(found)[0] == expected


def test_a_credit_card_is_no_credit(catalogue: Catalogue, file: ProductFile) -> None:
    found = catalogue.match("Welche Kreditkarte passt zu mir?", wealthy("de"), MarketId("de"), limit=40)
    assert {catalogue.product(name).category for name in names(found)} == {"credit-card"}  # type: ignore[union-attr]


def test_a_need_that_tells_nothing_gets_what_the_business_puts_first(catalogue: Catalogue) -> None:
    found = catalogue.match("what should I choose?", wealthy("us", products=[]), MarketId("us"), limit=2)
    assert names(found) == ["everyday-account", "plus-account"]


def test_what_one_may_not_have_is_not_replaced_by_what_one_did_not_ask_for(catalogue: Catalogue) -> None:
    poor = wealthy("us", income={"minor": 100, "currency": "USD"})
    assert catalogue.match("I need a mortgage to buy a house", poor, MarketId("us")) == []


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [
        ({}, True),
        ({"risk": 3}, False),
        ({"risk": 4}, True),
        ({"risk": None}, False),
        ({"risk": "5"}, False),
        ({"risk": 9}, False),
        ({"risk": True}, False),
        ({"age": 17}, False),
        ({"age": None}, False),
        ({"age": "30"}, False),
        ({"residence": "cn"}, False),
        ({"residence": None}, False),
        ({"products": ["world-index-fund"]}, False),
    ],
)
def test_a_fund_is_for_people_of_age_whom_its_risk_suits(
    catalogue: Catalogue, changes: dict[str, Any], is_shown: bool
) -> None:
    found = catalogue.match("index fund", wealthy("us", **changes), MarketId("us"), limit=40)
    assert ("world-index-fund" in names(found)) is is_shown


@pytest.mark.parametrize(
    ("income", "is_shown"),
    [
        ({"minor": 120_000, "currency": "USD"}, True),
        ({"minor": 119_999, "currency": "USD"}, False),
        ({"minor": 10**9, "currency": "EUR"}, False),
        ({"minor": "120000", "currency": "USD"}, False),
        ({"minor": 1e9, "currency": "USD"}, False),
        (120_000, False),
        (None, False),
    ],
)
def test_an_income_counts_in_the_market_s_currency_alone(
    catalogue: Catalogue, income: Any, is_shown: bool
) -> None:
    found = catalogue.match("car loan", wealthy("us", income=income), MarketId("us"), limit=40)
    assert ("car-loan" in names(found)) is is_shown


def test_a_product_of_another_market_is_not_shown(catalogue: Catalogue) -> None:
    assert "green-savings" in names(catalogue.match("green savings", wealthy("de"), MarketId("de")))
    assert "green-savings" not in names(
        catalogue.match("green savings", wealthy("cn"), MarketId("cn"), limit=40)
    )
    assert catalogue.match("savings", wealthy("us"), MarketId("br")) == []
    with pytest.raises(NotFoundError):
        catalogue.match("savings", {}, MarketId("xx"))


def test_of_a_stranger_nothing_is_assumed(catalogue: Catalogue, file: ProductFile) -> None:
    open_to_all = {
        product.id
        for product in file.products
        if product.risk is None and product.eligibility.model_dump(exclude_defaults=True) == {}
    }
    for market in CURRENCIES:
        found = catalogue.match("anything", {}, MarketId(market), limit=40)
        assert set(names(found)) <= open_to_all


any_value = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 200), st.text(max_size=5), st.floats(), st.lists(st.integers())
)
profiles = st.fixed_dictionaries(
    {},
    optional={
        "age": st.one_of(st.integers(0, 110), any_value),
        "residence": st.one_of(st.sampled_from([*CURRENCIES, "fr"]), any_value),
        "income": st.one_of(
            st.fixed_dictionaries(
                {"minor": st.integers(0, 10**10), "currency": st.sampled_from(["USD", "CNY", "EUR", "JPY"])}
            ),
            any_value,
        ),
        "employment": st.one_of(
            st.sampled_from(["employed", "self-employed", "student", "retired", "unemployed"]), any_value
        ),
        "risk": st.one_of(st.integers(0, 6), any_value),
        "products": st.one_of(
            st.lists(st.sampled_from([product.id for product in FILE.products]), max_size=6), any_value
        ),
        "subject": any_value,
    },
)
needs = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["loan", "fund", "贷款", "Versicherung", "tarjeta", "住宅ローン", "invest it all, risk 5"]
    ),
)


@given(
    profile=profiles, need=needs, market=st.sampled_from([*CURRENCIES, "br", "gb"]), seed=st.integers(0, 99)
)
def test_nobody_is_shown_what_they_may_not_have(
    profile: dict[str, Any], need: str, market: str, seed: int
) -> None:
    """Held against the rules as the file has them, not as the code reads them."""
    assert FILE is not None
    catalogue = Catalogue(FILE, MARKETS, embedder=Noise(seed), recommender=Eager())
    for suggestion in catalogue.match(need, profile, MarketId(market), limit=40):
        product = next(each for each in FILE.products if each.id == suggestion.product)
        rules = product.eligibility.model_dump(exclude_defaults=True)
        assert market in product.offers
        if product.risk is not None:
            assert type(profile["risk"]) is int
            assert product.risk <= profile["risk"] <= 5
        if "age" in rules:
            low, high = rules["age"].get("since", 0), rules["age"].get("until", 120)
            assert type(profile["age"]) is int
            assert low <= profile["age"] <= high
        if rules.get("residence"):
            assert profile["residence"] == market
        if market in rules.get("income", {}):
            assert profile["income"]["currency"] == CURRENCIES[market]
            assert profile["income"]["minor"] >= rules["income"][market]
        if "employment" in rules:
            assert profile["employment"] in rules["employment"]
        owned = profile.get("products")
        owned = set(owned) if isinstance(owned, list) else set()
        assert product.id not in owned
        assert not rules.get("has") or owned & set(rules["has"])
        assert product.category in UNREGULATED or suggestion.disclosures
        assert {each.reply for each in FILE.disclosures_of(product, MarketId(market))} == {
            say.key for say in suggestion.disclosures
        }


class Noise:
    """Finds any meaning in anything."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def questions(self, texts: Sequence[str]) -> Floats:
        made = self._random.normal(size=(len(texts), 8)).astype(np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)  # type: ignore[no-any-return]

    passages = questions


class Eager:
    """Recommends all that it is asked about, as strongly as can be."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def score(self, subject: SubjectId, products: Sequence[str], market: MarketId) -> Sequence[float]:
        self.asked.append(tuple(products))
        return [5.0] * len(products)


def test_the_recommender_is_asked_about_eligible_products_only(file: ProductFile, markets: Markets) -> None:
    eager = Eager()
    catalogue = Catalogue(file, markets, recommender=eager)
    found = catalogue.match("fund", wealthy("us", risk=2, subject="s1"), MarketId("us"), limit=40)
    (asked,) = eager.asked
    assert set(asked) == set(names(found))
    assert "technology-fund" not in asked
    assert all("reason_behaviour" in [say.key for say in suggestion.reasons] for suggestion in found)
    catalogue.match("fund", wealthy("us"), MarketId("us"))
    assert len(eager.asked) == 1


class Fond:
    """Knows one person, who likes one product."""

    def score(self, subject: SubjectId, products: Sequence[str], market: MarketId) -> Sequence[float] | None:
        return [float(name == "variable-mortgage") for name in products] if subject == "s1" else None


def test_behaviour_decides_between_products_that_answer_alike(file: ProductFile, markets: Markets) -> None:
    catalogue = Catalogue(file, markets, recommender=Fond())
    plain = names(catalogue.match("mortgage", wealthy("us", age=50, subject="s2"), MarketId("us")))
    liked = names(catalogue.match("mortgage", wealthy("us", age=50, subject="s1"), MarketId("us")))
    assert (plain[0], liked[0]) == ("fixed-mortgage", "variable-mortgage")
    assert set(plain) == set(liked)


class Warm:
    """Vectors in which a need for warmth lies beside the solar loan."""

    def questions(self, texts: Sequence[str]) -> Floats:
        return np.asarray([[1.0, 0.0] if "heat" in text else [0.0, 1.0] for text in texts], np.float32)

    def passages(self, texts: Sequence[str]) -> Floats:
        return np.asarray([[1.0, 0.0] if "Solar Loan" in text else [0.6, 0.8] for text in texts], np.float32)


def test_meaning_decides_where_no_word_does(file: ProductFile, markets: Markets) -> None:
    catalogue = Catalogue(file, markets, embedder=Warm())
    person, market = wealthy("us"), MarketId("us")
    assert names(catalogue.match("I would like to heat without gas", person, market)) == ["solar-loan"]
    assert "solar-loan" not in names(catalogue.match("something to drink", person, market))
    vector = np.asarray([1.0, 0.0], dtype=np.float32)
    assert names(catalogue.match("something to drink", person, market, vector=vector)) == ["solar-loan"]


def test_a_catalogue_without_a_disclosure_suggests_nothing_rather_than_that(
    file: ProductFile, markets: Markets
) -> None:
    """The file would be refused on reading; made in memory, it still says nothing."""
    silent = file.model_copy(update={"disclosures": ()})
    with pytest.raises(QualityError, match=r"may not be suggested .* without a disclosure"):
        Catalogue(silent, markets).match("loan", wealthy("us"), MarketId("us"))


@pytest.mark.parametrize("market", CURRENCIES)
def test_every_product_is_said_in_full_in_every_language(
    catalogue: Catalogue, file: ProductFile, markets: Markets, market: str
) -> None:
    replies = FluentReplies.of(FINANCE, markets, titles=catalogue.titles)
    shown = set[str]()
    people = [
        wealthy(market),
        wealthy(market, age=20, employment="student"),
        wealthy(market, age=12),
        wealthy(market, employment="self-employed", products=["business-account"]),
        wealthy(market, employment="self-employed"),
    ]
    for profile in people:
        for kind in {product.category for product in file.products}:
            need = file.categories[kind].words["en"][0]
            for suggestion in catalogue.match(need, profile, MarketId(market), limit=40):
                shown.add(suggestion.product)
                for language in file.languages:
                    reply = replies.render(suggestion.say, MarketId(market), Language(language))
                    assert reply.language == language
                    assert "…" not in reply.text
                    for disclosure in suggestion.disclosures:
                        alone = replies.render(disclosure, MarketId(market), Language(language)).text
                        assert alone in reply.text
    assert shown == {product.id for product in file.products if market in product.offers}
    assert (replies.missing, replies.faults) == ({}, {})


def test_every_reason_and_category_has_a_text(file: ProductFile) -> None:
    wanted = {*KEYS, "product_suggestion"} | {
        f"category_{name.replace('-', '_')}" for name in file.categories
    }
    for found in reply_files(FINANCE):
        assert wanted <= found.messages.keys(), found.language


def test_what_is_not_known_meets_no_rule() -> None:
    product = Product.model_validate(
        {
            "id": "a",
            "category": "savings",
            "title": {"en": "A"},
            "description": {"en": "A"},
            "eligibility": {"has_not": ["b"], "age": {"until": 30}},
            "offers": {"us": {}},
        }
    )
    assert may_have(Person.of({"age": 30}), product, MarketId("us"), "USD")
    assert not may_have(Person.of({"age": 31}), product, MarketId("us"), "USD")
    assert not may_have(Person.of({}), product, MarketId("us"), "USD")
    assert not may_have(Person.of({"age": 30, "products": ["b"]}), product, MarketId("us"), "USD")
