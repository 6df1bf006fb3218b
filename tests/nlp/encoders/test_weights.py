"""Weights as numpy arrays: every stored type, one file or shards, without a framework."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from tradewind.core.errors import InputError, IntegrityError
from tradewind.core.settings import Settings
from tradewind.nlp.encoders import load_tensors, resolve
from tradewind.nlp.encoders.weights import TensorFile, plain_name


def test_tensors_come_by_name_as_views_of_the_mapped_file(tiny_folder: Path, settings: Settings) -> None:
    tensors = load_tensors(resolve(tiny_folder, settings))
    expected = load_file(tiny_folder / "model.safetensors")

    assert set(tensors) == set(expected)
    assert len(tensors) == len(expected)
    for name, values in expected.items():
        np.testing.assert_array_equal(tensors[name], values)
        assert not tensors[name].flags.owndata
        assert not tensors[name].flags.writeable
    with pytest.raises(KeyError):
        tensors["pooler.dense.weight"]


def test_a_family_prefix_and_old_names_of_layer_norms_are_dropped() -> None:
    assert plain_name("bert.embeddings.LayerNorm.gamma") == "embeddings.LayerNorm.weight"
    assert (
        plain_name("roberta.encoder.layer.0.output.LayerNorm.beta") == "encoder.layer.0.output.LayerNorm.bias"
    )
    assert plain_name("encoder.layer.0.output.dense.bias") == "encoder.layer.0.output.dense.bias"


def write_raw(path: Path, dtype: str, data: bytes, count: int) -> None:
    """A safetensors file of one vector `x` of a type that numpy lacks."""
    entry = {"dtype": dtype, "shape": [count], "data_offsets": [0, len(data)]}
    header = json.dumps({"x": entry}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)


@given(st.lists(st.floats(width=16, allow_nan=False), min_size=1, max_size=20))
def test_bfloat16_comes_as_the_same_values_in_float32(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    values = np.array(numbers, np.float32)
    bits = (values.view(np.uint32) >> 16).astype("<u2")
    path = tmp_path_factory.mktemp("bf16") / "model.safetensors"
    write_raw(path, "BF16", bits.tobytes(), len(bits))

    read = TensorFile(path)["x"]

    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, (values.view(np.uint32) >> 16 << 16).view(np.float32))


def test_half_precision_and_integers_keep_their_type(tmp_path: Path) -> None:
    save_file(
        {"half": np.ones((2, 3), np.float16), "ids": np.arange(4), "empty": np.zeros((0, 2), np.float32)},
        tmp_path / "model.safetensors",
    )
    file = TensorFile(tmp_path / "model.safetensors")
    assert file["half"].dtype == np.float16
    assert file["ids"].dtype == np.int64
    assert file["empty"].shape == (0, 2)


def test_a_type_that_numpy_cannot_hold_says_what_would_do(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    write_raw(path, "F8_E4M3", b"ab", 2)
    with pytest.raises(InputError, match=r"F8_E4M3.*BF16 or F32"):
        TensorFile(path)["x"]


@pytest.mark.parametrize("keep", [0, 4, 100, -1])
def test_a_truncated_file_is_refused(tiny_folder: Path, settings: Settings, keep: int) -> None:
    weights = tiny_folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:keep])
    with pytest.raises(IntegrityError, match=r"model\.safetensors: not a whole safetensors file"):
        load_tensors(resolve(tiny_folder, settings))


def split_into_shards(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    places: dict[str, str] = {}
    for number, names in enumerate((sorted(tensors)[::2], sorted(tensors)[1::2]), start=1):
        shard = f"model-0000{number}-of-00002.safetensors"
        save_file({f"bert.{name}": tensors[name] for name in names}, folder / shard)
        places |= {f"bert.{name}": shard for name in names}
    index = {"metadata": {}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), encoding="utf-8")


def test_shards_read_as_one(tiny_folder: Path, settings: Settings) -> None:
    whole = load_file(tiny_folder / "model.safetensors")
    split_into_shards(tiny_folder)

    folder = resolve(tiny_folder, settings)

    assert folder.weights_path.name == "model.safetensors.index.json"
    tensors = load_tensors(folder)
    assert set(tensors) == set(whole)
    np.testing.assert_array_equal(tensors["embeddings.LayerNorm.bias"], whole["embeddings.LayerNorm.bias"])


def test_a_missing_shard_is_named(tiny_folder: Path, settings: Settings) -> None:
    split_into_shards(tiny_folder)
    (tiny_folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(IntegrityError, match=r"model-00002-of-00002\.safetensors: missing"):
        resolve(tiny_folder, settings)


@pytest.mark.parametrize("shard", ["../secret.safetensors", "/etc/passwd", "code.py", 3])
def test_an_index_cannot_lead_out_of_its_folder(tiny_folder: Path, settings: Settings, shard: object) -> None:
    folder = resolve(tiny_folder, settings)
    index = tiny_folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"x": shard}}), encoding="utf-8")
    with pytest.raises(IntegrityError, match="index"):
        load_tensors(replace(folder, weights_path=index))
