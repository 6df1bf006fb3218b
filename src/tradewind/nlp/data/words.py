"""Tags of tokens made to agree: one type a word, and no I- that continues nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from tradewind.nlp.data.spans import Offsets
from tradewind.nlp.model import Floats

UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "IDEOGRAPHIC")
"""Scripts whose words are not parted by spaces, or carry their particles with them."""


def agreed_tags(probabilities: Floats, offsets: Offsets, text: str) -> list[int]:
    """The likeliest tags of a text that keep to two rules.

    The tokens of a word share a type, the one with the highest product of their probabilities: a rare name falls
    into pieces, of which each alone looks like something else. And I-x follows B-x or I-x only (Viterbi). Where the
    likeliest tag of each token keeps to both, which is nearly always, it is taken as it is.

    Args:
        probabilities: of each token's tags in the order of `tag_labels`, [L, 1 + 2 types].
        offsets: characters of each token, length L.
        text: what the offsets count in.

    Returns:
        L tag numbers.
    """
    tags: list[int] = probabilities.argmax(axis=1).tolist()
    if not any(tags):
        return tags
    kept: Floats | None = None
    for first, end in _words(offsets, text):
        if len({(tag + 1) // 2 for tag in tags[first:end]}) > 1:
            kept = probabilities.copy() if kept is None else kept
            tags[first:end] = _word_tags(kept, first, end)
    return tags if _valid(tags) else _viterbi(probabilities if kept is None else kept)


def _words(offsets: Offsets, text: str) -> Iterator[tuple[int, int]]:
    """Token ranges of words that were split into several tokens."""
    first, before = 0, -1
    for index, (start, end) in enumerate(offsets):
        if start == end or start != before or not (_joins(text[start]) and _joins(text[start - 1])):
            if index - first > 1:
                yield first, index
            first = index
        before = end
    if len(offsets) - first > 1:
        yield first, len(offsets)


@cache
def _joins(sign: str) -> bool:
    """Whether a character is held together with its neighbours in a word."""
    return sign.isalpha() and not unicodedata.name(sign, "").startswith(UNSPACED)


def _word_tags(probabilities: Floats, first: int, end: int) -> list[int]:
    """One type for a word's tokens, and the rows changed so that no other can be chosen."""
    rows = probabilities[first:end]
    by_type = np.log(np.maximum(rows[:, 1::2] + rows[:, 2::2], 1e-9)).sum(axis=0)
    outside = np.log(np.maximum(rows[:, 0], 1e-9)).sum()
    chosen = int(by_type.argmax())
    if outside >= by_type[chosen]:
        rows[:, 1:] = 1e-9
        return [0] * (end - first)
    begin, inside = 1 + 2 * chosen, 2 + 2 * chosen
    starts = bool(rows[0, begin] >= rows[0, inside])
    opening = rows[0, [begin, inside]].copy()
    rows[:] = 1e-9
    rows[0, [begin, inside]] = opening
    rows[1:, inside] = 1.0
    return [begin if starts else inside, *[inside] * (end - first - 1)]


def _valid(tags: Sequence[int]) -> bool:
    before = 0
    for tag in tags:
        if tag and tag % 2 == 0 and before not in (tag, tag - 1):
            return False
        before = tag
    return True


def _viterbi(probabilities: Floats) -> list[int]:
    """The likeliest sequence in which every I-x follows B-x or I-x."""
    scores = np.log(np.maximum(probabilities, 1e-9))
    count = scores.shape[1]
    allowed = np.zeros((count, count), dtype=np.float32)
    for inside in range(2, count, 2):
        allowed[:, inside] = -np.inf
        allowed[[inside - 1, inside], inside] = 0.0
    best = scores[0].copy()
    best[2::2] = -np.inf
    back = np.zeros(scores.shape, dtype=np.intp)
    for step in range(1, len(scores)):
        paths = best[:, None] + allowed
        back[step] = paths.argmax(axis=0)
        best = paths.max(axis=0) + scores[step]
    tags = [int(best.argmax())]
    for step in range(len(scores) - 1, 0, -1):
        tags.append(int(back[step, tags[-1]]))
    return tags[::-1]
