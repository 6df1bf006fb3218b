"""What a comparison of two models says, and the sentence that sums it up."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.nlp.evaluate.bootstrap import Interval

SIGNIFICANCE = 0.05


@dataclass(frozen=True)
class Difference:
    """A figure of A and of B, and the interval of B − A."""

    a: float
    b: float
    interval: Interval

    def as_json(self) -> dict[str, object]:
        """The public form."""
        return {
            "a": round(self.a, 4),
            "b": round(self.b, 4),
            "difference": round(self.b - self.a, 4),
            "confidence_interval": self.interval.as_json(),
        }


@dataclass(frozen=True)
class Disagreement:
    """A row that exactly one of the two answers rightly."""

    text: str
    expected: str
    a: str
    b: str
    right: str
    line: int


@dataclass(frozen=True)
class Comparison:
    """Two models on the same in-scope rows; `p_value` is McNemar's, a row being entirely right or wrong."""

    a: str
    b: str
    data: str
    head: str
    rows: int
    accuracy: Difference
    macro_f1: Difference
    only_a_right: int
    only_b_right: int
    p_value: float
    disagreements: tuple[Disagreement, ...]

    @property
    def significant(self) -> bool:
        """Whether both the test and the interval say that the difference in accuracy is real."""
        bounds = self.accuracy.interval
        return self.p_value < SIGNIFICANCE and not bounds.lower <= 0 <= bounds.upper

    @property
    def verdict(self) -> str:
        """One sentence for people."""
        gain, bounds = self.accuracy.b - self.accuracy.a, self.accuracy.interval
        low, high = bounds.lower, bounds.upper
        name, (low, high) = ("B", (low, high)) if gain >= 0 else ("A", (-high, -low))
        span = f"95 % CI {100 * low:.1f} to {100 * high:.1f}, p {_p(self.p_value)}"
        if self.significant:
            return f"{name} is better by {100 * abs(gain):.1f} points of accuracy ({span})"
        if gain == 0:
            return f"no real difference shown: both answer {100 * self.accuracy.a:.1f} % rightly ({span})"
        return f"no real difference shown: {name} is ahead by {100 * abs(gain):.1f} points ({span})"

    def as_json(self) -> dict[str, object]:
        """The public form."""
        return {
            "a": self.a,
            "b": self.b,
            "data": self.data,
            "head": self.head,
            "rows": self.rows,
            "verdict": self.verdict,
            "significant": self.significant,
            "p_value": self.p_value,
            "accuracy": self.accuracy.as_json(),
            "macro_f1": self.macro_f1.as_json(),
            "only_a_right": self.only_a_right,
            "only_b_right": self.only_b_right,
            "disagreements": [
                {"text": d.text, "expected": d.expected, "a": d.a, "b": d.b, "right": d.right, "line": d.line}
                for d in self.disagreements
            ],
        }


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"= {value:.3f}" if value < 0.1 else f"= {value:.2f}"
