"""The training loop: batches in, best weights out; interrupted at any point it goes on exactly where it was."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from tradewind.core.errors import TradewindError
from tradewind.nlp.network import Network, Outputs
from tradewind.nlp.train import checkpoint
from tradewind.nlp.train.batches import Batch, collate, order
from tradewind.nlp.train.checkpoint import Position
from tradewind.nlp.train.config import TrainConfig
from tradewind.nlp.train.items import Item
from tradewind.nlp.train.objectives import loss_of
from tradewind.nlp.train.optimise import Optimiser
from tradewind.nlp.train.score import Tally, count
from tradewind.nlp.train.words import WordTable

SEED_STRIDE = 1_000_003
EVALUATION_BATCH = 64


class TrainingStopped(TradewindError):
    """Ctrl-C: the checkpoint is written and the run can be resumed."""

    exit_code = 130
    slug = "stopped"


@dataclass(frozen=True)
class Progress:
    """What a progress bar and a metrics log need after a step; `scores` only after an evaluation."""

    step: int
    total_steps: int
    epoch: int
    loss: float
    rate: float
    texts_per_s: float
    seconds_left: float
    scores: dict[str, float] | None = None


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Outcome:
    """How a run ended: the best validation scores, where, and the pace over the whole run."""

    best_score: float
    best_step: int
    steps: int
    seconds: float
    texts_per_s: float
    history: tuple[Progress, ...]


class Trainer:
    """One run over fixed data. `run` trains and leaves the best weights in the network and the word table."""

    def __init__(
        self,
        network: Network,
        words: WordTable,
        train: Sequence[Item],
        validation: Sequence[Item],
        config: TrainConfig,
        *,
        layers: int,
        dtype: torch.dtype,
        device: torch.device,
        mask_row: int,
        class_weights: dict[str, Tensor],
    ) -> None:
        self.config, self.dtype, self.device, self.mask_row = config, dtype, device, mask_row
        self.train, self.validation = train, validation
        self.network = network.to(device)
        self.words = words.to(device)
        self.network.encoder.to(dtype)
        self.words.to(dtype)
        self.class_weights = {name: weight.to(device) for name, weight in class_weights.items()}
        self.lengths = [len(item.ids) for item in train]
        self.steps_an_epoch = self._steps_of(order(self.lengths, config.batch_size, config.seed, 0))
        self.total_steps = max(1, round(config.passes(len(train)) * self.steps_an_epoch))
        self.optimiser = Optimiser(_Trained(network, words), config, layers, self.total_steps)
        self.frozen = self._frozen_vectors() if self._features_are_fixed() else None

    def run(self, folder: Path, fingerprint: str, *, resume: bool, report: Report) -> Outcome:
        """Train to the end, or to the best where early stopping ends it.

        Raises:
            TrainingStopped: Ctrl-C; the checkpoint in `folder` is complete.
            InputError: `resume`, but the checkpoint belongs to other data or settings.
            StorageError: a checkpoint cannot be written.
        """
        position = Position(fingerprint, 0, 0, 0, float("-inf"), 0, 0, 0.0)
        if resume and (found := checkpoint.load_state(folder, fingerprint)):
            position, tensors = found
            self.optimiser.load_state(tensors)
        elif not resume:
            checkpoint.discard(folder)
        clock = _Clock(position.seconds, position.step)
        history: list[Progress] = []
        with _stop_requests() as stop_requested:
            while position.step < self.total_steps and not self._given_up(position):
                position = self._epoch(position, folder, clock, stop_requested, history, report)
        self.optimiser.load_weights(checkpoint.load_best(folder))
        self._to_float32()
        return Outcome(
            position.best_score,
            position.best_step,
            position.step,
            clock.seconds,
            position.step * len(self.train) / self.steps_an_epoch / max(clock.seconds, 1e-9),
            tuple(history),
        )

    def _given_up(self, position: Position) -> bool:
        return 0 < self.config.patience <= position.evaluations_without_gain

    def _epoch(
        self,
        position: Position,
        folder: Path,
        clock: _Clock,
        stop_requested: threading.Event,
        history: list[Progress],
        report: Report,
    ) -> Position:
        batches = order(self.lengths, self.config.batch_size, self.config.seed, position.epoch)
        loss = float("nan")
        while position.batch < len(batches) and position.step < self.total_steps:
            group = batches[position.batch : position.batch + self.config.accumulate]
            loss = self._step(position.step, group)
            position = replace(
                position, step=position.step + 1, batch=position.batch + len(group), seconds=clock.seconds
            )
            report(self._progress(position, clock, loss, None))
            if stop_requested.is_set():
                self._save(folder, position)
                raise TrainingStopped(
                    f"stopped at step {position.step} of {self.total_steps}",
                    hint="--resume goes on from here",
                )
            if clock.due(self.config.checkpoint_s):
                self._save(folder, position)
        position = self._evaluated(replace(position, epoch=position.epoch + 1, batch=0), folder)
        progress = self._progress(position, clock, loss, self.last_scores)
        history.append(progress)
        report(progress)
        self._save(folder, position)
        return position

    def _step(self, step: int, group: list[list[int]]) -> float:
        # A seed a step, not a stream: so a resumed run draws what the undisturbed one drew.
        torch.manual_seed(self.config.seed * SEED_STRIDE + step)
        self.network.train()
        total = 0.0
        for indices in group:
            batch = collate([self.train[index] for index in indices], self.network.specs)
            outputs, second = self._outputs(
                batch, indices, self.frozen, word_dropout=self.config.word_dropout
            )
            loss = self._loss(outputs, batch, second) / len(group)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        self.optimiser.update(step)
        return total

    def _outputs(
        self, batch: Batch, indices: list[int], frozen: Tensor | None, *, word_dropout: float = 0.0
    ) -> tuple[Outputs, Tensor | None]:
        if frozen is not None:
            return self.network.read(None, frozen[indices]), None
        outputs = self._encode(batch.ids, batch.mask, word_dropout)
        second = None if batch.second is None else self._encode(*batch.second, word_dropout)["vector"]
        return outputs, second

    def _encode(self, ids: Tensor, mask: Tensor | None, word_dropout: float = 0.0) -> Outputs:
        ids = ids.to(self.device)
        if word_dropout:
            dropped = torch.rand(ids.shape, device=self.device) < word_dropout
            dropped[:, 0] = False
            ids = ids.masked_fill(dropped, self.mask_row)
        outputs: Outputs = self.network(self.words(ids), None if mask is None else mask.to(self.device))
        return outputs

    def _loss(self, outputs: Outputs, batch: Batch, second: Tensor | None) -> Tensor:
        on_device = replace(
            batch,
            targets={name: target.to(self.device) for name, target in batch.targets.items()},
            weights=batch.weights.to(self.device),
        )
        return loss_of(
            self.network.specs,
            outputs,
            on_device,
            label_smoothing=self.config.label_smoothing,
            oos_weight=self.config.oos_weight,
            class_weights=self.class_weights,
            second=second,
        )

    def _evaluated(self, position: Position, folder: Path) -> Position:
        self.last_scores = self.evaluate()
        score = sum(self.last_scores.values()) / max(1, len(self.last_scores))
        without_gain = 0 if score > position.best_score else position.evaluations_without_gain + 1
        position = replace(position, evaluations_without_gain=without_gain)
        if score < position.best_score - self._standard_error(score):
            return position
        checkpoint.save_best(folder, checkpoint.cpu(self.optimiser.weights()))
        return replace(position, best_score=max(score, position.best_score), best_step=position.step)

    def _standard_error(self, score: float) -> float:
        """Of a share of the validation rows: weights that differ by less cannot be told apart, and the later ones,
        trained at smaller rates, are better more often than not (the one-standard-error rule, Breiman et al. 1984)."""
        return float((max(0.0, score * (1 - score)) / max(1, len(self.validation))) ** 0.5)

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """The validation score of each head, as `score.count` defines it."""
        self.network.eval()
        tallies: dict[str, Tally] = {}
        by_length = sorted(range(len(self.validation)), key=lambda index: len(self.validation[index].ids))
        for start in range(0, len(by_length), EVALUATION_BATCH):
            batch = collate(
                [self.validation[index] for index in by_length[start : start + EVALUATION_BATCH]],
                self.network.specs,
            )
            outputs = self._encode(batch.ids, batch.mask)
            second = None if batch.second is None else self._encode(*batch.second)["vector"]
            count(self.network.specs, outputs, batch, second, tallies)
        return {name: tally.share for name, tally in tallies.items()}

    @torch.no_grad()
    def vectors(self, items: Sequence[Item]) -> Tensor:
        """Pooled vectors float32 `[n, H]` of items, in their order."""
        self.network.eval()
        by_length = sorted(range(len(items)), key=lambda index: len(items[index].ids))
        found: list[Tensor | None] = [None] * len(items)
        for start in range(0, len(by_length), EVALUATION_BATCH):
            indices = by_length[start : start + EVALUATION_BATCH]
            batch = collate([items[index] for index in indices], self.network.specs)
            for index, vector in zip(
                indices, self._encode(batch.ids, batch.mask)["vector"].float(), strict=True
            ):
                found[index] = vector
        return torch.stack([vector for vector in found if vector is not None])

    def _features_are_fixed(self) -> bool:
        return self.config.tuning == "head" and all(
            spec.task not in ("tag", "embed") for spec in self.network.specs
        )

    def _frozen_vectors(self) -> Tensor:
        return self.vectors(self.train)

    def _progress(
        self, position: Position, clock: _Clock, loss: float, scores: dict[str, float] | None
    ) -> Progress:
        pace = clock.steps_per_s(position.step)
        return Progress(
            step=position.step,
            total_steps=self.total_steps,
            epoch=position.epoch,
            loss=loss,
            rate=self.config.learning_rate * self.optimiser.factor(max(0, position.step - 1)),
            texts_per_s=pace * len(self.train) / self.steps_an_epoch,
            seconds_left=(self.total_steps - position.step) / max(pace, 1e-9),
            scores=scores,
        )

    def _save(self, folder: Path, position: Position) -> None:
        checkpoint.save_state(folder, position, checkpoint.cpu(self.optimiser.state()))

    def _to_float32(self) -> None:
        self.network.encoder.float()
        self.words.float()
        self.optimiser.write_back()

    def _steps_of(self, batches: list[list[int]]) -> int:
        return -(-len(batches) // self.config.accumulate)


class _Trained(torch.nn.Module):
    """Names the parameters of network and words as one module, for the optimiser."""

    def __init__(self, network: Network, words: WordTable) -> None:
        super().__init__()
        self.encoder, self.heads, self.words = network.encoder, network.heads, words


class _Clock:
    """Seconds spent training, over all the processes that shared the run."""

    def __init__(self, seconds_before: float, step_before: int) -> None:
        self.seconds_before, self.step_before = seconds_before, step_before
        self.start = self.last_checkpoint = time.perf_counter()

    @property
    def seconds(self) -> float:
        return self.seconds_before + time.perf_counter() - self.start

    def steps_per_s(self, step: int) -> float:
        return (step - self.step_before) / max(time.perf_counter() - self.start, 1e-9)

    def due(self, seconds: float) -> bool:
        if time.perf_counter() - self.last_checkpoint < seconds:
            return False
        self.last_checkpoint = time.perf_counter()
        return True


@contextlib.contextmanager
def _stop_requests() -> Iterator[threading.Event]:
    """Ctrl-C sets the event and the step in progress is finished; a second Ctrl-C interrupts at once."""
    requested = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield requested
        return
    previous = signal.getsignal(signal.SIGINT)

    def request(_signal: int, _frame: object) -> None:
        requested.set()
        signal.signal(signal.SIGINT, previous)

    signal.signal(signal.SIGINT, request)
    try:
        yield requested
    finally:
        signal.signal(signal.SIGINT, previous)
