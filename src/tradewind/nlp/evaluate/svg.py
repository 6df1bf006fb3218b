"""The few plots of a report, drawn as SVG that takes its colours from the page's style sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from tradewind.nlp.calibration import ReliabilityBin
from tradewind.nlp.evaluate.metrics import LabelScore

LABEL_CHARACTERS = 26


@dataclass(frozen=True)
class Frame:
    """A plotting area inside margins, and the values at its edges."""

    width: int
    height: int
    x: tuple[float, float]
    y: tuple[float, float]
    left: int = 58
    right: int = 24
    top: int = 12
    bottom: int = 40

    def at_x(self, value: float) -> float:
        """Pixels from the left."""
        low, high = self.x
        return self.left + (value - low) / ((high - low) or 1) * (self.width - self.left - self.right)

    def at_y(self, value: float) -> float:
        """Pixels from the top."""
        low, high = self.y
        return (
            self.height
            - self.bottom
            - (value - low) / ((high - low) or 1) * (self.height - self.top - self.bottom)
        )


def element(name: str, content: object = "", /, **attributes: object) -> Markup:
    """One element; `_` in an attribute's name stands for `-`, and content that is no markup is escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_short(value))}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{written}>{escape(content)}</{name}>")


def drawing(width: int, height: int, label: str, parts: Iterable[Markup]) -> Markup:
    """A whole picture, which scales with its column; `label` is read to those who cannot see it."""
    return element(
        "svg",
        Markup("").join(parts),
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_label=label,
        style=f"max-width:{width}px",
    )


def reliability_diagram(bins: Sequence[ReliabilityBin]) -> Markup:
    """Accuracy against confidence: on the diagonal a probability means what it says; dots grow with rows."""
    frame = Frame(380, 330, (0, 1), (0, 1))
    most = max((b.count for b in bins), default=1)
    parts = [*_axes(frame, "confidence", "accuracy", percent=True)]
    parts.append(_line(frame, (0, 0), (1, 1), class_="reference"))
    parts.append(_path(frame, [(b.confidence, b.accuracy) for b in bins], class_="line one"))
    for b in bins:
        tip = f"{b.count} answers, {b.confidence:.1%} sure on average, {b.accuracy:.1%} right"
        radius = 2.5 + 7.5 * (b.count / most) ** 0.5
        dot = element("title", tip)
        parts.append(
            element(
                "circle",
                dot,
                cx=frame.at_x(b.confidence),
                cy=frame.at_y(b.accuracy),
                r=radius,
                class_="dot one",
            )
        )
    return drawing(frame.width, frame.height, "Reliability diagram: accuracy by confidence", parts)


def confusion_map(confusion: NDArray[np.int64], labels: Sequence[str], limit: int = 14) -> Markup:
    """Where the most confused classes go: a row a true class, a column a predicted one, right ones pale."""
    chosen = most_confused(confusion, limit)
    part = confusion[np.ix_(chosen, chosen)]
    cell = 30
    names = [_cut(labels[index]) for index in chosen]
    longest = max(map(len, names), default=0)
    margin, above = 24 + 7 * longest, 18 + 6 * longest
    wrong = part * (1 - np.eye(len(chosen), dtype=np.int64))
    most = max(int(wrong.max(initial=0)), 1)
    parts = []
    for row, true in enumerate(chosen):
        middle = above + cell * row + cell / 2
        spot = {"x": margin - 8, "y": middle + 4}
        parts.append(element("text", names[row], **spot, text_anchor="end", class_="label"))
        turn = f"translate({margin + cell * row + cell / 2 + 4} {above - 8}) rotate(-55)"
        parts.append(element("text", names[row], transform=turn, class_="label"))
        for column, guess in enumerate(chosen):
            count, own = int(part[row, column]), row == column
            shade = 0.12 if own else 0.15 + 0.85 * count / most
            tip = element("title", f"{labels[true]} answered as {labels[guess]}: {count}")
            box = {
                "x": margin + cell * column + 1,
                "y": above + cell * row + 1,
                "width": cell - 2,
                "height": cell - 2,
            }
            kind = "cell own" if own else "cell" if count else "cell none"
            parts.append(element("rect", tip, rx=3, **box, class_=kind, fill_opacity=shade))
            if count:
                strong = " strong" if not own and count > most / 2 else ""
                spot = {"x": margin + cell * column + cell / 2, "y": middle + 4}
                parts.append(element("text", count, **spot, text_anchor="middle", class_=f"count{strong}"))
    size = cell * len(chosen) + 8
    return drawing(margin + size + 5 * longest, above + size, "Confusion of the most confused classes", parts)


