"""Spans as BIO tags over tokens, and back (Ramshaw & Marcus 1995, the variant that marks every beginning)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import InputError
from tradewind.nlp.model import OUTSIDE, Span

IGNORE = -100
"""Target of a token that stands for no characters (a special token): it takes no part in the loss."""

Offsets = Sequence[tuple[int, int]]
"""Characters of the text that each token stands for, end excluded; empty ones are special tokens."""


def tag_labels(types: Sequence[str]) -> tuple[str, ...]:
    """The tags of a head for these span types: O, then B- and I- of each: B-types[i] is 1 + 2i."""
    return (OUTSIDE, *(f"{mark}-{name}" for name in types for mark in "BI"))


def spans_to_tags(spans: Sequence[Span], offsets: Offsets, types: Sequence[str]) -> list[int]:
    """Tag every token.

    A span that begins or ends inside a token covers the whole token; where two spans meet in one token, the
    first has it.

    Args:
        spans: sorted, not overlapping.
        offsets: characters of each token, length L.
        types: span types in the order of `tag_labels`.

    Returns:
        L tag numbers; `IGNORE` for special tokens.

    Raises:
        InputError: a span's type is not among `types`.
    """
    number = {name: 1 + 2 * index for index, name in enumerate(types)}
    tags = [IGNORE if start == end else 0 for start, end in offsets]
    for span in spans:
        if span.type not in number:
            raise InputError(f"span type {span.type!r} is not one of: {', '.join(types)}")
        tag = number[span.type]
        for index, (start, end) in enumerate(offsets):
            if tags[index] == 0 and start < span.end and end > span.start:
                tags[index] = tag
                tag = number[span.type] + 1
    return tags


def tags_to_spans(
    tag_ids: Sequence[int] | NDArray[np.integer],
    offsets: Offsets,
    text: str,
    labels: Sequence[str],
    probabilities: Sequence[float] | NDArray[np.floating] | None = None,
) -> tuple[Span, ...]:
    """Read spans off tags.

    An I- that continues nothing begins a span; special tokens are passed over; white space at the edges of a
    span is trimmed, and a span of white space alone is dropped.

    Args:
        tag_ids: chosen tag of each token, length L.
        offsets: characters of each token, length L.
        text: what the offsets count in.
        labels: the head's tags, as `tag_labels` gives them.
        probabilities: of the chosen tags [L], or of all tags [L, len(labels)]; None scores every span 1.

    Returns:
        Spans in order, never overlapping; a span's score is the mean probability of its tokens' tags.
    """
    chosen = _chosen(tag_ids, probabilities)
    spans: list[Span] = []
    kind, first, last, scores = "", 0, 0, [0.0]
    for tag, (start, end), score in zip(tag_ids, offsets, chosen, strict=True):
        if start == end or tag < 0:
            continue
        label = labels[tag]
        if kind and label != f"I-{kind}":
            _close(spans, kind, first, last, scores, text)
            kind = ""
        if kind:
            last = max(last, end)
            scores.append(score)
        elif label != OUTSIDE:
            kind, first, last, scores = label[2:], start, end, [score]
    if kind:
        _close(spans, kind, first, last, scores, text)
    return tuple(spans)


def _chosen(
    tag_ids: Sequence[int] | NDArray[np.integer], probabilities: Sequence[float] | NDArray[np.floating] | None
) -> list[float]:
    if probabilities is None:
        return [1.0] * len(tag_ids)
    if not isinstance(probabilities, np.ndarray):
        return list(probabilities)
    if probabilities.ndim == 2:
        probabilities = probabilities[np.arange(len(tag_ids)), np.maximum(tag_ids, 0)]
    return [float(value) for value in probabilities]


def _close(spans: list[Span], kind: str, first: int, last: int, scores: list[float], text: str) -> None:
    # Some tokenizers let tokens share characters (a word mark and its word): the first span has those.
    first = max(first, spans[-1].end) if spans else first
    covered = text[first:last]
    start = first + len(covered) - len(covered.lstrip())
    end = first + len(covered.rstrip())
    if start < end:
        spans.append(Span(kind, start, end, sum(scores) / len(scores)))
