"""Domain packs: what customers of a business ask, as pure data with a loader and a check."""

from tradewind.packs.check import MINIMUM_EXAMPLES, check, normalised
from tradewind.packs.load import available, load
from tradewind.packs.messages import OUT_OF_SCOPE, SENTIMENTS, URGENT
from tradewind.packs.model import DialogueIntent, EntityType, Intent, Pack

__all__ = [
    "MINIMUM_EXAMPLES",
    "OUT_OF_SCOPE",
    "SENTIMENTS",
    "URGENT",
    "DialogueIntent",
    "EntityType",
    "Intent",
    "Pack",
    "available",
    "check",
    "load",
    "normalised",
]