def most_confused(confusion: NDArray[np.int64], limit: int) -> list[int]:
    """Classes that take part in the biggest off-diagonal cells, in the order of classes."""
    wrong = confusion * (1 - np.eye(len(confusion), dtype=np.int64))
    order = np.argsort(-wrong, axis=None, kind="stable")[: limit * limit]
    chosen: dict[int, None] = {}
    for cell in order.tolist():
        pair = divmod(cell, len(confusion))
        if not wrong[pair] or len(chosen.keys() | set(pair)) > limit:
            break
        chosen |= dict.fromkeys(pair)
    return sorted(chosen)


def score_histogram(
    scores: NDArray[np.float64], is_oos: NDArray[np.bool_], threshold: float | None
) -> Markup:
    """How in-scope and out-of-scope rows score, each as shares of its own, and where the verdict falls."""
    marks = scores if threshold is None else np.append(scores, threshold)
    low, high = (float(v) for v in np.quantile(marks, [0.002, 0.998]))
    low, high = (low - 0.5, high + 0.5) if high <= low else (low, high)
    if threshold is not None:
        low, high = min(low, threshold), max(high, threshold)
    edges = np.linspace(low, high, 41)
    inside, outside = (_shares(scores[group], edges) for group in (~is_oos, is_oos))
    top = max(float(inside.max()), float(outside.max()), 0.01)
    frame = Frame(560, 300, (low, high), (0, top * 1.08))
    parts = [*_axes(frame, "out-of-scope score (further out →)", "share of rows", percent_y=True)]
    for name, shares, kind in (("in scope", inside, "one"), ("out of scope", outside, "two")):
        for bin_, share in enumerate(shares.tolist()):
            if share:
                left, right = frame.at_x(edges[bin_]), frame.at_x(edges[bin_ + 1])
                height = frame.at_y(0) - frame.at_y(share)
                tip = element(
                    "title",
                    f"{name}: {share:.1%} of rows between {edges[bin_]:.3g} and {edges[bin_ + 1]:.3g}",
                )
                box = {
                    "x": left + 0.5,
                    "y": frame.at_y(share),
                    "width": max(right - left - 1, 0.5),
                    "height": height,
                }
                parts.append(element("rect", tip, **box, class_=f"bar {kind}"))
    if threshold is not None:
        parts.append(_line(frame, (threshold, 0), (threshold, top * 1.08), class_="threshold"))
        near_end = frame.at_x(threshold) > 0.7 * frame.width
        spot = {"x": frame.at_x(threshold) + (-6 if near_end else 6), "y": frame.top + 10}
        anchor = "end" if near_end else "start"
        parts.append(element("text", "rejected →", **spot, text_anchor=anchor, class_="label"))
    return drawing(frame.width, frame.height, "Distribution of out-of-scope scores", parts)


