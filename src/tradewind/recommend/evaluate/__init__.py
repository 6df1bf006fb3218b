"""How good the models are on data held out, beside others' models on the same data."""

from tradewind.recommend.evaluate.results import Evaluation
from tradewind.recommend.evaluate.run import Plan, evaluate

__all__ = ["Evaluation", "Plan", "evaluate"]
