"""The progress bar of a training run, on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradewind.nlp.train.loop import Progress as Step

PLAIN_EVERY = 100


@contextmanager
def training_progress() -> Iterator[Callable[[Step | str], None]]:
    """Yield a function that takes steps and stage names; a bar on a terminal, some plain lines elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}  {task.fields[state]}"),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task("training", total=None, state="")

        def report(step: Step | str) -> None:
            if isinstance(step, str):
                console.print(step, highlight=False, markup=False)
                return
            pace = f"{step.texts_per_s:.0f} texts/s  {_left(step.seconds_left)} left"
            state = f"loss {step.loss:.3f}  rate {step.rate:.1e}  {pace}"
            bar.update(task, completed=step.step, total=step.total_steps, state=state)
            if step.scores is not None:
                scores = "  ".join(f"{name} {score:.4f}" for name, score in step.scores.items())
                console.print(f"epoch {step.epoch}: validation {scores}", highlight=False, markup=False)
            elif not console.is_terminal and step.step % PLAIN_EVERY == 0:
                console.print(
                    f"step {step.step}/{step.total_steps}  {state}",
                    highlight=False,
                    markup=False,
                    soft_wrap=True,
                )

        yield report


def _left(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