def f1_bars(classes: Sequence[LabelScore]) -> Markup:
    """F1 of each class as a bar, with how many rows it has."""
    row, left, right = 22, 190, 92
    width, height = 560, 22 * len(classes) + 8
    span = width - left - right
    parts = []
    for number, score in enumerate(classes):
        y = 4 + row * number
        tip = element(
            "title",
            f"{score.label}: precision {score.precision:.1%}, recall {score.recall:.1%}, {score.support} rows",
        )
        parts.append(
            element("text", _cut(score.label), x=left - 8, y=y + 15, text_anchor="end", class_="label")
        )
        parts.append(element("rect", "", x=left, y=y + 4, width=span, height=row - 8, rx=3, class_="track"))
        parts.append(
            element(
                "rect",
                tip,
                x=left,
                y=y + 4,
                width=max(span * score.f1, 1),
                height=row - 8,
                rx=3,
                class_="bar one",
            )
        )
        text = f"{score.f1:.1%}  ·  {score.support}"
        parts.append(element("text", text, x=left + span + 8, y=y + 15, class_="label"))
    return drawing(width, height, "F1 of each class", parts)


def curve(points: Sequence[tuple[float, float]], x: str, y: str, *, percent_y: bool = False) -> Markup:
    """A line through points, such as the loss over steps."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    low = min(ys) if percent_y else 0.0
    margin = (max(ys) - low or 1) * 0.06
    frame = Frame(420, 250, (min(xs), max(xs)), (low - margin if percent_y else 0.0, max(ys) + margin))
    parts = [*_axes(frame, x, y, percent_y=percent_y), _path(frame, points, class_="line one")]
    if len(points) <= 40:
        parts += [
            element(
                "circle",
                element("title", f"{x} {px:g}: {py:.4g}"),
                cx=frame.at_x(px),
                cy=frame.at_y(py),
                r=3.5,
                class_="dot one",
            )
            for px, py in points
        ]
    return drawing(frame.width, frame.height, f"{y} by {x}", parts)


def _axes(
    frame: Frame, x: str, y: str, *, percent: bool = False, percent_y: bool = False
) -> Iterable[Markup]:
    for value in _ticks(*frame.y):
        yield _line(frame, (frame.x[0], value), (frame.x[1], value), class_="grid")
        text = f"{value:.0%}" if percent or percent_y else f"{value:g}"
        yield element(
            "text", text, x=frame.left - 7, y=frame.at_y(value) + 4, text_anchor="end", class_="tick"
        )
    for value in _ticks(*frame.x):
        text = f"{value:.0%}" if percent else f"{value:g}"
        spot = {"x": frame.at_x(value), "y": frame.height - frame.bottom + 16}
        yield element("text", text, **spot, text_anchor="middle", class_="tick")
    middle = (frame.left + frame.width - frame.right) / 2
    yield element("text", x, x=middle, y=frame.height - 6, text_anchor="middle", class_="axis")
    turned = f"translate(12 {(frame.top + frame.height - frame.bottom) / 2}) rotate(-90)"
    yield element("text", y, transform=turned, text_anchor="middle", class_="axis")


def _ticks(low: float, high: float) -> list[float]:
    """About five round values between two."""
    rough = (high - low) / 5 or 1.0
    power = 10.0 ** np.floor(np.log10(rough))
    step = min((factor * power for factor in (1, 2, 5, 10)), key=lambda size: abs(size - rough))
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return [round(number * step, 10) for number in range(first, last + 1)]


def _line(frame: Frame, start: tuple[float, float], end: tuple[float, float], *, class_: str) -> Markup:
    (x1, y1), (x2, y2) = start, end
    return element(
        "line",
        x1=frame.at_x(x1),
        y1=frame.at_y(y1),
        x2=frame.at_x(x2),
        y2=frame.at_y(y2),
        class_=class_,
    )


def _path(frame: Frame, points: Sequence[tuple[float, float]], *, class_: str) -> Markup:
    places = " ".join(f"{frame.at_x(x):.1f},{frame.at_y(y):.1f}" for x, y in points)
    return element("polyline", points=places, class_=class_)


def _shares(scores: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    counts, _ = np.histogram(np.clip(scores, edges[0], edges[-1]), edges)
    shares: NDArray[np.float64] = counts / max(len(scores), 1)
    return shares


def _cut(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else f"{label[: LABEL_CHARACTERS - 1]}…"


def _short(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
