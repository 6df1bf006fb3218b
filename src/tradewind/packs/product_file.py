"""The catalogue of a pack: `products.yaml`, with who may have what, and what the law wants said with it.

Amounts are whole minor units of the market's currency, rates are per cents a year as decimal text in quotes. A product
of a regulated category is refused in a market for which the file has no disclosure of that category.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from tradewind.core.errors import DataError
from tradewind.core.ids import MarketId
from tradewind.core.yaml_document import Where, YamlDocument, read_yaml
from tradewind.markets import Markets
from tradewind.packs.reply_files import ReplyFile, reply_files

FILE_NAME = "products.yaml"

Category = Literal[
    "account", "card", "credit-card", "savings", "deposit", "loan", "mortgage", "fund", "bond", "pension",
    "insurance", "service",
]  # fmt: skip
CREDIT: frozenset[Category] = frozenset({"credit-card", "loan", "mortgage"})
"""Money is lent: the annual rate and an example are said."""
INVESTING: frozenset[Category] = frozenset({"fund", "bond", "pension"})
"""Money can be lost: the product has a risk class."""
UNREGULATED: frozenset[Category] = frozenset({"card", "service"})
"""Nothing has to be said with these."""

OF_AGE = 18
"""From which age people borrow and invest, in every market of the product."""

Employment = Literal["employed", "self-employed", "student", "retired", "unemployed"]


def _rate(value: object) -> Decimal:
    if not isinstance(value, str | Decimal):
        raise ValueError('a rate is decimal text in quotes, such as "3.75"')
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ValueError('a rate is decimal text, such as "3.75"') from error


ProductId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
ReplyKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Mapping[str, Annotated[str, Field(min_length=1)]]
Minor = Annotated[int, Field(ge=0, strict=True)]
Rate = Annotated[Decimal, BeforeValidator(_rate), Field(ge=0, le=100, allow_inf_nan=False)]
Age = Annotated[int, Field(ge=0, le=120, strict=True)]


class Part(BaseModel):
    """What all parts of the file have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AgeRange(Part):
    """Full years, both ends included."""

    since: Age = 0
    until: Age = 120

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"until {self.until} is below since {self.since}")
        return self


class Eligibility(Part):
    """Who may have a product: every rule that is there must be met, and what is not known meets none.

    Args:
        residence: whether only people who live in the market may.
        income: the least monthly income, by market.
        has: products of which the person has at least one.
        has_not: products of which they have none.
    """

    age: AgeRange | None = None
    residence: bool = False
    income: Mapping[MarketId, Minor] = Field(default_factory=dict)
    employment: tuple[Employment, ...] = ()
    has: tuple[ProductId, ...] = ()
    has_not: tuple[ProductId, ...] = ()


class Example(Part):
    """A loan as the law wants it shown: so much, over so many months, at so much a month, makes so much.

    Args:
        fees: paid besides, at the beginning, such as the yearly fee of a card; part of the total.
    """

    amount: Minor
    months: int = Field(ge=1, le=600, strict=True)
    instalment: Minor
    fees: Minor = 0
    total: Minor

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        paid = self.instalment * self.months + self.fees
        if abs(self.total - paid) > self.months:
            raise ValueError(
                f"total {self.total} is not {self.months} × {self.instalment} + {self.fees} = {paid}"
            )
        if self.total < self.amount:
            raise ValueError(f"total {self.total} is below the amount {self.amount}")
        return self


class Offer(Part):
    """A product in a market.

    Args:
        monthly_fee, yearly_fee: what it costs.
        entry_fee: paid once.
        interest: what it earns, per cent a year.
        nominal, apr: what borrowing costs, per cent a year: the rate alone, and with everything.
        ongoing: what it costs of the money invested, per cent a year.
        least, most: the smallest and the largest sum saved, lent, invested or insured.
        months: the longest time it runs.
    """

    monthly_fee: Minor | None = None
    yearly_fee: Minor | None = None
    entry_fee: Minor | None = None
    interest: Rate | None = None
    nominal: Rate | None = None
    apr: Rate | None = None
    ongoing: Rate | None = None
    least: Minor | None = None
    most: Minor | None = None
    months: int | None = Field(None, ge=1, le=600, strict=True)
    example: Example | None = None

    def facts(self, currency: str) -> dict[str, Any]:
        """What can be said of it: values for replies, by name, those of the example as `example_amount` and so on."""
        found: dict[str, Any] = {}
        for name in ("monthly_fee", "yearly_fee", "entry_fee", "least", "most"):
            if (minor := getattr(self, name)) is not None:
                found[name] = {"minor": minor, "currency": currency}
        for name in ("interest", "nominal", "apr", "ongoing"):
            if (rate := getattr(self, name)) is not None:
                found[name] = str(rate)
        if self.months is not None:
            found["months"] = self.months
        if self.example is not None:
            found["example_months"] = self.example.months
            for name in ("amount", "instalment", "total"):
                found[f"example_{name}"] = {"minor": getattr(self.example, name), "currency": currency}
        return found


