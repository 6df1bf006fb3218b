"""Interactions and items from files: RecBole's atomic files, CSV, JSON Lines, Parquet."""

from tradewind.recommend.data.columns import Columns
from tradewind.recommend.data.read import read

__all__ = ["Columns", "read"]
