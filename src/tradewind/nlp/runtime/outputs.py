"""What the network says of texts before it is turned into probabilities and verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.model import Floats, HeadSpec
from tradewind.nlp.runtime import windows
from tradewind.nlp.runtime.batches import Batch
from tradewind.nlp.runtime.pieces import Offsets
from tradewind.nlp.runtime.tokenise import Window


@dataclass(frozen=True)
class Outputs:
    """Raw outputs of n texts.

    `logits` by head: float32 [n, C]; of a tag head a list of n arrays [tokens, C] with `offsets` [tokens] beside
    them (characters of the text; (0, 0) where a token is not of it). `vectors` float32 [n, H]; `tokens` and `windows`
    int [n] count what was read of each text.
    """

    logits: Mapping[str, Floats | list[Floats]]
    vectors: Floats
    tokens: NDArray[np.intp]
    windows: NDArray[np.intp]
    offsets: Sequence[Offsets] = ()


def assemble(
    heads: Sequence[HeadSpec],
    encoded: Sequence[tuple[Window, ...]],
    batches: Sequence[Batch],
    results: Sequence[Sequence[Floats]],
) -> Outputs:
    """Bring the outputs of batches into the order of the texts, windows merged.

    Args:
        heads: the model's heads.
        encoded: each text's windows; batches number all windows of all texts in this order.
        batches: which windows each batch held.
        results: for each batch the graph's outputs, in the order of `heads` (embed left out), then vectors.
    """
    flat = [window for text in encoded for window in text]
    lengths = [len(window.ids) for window in flat]
    counts = [len(text) for text in encoded]
    speaking = [head for head in heads if head.task != "embed"]
    logits: dict[str, Floats | list[Floats]] = {}
    offsets: list[Offsets] = []
    for place, head in enumerate(speaking):
        outputs = [result[place] for result in results]
        if head.task == "tag":
            merged = [
                windows.merge_tokens(text, rows)
                for text, rows in zip(
                    encoded, _by_text(_token_rows(batches, outputs, lengths), counts), strict=True
                )
            ]
            logits[head.name] = [rows for rows, _ in merged]
            offsets = [own for _, own in merged]
        else:
            logits[head.name] = windows.average(_rows(batches, outputs), lengths, counts)
    vectors = windows.average(_rows(batches, [result[len(speaking)] for result in results]), lengths, counts)
    starts = np.cumsum([0, *counts[:-1]])
    return Outputs(
        logits,
        vectors,
        np.add.reduceat(np.asarray(lengths), starts),
        np.asarray(counts, dtype=np.intp),
        offsets,
    )


def _rows(batches: Sequence[Batch], outputs: Sequence[Floats]) -> Floats:
    """One row a window, [w, C], from each batch's [R, S, C]."""
    members = np.concatenate([batch.members for batch in batches])
    result = np.empty((len(members), outputs[0].shape[-1]), dtype=np.float32)
    for batch, output in zip(batches, outputs, strict=True):
        result[batch.members] = output[batch.row_of, batch.slot_of]
    return result


def _token_rows(batches: Sequence[Batch], outputs: Sequence[Floats], lengths: Sequence[int]) -> list[Floats]:
    """One array [tokens, C] a window, from each batch's [R, P, C]."""
    result: list[Floats] = [outputs[0][0]] * len(lengths)
    for batch, output in zip(batches, outputs, strict=True):
        places = zip(batch.members.tolist(), batch.row_of.tolist(), batch.starts.tolist(), strict=True)
        for member, row, start in places:
            result[member] = output[row, start : start + lengths[member]]
    return result


def _by_text(rows: Sequence[Floats], counts: Sequence[int]) -> list[Sequence[Floats]]:
    ends = np.cumsum(counts).tolist()
    return [rows[end - count : end] for end, count in zip(ends, counts, strict=True)]
