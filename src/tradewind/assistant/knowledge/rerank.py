"""The pair head as a re-ranker: it reads a question together with each of the best passages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tradewind.assistant.knowledge.lessons import ANSWERS
from tradewind.core.errors import InputError
from tradewind.nlp.model import Floats
from tradewind.nlp.runtime.engine import Engine

MOST_QUESTION_CHARACTERS = 1000


class EngineReranker:
    """Log-odds of a model with a pair head. Threads may share it.

    Raises:
        InputError: the model has no pair head that tells answers from others.
    """

    def __init__(self, engine: Engine) -> None:
        heads = [head for head in engine.info.heads if head.task == "pair" and ANSWERS in head.labels]
        if not heads or len(heads[0].labels) != 2:
            raise InputError(
                f"model {engine.info.name!r} has no pair head with the label {ANSWERS!r}",
                hint="it is made by: tradewind knowledge train",
            )
        self.engine = engine
        self._head = heads[0].name
        self._yes = heads[0].labels.index(ANSWERS)

    @classmethod
    def open(cls, folder: Path, *, threads: int = 0) -> EngineReranker:
        """Load a model folder; raises as `Engine.open` does."""
        return cls(Engine.open(folder, threads=threads))

    def scores(self, question: str, passages: Sequence[str]) -> Floats:
        if not passages:
            return np.zeros(0, dtype=np.float32)
        cut = question[:MOST_QUESTION_CHARACTERS]
        logits = np.asarray(self.engine.outputs([cut] * len(passages), passages).logits[self._head])
        odds: Floats = logits[:, self._yes] - logits[:, 1 - self._yes]
        return odds

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()