class Product(Part):
    """Something that the business sells.

    Args:
        words: of customers that name just this one, by language; its title and description need not stand here.
        risk: 1 (hardly any) to 5 (all may be lost); None where nothing is invested.
        offers: by market; it is sold nowhere else.
    """

    id: ProductId
    category: Category
    title: Words
    description: Words
    words: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    risk: int | None = Field(None, ge=1, le=5, strict=True)
    eligibility: Eligibility = Eligibility()
    offers: Mapping[MarketId, Offer] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.category in INVESTING and self.risk is None:
            raise ValueError(f"a {self.category} needs a risk class: risk: 1 to 5")
        if self.category not in INVESTING and self.risk is not None and self.category != "insurance":
            raise ValueError(f"nothing is invested in a {self.category}: it has no risk class")
        invests_or_lends = self.category in INVESTING | CREDIT or self.risk is not None
        if invests_or_lends and (self.eligibility.age is None or self.eligibility.age.since < OF_AGE):
            raise ValueError(
                f"a {self.category} is for people of age: eligibility: {{age: {{since: {OF_AGE}}}}}"
            )
        for market, offer in self.offers.items():
            if self.category in CREDIT and (
                offer.apr is None or offer.nominal is None or offer.example is None
            ):
                raise ValueError(f"a {self.category} needs nominal, apr and example, market {market!r}")
        return self


class Disclosure(Part):
    """What must be said with products of some categories in some markets.

    Args:
        reply: key of the text; its values are those of the offer.
        law: where that is written.
        invested: only with those that have a risk class.
    """

    reply: ReplyKey
    markets: tuple[MarketId, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    law: str = Field(min_length=2)
    invested: bool = False


class Kind(Part):
    """A category as customers call it: any of the words, by language, names it."""

    words: Mapping[str, tuple[str, ...]]


class ProductFile(Part):
    """The schema of `products.yaml`."""

    languages: tuple[str, ...] = Field(min_length=1)
    categories: Mapping[Category, Kind]
    disclosures: tuple[Disclosure, ...]
    products: tuple[Product, ...] = Field(min_length=1)

    def disclosures_of(self, product: Product, market: MarketId) -> tuple[Disclosure, ...]:
        """What must be said with a product in a market, in the order of the file."""
        return tuple(
            each
            for each in self.disclosures
            if market in each.markets
            and product.category in each.categories
            and (product.risk is not None or not each.invested)
        )


def read_products(folder: Path, markets: Markets) -> tuple[ProductFile | None, tuple[DataError, ...]]:
    """The catalogue of a pack's folder.

    Returns:
        It, None where the pack has none or it cannot be used, and every problem by file and line.
    """
    file = folder / FILE_NAME
    if not file.is_file():
        return None, ()
    try:
        document = read_yaml(file, first_key="languages")
    except DataError as error:
        return None, (error,)
    catalogue, problems = document.read_as(ProductFile)
    if catalogue is not None:
        problems += _problems(document, catalogue, markets)
        problems += _unsaid(document, catalogue, reply_files(folder), markets)
    return catalogue, tuple(problems)


def _problems(document: YamlDocument, catalogue: ProductFile, markets: Markets) -> Iterator[DataError]:
    seen: dict[str, int] = {}
    ids = {product.id for product in catalogue.products}
    known = {market.id for market in markets}
    for name in get_args(Category):
        if name not in catalogue.categories:
            yield document.error(("categories",), f"category {name!r} is missing", "words that name it")
    for index, product in enumerate(catalogue.products):
        where: Where = ("products", index)
        if product.id in seen:
            yield document.error(
                (*where, "id"), f"product {product.id!r} stands already on line {seen[product.id]}"
            )
        seen.setdefault(product.id, document.line((*where, "id")))
        yield from _untranslated(document, where, catalogue.languages, product)
        for name in ("has", "has_not"):
            for other in getattr(product.eligibility, name):
                if other not in ids:
                    yield document.error((*where, "eligibility", name), f"there is no product {other!r}")
        for market in (*product.offers, *product.eligibility.income):
            if market not in known:
                yield document.error((*where, "offers", market), f"there is no market {market!r}")
        yield from _undisclosed(document, where, catalogue, product)
    for index, disclosure in enumerate(catalogue.disclosures):
        for market in disclosure.markets:
            if market not in known:
                yield document.error(("disclosures", index, "markets"), f"there is no market {market!r}")


def _untranslated(
    document: YamlDocument, where: Where, languages: tuple[str, ...], product: Product
) -> Iterator[DataError]:
    for name, words in (("title", product.title), ("description", product.description)):
        for language in languages:
            if language not in words:
                yield document.error((*where, name), f"missing in {language!r}", "every language of the file")
        for language in words:
            if language not in languages:
                yield document.error((*where, name, language), "not one of the file's languages")


def _undisclosed(
    document: YamlDocument, where: Where, catalogue: ProductFile, product: Product
) -> Iterator[DataError]:
    """A regulated product that could be suggested without a word of what the law wants said."""
    for market in product.offers:
        if product.category not in UNREGULATED and not catalogue.disclosures_of(product, market):
            message = f"no disclosure for a {product.category} in market {market!r}"
            yield document.error((*where, "offers", market), message, "add it to disclosures")


def _unsaid(
    document: YamlDocument, catalogue: ProductFile, files: tuple[ReplyFile, ...], markets: Markets
) -> Iterator[DataError]:
    """Disclosures without a text, or whose text asks for what the offer does not give."""
    for index, disclosure in enumerate(catalogue.disclosures):
        where: Where = ("disclosures", index, "reply")
        lacking = [found.language for found in files if disclosure.reply not in found.messages]
        if lacking:
            yield document.error(
                where, f"{disclosure.reply!r} has no text in {', '.join(lacking)}", "replies/"
            )
        wanted = {name for found in files for name in found.variables.get(disclosure.reply, ())}
        for product in catalogue.products:
            for market, offer in product.offers.items():
                if disclosure in catalogue.disclosures_of(product, market):
                    for name in sorted(wanted - offer.facts("").keys()):
                        message = f"asks for ${name}, which {product.id!r} does not give in market {market!r}"
                        yield document.error(where, message, "add it to the offer")
