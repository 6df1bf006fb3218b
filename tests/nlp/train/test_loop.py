"""Training: it learns, stops, goes on after a kill to the same weights, and keeps the best."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tradewind.core.errors import InputError
from tradewind.nlp.data import Example
from tradewind.nlp.encoders import EncoderFolder
from tradewind.nlp.model import Span
from tradewind.nlp.train.build import Group, Prepared, prepare
from tradewind.nlp.train.checkpoint import STATE
from tradewind.nlp.train.config import TrainConfig, Tuning
from tradewind.nlp.train.loop import Progress, TrainingStopped

LOST = ["i lost my card", "my card is lost", "card stolen please help", "where is my card lost again"]
SEND = ["send money abroad", "transfer money to paris", "i want to send money", "how to transfer abroad"]
EXAMPLES = tuple(Example(text, label="lost") for text in LOST) + tuple(
    Example(text, label="send") for text in SEND
)
FAST = {"epochs": 8.0, "batch_size": 4, "precision": "fp32", "dropout": 0.0}


def _prepared(
    encoder: EncoderFolder, config: TrainConfig, examples: tuple[Example, ...] = EXAMPLES
) -> Prepared:
    return prepare([Group({"classify": "classify"}, examples, examples)], encoder, config, "oos")


def _run(prepared: Prepared, folder: Path, *, resume: bool = False) -> list[Progress]:
    seen: list[Progress] = []
    prepared.trainer.run(folder, prepared.fingerprint, resume=resume, report=seen.append)
    return seen


@pytest.mark.parametrize("tuning", ["full", "lora", "head"])
def test_every_tuning_learns_the_training_texts(
    tuning: Tuning, tiny_encoder: EncoderFolder, tmp_path: Path
) -> None:
    config = TrainConfig(
        **{**FAST, "epochs": 30.0}, tuning=tuning, learning_rate=3e-3, head_learning_rate=1e-2
    )
    prepared = _prepared(tiny_encoder, config)

    _run(prepared, tmp_path)

    assert prepared.trainer.evaluate() == {"classify": 1.0}


def test_frozen_parts_stay_as_they_were(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    prepared = _prepared(tiny_encoder, TrainConfig(**FAST, frozen_layers=1, train_words=False))
    before = {name: value.clone() for name, value in prepared.trainer.network.state_dict().items()}

    _run(prepared, tmp_path)

    after = prepared.trainer.network.state_dict()
    changed = {name for name, value in after.items() if not torch.equal(value, before[name])}
    assert any(name.startswith("encoder.layers.1.") for name in changed)
    assert not any(name.startswith(("encoder.layers.0.", "encoder.positions")) for name in changed)


def test_out_of_scope_rows_pull_scores_towards_equal(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    outside = tuple(
        Example(text, label="oos") for text in ["weather in berlin", "pizza please", "weather tomorrow"]
    )
    config = TrainConfig(
        **{**FAST, "epochs": 60.0}, patience=0, learning_rate=3e-3, head_learning_rate=1e-2, head_dropout=0.0
    )
    prepared = _prepared(tiny_encoder, config, EXAMPLES + outside)

    _run(prepared, tmp_path)

    assert prepared.heads[0].labels == ("lost", "send")
    trainer = prepared.trainer
    with torch.no_grad():
        logits = trainer.network.heads["classify"](trainer.vectors(trainer.train))
    sure = logits.softmax(-1).max(-1).values
    assert sure[len(EXAMPLES) :].max() < sure[: len(EXAMPLES)].min()


def test_a_tag_head_and_a_class_head_train_together(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    examples = (
        Example("weather in berlin", label="weather", spans=(Span("place", 11, 17),)),
        Example(
            "weather in paris tomorrow", label="weather", spans=(Span("place", 11, 16), Span("when", 17, 25))
        ),
        Example("send money to paris", label="send", spans=(Span("place", 14, 19),)),
        Example("send money tomorrow", label="send", spans=(Span("when", 11, 19),)),
    )
    config = TrainConfig(**{**FAST, "epochs": 200.0}, patience=0, learning_rate=3e-3, head_learning_rate=1e-2)
    prepared = prepare(
        [Group({"intent": "classify", "slots": "tag"}, examples, examples)], tiny_encoder, config, None
    )

    _run(prepared, tmp_path)

    assert prepared.trainer.evaluate() == {"intent": 1.0, "slots": 1.0}


def test_ctrl_c_leaves_a_checkpoint_that_resumes_to_the_same_weights(
    tiny_encoder: EncoderFolder, tmp_path: Path
) -> None:
    config = TrainConfig(**{**FAST, "dropout": 0.1}, word_dropout=0.1)
    whole = _prepared(tiny_encoder, config)
    _run(whole, tmp_path / "whole")

    stopped = _prepared(tiny_encoder, config)
    with pytest.raises(TrainingStopped, match="stopped at step 5"):
        stopped.trainer.run(
            tmp_path / "stopped",
            stopped.fingerprint,
            resume=False,
            report=lambda p: signal.raise_signal(signal.SIGINT) if p.step == 5 else None,
        )
    resumed = _prepared(tiny_encoder, config)
    steps = _run(resumed, tmp_path / "stopped", resume=True)

    assert steps[0].step == 6
    for name, value in whole.trainer.network.state_dict().items():
        assert torch.equal(value, resumed.trainer.network.state_dict()[name]), name


KILLED_RUN = """
    import os, signal
    from pathlib import Path
    from tradewind.core.settings import Settings
    from tradewind.nlp.data import Example
    from tradewind.nlp.encoders import resolve
    from tradewind.nlp.train.build import Group, prepare
    from tradewind.nlp.train.config import TrainConfig
    texts = {texts!r}
    examples = tuple(Example(text, label=label) for text, label in texts)
    config = TrainConfig(epochs=8.0, batch_size=4, precision="fp32", dropout=0.1, checkpoint_s=0.0)
    prepared = prepare([Group({{"classify": "classify"}}, examples, examples)],
                       resolve({encoder!r}, Settings()), config, None)
    def report(progress):
        if progress.step == {kill_at}:
            os.kill(os.getpid(), signal.SIGKILL)
    prepared.trainer.run(Path({folder!r}), prepared.fingerprint, resume={resume}, report=report)
    from safetensors.torch import save_file
    save_file(prepared.trainer.network.state_dict(), {folder!r} + "/final.safetensors")
