"""How good a model is, where, and how sure that is; and whether another one is better."""

from tradewind.nlp.evaluate.answers import Model
from tradewind.nlp.evaluate.compare import compare
from tradewind.nlp.evaluate.comparison import Comparison
from tradewind.nlp.evaluate.model import Evaluation, HeadScores
from tradewind.nlp.evaluate.run import evaluate

__all__ = ["Comparison", "Evaluation", "HeadScores", "Model", "compare", "evaluate"]
