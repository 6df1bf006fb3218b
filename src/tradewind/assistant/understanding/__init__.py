"""What a message says: language, intents, entities with their values, sentiment, urgency."""

from tradewind.assistant.understanding.understand import ModelUnderstander
from tradewind.assistant.understanding.values import find_values, read_value

__all__ = ["ModelUnderstander", "find_values", "read_value"]
