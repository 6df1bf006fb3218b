"""What a pack teaches a model: its intents, what messages name, how they feel. One encoder learns it all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewind.assistant.understanding.understand import ENTITIES, INTENT, SENTIMENT, URGENCY
from tradewind.packs import Pack

if TYPE_CHECKING:
    from tradewind.nlp.train.build import Group
    from tradewind.nlp.train.config import TrainConfig

ENCODER = "e5-small"
EPOCHS = 5.0


def recipe(epochs: float = EPOCHS, seed: int = 0) -> TrainConfig:
    """Settings that carry what is taught in some languages over to others.

    The lowest layers, which hold what languages share, stay; masked words keep the rest from leaning on single ones
    (see the cross-lingual figures in benchmarks/RESULTS.md).
    """
    from tradewind.nlp.train.config import TrainConfig

    return TrainConfig(epochs=epochs, frozen_layers=4, word_dropout=0.1, seed=seed)


def groups(pack: Pack, config: TrainConfig) -> tuple[Group, ...]:
    """The groups of a training run: intents always, entities and feelings where the pack has examples of them.

    Raises:
        InputError: the pack has too few examples.
    """
    from tradewind.nlp.train.run import group_of

    taught = [group_of({INTENT: "classify"}, pack.examples(), None, config)]
    if entities := pack.entity_examples():
        taught.append(group_of({ENTITIES: "tag"}, entities, None, config))
    if feelings := pack.sentiment_examples():
        taught.append(group_of({SENTIMENT: "classify", URGENCY: "multilabel"}, feelings, None, config))
    return tuple(taught)
