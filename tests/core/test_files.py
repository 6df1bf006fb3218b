"""Writing whole or not at all: what was there before survives whatever happens on the way."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import resource
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradewind.core import files
from tradewind.core.errors import StorageError
from tradewind.core.files import (
    replacing_folder,
    sha256_of,
    storage_errors,
    write_bytes,
    write_json,
    write_text,
)

DISK_BYTES = 4096


@contextlib.contextmanager
def files_no_larger_than(limit: int) -> Iterator[None]:
    """The kernel refuses to let a file of this process grow further: a full disk, without filling one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_by_the_new_content(tmp_path):
    path = tmp_path / "card.md"
    write_text(path, "old")
    write_text(path, "new, with 中文 and é")
    assert path.read_bytes().decode() == "new, with 中文 and é"
    assert names(tmp_path) == ["card.md"]


def test_folders_on_the_way_are_made(tmp_path):
    write_bytes(tmp_path / "a" / "b" / "c", b"x")
    assert (tmp_path / "a" / "b" / "c").read_bytes() == b"x"


def test_json_is_readable_by_people_and_keeps_the_order_of_its_keys(tmp_path):
    write_json(tmp_path / "m.json", {"z": 1, "a": "中文"})
    text = (tmp_path / "m.json").read_text(encoding="utf-8")
    assert text == '{\n  "z": 1,\n  "a": "中文"\n}\n'
    assert json.loads(text) == {"z": 1, "a": "中文"}


def test_a_full_disk_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "weights.safetensors"
    write_bytes(path, b"old")
    with files_no_larger_than(DISK_BYTES), pytest.raises(StorageError) as refused:
        write_bytes(path, bytes(DISK_BYTES + 1))
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["weights.safetensors"]
    assert str(path) in str(refused.value)
    assert "untouched" in str(refused.value)


def test_a_first_file_that_does_not_fit_is_not_there_afterwards(tmp_path):
    with files_no_larger_than(DISK_BYTES), pytest.raises(StorageError):
        write_bytes(tmp_path / "fresh", bytes(DISK_BYTES + 1))
    assert names(tmp_path) == []


def test_an_interruption_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    path = tmp_path / "live"
    write_bytes(path, b"old")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["live"]


def test_a_place_that_cannot_hold_a_file_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    for path in (tmp_path / "file" / "below", tmp_path / "folder"):
        with pytest.raises(StorageError, match="cannot write") as refused:
            write_bytes(path, b"x")
        assert str(path) in str(refused.value)
    assert names(tmp_path) == ["file", "folder"]


def test_a_new_folder_takes_the_place_of_the_old_one_whole(tmp_path):
    target = tmp_path / "model"
    with replacing_folder(target) as fresh:
        (fresh / "old").write_text("1")
    with replacing_folder(target) as fresh:
        assert names(fresh) == []
        (fresh / "new").write_text("2")
        assert names(target) == ["old"]
    assert names(target) == ["new"]
    assert names(tmp_path) == ["model"]


def test_others_may_look_into_the_new_folder(tmp_path):
    with replacing_folder(tmp_path / "model"):
        pass
    assert stat.S_IMODE((tmp_path / "model").stat().st_mode) == 0o755


@pytest.mark.parametrize("failure", [ValueError("spoilt"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_a_failure_on_the_way_keeps_the_old_folder(tmp_path, failure):
    target = tmp_path / "model"
    with replacing_folder(target) as fresh:
        (fresh / "old").write_text("1")

    def spoil() -> None:
        with replacing_folder(target) as fresh:
            (fresh / "new").write_text("2")
            raise failure

    with pytest.raises(type(failure)):
        spoil()
    assert names(target) == ["old"]
    assert names(tmp_path) == ["model"]


def test_a_full_disk_keeps_the_old_folder(tmp_path):
    target = tmp_path / "model"
    with replacing_folder(target) as fresh:
        (fresh / "weights").write_bytes(b"old")
    full = files_no_larger_than(DISK_BYTES)
    with full, pytest.raises(StorageError, match="cannot write"), replacing_folder(target) as fresh:
        (fresh / "weights").write_bytes(bytes(DISK_BYTES + 1))
    assert (target / "weights").read_bytes() == b"old"
    assert names(tmp_path) == ["model"]


def test_a_swap_that_fails_half_way_is_undone(tmp_path):
    target = tmp_path / "model"
    with replacing_folder(target) as fresh:
        (fresh / "old").write_text("1")
    with pytest.raises(StorageError), replacing_folder(target) as fresh:
        fresh.rmdir()  # so that nothing is there to take the old folder's place
    assert names(target) == ["old"]


def test_where_folders_cannot_be_exchanged_they_change_places_in_turn(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    for name in ("old", "new"):
        with replacing_folder(tmp_path / "model") as fresh:
            (fresh / name).write_text("1")
    assert names(tmp_path / "model") == ["new"]
    assert names(tmp_path) == ["model"]


def test_what_a_killed_writer_left_is_swept_and_a_living_ones_stays(tmp_path):
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = tmp_path / f".model.new-{dead.pid}-abc"
    mine = tmp_path / f".model.new-{os.getpid()}-abc"
    for folder in (left, mine):
        folder.mkdir()
    with replacing_folder(tmp_path / "model"):
        pass
    assert names(tmp_path) == [mine.name, "model"]


def test_a_refusal_of_the_system_becomes_a_storage_error_with_its_reason(tmp_path):
    with pytest.raises(StorageError, match="No space left on device"), storage_errors(tmp_path / "x"):
        raise OSError(errno.ENOSPC, "No space left on device")


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=3 * 4096))
def test_the_hash_of_a_file_is_that_of_its_bytes_however_it_is_read(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("hash") / "file"
    write_bytes(path, content)
    whole, files.HASH_BLOCK_BYTES = files.HASH_BLOCK_BYTES, 1000
    try:
        assert sha256_of(path) == hashlib.sha256(content).hexdigest()
    finally:
        files.HASH_BLOCK_BYTES = whole
