"""Products that suit a person: what they may have first, then what they need."""

from tradewind.assistant.products.catalogue import Catalogue

__all__ = ["Catalogue"]
