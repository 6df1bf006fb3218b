"""How good a graph's answers are, against labelled texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.data import Example
from tradewind.nlp.data.spans import spans_to_tags
from tradewind.nlp.model import HeadSpec
from tradewind.nlp.runtime.engine import Engine
from tradewind.nlp.runtime.outputs import Outputs

TEXTS_TO_JUDGE = 1000


class Judge:
    """Scores graphs on 1,000 labelled texts: 0.3 points are three of them.

    Validation texts come first; where there are fewer, training texts fill up. Of several heads each has its part of
    the texts, and what it loses counts by that part: one text of two hundred is no half a point.
    """

    def __init__(self, info: ModelInfo, validation: Sequence[Example], training: Sequence[Example]) -> None:
        paired = any(head.task == "pair" for head in info.heads)
        kept = _spread(validation, TEXTS_TO_JUDGE)
        self.heads = info.heads
        self.examples = [*kept, *_spread(training, TEXTS_TO_JUDGE - len(kept))]
        self.texts = [example.text for example in self.examples]
        self.pairs = [example.text_b or "" for example in self.examples] if paired else None

    def scores(self, engine: Engine) -> dict[str, float]:
        """A number from 0 to 1 for each head: accuracy, or F1 for label sets and tags; 1 for an embed head."""
        outputs = engine.outputs(self.texts, self.pairs)
        return {head.name: self._score(head, outputs) for head in self.heads}

    def points_lost(self, reference: dict[str, float], scores: dict[str, float]) -> float:
        """What the head that loses most loses against the reference, in percent of all the texts."""
        return 100 * max((reference[head.name] - scores[head.name]) * self._part(head) for head in self.heads)

    def _part(self, head: HeadSpec) -> float:
        """The share of the texts that are labelled for a head."""
        if head.task == "tag":
            labelled = sum(example.spans is not None for example in self.examples)
        elif head.task in ("classify", "pair"):
            labelled = sum(example.label in head.labels for example in self.examples)
        else:
            labelled = len(self.examples)
        return labelled / max(1, len(self.examples))

    def _score(self, head: HeadSpec, outputs: Outputs) -> float:
        if head.task == "embed":
            return 1.0
        if head.task == "tag":
            return self._tag_f1(head, outputs)
        logits = np.asarray(outputs.logits[head.name])
        if head.task == "multilabel":
            return self._label_f1(head, logits)
        place = {label: column for column, label in enumerate(head.labels)}
        targets = np.array([place.get(example.label or "", -1) for example in self.examples])
        known = targets >= 0
        return float((logits[known].argmax(1) == targets[known]).mean()) if known.any() else 1.0

    def _label_f1(self, head: HeadSpec, logits: np.ndarray) -> float:
        true = np.array(
            [[label in (example.labels or ()) for label in head.labels] for example in self.examples]
        )
        found = logits > 0
        return _f1(int((true & found).sum()), int(true.sum()), int(found.sum()))

    def _tag_f1(self, head: HeadSpec, outputs: Outputs) -> float:
        both = true = found = 0
        for row, wanted in self._tags(head, outputs).items():
            said = np.asarray(outputs.logits[head.name][row]).argmax(-1)[wanted >= 0]
            taught = wanted[wanted >= 0]
            both += int(((taught == said) & (taught > 0)).sum())
            true += int((taught > 0).sum())
            found += int((said > 0).sum())
        return _f1(both, true, found)

    def _tags(self, head: HeadSpec, outputs: Outputs) -> dict[int, np.ndarray]:
        """Target tags of the rows that are labelled with spans; the same for every graph."""
        if head.name not in self._known_tags:
            types = [label[2:] for label in head.labels if label.startswith("B-")]
            self._known_tags[head.name] = {
                row: np.array(
                    spans_to_tags(
                        [span for span in example.spans if span.type in types], outputs.offsets[row], types
                    )
                )
                for row, example in enumerate(self.examples)
                if example.spans is not None
            }
        return self._known_tags[head.name]

    @cached_property
    def _known_tags(self) -> dict[str, dict[int, np.ndarray]]:
        return {}


def _spread(examples: Sequence[Example], most: int) -> list[Example]:
    """At most so many, evenly spread."""
    if len(examples) <= most:
        return list(examples)
    return [examples[place] for place in np.linspace(0, len(examples) - 1, most).round().astype(int).tolist()]


def _f1(both: int, true: int, found: int) -> float:
    return 2 * both / (true + found) if true + found else 1.0
