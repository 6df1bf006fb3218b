"""The model folder: sealed by a manifest of hashes, and refused when any byte of it differs."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tradewind.core.errors import IntegrityError, NotFoundError
from tradewind.nlp import bundle
from tradewind.nlp.bundle import (
    EncoderInfo,
    HeadCalibration,
    ModelInfo,
    RuntimeInfo,
    read_info,
    seal,
    verify,
    write_info,
)
from tradewind.nlp.model import HeadSpec

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

FILE_NAMES = (
    "model.json",
    "tokenizer.json",
    "embeddings.safetensors",
    "runtime/graph.xml",
    "runtime/graph.bin",
)
contents = st.dictionaries(st.sampled_from(FILE_NAMES), st.binary(max_size=64), min_size=1)


@contextlib.contextmanager
def sealed(files: Mapping[str, bytes]) -> Iterator[Path]:
    """A sealed folder with these files."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        seal(folder)
        yield folder


@quick
@given(contents)
def test_what_was_sealed_is_found_sound(files):
    with sealed(files) as folder:
        verify(folder)


@quick
@given(contents, st.data())
def test_any_changed_byte_is_found_and_its_file_named(files, data):
    full = sorted(name for name, content in files.items() if content)
    if not full:
        return
    name = data.draw(st.sampled_from(full))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    change = data.draw(st.integers(1, 255))
    with sealed(files) as folder:
        spoilt = bytearray(files[name])
        spoilt[place] ^= change
        (folder / name).write_bytes(spoilt)
        with pytest.raises(IntegrityError, match="SHA-256") as refused:
            verify(folder)
        assert str(folder / name) in str(refused.value)


@quick
@given(contents, st.data())
def test_a_file_cut_short_or_grown_is_found_and_named(files, data):
    name = data.draw(st.sampled_from(sorted(files)))
    length = data.draw(st.integers(0, len(files[name]) + 8).filter(lambda size: size != len(files[name])))
    with sealed(files) as folder:
        (folder / name).write_bytes((files[name] + bytes(8))[:length])
        with pytest.raises(IntegrityError, match=f"{length} bytes") as refused:
            verify(folder)
        assert str(folder / name) in str(refused.value)


@quick
@given(contents, st.data())
def test_a_file_taken_away_is_found_and_named(files, data):
    name = data.draw(st.sampled_from(sorted(files)))
    with sealed(files) as folder:
        (folder / name).unlink()
        with pytest.raises(IntegrityError, match="missing") as refused:
            verify(folder)
        assert str(folder / name) in str(refused.value)


@quick
@given(contents, st.sampled_from(["extra.bin", "runtime/graph.json", ".hidden", "runtime/deep/er"]))
def test_a_file_put_in_is_found_and_named(files, name):
    with sealed(files) as folder:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
        with pytest.raises(IntegrityError, match="not in the manifest") as refused:
            verify(folder)
        assert str(folder / name) in str(refused.value)


def test_a_folder_that_moved_is_still_sound(tmp_path):
    with sealed({"model.json": b"{}", "runtime/graph.bin": b"\0\1"}) as folder:
        shutil.copytree(folder, tmp_path / "elsewhere")
    verify(tmp_path / "elsewhere")


def test_sealing_again_takes_over_what_changed(tmp_path):
    with sealed({"model.json": b"{}"}) as folder:
        (folder / "CARD.md").write_text("# A card", encoding="utf-8")
        seal(folder)
        verify(folder)


def test_a_folder_without_a_manifest_is_no_model(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NotFoundError, match=r"manifest\.json is missing"):
            verify(folder)


def test_a_model_of_another_format_says_what_to_do(tmp_path):
    (tmp_path / bundle.MANIFEST).write_text('{"format": 99, "files": {}}', encoding="utf-8")
    with pytest.raises(IntegrityError, match="format 99 is not 1"):
        verify(tmp_path)


@pytest.mark.parametrize(
    "content", [b'{"format": 1, "fil', b"[]", b"\xff", b""], ids=["cut", "list", "bytes", "empty"]
)
def test_a_damaged_manifest_is_refused_by_name(tmp_path, content):
    (tmp_path / bundle.MANIFEST).write_bytes(content)
    with pytest.raises(IntegrityError, match=r"manifest\.json"):
        verify(tmp_path)


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
numbers = st.floats(allow_nan=False, allow_infinity=False)
heads = st.builds(
    HeadSpec,
    name=names,
    task=st.sampled_from(["classify", "multilabel", "tag", "pair", "embed"]),
    labels=st.lists(names, max_size=4).map(tuple),
    oos_label=st.none() | names,
)
calibrations = st.builds(
    HeadCalibration,
    temperature=numbers,
    thresholds=st.lists(numbers, max_size=3).map(tuple),
    scope=st.none() | st.fixed_dictionaries({"kind": names, "threshold": numbers}),
)
runtimes = st.builds(
    RuntimeInfo,
    backend=names,
    file=names,
    precision=names,
    candidates=st.lists(st.dictionaries(names, numbers | names, max_size=2), max_size=2).map(tuple),
)
infos = st.builds(
    ModelInfo,
    name=names,
    version=names,
    created=names,
    encoder=st.builds(
        EncoderInfo, names, names, names, st.dictionaries(names, st.integers() | names, max_size=3)
    ),
    heads=st.lists(heads, min_size=1, max_size=3).map(tuple),
    pooling=st.sampled_from(["cls", "mean"]),
    max_tokens=st.integers(8, 8192),
    prefix=st.text(st.characters(codec="utf-8"), max_size=8),
    calibration=st.dictionaries(names, calibrations, max_size=2),
    runtime=st.none() | runtimes,
    training=st.dictionaries(names, names | numbers, max_size=2),
    metrics=st.dictionaries(names, st.dictionaries(names, numbers, max_size=2), max_size=2),
)


@quick
@given(infos)
def test_a_description_is_read_as_it_was_written(info):
    with tempfile.TemporaryDirectory() as place:
        write_info(Path(place), info)
        assert read_info(Path(place)) == info


def test_a_head_is_found_by_name_or_is_the_first():
    info = ModelInfo(
        name="banking",
        version="1",
        created="2026-11-23T10:00:00+00:00",
        encoder=EncoderInfo("tiny", "0" * 64, "folder:tiny", {}),
        heads=(HeadSpec("intent", "classify", ("a", "b")), HeadSpec("slots", "tag", ("O",))),
        pooling="cls",
        max_tokens=64,
    )
    assert info.head().name == "intent"
    assert info.head("slots").task == "tag"
    with pytest.raises(NotFoundError, match="its heads: intent, slots"):
        info.head("colour")


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "blue"},
        {"encoder": None},
        {"heads": [{"name": "intent"}]},
        {"heads": None},
        {"runtime": {"engine": "x"}},
    ],
    ids=["unknown field", "no encoder", "half a head", "no heads", "other run time"],
)
def test_a_description_of_another_shape_is_refused_by_name(tmp_path, change):
    whole = {
        "name": "banking", "version": "1", "created": "", "pooling": "cls", "max_tokens": 64, "prefix": "",
        "encoder": {"name": "tiny", "sha256": "", "source": "", "config": {}}, "heads": [],
        "calibration": {}, "runtime": None, "training": {}, "metrics": {},
    }  # fmt: skip
    (tmp_path / bundle.INFO).write_text(json.dumps({**whole, **change}), encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"model\.json: not a model description"):
        read_info(tmp_path)


def test_a_folder_without_a_description_is_no_model(tmp_path):
    with pytest.raises(NotFoundError, match=r"model\.json is missing"):
        read_info(tmp_path)
