"""From examples to a sealed model folder: what is in it, what it answers, and what happens when the disk refuses."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tradewind.core.errors import ConfigError, InputError, IntegrityError, NotFoundError
from tradewind.nlp import bundle
from tradewind.nlp.data import Dataset, Example
from tradewind.nlp.encoders import EncoderFolder
from tradewind.nlp.encoders.weights import TensorFile
from tradewind.nlp.evaluate import evaluate
from tradewind.nlp.export.again import export_again
from tradewind.nlp.model import Span, Task
from tradewind.nlp.runtime import Engine
from tradewind.nlp.train.build import Group
from tradewind.nlp.train.config import TrainConfig
from tradewind.nlp.train.run import TrainRequest, group_of, train

CONFIG = TrainConfig(
    epochs=12,
    batch_size=8,
    precision="fp32",
    dropout=0.0,
    learning_rate=3e-3,
    head_learning_rate=1e-2,
    patience=0,
)
PLACES, VERBS = ("paris", "berlin"), ("send money to", "weather in", "open account in")
LABELS = {"send": "transfer", "weat": "weather", "open": "account"}


def _examples() -> tuple[Example, ...]:
    rows = []
    for polite in ("", "please ", "i want to ", "my my ", "help "):
        for verb in VERBS:
            for place in PLACES:
                text = f"{polite}{verb} {place}"
                start = text.index(place)
                rows.append(
                    Example(
                        text,
                        text_b=f"{verb} {place}",
                        label=LABELS[verb[:4]],
                        labels=(LABELS[verb[:4]], place),
                        spans=(Span("place", start, start + len(place)),),
                        lang="en",
                    )
                )
    return tuple(rows)


def _request(encoder: EncoderFolder, out: Path, tasks: dict[str, Task], **changes: object) -> TrainRequest:
    examples = _examples()
    request = TrainRequest(
        (Group(tasks, examples, examples),), encoder, out, "bank", CONFIG, serve_precision="f32", threads=1
    )
    return replace(request, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model(tiny_encoder: EncoderFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("models") / "bank"
    train(_request(tiny_encoder, out, {"intent": "classify", "slots": "tag"}), lambda _: None)
    return out


def test_the_folder_is_sealed_and_holds_card_metrics_and_report(model: Path) -> None:
    bundle.verify(model)
    info = bundle.read_info(model)

    assert [head.name for head in info.heads] == ["intent", "slots"]
    assert info.metrics["intent"]["accuracy"] == 1.0
    assert "transfer" in (model / bundle.CARD).read_text()
    assert "<svg" in (model / bundle.REPORT).read_text()
    assert not model.with_name("bank.training").exists()


def test_one_pass_answers_every_head(model: Path) -> None:
    with Engine.open(model, threads=1) as engine:
        answer = engine.predict(["please send money to berlin"])[0].as_json()

    assert answer["label"] == "transfer"
    assert answer["in_scope"] is True
    assert [(span["type"], span["start"], span["end"]) for span in answer["spans"]] == [("place", 21, 27)]  # type: ignore[index, union-attr]


def test_serving_imports_no_torch(model: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        from tradewind.nlp.runtime import Engine
        with Engine.open(Path({str(model)!r}), threads=1) as engine:
            engine.predict(["send money to paris"])
        assert not {{"torch", "transformers", "nncf", "scipy", "sklearn"}} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)


def test_a_changed_byte_is_refused(model: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(model, tmp_path / "copy"))
    target = copy / bundle.WEIGHTS
    content = bytearray(target.read_bytes())
    content[-1] ^= 1
    target.write_bytes(content)

    with pytest.raises(IntegrityError, match=r"weights\.safetensors"):
        Engine.open(copy)


@pytest.mark.parametrize("task", ["multilabel", "pair", "embed"])
def test_every_other_task_goes_the_same_way(task: Task, tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    info = train(_request(tiny_encoder, tmp_path / "m", {task: task}), lambda _: None)

    with Engine.open(tmp_path / "m", threads=1) as engine:
        pairs = ["send money to paris"] if task == "pair" else None
        answer = engine.predict(["please send money to paris"], pairs)[0]
        outputs = engine.outputs(["please send money to paris"], pairs)
    if task == "multilabel":
        assert set(answer.heads[0].labels) == {"transfer", "paris"}
    elif task == "pair":
        assert answer.heads[0].label == "transfer"
    else:
        assert outputs.vectors.shape == (1, tiny_encoder.config.hidden)
    assert info.runtime is not None


def test_candidates_are_measured_and_the_losers_removed(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    request = _request(tiny_encoder, tmp_path / "m", {"intent": "classify"}, serve_precision=None)

    info = train(request, lambda _: None)

    assert info.runtime is not None
    assert {candidate["precision"] for candidate in info.runtime.candidates} >= {"f32", "int8"}
    chosen = [candidate for candidate in info.runtime.candidates if candidate["accepted"]]
    assert [candidate["precision"] for candidate in chosen] == [info.runtime.precision]
    assert chosen[0]["points_lost"] <= 0.3
    assert len({path.stem for path in (tmp_path / "m" / bundle.RUNTIME).iterdir()}) == 1


def test_an_unknown_precision_is_refused_before_anything_is_written(
    tiny_encoder: EncoderFolder, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="unknown precision 'int4'"):
        train(
            _request(tiny_encoder, tmp_path / "m", {"intent": "classify"}, serve_precision="int4"),
            lambda _: None,
        )
    assert not (tmp_path / "m").exists()


def test_a_full_disk_leaves_the_old_model(model: Path, tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    import shutil

    old = Path(shutil.copytree(model, tmp_path / "bank"))
    script = f"""
        import resource, sys
        from pathlib import Path
        from tradewind.core.errors import StorageError
        from tradewind.core.settings import Settings
        from tradewind.nlp.data import Example
        from tradewind.nlp.encoders import resolve
        from tradewind.nlp.train.build import Group
        from tradewind.nlp.train.config import TrainConfig
        from tradewind.nlp.train.run import TrainRequest, train
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        rows = tuple(Example(f"{{w}} card {{i}}", label=w) for w in ("lost", "send") for i in range(6))
        encoder = resolve({str(tiny_encoder.path)!r}, Settings())
        config = TrainConfig(epochs=1, precision="fp32")
        groups = (Group({{"intent": "classify"}}, rows, rows),)
        request = TrainRequest(
            groups, encoder, Path({str(old)!r}), "bank", config, serve_precision="f32", threads=1
        )
        resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
        try:
            train(request, lambda _: None)
        except StorageError as error:
            print(error)
            sys.exit(7)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], check=False, capture_output=True, text=True
    )

    assert done.returncode == 7, done.stderr
    assert "cannot write" in done.stdout
    bundle.verify(old)
    assert bundle.read_info(old).version == bundle.read_info(model).version


