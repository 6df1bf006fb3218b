"""Tradewind: a company's own text becomes a model, and four products run on it."""

__version__ = "0.1.0"
