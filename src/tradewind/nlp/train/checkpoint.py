"""Checkpoints: enough to continue exactly, written so that a kill leaves the one before."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from tradewind.core.errors import InputError, IntegrityError
from tradewind.core.files import write_bytes

STATE = "state.safetensors"
BEST = "best.safetensors"


@dataclass(frozen=True)
class Position:
    """Where a run stands; `fingerprint` names its data and settings, so that no other run continues it."""

    fingerprint: str
    step: int
    epoch: int
    batch: int
    best_score: float
    best_step: int
    evaluations_without_gain: int
    seconds: float


def save_state(folder: Path, position: Position, tensors: dict[str, Tensor]) -> None:
    """Write the position and the optimiser's tensors as one file."""
    metadata = {"position": json.dumps(asdict(position))}
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    write_bytes(folder / STATE, save(contiguous, metadata=metadata))


def load_state(folder: Path, fingerprint: str) -> tuple[Position, dict[str, Tensor]] | None:
    """The last checkpoint, or None where there is none.

    Raises:
        InputError: the checkpoint belongs to other data or settings.
        IntegrityError: the file is damaged.
    """
    path = folder / STATE
    if not path.is_file():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            position = Position(**json.loads(file.metadata()["position"]))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise IntegrityError(
            f"{path}: damaged checkpoint: {error}", hint="delete it to start over"
        ) from error
    if position.fingerprint != fingerprint:
        raise InputError(
            f"{folder}: the checkpoint was made with other data or settings",
            hint="run with the same options, or without --resume to start over",
        )
    return position, tensors


def save_best(folder: Path, tensors: dict[str, Tensor]) -> None:
    """Write the best weights so far."""
    write_bytes(folder / BEST, save({name: tensor.contiguous() for name, tensor in tensors.items()}))


def load_best(folder: Path) -> dict[str, Tensor]:
    """Read what `save_best` wrote."""
    with safe_open(folder / BEST, framework="pt", device="cpu") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping


def discard(folder: Path) -> None:
    """Remove the checkpoint of a finished run; logs beside it stay."""
    for name in (STATE, BEST):
        (folder / name).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def cpu(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Detached copies in main memory."""
    return {name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()}
