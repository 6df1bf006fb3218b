"""Settings that make no sense are refused with the value in the message; sizes choose sensible runs."""

from __future__ import annotations

import pytest

from tradewind.core.errors import ConfigError
from tradewind.nlp.train.config import TrainConfig


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("epochs", 0.0), ("batch_size", 0), ("learning_rate", -1.0), ("warmup", 1.0), ("dropout", 1.5),
        ("layer_decay", 0.0), ("max_tokens", 3), ("validation", -0.1),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named(name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=f"{name} is {value}"):
        TrainConfig(**{name: value})


def test_little_data_is_seen_more_often() -> None:
    config = TrainConfig()

    assert config.passes(10_000) == 6
    assert config.passes(1_000) == 12
    assert config.passes(1_000_000) == 3
    assert TrainConfig(epochs=2.5).passes(10) == 2.5


def test_enough_rows_are_held_out_to_calibrate_on() -> None:
    config = TrainConfig()

    assert config.held_out(10_000) == config.validation
    assert config.held_out(2_000) * 2_000 == pytest.approx(200)
    assert config.held_out(100) == 0.2
