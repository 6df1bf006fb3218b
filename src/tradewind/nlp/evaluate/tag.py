"""Scoring a tag head: labelled spans of characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tradewind.nlp.calibration import expected_calibration_error, reliability
from tradewind.nlp.data.model import Example
from tradewind.nlp.evaluate.bootstrap import interval
from tradewind.nlp.evaluate.classify import MISTAKES, score_slices
from tradewind.nlp.evaluate.metrics import averages, macro_f1, micro_f1
from tradewind.nlp.evaluate.model import HeadScores, Mistake
from tradewind.nlp.evaluate.rows import ScoredRows, count_rows, resample
from tradewind.nlp.evaluate.spans import right_flags, score_spans, span_rows, span_types
from tradewind.nlp.model import HeadPrediction, HeadSpec, Span


def score_tag(
    head: HeadSpec,
    examples: Sequence[Example],
    answers: Sequence[HeadPrediction],
    tokens: NDArray[np.int64],
    *,
    resamples: int,
    seed: int,
) -> HeadScores:
    """All figures of a tag head; `accuracy` is the share of texts with exactly the right spans.

    A type that only the data knows counts as missed: sets of slots differ between data sets that are
    otherwise comparable.
    """
    true = [example.spans or () for example in examples]
    found = [answer.spans for answer in answers]
    rows, types = tag_rows(true, found)
    shares, resampled = resample(rows, resamples=resamples, seed=seed)
    scores = score_spans(rows.keys.reshape(len(rows), 3, len(types)), types)
    sure = np.array([span.score for spans in found for span in spans], dtype=np.float64)
    right = np.array([f for t, p in zip(true, found, strict=True) for f in right_flags(t, p)], dtype=np.bool_)
    return HeadScores(
        head=head.name,
        task=head.task,
        rows=len(rows),
        accuracy=float(rows.right.mean()),
        averages=averages(rows.counts()),
        ece=expected_calibration_error(sure, right),
        reliability=reliability(sure, right),
        per_class=scores.per_type,
        intervals={
            "accuracy": interval(shares),
            "macro_f1": interval(macro_f1(resampled)),
            "micro_f1": interval(micro_f1(resampled)),
        },
        slices=score_slices([e.lang for e in examples], tokens, rows),
        mistakes=_mistakes(examples, true, found, rows),
        spans=scores,
    )


def tag_rows(
    true: Sequence[Sequence[Span]], found: Sequence[Sequence[Span]], types: Sequence[str] = ()
) -> tuple[ScoredRows, tuple[str, ...]]:
    """Counts of each text by span type, and the types: those given or all that occur."""
    names = tuple(types) or span_types(true, found) or ("",)
    return count_rows(span_rows(true, found, names)), names


def _mistakes(
    examples: Sequence[Example],
    true: Sequence[Sequence[Span]],
    found: Sequence[Sequence[Span]],
    rows: ScoredRows,
) -> tuple[Mistake, ...]:
    """Texts by the surest span that should not be there; texts with missed spans only come last."""
    wrong = np.flatnonzero(~rows.right).tolist()
    doubt = {
        i: max(
            (s.score for s, ok in zip(found[i], right_flags(true[i], found[i]), strict=True) if not ok),
            default=0.0,
        )
        for i in wrong
    }
    return tuple(
        Mistake(
            text=examples[i].text,
            text_b=None,
            expected=_in_words(examples[i].text, true[i]),
            predicted=_in_words(examples[i].text, found[i]),
            probability=doubt[i],
            in_scope=True,
            file=examples[i].file,
            line=examples[i].line,
        )
        for i in sorted(wrong, key=lambda row: -doubt[row])[:MISTAKES]
    )


def _in_words(text: str, spans: Sequence[Span]) -> str:
    return ", ".join(f"{span.type} “{text[span.start : span.end]}”" for span in spans) or "none"
