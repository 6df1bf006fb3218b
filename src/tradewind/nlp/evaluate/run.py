"""Evaluating a model on labelled data: ask everything once, then score every head that the data can judge."""

from __future__ import annotations

from dataclasses import replace

from tradewind.core.clock import SYSTEM_CLOCK, Clock
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.data.model import Dataset
from tradewind.nlp.evaluate.answers import Answers, Model, ask, class_targets, heads_to_score, oos_labels_of
from tradewind.nlp.evaluate.bootstrap import RESAMPLES
from tradewind.nlp.evaluate.classify import score_classify
from tradewind.nlp.evaluate.model import Evaluation, HeadScores
from tradewind.nlp.evaluate.multilabel import label_flags, score_multilabel
from tradewind.nlp.evaluate.out_of_scope import ScopeScores
from tradewind.nlp.evaluate.tag import score_tag
from tradewind.nlp.model import HeadSpec


def evaluate(
    model: Model,
    dataset: Dataset,
    *,
    head: str | None = None,
    oos_label: str | None = None,
    calibrated_on_these: bool = False,
    resamples: int = RESAMPLES,
    seed: int = 0,
    clock: Clock = SYSTEM_CLOCK,
) -> Evaluation:
    """Evaluate a model.

    Args:
        model: the engine, or anything that predicts and knows its own description.
        dataset: labelled examples.
        head: this head only; None scores every head that the data has answers for.
        oos_label: the label that means "out of scope" in the data, besides the one the head was trained with;
            without either, "out_of_scope" and "oos" mean it unless they are classes.
        calibrated_on_these: the out-of-scope score was fitted on these very rows, some of which it now knows by
            heart; its figures are then those that were measured while fitting, each row left out in turn.
        resamples: of the bootstrap behind the confidence intervals.
        seed: of that bootstrap.
        clock: what `texts_per_s` is measured with.

    Raises:
        NotFoundError: the model has no such head.
        InputError: no rows, none in scope, or no answers in the data.
        DataError: a label that the model does not know; names file and line.
    """
    info = model.info
    heads = heads_to_score(info.heads, dataset, head)
    for spec in heads:
        _refuse_unknown_labels(spec, dataset, oos_label)
    answers = ask(model, heads, dataset.examples, clock)
    return Evaluation(
        model=info.name,
        version=info.version,
        data=dataset.source,
        rows=len(dataset.examples),
        skipped=len(dataset.skipped),
        seconds=answers.seconds,
        heads=tuple(
            _score(spec, info, dataset, answers, oos_label, calibrated_on_these, resamples, seed)
            for spec in heads
        ),
    )


def _refuse_unknown_labels(head: HeadSpec, dataset: Dataset, oos_label: str | None) -> None:
    """Raise what scoring would raise, before a million texts are answered in vain."""
    if head.task == "multilabel":
        label_flags(head, dataset.examples)
    elif head.task != "tag":
        class_targets(head, dataset.examples, oos_labels_of(head, oos_label))


def _score(
    head: HeadSpec,
    info: ModelInfo,
    dataset: Dataset,
    answers: Answers,
    oos_label: str | None,
    calibrated_on_these: bool,
    resamples: int,
    seed: int,
) -> HeadScores:
    said = answers.by_head[head.name]
    if head.task == "multilabel":
        return score_multilabel(head, dataset.examples, said, answers.tokens, resamples=resamples, seed=seed)
    if head.task == "tag":
        return score_tag(head, dataset.examples, said, answers.tokens, resamples=resamples, seed=seed)
    scores = score_classify(
        head,
        dataset.examples,
        said,
        answers.tokens,
        oos_labels=oos_labels_of(head, oos_label),
        threshold=scope_threshold(info, head.name),
        resamples=resamples,
        seed=seed,
    )
    if calibrated_on_these and scores.scope is not None:
        return replace(scores, scope=_held_out(info, head.name), scope_points=None)
    return scores


def _held_out(info: ModelInfo, head: str) -> ScopeScores | None:
    """What fitting measured on its own rows, each left out in turn."""
    calibration = info.calibration.get(head)
    found = (
        calibration.scope.get("held_out")
        if calibration is not None and calibration.scope is not None
        else None
    )
    return ScopeScores(**{**found, "rows": int(found["rows"])}) if found else None


def scope_threshold(info: ModelInfo, head: str) -> float | None:
    """The out-of-scope threshold of a head; None when it passes no verdict."""
    calibration = info.calibration.get(head)
    return None if calibration is None or calibration.scope is None else float(calibration.scope["threshold"])
