"""Figures and texts as people read them. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.model import Span

NAMES = {
    "accuracy": "Accuracy",
    "in_scope_accuracy": "Accuracy within scope",
    "macro_f1": "Macro F1",
    "micro_f1": "Micro F1",
    "weighted_f1": "Weighted F1",
    "ece": "Calibration error (ECE)",
    "oos.auroc": "Out of scope: AUROC",
    "oos.recall": "Out of scope: recall",
    "oos.fpr95": "Out of scope: false positives at 95 % recall",
    "threshold": "Out-of-scope threshold",
    "span_f1": "Span F1",
    "oos.false_rejection_rate": "In scope, yet rejected",
    "oos.rows": "Out-of-scope texts",
    "rows": "Texts",
}
"""In the order in which they are shown; other figures follow under their own names."""

SHARES = frozenset({*NAMES, "fpr95", "recall", "false_rejection_rate"} - {"ece", "threshold", "rows"})
"""Figures that read best in per cent, by the last part of their names."""

MOST_METRICS = 24
UNITS = ("B", "kB", "MB", "GB", "TB")


def percent(value: float | None, digits: int = 1) -> str:
    """0.942 as "94.2 %"."""
    return "–" if value is None else f"{100 * value:.{digits}f} %"


def figure(value: float | None) -> str:
    """A number with three digits that matter."""
    return "–" if value is None else f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def size(count: int | None) -> str:
    """Bytes in decimal units."""
    if count is None:
        return "–"
    value = float(count)
    for unit in UNITS:
        if value < 1000 or unit == UNITS[-1]:
            break
        value /= 1000
    return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"


def day(timestamp: str) -> str:
    """An ISO time as date and minute; anything else as it is."""
    try:
        return datetime.fromisoformat(timestamp).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return timestamp


def minute(moment: datetime | None) -> str:
    """A time as date and minute, in UTC as it is kept."""
    return "–" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def clock(moment: datetime) -> str:
    """A time of today as hour and minute, in UTC as it is kept."""
    return moment.astimezone(UTC).strftime("%H:%M")


def metric_rows(metrics: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A model's figures as (name, value), the important ones first; `metrics` as in `ModelInfo`, by head."""
    rows = []
    for head, own in metrics.items():
        figures = dict(_flatten(own))
        order = [
            *(name for name in NAMES if name in figures),
            *(name for name in figures if name not in NAMES),
        ]
        whose = f"{head}: " if len(metrics) > 1 else ""
        rows += [
            (f"{whose}{NAMES.get(name, _readable(name))}", _shown(name, figures[name])) for name in order
        ]
    return rows[:MOST_METRICS]


def languages(info: ModelInfo | None) -> tuple[str, ...]:
    """The languages that a model was taught in, as far as its data said."""
    return tuple(info.training.get("languages", ())) if info is not None else ()


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; `type` and `score` where it is a span."""

    text: str
    type: str | None = None
    score: float = 0.0


def pieces(text: str, spans: tuple[Span, ...]) -> list[Piece]:
    """A text cut at its spans, in order; a span that overlaps the one before it is left out."""
    found: list[Piece] = []
    position = 0
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if span.start < position:
            continue
        if span.start > position:
            found.append(Piece(text[position : span.start]))
        found.append(Piece(text[span.start : span.end], span.type, span.score))
        position = span.end
    if position < len(text):
        found.append(Piece(text[position:]))
    return found


def _flatten(metrics: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, float]]:
    for key, value in metrics.items():
        if _is_number(value):
            yield f"{prefix}{key}", float(value)
        elif isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _readable(name: str) -> str:
    return name.replace("_", " ").replace(".", " · ")


def _shown(name: str, value: float) -> str:
    return percent(value) if name.rsplit(".", 1)[-1] in SHARES and 0 <= value <= 1 else figure(value)
