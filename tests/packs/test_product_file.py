"""What is found wrong with a catalogue, by file and line."""

from __future__ import annotations

import shutil
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from tradewind.markets import Markets, load_markets
from tradewind.packs import check
from tradewind.packs.load import SHIPPED
from tradewind.packs.product_file import Category, ProductFile, read_products

CATEGORIES = "\n".join(
    f"  {name}: {{words: {{en: [{name}]}}}}"
    for name in Category.__args__  # type: ignore[attr-defined]
)
SOUND = f"""\
languages: [en, de]
categories:
{CATEGORIES}
disclosures:
  - reply: disclosure_credit
    markets: [de]
    categories: [loan]
    law: Directive
products:
  - id: quick-loan
    category: loan
    title: {{en: Quick Loan, de: Schnellkredit}}
    description: {{en: Money., de: Geld.}}
    eligibility: {{age: {{since: 18}}, income: {{de: 100000}}}}
    offers:
      de:
        nominal: "5.00"
        apr: "5.12"
        example: {{amount: 100000, months: 12, instalment: 8561, total: 102732}}
"""


@pytest.fixture(scope="module")
def markets() -> Markets:
    return load_markets()


def problems_of(folder: Path, markets: Markets, old: str = "", new: str = "") -> list[str]:
    assert old in SOUND
    text = SOUND.replace(old, new, 1) if old else SOUND
    (folder / "products.yaml").write_text(text, encoding="utf-8")
    _, problems = read_products(folder, markets)
    return [str(problem).replace(f"{folder}/", "") for problem in problems]


def test_a_sound_catalogue_has_no_problem(tmp_path: Path, markets: Markets) -> None:
    assert problems_of(tmp_path, markets) == []


def test_a_pack_without_a_catalogue_has_none(tmp_path: Path, markets: Markets) -> None:
    assert read_products(tmp_path, markets) == (None, ())


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('nominal: "5.00"', "nominal: 5.0", 'a rate is decimal text in quotes, such as "3.75"'),
        ('nominal: "5.00"', 'nominal: "NaN"', "[products.0.offers.de.nominal]"),
        ('nominal: "5.00"', 'nominal: "-1"', "[products.0.offers.de.nominal]"),
        ("amount: 100000", "amount: 1000.00", "[products.0.offers.de.example.amount]"),
        ("total: 102732", "total: 112732", "total 112732 is not 12 × 8561 + 0 = 102732"),
        ('        apr: "5.12"\n', "", "a loan needs nominal, apr and example, market 'de'"),
        ("age: {since: 18}", "age: {since: 17}", "a loan is for people of age"),
        ("age: {since: 18}, ", "", "a loan is for people of age"),
        ("age: {since: 18}", "age: {since: 30, until: 18}", "until 18 is below since 30"),
        ("category: loan\n", "category: fund\n", "a fund needs a risk class"),
        ("category: loan\n", "category: loan\n    risk: 2\n", "it has no risk class"),
        ("category: loan\n", "category: lending\n", "[products.0.category]"),
        ("category: loan\n", "category: insurance\n", "no disclosure for a insurance in market 'de'"),
        ("markets: [de]", "markets: [fr]", "no disclosure for a loan in market 'de'"),
        ("markets: [de]", "markets: [de, xx]", "[disclosures.0.markets]: there is no market 'xx'"),
        ("      de:\n", "      xx:\n", "there is no market 'xx'"),
        ("income: {de: 100000}", "has: [gold]", "there is no product 'gold'"),
        ("income: {de: 100000}", "haz: [gold]", "unknown key"),
        (", de: Schnellkredit", "", "[products.0.title]: missing in 'de'"),
        (", de: Schnellkredit", ", de: Kredit, fr: Prêt", "not one of the file's languages"),
        ("  card: {words: {en: [card]}}\n", "", "category 'card' is missing"),
        ("id: quick-loan", "id: Quick Loan", "[products.0.id]"),
    ],
)
def test_what_is_wrong_is_named_by_line(
    tmp_path: Path, markets: Markets, old: str, new: str, expected: str
) -> None:
    found = problems_of(tmp_path, markets, old, new)
    assert any(expected in problem for problem in found), found
    assert all(problem.startswith("products.yaml:") for problem in found)


def test_a_product_twice_is_found(tmp_path: Path, markets: Markets) -> None:
    product = SOUND[SOUND.index("  - id: quick-loan") :]
    found = problems_of(tmp_path, markets, product, product + product)
    assert found == ["products.yaml:31 [products.1.id]: product 'quick-loan' stands already on line 21"]


def test_a_disclosure_has_a_text_in_every_language_that_asks_for_what_there_is(
    tmp_path: Path, markets: Markets
) -> None:
    (tmp_path / "replies").mkdir()
    (tmp_path / "replies" / "de.ftl").write_text("bye = Ade\n", encoding="utf-8")
    text = "disclosure_credit = APR { PERCENT($apr) }, fee { MONEY($entry_fee) }\n"
    (tmp_path / "replies" / "en.ftl").write_text(text, encoding="utf-8")
    found = problems_of(tmp_path, markets)
    where = "products.yaml:16 [disclosures.0.reply]: "
    assert found == [
        f"{where}'disclosure_credit' has no text in de (replies/)",
        f"{where}asks for $entry_fee, which 'quick-loan' does not give in market 'de' (add it to the offer)",
    ]


def test_the_examples_of_the_finance_pack_are_computed_right(markets: Markets) -> None:
    """The annuity of the nominal rate; of the annual rate in the EU, that it discounts all payments to the amount."""
    catalogue, _ = read_products(SHIPPED / "finance", markets)
    assert isinstance(catalogue, ProductFile)
    checked = 0
    for product in catalogue.products:
        for market, offer in product.offers.items():
            if (example := offer.example) is None:
                continue
            assert offer.nominal is not None
            assert offer.apr is not None
            rate = offer.nominal / 1200
            instalment = example.amount * rate / (1 - (1 + rate) ** -example.months)
            assert example.instalment == instalment.quantize(Decimal(1), ROUND_HALF_UP), product.id
            if market in ("de", "es"):
                # Directive (EU) 2023/2225, annex III; the rate is rounded to two digits
                growth = 1 + offer.apr / 100
                paid = sum(
                    example.instalment / growth ** (Decimal(n) / 12) for n in range(1, example.months + 1)
                )
                assert abs(paid + example.fees - example.amount) < example.amount * Decimal("0.0015"), (
                    product.id
                )
                assert example.fees == (offer.yearly_fee or 0), product.id
            else:
                assert offer.apr == offer.nominal, product.id
            assert (offer.least or 0) <= example.amount <= (offer.most or example.amount), product.id
            checked += 1
    assert checked > 50


def test_the_check_of_a_pack_finds_faults_of_its_replies_and_products(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / "finance", tmp_path / "finance")
    folder = tmp_path / "finance"
    assert not [
        problem for problem in check(folder) if "replies" in str(problem) or "products" in str(problem)
    ]
    with (folder / "replies" / "de.ftl").open("a", encoding="utf-8") as file:
        file.write("extra = Mehr\n")
    products = folder / "products.yaml"
    products.write_text(
        products.read_text(encoding="utf-8").replace("reply: disclosure_cn", "reply: cn"), "utf-8"
    )
    found = " ".join(map(str, check(folder)))
    assert "'extra' is not in en.ftl" in found
    assert "'cn_credit' has no text in de, en, es, ja, zh" in found
