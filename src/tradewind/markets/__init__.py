"""Markets and their law, as data: languages, money, calendar, region, duties."""

from tradewind.markets.load import Markets, inspect, inspect_file, load_markets
from tradewind.markets.model import Market, Region, Retention, RetentionKind
from tradewind.markets.period import Period
from tradewind.markets.regulation import Regulation, SubjectRight

__all__ = [
    "Market",
    "Markets",
    "Period",
    "Region",
    "Regulation",
    "Retention",
    "RetentionKind",
    "SubjectRight",
    "inspect",
    "inspect_file",
    "load_markets",
]
