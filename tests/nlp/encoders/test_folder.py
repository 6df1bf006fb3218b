"""From a name or a folder to an encoder, and what is said when there is none."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tradewind.core.errors import InputError, IntegrityError, NotFoundError
from tradewind.core.settings import Settings
from tradewind.nlp.encoders import EncoderConfig, pulled, resolve, verify
from tradewind.nlp.encoders.record import EncoderRecord, file_records, write_record


@pytest.fixture
def in_cache(tiny_folder: Path, settings: Settings) -> Path:
    """The tiny encoder where a pull of `org/tiny` would have put it."""
    return put_in_cache(tiny_folder, settings, "org/tiny", "query: ")


def put_in_cache(source: Path, settings: Settings, name: str, prefix: str) -> Path:
    target = settings.encoders / name.replace("/", "--")
    shutil.copytree(source, target)
    record = EncoderRecord(name, f"hub:{name}@abc", prefix, "MIT", 0, file_records(target), {})
    write_record(target, record)
    return target


def test_a_folder_in_hugging_face_layout_is_an_encoder(
    tiny_folder: Path, tiny_config: EncoderConfig, settings: Settings
) -> None:
    for name in (tiny_folder, str(tiny_folder)):
        folder = resolve(name, settings)
        assert (folder.name, folder.path, folder.config, folder.prefix) == (
            "tiny-bert",
            tiny_folder,
            tiny_config,
            "",
        )
        assert folder.tokenizer_path == tiny_folder / "tokenizer.json"
        assert folder.weights_path == tiny_folder / "model.safetensors"
        assert folder.source == f"folder:{tiny_folder}"
        assert len(folder.sha256) == 64


def test_the_prompt_of_sentence_transformers_becomes_the_prefix(
    tiny_folder: Path, settings: Settings
) -> None:
    prompts = {"prompts": {"query": "Q: ", "document": "D: "}, "default_prompt_name": "query"}
    (tiny_folder / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    assert resolve(tiny_folder, settings).prefix == "Q: "


def test_a_pulled_encoder_is_found_by_its_name(in_cache: Path, settings: Settings) -> None:
    folder = resolve("org/tiny", settings)
    assert (folder.name, folder.path, folder.prefix) == ("org/tiny", in_cache, "query: ")
    assert folder.source == "hub:org/tiny@abc"
    assert list(pulled(settings)) == ["org/tiny"]
    assert verify("org/tiny", settings) == folder


def test_a_pulled_encoder_that_was_carried_elsewhere_keeps_its_prefix(
    in_cache: Path, settings: Settings, tmp_path: Path
) -> None:
    shutil.move(in_cache, tmp_path / "carried")
    folder = resolve(tmp_path / "carried", settings)
    assert (folder.name, folder.prefix, folder.path) == ("org/tiny", "query: ", tmp_path / "carried")


@pytest.mark.parametrize(
    ("wrong", "near"), [("e5small", "e5-small"), ("minilm", "minilm-l6"), ("MiniLM-L6", "minilm-l6")]
)
def test_an_unknown_name_gives_the_nearest_and_the_command(settings: Settings, wrong: str, near: str) -> None:
    with pytest.raises(NotFoundError, match=f"unknown encoder '{wrong}'") as caught:
        resolve(wrong, settings)
    assert f"did you mean '{near}'?" in str(caught.value)
    assert "tradewind encoders pull" in str(caught.value)


def test_a_name_unlike_any_lists_them_all(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match=r"unknown encoder 'qqq' \(known: minilm-l6, e5-small"):
        resolve("qqq", settings)


@pytest.mark.parametrize("name", ["minilm-l6", "org/model", "intfloat/multilingual-e5-small"])
def test_a_name_that_was_not_pulled_gives_the_command(settings: Settings, name: str) -> None:
    with pytest.raises(NotFoundError, match=f"`tradewind encoders pull {name}`"):
        resolve(name, settings)


@pytest.mark.parametrize("path", ["./nowhere", "/no/such/folder", "a/b/c"])
def test_a_path_that_is_not_there_is_called_a_folder(settings: Settings, path: str) -> None:
    with pytest.raises(NotFoundError, match=f"{path}: no such folder"):
        resolve(path, settings)


@pytest.mark.parametrize("pickled", ["pytorch_model.bin", "pytorch_model.bin.index.json"])
def test_pickled_weights_are_refused_with_the_reason(
    tiny_folder: Path, settings: Settings, pickled: str
) -> None:
    (tiny_folder / "model.safetensors").rename(tiny_folder / pickled)
    with pytest.raises(InputError, match=f"{pickled}, a format that can run code.*save_pretrained"):
        resolve(tiny_folder, settings)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("config.json", r"no config\.json here"),
        ("model.safetensors", r"no model\.safetensors here"),
        ("tokenizer.json", r"no tokenizer\.json here.*AutoTokenizer"),
    ],
)
def test_a_missing_file_is_named(tiny_folder: Path, settings: Settings, missing: str, says: str) -> None:
    (tiny_folder / missing).unlink()
    with pytest.raises(InputError, match=says):
        resolve(tiny_folder, settings)


def test_a_shortened_file_is_noticed_at_use(in_cache: Path, settings: Settings) -> None:
    weights = in_cache / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(
        IntegrityError,
        match=r"model\.safetensors: .* were pulled \(`tradewind encoders pull org/tiny --force`",
    ):
        resolve("org/tiny", settings)


def test_a_changed_byte_is_noticed_by_verify(in_cache: Path, settings: Settings) -> None:
    weights = in_cache / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    resolve("org/tiny", settings)
    with pytest.raises(IntegrityError, match=r"model\.safetensors: SHA-256 is"):
        verify("org/tiny", settings)


def test_a_record_rewritten_with_the_file_does_not_deceive_the_registry(
    tiny_folder: Path, settings: Settings
) -> None:
    put_in_cache(tiny_folder, settings, "minilm-l6", "")
    resolve("minilm-l6", settings)
    with pytest.raises(IntegrityError, match=r"expected (953f9c0d463|53aa51172d1|be50c3628f2)"):
        verify("minilm-l6", settings)


@pytest.mark.parametrize("content", ["", "{}", '{"format": 9}', "[]", '{"format": 1, "files": 3}'])
def test_a_damaged_record_is_named(in_cache: Path, settings: Settings, content: str) -> None:
    (in_cache / "encoder.json").write_text(content, encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"encoder\.json: damaged"):
        resolve("org/tiny", settings)
    with pytest.raises(IntegrityError, match=r"damaged.*`tradewind encoders pull org/tiny --force`"):
        pulled(settings)


def test_nothing_is_pulled_in_a_fresh_cache(settings: Settings) -> None:
    assert pulled(settings) == {}
