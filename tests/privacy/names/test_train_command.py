"""`tradewind privacy train`: a model that `privacy detect` uses, from generated sentences; what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tradewind.cli.main import run
from tradewind.cli.privacy_train import recipe, taught
from tradewind.nlp.data.spans import tag_labels
from tradewind.nlp.encoders import EncoderFolder
from tradewind.nlp.train.items import heads_for
from tradewind.privacy.model import NAME_TYPES


def test_sentences_teach_and_others_validate() -> None:
    group = taught(400, seed=5)

    (head,) = heads_for(group.tasks, group.train, None)
    assert head.labels == tag_labels(sorted(NAME_TYPES))
    assert not {e.text for e in group.validation if len(e.text) > 60} & {e.text for e in group.train}


def test_a_run_keeps_the_layers_of_the_recipe_and_sees_each_sentence_once() -> None:
    config = recipe()

    assert (config.layers, config.epochs, config.patience) == (6, 1.0, 0)


def test_it_must_be_said_where_the_model_goes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["privacy", "train"])

    assert left.value.code == 2
    assert "--install, or --out FOLDER" in capsys.readouterr().err


def test_the_model_is_installed_and_detect_uses_it(
    tiny_encoder: EncoderFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = ["--workspace", str(tmp_path)]
    small = ["--encoder", str(tiny_encoder.path), "--layers", "1", "--sentences", "1000"]
    with pytest.raises(SystemExit) as left:
        run([*workspace, "privacy", "train", "--install", *small, "--json"])
    assert left.value.code == 0
    trained = json.loads(capsys.readouterr().out)
    assert trained["installed"]
    assert trained["training"]["texts"] == 1000
    assert "span_f1" in trained["metrics"]["names"]

    texts = tmp_path / "texts.jsonl"
    texts.write_text('{"text": "write to ann@example.com"}\n', encoding="utf-8")
    with pytest.raises(SystemExit) as left:
        run([*workspace, "privacy", "detect", "--market", "us", "--file", str(texts), "--json"])
    assert left.value.code == 0
    printed = capsys.readouterr()
    assert "only identifiers" not in printed.err
    assert "EMAIL_ADDRESS" in {span["type"] for span in json.loads(printed.out)["spans"]}
