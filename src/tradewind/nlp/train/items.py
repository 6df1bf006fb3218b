"""From labelled examples to numbers: token ids and one target a head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from tradewind.core.errors import InputError
from tradewind.nlp.data import Example
from tradewind.nlp.data.spans import spans_to_tags, tag_labels
from tradewind.nlp.model import HeadSpec, Task

Ids = NDArray[np.int32]
OUT_OF_SCOPE = -1
Target = int | NDArray[np.float32] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Item:
    """One training example: token ids, and for each head that it is labelled for a target.

    A target is a class index for classify and pair heads (−1: out of scope), a float vector [C] of zeros and ones
    for multilabel, tag indices [L] for tag heads. `second_ids` are those of the other text for an embed head.
    """

    ids: Ids
    targets: Mapping[str, Target]
    weight: float
    second_ids: Ids | None = None


@dataclass(frozen=True)
class Items:
    """Tokenised examples; `cut` says how many were longer than the limit."""

    items: tuple[Item, ...]
    cut: int

    def __len__(self) -> int:
        return len(self.items)


def heads_for(
    tasks: Mapping[str, Task], examples: Sequence[Example], oos_label: str | None
) -> tuple[HeadSpec, ...]:
    """The heads, `tasks` by name, with the labels that the examples hold, sorted.

    Raises:
        InputError: a head would have fewer than two labels, or none of the examples is labelled for it.
    """
    return tuple(
        HeadSpec(name, task, _labels(task, examples, oos_label), oos_label) for name, task in tasks.items()
    )


def _labels(task: Task, examples: Sequence[Example], oos_label: str | None) -> tuple[str, ...]:
    if task == "embed":
        return ()
    if task == "tag":
        types = sorted({span.type for example in examples for span in example.spans or ()})
        if not types:
            raise InputError("no span is labelled in the data", hint="a tag head needs at least one")
        return tag_labels(types)
    if task == "multilabel":
        found = {label for example in examples for label in example.labels or ()}
    else:
        found = {example.label for example in examples if example.label is not None}
    labels = tuple(sorted(found - {oos_label}))
    if len(labels) < 2 and not (task == "multilabel" and labels):
        raise InputError(
            f"the data has {len(labels)} label(s) for a {task} head: {', '.join(labels) or 'none'}",
            hint="at least two different labels are needed to tell apart",
        )
    return labels


def tokenise(
    examples: Sequence[Example], heads: Sequence[HeadSpec], tokenizer: Tokenizer, prefix: str, max_tokens: int
) -> Items:
    """Encode examples; texts longer than `max_tokens` are cut at the end and counted.

    Raises:
        InputError: an example has a label that its head does not know.
    """
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    paired = any(spec.task == "pair" for spec in heads)
    embeds = any(spec.task == "embed" for spec in heads)
    firsts = tokenizer.encode_batch(
        [
            (prefix + e.text, e.text_b) if paired and e.text_b is not None else prefix + e.text
            for e in examples
        ]
    )
    seconds = tokenizer.encode_batch([prefix + (e.text_b or e.text) for e in examples]) if embeds else None
    index = {spec.name: {label: number for number, label in enumerate(spec.labels)} for spec in heads}
    items = []
    cut = 0
    for number, (example, encoding) in enumerate(zip(examples, firsts, strict=True)):
        cut += bool(encoding.overflowing)
        offsets = [(max(0, a - len(prefix)), max(0, b - len(prefix))) for a, b in encoding.offsets]
        targets = {spec.name: _target(spec, example, offsets, index[spec.name]) for spec in heads}
        items.append(
            Item(
                ids=np.array(encoding.ids, dtype=np.int32),
                targets={name: target for name, target in targets.items() if target is not None},
                weight=example.weight,
                second_ids=None if seconds is None else np.array(seconds[number].ids, dtype=np.int32),
            )
        )
    return Items(tuple(items), cut)


def _target(
    spec: HeadSpec, example: Example, offsets: Sequence[tuple[int, int]], index: Mapping[str, int]
) -> Target | None:
    if spec.task == "tag" and example.spans is not None:
        types = [label[2:] for label in spec.labels if label.startswith("B-")]
        return np.array(spans_to_tags(example.spans, offsets, types), dtype=np.int64)
    if spec.task == "multilabel" and example.labels is not None:
        chosen = np.zeros(len(spec.labels), dtype=np.float32)
        chosen[
            [_known(label, spec, example, index) for label in example.labels if label != spec.oos_label]
        ] = 1
        return chosen
    if spec.task in ("classify", "pair") and example.label is not None:
        return (
            OUT_OF_SCOPE if example.label == spec.oos_label else _known(example.label, spec, example, index)
        )
    return None


def _known(label: str, spec: HeadSpec, example: Example, index: Mapping[str, int]) -> int:
    if label not in index:
        raise InputError(
            f"{example.file}:{example.line}: label {label!r} is not in the training data of head {spec.name!r}",
            hint="correct the label, or add training examples of it",
        )
    return index[label]
