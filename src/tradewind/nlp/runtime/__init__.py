"""Serving models: the engine, the queue in front of it, versions and their hot swap. Never imports torch."""

from tradewind.nlp.runtime.engine import Engine
from tradewind.nlp.runtime.outputs import Outputs

__all__ = ["Engine", "Outputs"]
