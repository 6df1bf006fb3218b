"""The catalogue matched to a person: `Catalogue.match` says what may be shown, and nothing else leaves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tradewind.assistant.model import Recommender, Say, Suggestion
from tradewind.assistant.products.eligible import Person, may_have
from tradewind.assistant.products.need import Embedder, Needs
from tradewind.assistant.products.reasons import reasons
from tradewind.core.errors import QualityError
from tradewind.core.ids import MarketId, SubjectId
from tradewind.markets import Market, Markets
from tradewind.nlp.model import Floats
from tradewind.packs.product_file import UNREGULATED, Product, ProductFile

BEHAVIOUR = 0.3
"""How much of a score is behaviour, where the recommender knows the person."""

FAR_FROM_BEST = 0.5
"""Products below this part of the best score are no answer to the need, though the person may have them."""


class Catalogue:
    """The products of a pack. Safe to call from several threads.

    Args:
        file: what is sold where, to whom.
        markets: whose currency the amounts are in.
        embedder: compares meanings; words alone count when None.
        recommender: adds what people like this one took up.
    """

    def __init__(
        self,
        file: ProductFile,
        markets: Markets,
        *,
        embedder: Embedder | None = None,
        recommender: Recommender | None = None,
    ) -> None:
        self._file = file
        self._markets = markets
        self._needs = Needs(file, embedder)
        self._recommender = recommender
        self._products = {product.id: product for product in file.products}

    @property
    def titles(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """The words of each product by language, for replies that name it."""
        return {
            product.id: {"title": product.title, "description": product.description}
            for product in self._file.products
        }

    def product(self, product: str) -> Product | None:
        """A product by its id."""
        return self._products.get(product)

    def match(
        self,
        need: str,
        profile: Mapping[str, Any],
        market: MarketId,
        *,
        vector: Floats | None = None,
        limit: int = 3,
    ) -> list[Suggestion]:
        """The products that the person may have and that answer the need, best first.

        Args:
            need: what they asked for, in their words.
            profile: plain JSON: `age`, `residence` (a market), `income` (`{"minor", "currency"}` a month),
                `employment`, `products` (ids of those they have), `risk` (1 to 5), `subject`. What is missing meets
                no rule, and without `risk` nothing that has a risk class is shown.
            vector: of the need, float32 [H], in the embedder's space; made here when None.

        Returns:
            None of a product that does not suit, though it were the only one: then the list is empty.

        Raises:
            NotFoundError: there is no such market.
        """
        place = self._markets.get(market)
        person = Person.of(profile)
        scores = self._needs.score(need, vector)
        sold = [product for product in self._file.products if market in product.offers]
        best = max((scores[product.id] for product in sold), default=0.0)
        close = [
            product
            for product in sold
            if may_have(person, product, market, place.currency)
            and scores[product.id] >= FAR_FROM_BEST * best
        ]
        liked = self._liked(person, close, market)
        named = self._needs.categories(need)
        suggestions = [
            self._suggest(
                product, person, place,
                need=scores[product.id], liked=liked.get(product.id), asked=product.category in named,
            )
            for product in close
        ]  # fmt: skip
        # sorted keeps the order of the file among equals, where the business puts first what it wants seen first
        return sorted(suggestions, key=lambda suggestion: -suggestion.score)[: max(limit, 0)]

    def _liked(self, person: Person, products: list[Product], market: MarketId) -> dict[str, float]:
        if self._recommender is None or person.subject is None or not products:
            return {}
        names = [product.id for product in products]
        found = self._recommender.score(SubjectId(person.subject), names, market)
        if found is None:
            return {}
        return {name: min(max(float(score), 0.0), 1.0) for name, score in zip(names, found, strict=True)}

    def _suggest(
        self,
        product: Product,
        person: Person,
        place: Market,
        *,
        need: float,
        liked: float | None,
        asked: bool,
    ) -> Suggestion:
        """The only place where a suggestion is made; its disclosures are looked up here and nowhere left out."""
        facts = product.offers[place.id].facts(place.currency)
        disclosures = tuple(Say(each.reply, facts) for each in self._file.disclosures_of(product, place.id))
        if not disclosures and product.category not in UNREGULATED:
            raise QualityError(
                f"product {product.id!r} may not be suggested in market {place.id!r} without a disclosure",
                hint="add it to disclosures in products.yaml",
            )
        score = need if liked is None else (1 - BEHAVIOUR) * need + BEHAVIOUR * liked
        return Suggestion(
            product=product.id,
            score=round(score, 4),
            reasons=reasons(product, person, place.id, place.currency, asked=asked, liked=liked),
            disclosures=disclosures,
        )
