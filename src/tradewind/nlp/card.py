"""The model card: what a model is for, what it learned from, how good it is, how it is served."""

from __future__ import annotations

from collections.abc import Mapping

from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.model import HeadSpec

MOST_LABELS = 100
HEADLINES = ("accuracy", "macro_f1", "micro_f1", "ece", "threshold", "in_scope_accuracy", "oos", "rows")


def card(info: ModelInfo) -> str:
    """The card as Markdown."""
    sections = [
        f"# {info.name} {info.version}",
        _made_from(info),
        "## What it says",
        *(_head(info, head) for head in info.heads),
        "## How good it is",
        "On texts that were held out of training, with the graph that is served:",
        _metrics(info),
        "## How it is served",
        _served(info),
        "## Limits",
        "Figures hold for texts like those it was taught and tested on. Probabilities are calibrated on the held-out "
        "texts; where customers write differently, measure again with `tradewind evaluate`. Texts longer than "
        f"{info.max_tokens} tokens are read in overlapping windows.",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _made_from(info: ModelInfo) -> str:
    training = info.training
    languages = ", ".join(training.get("languages") or []) or "not stated in the data"
    return "\n".join(
        [
            f"- Made {info.created} from encoder `{info.encoder.name}` ({info.encoder.source}, "
            f"SHA-256 `{info.encoder.sha256[:16]}…`)",
            f"- {training.get('texts')} training texts, {training.get('validation_texts')} held out; "
            f"languages: {languages}",
            f"- {training.get('steps')} steps in {training.get('seconds')} s ({training.get('texts_per_s')} texts/s, "
            f"{training.get('dtype')} on {training.get('device')}), seed {training.get('config', {}).get('seed')}",
        ]
    )


def _head(info: ModelInfo, head: HeadSpec) -> str:
    calibration = info.calibration.get(head.name)
    shown = ", ".join(f"`{label}`" for label in head.labels[:MOST_LABELS] if not label.startswith("I-"))
    more = f" and {len(head.labels) - MOST_LABELS} more" if len(head.labels) > MOST_LABELS else ""
    lines = [f"**{head.name}** ({head.task}, {len(head.labels)} labels): {shown}{more}"]
    if calibration and calibration.scope:
        scope = calibration.scope
        lines.append(
            f"Out of scope is judged by `{scope['kind']}` (chosen on {scope['chosen_on']}), with at most "
            f"{100 * scope['false_rejection_rate']:.0f} % of in-scope held-out texts rejected."
        )
    return "\n\n".join(lines)


def _metrics(info: ModelInfo) -> str:
    rows = ["| head | figure | value |", "|---|---|---|"]
    for head, figures in info.metrics.items():
        for name, value in figures.items():
            parts = value.items() if isinstance(value, dict) else [("", value)]
            for part, number in parts:
                shown = f"{number:.4g}" if isinstance(number, float) else str(number)
                rows.append(f"| {head} | {f'{name} {part}'.strip().replace('_', ' ')} | {shown} |")
    return "\n".join(rows)


def _served(info: ModelInfo) -> str:
    if info.runtime is None:
        return "Not exported."
    rows = [f"{info.runtime.backend}, {info.runtime.precision}. Candidates measured at export:", ""]
    names = sorted({name for candidate in info.runtime.candidates for name in candidate})
    if names:
        rows += ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
        rows += [
            "| " + " | ".join(str(c.get(name, "")) for name in names) + " |" for c in info.runtime.candidates
        ]
    return "\n".join(rows)


def headline(metrics: Mapping[str, object]) -> dict[str, object]:
    """Of an evaluation's JSON form, the figures that belong into a model's description."""
    spans = metrics.get("spans")
    found = {name: metrics[name] for name in HEADLINES if metrics.get(name) is not None}
    if isinstance(spans, Mapping):
        found["span_f1"] = spans.get("f1")
    return found