def test_exporting_again_makes_a_new_version_that_agrees(model: Path, tmp_path: Path) -> None:
    data = Dataset(_examples())

    info = export_again(model, tmp_path / "again", data, precision="int8", threads=1)

    bundle.verify(tmp_path / "again")
    assert info.runtime is not None
    assert info.runtime.precision == "int8"
    with Engine.open(tmp_path / "again", threads=1) as engine:
        assert json.loads(json.dumps(evaluate(engine, data, head="intent").as_json()))["accuracy"] == 1.0


def test_a_model_is_not_exported_onto_itself(model: Path) -> None:
    with pytest.raises(InputError, match="is the model itself"):
        export_again(model, model, Dataset(_examples()))
    with pytest.raises(NotFoundError):
        export_again(model.with_name("none"), model.with_name("out"), Dataset(_examples()))


def test_too_few_examples_are_refused() -> None:
    with pytest.raises(InputError, match="3 examples are too few"):
        group_of({"intent": "classify"}, _examples()[:3], None, CONFIG)


def test_only_the_lower_layers_are_kept(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    request = _request(tiny_encoder, tmp_path / "m", {"slots": "tag"}, config=replace(CONFIG, layers=1))

    info = train(request, lambda _: None)

    assert info.encoder.config["layers"] == tiny_encoder.config.layers - 1
    assert not [name for name in TensorFile(tmp_path / "m" / bundle.WEIGHTS) if "layers.1." in name]
    with Engine.open(tmp_path / "m", threads=1) as engine:
        (place,) = engine.predict(["please send money to berlin"])[0].heads[0].spans
    assert (place.type, place.start, place.end) == ("place", 21, 27)


def test_more_layers_than_there_are_is_refused(tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    request = _request(tiny_encoder, tmp_path / "m", {"slots": "tag"}, config=replace(CONFIG, layers=9))

    with pytest.raises(ConfigError, match=r"layers is 9 .*has 2 layers"):
        train(request, lambda _: None)


def test_a_run_goes_on_from_a_model(model: Path, tiny_encoder: EncoderFolder, tmp_path: Path) -> None:
    still = replace(CONFIG, epochs=1, learning_rate=1e-9, head_learning_rate=1e-9, weight_decay=0.0)
    tasks: dict[str, Task] = {"intent": "classify", "slots": "tag"}
    train(_request(tiny_encoder, tmp_path / "m", tasks, config=still, start=model), lambda _: None)

    with Engine.open(model, threads=1) as before, Engine.open(tmp_path / "m", threads=1) as after:
        text = ["please send money to berlin"]
        for name, logits in before.outputs(text).logits.items():
            np.testing.assert_allclose(after.outputs(text).logits[name][0], logits[0], atol=1e-3)


def test_a_model_of_another_shape_is_no_start(
    model: Path, tiny_encoder: EncoderFolder, tmp_path: Path
) -> None:
    request = _request(
        tiny_encoder, tmp_path / "m", {"slots": "tag"}, config=replace(CONFIG, layers=1), start=model
    )

    with pytest.raises(ConfigError, match="with 2 layers"):
        train(request, lambda _: None)
