"""Whether the catalogue finds the product that answers a need: by words alone, and with the encoder.

The needs in products/needs.csv were written after the catalogue, in five languages, in the words of people who do not
know what a product is called; nothing was tuned on them. Who may have what plays no part here.

    tradewind --workspace DIR knowledge train
    python benchmarks/product_matching.py --model DIR/models/knowledge-embed/VERSION
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

from tradewind.assistant.knowledge.embed import EngineEmbedder
from tradewind.assistant.products.need import Needs
from tradewind.markets import load_markets
from tradewind.packs.load import SHIPPED
from tradewind.packs.product_file import ProductFile, read_products

NEEDS = Path(__file__).parent / "products" / "needs.csv"
FIRST = (1, 3)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--model", type=Path, required=True, help="folder of the model that compares meanings"
    )
    embedder = EngineEmbedder.open(parser.parse_args().model)
    catalogue, problems = read_products(SHIPPED / "finance", load_markets())
    assert catalogue is not None, problems
    ways = {"words": Needs(catalogue), "words_and_meaning": Needs(catalogue, embedder)}
    found = {name: list(_ranks(way, catalogue)) for name, way in ways.items()}
    for first in FIRST:
        shares = {name: sum(rank < first for rank in ranks) / len(ranks) for name, ranks in found.items()}
        for name, share in shares.items():
            print(json.dumps({
                "name": f"products.{name}_hit_at_{first}", "value": round(share, 3), "unit": "share of needs",
                "peer": "words alone", "peer_value": round(shares["words"], 3),
                "ratio": round(share / shares["words"], 2), "machine": platform.processor() or platform.machine(),
            }))  # fmt: skip


def _ranks(way: Needs, catalogue: ProductFile) -> Iterator[int]:
    """Of each need, the place of the first right product among those of its market; the last where none is found."""
    with NEEDS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sold = [product.id for product in catalogue.products if row["market"] in product.offers]
            yield _rank(way.score(row["need"]), sold, frozenset(row["products"].split()))


def _rank(scores: Mapping[str, float], sold: list[str], right: frozenset[str]) -> int:
    ranked = sorted(sold, key=lambda product: -scores[product])
    return next(
        (place for place, product in enumerate(ranked) if product in right and scores[product] > 0), len(sold)
    )


if __name__ == "__main__":
    main()
