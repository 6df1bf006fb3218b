"""A sentence in, what the model says out: the distribution, the verdict, spans, and the time it took."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nicegui import ui

from tradewind.access.model import Right
from tradewind.console.frame import render
from tradewind.console.presentation import Piece, pieces
from tradewind.console.signed_in import require
from tradewind.core.clock import SYSTEM_CLOCK
from tradewind.core.errors import BusyError, NotFoundError, TradewindError
from tradewind.nlp.bundle import ModelInfo
from tradewind.nlp.model import HeadPrediction
from tradewind.nlp.runtime.live import LiveModels

MOST_BARS = 8
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Verdict:
    """Whether a text is in scope, and where its score lies: `position` and `line` are shares of the gauge."""

    in_scope: bool
    score: float
    threshold: float
    position: float
    line: float


@dataclass(frozen=True)
class HeadView:
    """One head's answer, ready to be shown."""

    name: str
    task: str
    label: str | None
    probability: float | None
    labels: tuple[str, ...]
    bars: list[tuple[str, float]]
    more: int
    rest: float
    verdict: Verdict | None
    pieces: list[Piece]


def try_box(live: LiveModels, name: str, info: ModelInfo, deadline_s: float) -> None:
    """The form and its result."""
    paired = any(head.task == "pair" for head in info.heads)
    with ui.element("section").classes("panel try").props('aria-labelledby="try"'):
        ui.html('<h2 id="try">Try it</h2>', sanitize=False)
        text = _field("First text" if paired else "A sentence, in any language the model knows")
        second = _field("Second text") if paired else None
        with ui.element("div").classes("try-row"):
            ask = ui.button("Ask the model", color=None).props("unelevated no-caps").classes("main")
            ui.html('<span class="hint">Enter asks · Shift+Enter makes a new line</span>', sanitize=False)
        result = ui.html("", sanitize=False).props('role="status" aria-live="polite"').classes("result")

        async def answer() -> None:
            if ask.enabled:
                ask.disable()
                try:
                    pair = second.value if second is not None else None
                    result.set_content(await _answer(live, name, text.value or "", pair, deadline_s))
                finally:
                    ask.enable()

        ask.on_click(answer)
        for field in (text, second):
            if field is not None:
                field.on("keydown.enter.exact.prevent", answer)


def _field(label: str) -> ui.textarea:
    return ui.textarea(label).props(f"outlined autogrow maxlength={LONGEST_TEXT} dir=auto").classes("text")


async def _answer(live: LiveModels, name: str, text: str, pair: str | None, deadline_s: float) -> str:
    if not text.strip():
        return render("trouble.html", message="Write a sentence first.", hint=None)
    started = SYSTEM_CLOCK.monotonic()
    try:
        require(Right.MODELS_PREDICT)
        with live.lease(name) as loaded:
            pairs = None if pair is None else [pair]
            (prediction,) = await loaded.service.predict([text], pairs=pairs, deadline_s=deadline_s)
            info = loaded.info
    except NotFoundError:
        hint = "It was unloaded or renamed since this page was opened."
        return render("trouble.html", message=f"{name} is no longer here.", hint=hint)
    except BusyError as error:
        hint = f"Try again in {math.ceil(error.retry_after_s)} s."
        return render("trouble.html", message="The model is busy.", hint=hint)
    except TradewindError as error:
        return render("trouble.html", message=error.message, hint=error.hint)
    took_ms = (SYSTEM_CLOCK.monotonic() - started) * 1000
    heads = [_view(head, text, info) for head in prediction.heads if head.task != "embed"]
    return render("answer.html", heads=heads, took_ms=took_ms, prediction=prediction, version=info.version)


def _view(head: HeadPrediction, text: str, info: ModelInfo) -> HeadView:
    shown = list(head.scores.items())[:MOST_BARS]
    return HeadView(
        name=head.head,
        task=head.task,
        label=head.label,
        probability=head.probability,
        labels=head.labels,
        bars=shown,
        more=max(0, len(head.scores) - MOST_BARS),
        rest=max(0.0, sum(list(head.scores.values())[MOST_BARS:])),
        verdict=_verdict(head, info),
        pieces=pieces(text, head.spans) if head.task == "tag" else [],
    )


def _verdict(head: HeadPrediction, info: ModelInfo) -> Verdict | None:
    calibration = info.calibration.get(head.head)
    if head.scope_score is None or calibration is None or calibration.scope is None:
        return None
    score, threshold = head.scope_score, float(calibration.scope["threshold"])
    # Scores have no natural ends; the gauge shows the threshold in the middle and as much again to either side.
    reach = max(abs(score - threshold), abs(threshold), 1e-6) * 1.15
    position = 0.5 + 0.5 * (score - threshold) / reach
    return Verdict(head.in_scope, score, threshold, min(max(position, 0.02), 0.98), 0.5)