"""


def _in_another_process(encoder: EncoderFolder, folder: Path, *, kill_at: int, resume: bool) -> int:
    script = textwrap.dedent(KILLED_RUN).format(
        texts=[(example.text, example.label) for example in EXAMPLES],
        encoder=str(encoder.path),
        folder=str(folder),
        kill_at=kill_at,
        resume=resume,
    )
    return subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_kill_9_then_resume_ends_with_the_weights_of_an_undisturbed_run(
    tiny_encoder: EncoderFolder, tmp_path: Path
) -> None:
    assert _in_another_process(tiny_encoder, tmp_path / "whole", kill_at=-1, resume=False) == 0
    assert _in_another_process(tiny_encoder, tmp_path / "killed", kill_at=7, resume=False) == -9
    assert _in_another_process(tiny_encoder, tmp_path / "killed", kill_at=-1, resume=True) == 0

    whole, resumed = (load_file(tmp_path / name / "final.safetensors") for name in ("whole", "killed"))
    assert whole.keys() == resumed.keys()
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_checkpoint_of_other_data_is_refused(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    _run(_prepared(tiny_encoder, TrainConfig(**FAST)), tmp_path)
    assert (tmp_path / STATE).is_file()

    with pytest.raises(InputError, match="other data or settings"):
        _run(_prepared(tiny_encoder, TrainConfig(**FAST), EXAMPLES[1:]), tmp_path, resume=True)


def test_early_stopping_ends_a_run_that_no_longer_gains(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    config = TrainConfig(**{**FAST, "epochs": 60.0}, patience=2, learning_rate=0.5, head_learning_rate=5.0)

    steps = _run(_prepared(tiny_encoder, config), tmp_path)

    assert steps[-1].step < steps[-1].total_steps


def test_weights_that_are_clearly_worse_than_the_best_are_not_kept(
    tiny_encoder: EncoderFolder, tmp_path: Path
) -> None:
    examples = EXAMPLES * 40
    config = TrainConfig(
        **{**FAST, "epochs": 4.0}, patience=0, learning_rate=2.0, head_learning_rate=20.0, clip=1e9
    )
    prepared = _prepared(tiny_encoder, config, examples)

    steps = _run(prepared, tmp_path)

    scores = [step.scores["classify"] for step in steps if step.scores]
    noise = (max(scores) * (1 - max(scores)) / len(examples)) ** 0.5
    assert prepared.trainer.evaluate()["classify"] >= max(scores) - noise - 1e-9


def test_one_label_only_is_refused(tiny_encoder: EncoderFolder) -> None:
    with pytest.raises(InputError, match="1 label"):
        _prepared(tiny_encoder, TrainConfig(**FAST), EXAMPLES[:4])
