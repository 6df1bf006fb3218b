"""Metrics of a run for TensorBoard and, when asked, Weights & Biases."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from tradewind.core.errors import UnavailableError
from tradewind.nlp.train.loop import Progress

LOG_EVERY = 10


class Tracker:
    """Writes every tenth step and every evaluation; a context manager that closes its files.

    Args:
        folder: where TensorBoard's event files go; None writes none.
        wandb_project: a Weights & Biases project; `WANDB_MODE=offline` keeps the run on this machine.
        settings: what is recorded beside the metrics.

    Raises:
        UnavailableError: a tracker is asked for and its package is not installed.
    """

    def __init__(self, folder: Path | None, wandb_project: str | None, settings: dict[str, Any]) -> None:
        self.board = _tensorboard(folder) if folder is not None else None
        self.run = _wandb(wandb_project, folder, settings) if wandb_project is not None else None

    def __enter__(self) -> Tracker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.board is not None:
            self.board.close()
        if self.run is not None:
            self.run.finish(exit_code=0 if error is None else 1)

    def record(self, progress: Progress) -> None:
        """Log one step's report."""
        if progress.scores is None and progress.step % LOG_EVERY:
            return
        values = {
            "train/loss": progress.loss,
            "train/rate": progress.rate,
            "train/texts_per_s": progress.texts_per_s,
        }
        values |= {f"validation/{name}": score for name, score in (progress.scores or {}).items()}
        if self.board is not None:
            for name, value in values.items():
                self.board.add_scalar(name, value, progress.step)
        if self.run is not None:
            self.run.log(values, step=progress.step)


def _tensorboard(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise UnavailableError(
            "TensorBoard is not installed", hint="pip install 'tradewind[train]'"
        ) from error
    return SummaryWriter(str(folder))


def _wandb(project: str, folder: Path | None, settings: dict[str, Any]) -> Any:
    try:
        import wandb
    except ImportError as error:
        raise UnavailableError(
            "Weights & Biases is not installed", hint="pip install 'tradewind[wandb]', or leave --wandb out"
        ) from error
    return wandb.init(project=project, dir=None if folder is None else str(folder), config=settings)
