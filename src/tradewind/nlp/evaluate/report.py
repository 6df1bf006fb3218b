"""An evaluation as one HTML file that needs nothing else: open it, mail it, print it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tradewind.core.files import write_text
from tradewind.nlp.evaluate import svg
from tradewind.nlp.evaluate.metrics import LabelScore, top_confusions
from tradewind.nlp.evaluate.model import Evaluation, HeadScores

WEAKEST_CLASSES = 30
SHOWN_CHARACTERS = 400


@dataclass(frozen=True)
class TrainingCurve:
    """How training went: points of (step, loss) and of (epoch, validation score)."""

    loss: Sequence[tuple[float, float]] = ()
    validation: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True)
class Tile:
    """A figure at the top of the page."""

    name: str
    value: str
    note: str


def write_report(path: Path, evaluation: Evaluation, *, curve: TrainingCurve | None = None) -> None:
    """Write the report; raises StorageError when the disk refuses."""
    write_text(path, render_report(evaluation, curve=curve))


def render_report(evaluation: Evaluation, *, curve: TrainingCurve | None = None) -> str:
    """The report as HTML. Texts of customers are escaped; there is no script and no request in it."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("tradewind.nlp.evaluate", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["percent"] = percent
    pages.filters["shorten"] = shorten
    return pages.get_template("report.html").render(
        evaluation=evaluation,
        heads=[(head, tiles(head), plots(head)) for head in evaluation.heads],
        curves=_curves(curve or TrainingCurve()),
        confusions=_confusions,
        many_classes=WEAKEST_CLASSES,
    )


def tiles(head: HeadScores) -> list[Tile]:
    """The figures that matter most for a head, each with what it means."""
    found = [
        Tile("accuracy", percent(head.accuracy), _range(head, "accuracy")),
        Tile("macro F1", percent(head.averages.macro), _range(head, "macro_f1")),
        Tile("calibration error", percent(head.ece), "0 = probabilities mean what they say"),
    ]
    if head.spans is not None:
        spans = head.spans
        note = f"precision {percent(spans.precision)}, recall {percent(spans.recall)}"
        found.insert(0, Tile("span F1", percent(spans.f1), note))
    if head.threshold is not None and head.in_scope_accuracy is not None:
        found.append(Tile("in-scope accuracy", percent(head.in_scope_accuracy), "right and accepted"))
    if head.scope is not None:
        scope = head.scope
        found.append(
            Tile("out-of-scope recall", percent(scope.recall), f"of {scope.rows:,} rows, at the threshold")
        )
        found.append(Tile("AUROC", percent(scope.auroc), f"FPR95 {percent(scope.fpr95)}"))
    return found


def plots(head: HeadScores) -> dict[str, object]:
    """The pictures of a head by name; those that would be empty are left out."""
    drawn: dict[str, object] = {"reliability": svg.reliability_diagram(head.reliability)}
    if head.scope_points is not None and head.scope is not None:
        points = head.scope_points
        drawn["scores"] = svg.score_histogram(points.scores, points.is_oos, head.threshold)
    if head.confusion is not None and head.accuracy != 1:
        drawn["confusion"] = svg.confusion_map(head.confusion, [c.label for c in head.per_class])
    if seen := _weakest(head.per_class):
        drawn["classes"] = svg.f1_bars(seen)
    return drawn


def _weakest(classes: Sequence[LabelScore]) -> list[LabelScore]:
    seen = [score for score in classes if score.support]
    return sorted(seen, key=lambda score: (score.f1, score.label))[:WEAKEST_CLASSES]


def _curves(curve: TrainingCurve) -> list[object]:
    drawn: list[object] = []
    if len(curve.loss) > 1:
        drawn.append(svg.curve(curve.loss, "step", "training loss"))
    if len(curve.validation) > 1:
        drawn.append(svg.curve(curve.validation, "epoch", "validation score", percent_y=True))
    return drawn


def _confusions(head: HeadScores) -> list[dict[str, object]]:
    if head.confusion is None:
        return []
    return top_confusions(head.confusion, [score.label for score in head.per_class], limit=15)


def _range(head: HeadScores, name: str) -> str:
    bounds = head.intervals[name]
    sure = f"{100 * bounds.confidence:.0f}\N{NO-BREAK SPACE}%"
    return f"{sure} interval {percent(bounds.lower)} to {percent(bounds.upper)}"


def percent(value: float) -> str:
    """0.9365 as 93.7 %."""
    return f"{100 * value:.1f}\N{NO-BREAK SPACE}%"


def shorten(text: str) -> str:
    """The start of a long text."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
