"""Reading the markets that come with the product, and those of the workspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tradewind.core.errors import DataError, NotFoundError
from tradewind.core.ids import MarketId, RegionId
from tradewind.core.yaml_document import read_yaml
from tradewind.markets.check import (
    Found,
    Value,
    check_against_world,
    check_market,
    check_region,
    check_regulation,
)
from tradewind.markets.model import Market, Region
from tradewind.markets.regulation import Regulation

Each = TypeVar("Each")

SHIPPED = Path(__file__).parent / "data"
"""Folder of the files that come with the product: `markets/`, `regions/`, `regulations/`."""


class Markets:
    """Every market of an installation, with the regions and regulations that they name."""

    def __init__(
        self,
        markets: Mapping[str, Market],
        regions: Mapping[str, Region],
        regulations: Mapping[str, Regulation],
    ) -> None:
        self._markets = dict(sorted(markets.items()))
        self.regions = dict(sorted(regions.items()))
        self.regulations = dict(sorted(regulations.items()))

    def get(self, market: MarketId) -> Market:
        """A market.

        Raises:
            NotFoundError: there is none of this id; names those there are.
        """
        return _one(self._markets, market, "market")

    def region_of(self, market: MarketId) -> RegionId:
        """The region where a market's data lives; raises as `get` does."""
        return self.get(market).region

    def regulation(self, name: str) -> Regulation:
        """A regulation; raises as `get` does."""
        return _one(self.regulations, name, "regulation")

    def law_of(self, market: MarketId) -> tuple[Regulation, ...]:
        """The regulations that apply in a market, the general law on personal data first; raises as `get`."""
        return tuple(self.regulations[name] for name in self.get(market).regulations)

    def __iter__(self) -> Iterator[Market]:
        return iter(self._markets.values())

    def __len__(self) -> int:
        return len(self._markets)

    def __contains__(self, market: object) -> bool:
        return market in self._markets


def load_markets(overrides: Path | None = None) -> Markets:
    """Load what is shipped, and over it what a workspace has.

    Args:
        overrides: the workspace's `markets/`: `*.yaml` are markets, `regions/*.yaml` and `regulations/*.yaml`
            what they name; each replaces what is shipped under the same id. Need not exist.

    Raises:
        DataError: the first problem of a file; `inspect` gives all of them.
    """
    # What shipped files say of the world, the tests hold; asking the libraries again costs each start 13 MB.
    markets, problems = _inspect(overrides, trusted=SHIPPED / "markets")
    if problems:
        raise problems[0]
    return markets


def inspect(overrides: Path | None = None) -> tuple[Markets, list[DataError]]:
    """`load_markets`, giving what can be used and every problem found instead of raising the first."""
    return _inspect(overrides, trusted=None)


def _inspect(overrides: Path | None, trusted: Path | None) -> tuple[Markets, list[DataError]]:
    found = _Files()
    found.read(SHIPPED / "markets", SHIPPED)
    if overrides is not None:
        found.read(overrides, overrides)
    return found.markets(), [*found.problems, *found.contradictions(trusted)]


def inspect_file(file: Path, overrides: Path | None = None) -> list[DataError]:
    """Every problem of one file, held against all the others: its folder says what it is, as in `load_markets`.

    Raises:
        NotFoundError: there is no such file.
    """
    if not file.is_file():
        raise NotFoundError(f"no file {str(file)!r}", hint="give a .yaml file or a folder of them")
    found = _Files()
    found.read(SHIPPED / "markets", SHIPPED)
    if overrides is not None:
        found.read(overrides, overrides)
    found.problems.clear()
    found.read_file(file)
    return [p for p in [*found.problems, *found.contradictions()] if p.file == str(file)]


@dataclass
class _Files:
    """Files as they are read: a later one of the same id takes the earlier one's place."""

    found_markets: dict[str, Found[Market]] = field(default_factory=dict)
    found_regions: dict[str, Found[Region]] = field(default_factory=dict)
    found_regulations: dict[str, Found[Regulation]] = field(default_factory=dict)
    problems: list[DataError] = field(default_factory=list)

    def read(self, markets: Path, named: Path) -> None:
        for folder in (named / "regions", named / "regulations", markets):
            for file in sorted(folder.glob("*.y*ml")):
                if file.suffix == ".yaml":
                    self.read_file(file)
                else:
                    self.problems.append(DataError("not read", file=file, hint=f"call it {file.stem}.yaml"))

    def read_file(self, file: Path) -> None:
        if file.parent.name == "regions":
            self._keep(file, Region, self.found_regions)
        elif file.parent.name == "regulations":
            self._keep(file, Regulation, self.found_regulations)
        else:
            self._keep(file, Market, self.found_markets)

    def _keep(self, file: Path, schema: type[Value], into: dict[str, Found[Value]]) -> None:
        try:
            document = read_yaml(file, first_key="id")
        except DataError as error:
            self.problems.append(error)
            return
        value, problems = document.read_as(schema)
        self.problems += problems
        if value is not None:
            into.pop(value.id, None)  # what is read later stands later: it is the one to blame for an overlap
            into[value.id] = Found(value, document)

    def contradictions(self, trusted: Path | None = None) -> Iterator[DataError]:
        """What markets say wrongly of one another, and of the world unless they stand in the `trusted` folder."""
        regions, regulations = _values(self.found_regions), _values(self.found_regulations)
        earlier: dict[str, str] = {}
        for region in self.found_regions.values():
            yield from check_region(region, earlier)
            earlier |= dict.fromkeys(region.value.countries, region.value.id)
        for regulation in self.found_regulations.values():
            yield from check_regulation(regulation)
        for market in self.found_markets.values():
            yield from check_market(market, regions, regulations)
            if market.document.file.parent != trusted:
                yield from check_against_world(market)

    def markets(self) -> Markets:
        return Markets(
            _values(self.found_markets), _values(self.found_regions), _values(self.found_regulations)
        )


def _values(found: Mapping[str, Found[Value]]) -> dict[str, Value]:
    return {name: each.value for name, each in found.items()}


def _one(known: Mapping[str, Each], name: str, what: str) -> Each:
    try:
        return known[name]
    except KeyError:
        raise NotFoundError(f"no {what} {name!r:.80}", hint=f"there are: {', '.join(known)}") from None
