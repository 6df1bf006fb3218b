"""Every knob of a training run, with the values that work for a fresh user's data."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal, get_args

from tradewind.core.errors import ConfigError
from tradewind.nlp.model import Pooling

Tuning = Literal["full", "lora", "head"]
Precision = Literal["auto", "bf16", "fp32"]
LARGE_VOCABULARY = 60_000
WORDS = ("class_weights", "precision", "tuning", "pooling")
TEXTS_A_RUN = 60_000
FEWEST_PASSES, MOST_PASSES = 3, 12
FEWEST_HELD_OUT_ROWS, MOST_HELD_OUT = 200, 0.2


@dataclass(frozen=True)
class TrainConfig:
    """How to train.

    Attributes:
        epochs: passes over the data; None takes about 60,000 texts' worth, at least 3 and at most 12 passes.
        batch_size: texts a step. `accumulate` steps share one update.
        learning_rate: of the encoder's top layer; each layer below gets `layer_decay` of the one above it.
        head_learning_rate: of the heads.
        weight_decay: of matrices; never of biases, norms, positions and word vectors.
        warmup: share of the run in which the rate rises; then it falls linearly to zero.
        label_smoothing: share of the target spread over all labels (Szegedy et al. 2016).
        class_weights: "balanced" weighs a label by the inverse of its frequency.
        dropout, head_dropout: inside the encoder (costly on CPUs) and before the heads.
        word_dropout: share of tokens replaced by the mask token while training; cheap and effective.
        precision: "auto" times a product in bf16 and fp32 on this machine and takes the faster.
        tuning: all weights, low-rank adapters (Hu et al. 2021), or heads on frozen features.
        train_words: update word vectors too; None means where no layer is frozen and the vocabulary is small: the
            vectors of a large, multilingual one keep the languages that were never trained on in place.
        layers: how many layers of the encoder are kept, counted from the bottom; 0 keeps all. Half of them serve
            twice as fast, and tags need the upper ones little.
        frozen_layers: how many layers, counted from the bottom, stay as they are; None freezes a third of a BERT's or
            RoBERTa's, which costs no accuracy and saves a fifth of the time (Lee et al. 2019).
        max_tokens: longer texts are cut in training; the run time reads them in windows instead.
        validation: share of the training data held out where no validation file is given.
        patience: evaluations without improvement before stopping; 0 never stops early.
        checkpoint_s: seconds between checkpoints.
        oos_weight: weight of out-of-scope rows, which pull the scores towards uniform (Hendrycks et al. 2019).
    """

    epochs: float | None = None
    batch_size: int = 32
    accumulate: int = 1
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup: float = 0.1
    label_smoothing: float = 0.1
    class_weights: Literal["none", "balanced"] = "none"
    dropout: float = 0.1
    head_dropout: float = 0.1
    word_dropout: float = 0.0
    clip: float = 1.0
    precision: Precision = "auto"
    tuning: Tuning = "full"
    lora_rank: int = 16
    train_words: bool | None = None
    layers: int = 0
    frozen_layers: int | None = None
    pooling: Pooling = "cls"
    max_tokens: int = 256
    validation: float = 0.03
    patience: int = 5
    checkpoint_s: float = 60.0
    oos_weight: float = 1.0
    false_rejection_rate: float = 0.0125
    seed: int = 0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in WORDS and not isinstance(value, int | float | None):
                raise ConfigError(f"{field.name} is {value!r}", hint="it must be a number")
            if isinstance(value, float) and not math.isfinite(value):
                raise ConfigError(f"{field.name} is {value}", hint="it must be finite")
        if self.epochs is not None and self.epochs <= 0:
            raise ConfigError(f"epochs is {self.epochs}", hint="it must be above zero")
        positive = ("batch_size", "accumulate", "learning_rate", "head_learning_rate", "clip", "lora_rank")
        for name in positive:
            if getattr(self, name) <= 0:
                raise ConfigError(f"{name} is {getattr(self, name)}", hint="it must be above zero")
        shares = (
            "warmup", "label_smoothing", "dropout", "head_dropout", "word_dropout", "validation",
            "false_rejection_rate",
        )  # fmt: skip
        for name in shares:
            if not 0 <= getattr(self, name) < 1:
                raise ConfigError(
                    f"{name} is {getattr(self, name)}", hint="it must be at least 0 and below 1"
                )
        if not 0 < self.layer_decay <= 1:
            raise ConfigError(f"layer_decay is {self.layer_decay}", hint="it must be above 0 and at most 1")
        choices = {
            "class_weights": ("none", "balanced"),
            "precision": get_args(Precision),
            "tuning": get_args(Tuning),
            "pooling": get_args(Pooling),
        }
        for name, allowed in choices.items():
            if getattr(self, name) not in allowed:
                raise ConfigError(f"{name} is {getattr(self, name)!r}", hint=f"one of {', '.join(allowed)}")
        for name in (
            "layers",
            "frozen_layers",
            "weight_decay",
            "oos_weight",
            "checkpoint_s",
            "patience",
            "seed",
        ):
            if (getattr(self, name) or 0) < 0:
                raise ConfigError(f"{name} is {getattr(self, name)}", hint="it must be at least 0")
        for name in (
            "batch_size",
            "accumulate",
            "lora_rank",
            "layers",
            "frozen_layers",
            "max_tokens",
            "patience",
            "seed",
        ):
            if not isinstance(getattr(self, name) or 0, int):
                raise ConfigError(f"{name} is {getattr(self, name)!r}", hint="it must be a whole number")
        if self.false_rejection_rate == 0:
            raise ConfigError("false_rejection_rate is 0", hint="some texts must be rejected: 0.01 is strict")
        if self.max_tokens < 8:
            raise ConfigError(f"max_tokens is {self.max_tokens}", hint="it must be at least 8")

    def frozen(self, layers: int) -> int:
        """How many of an encoder's `layers` stay as they are while all the others are trained."""
        return layers // 3 if self.frozen_layers is None else self.frozen_layers

    def passes(self, rows: int) -> float:
        """Epochs over `rows` training rows."""
        if self.epochs is not None:
            return self.epochs
        return min(MOST_PASSES, max(FEWEST_PASSES, round(TEXTS_A_RUN / max(1, rows))))

    def held_out(self, rows: int) -> float:
        """Share of `rows` held out for validation: `validation`, but at least 200 rows or a fifth of few."""
        return min(MOST_HELD_OUT, max(self.validation, FEWEST_HELD_OUT_ROWS / max(1, rows)))
