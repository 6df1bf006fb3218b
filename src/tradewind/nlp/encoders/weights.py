"""Reading safetensors lazily and without a deep-learning framework, as numpy arrays over a memory map."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradewind.core.errors import InputError, IntegrityError
from tradewind.nlp.encoders.model import EncoderFolder

DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}
PREFIXES = ("bert.", "roberta.")
# Checkpoints converted from TensorFlow keep its names for the parameters of a layer norm.
OLD_NAMES = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}


class TensorFile(Mapping[str, NDArray[Any]]):
    """One safetensors file, as names to arrays.

    An array is a read-only view of the mapped file; bfloat16, which numpy lacks, comes as a float32 copy.
    """

    def __init__(self, path: Path) -> None:
        """Map the file and read its header.

        Raises:
            IntegrityError: it is truncated or no safetensors file.
        """
        self.path = path
        self._check()
        self._content = np.memmap(path, np.uint8, "r")
        (header_bytes,) = struct.unpack("<Q", self._content[:8].tobytes())
        header: dict[str, Any] = json.loads(self._content[8 : 8 + header_bytes].tobytes())
        self._start = 8 + header_bytes
        self._entries = {name: entry for name, entry in header.items() if name != "__metadata__"}

    def _check(self) -> None:
        # The library's own reader checks that the offsets are complete, in bounds and do not overlap.
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(self.path, framework="numpy"):
                pass
        except (SafetensorError, OSError) as error:
            raise IntegrityError(
                f"{self.path}: not a whole safetensors file: {error}", hint="copy or pull the encoder again"
            ) from error

    def __getitem__(self, name: str) -> NDArray[Any]:
        entry = self._entries[name]
        dtype = DTYPES.get(entry["dtype"])
        if dtype is None:
            raise InputError(
                f"{self.path}: {name!r} is stored as {entry['dtype']}", hint="store it as BF16 or F32"
            )
        first, last = (self._start + offset for offset in entry["data_offsets"])
        array = self._content[first:last].view(dtype).reshape(entry["shape"])
        return _from_bfloat16(array) if entry["dtype"] == "BF16" else array

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


class EncoderTensors(Mapping[str, NDArray[Any]]):
    """The tensors of an encoder's files under names without a family prefix."""

    def __init__(self, files: list[TensorFile]) -> None:
        self._places = {plain_name(name): (file, name) for file in files for name in file}

    def __getitem__(self, name: str) -> NDArray[Any]:
        file, stored = self._places[name]
        return file[stored]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def load_tensors(folder: EncoderFolder) -> Mapping[str, NDArray[Any]]:
    """The encoder's weights by Hugging Face name without `bert.` or `roberta.`; read when asked for.

    Raises:
        IntegrityError: a file is missing, truncated or no safetensors file.
    """
    return EncoderTensors([TensorFile(path) for path in weight_files(folder.weights_path)])


def weight_files(weights_path: Path) -> list[Path]:
    """The files that hold the weights: the one itself, or the shards that an index lists, in order of name.

    Raises:
        IntegrityError: the index cannot be read, points outside its folder, or a shard is missing.
    """
    if weights_path.suffix != ".json":
        return [weights_path]
    shards = [weights_path.parent / name for name in shard_names(weights_path)]
    for shard in shards:
        if not shard.is_file():
            raise IntegrityError(
                f"{shard}: missing, but {weights_path.name} lists it", hint="copy all shards"
            )
    return shards


def shard_names(index_path: Path) -> list[str]:
    """The names of the files that an index of shards lists, in order, each a plain safetensors name.

    Raises:
        IntegrityError: the index cannot be read, or a name leads elsewhere.
    """
    try:
        names = sorted(set(json.loads(index_path.read_text(encoding="utf-8"))["weight_map"].values()))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise IntegrityError(
            f"{index_path}: not an index of shards: {error!r}", hint="copy it again"
        ) from error
    for name in names:
        if not isinstance(name, str) or Path(name).name != name or not name.endswith(".safetensors"):
            raise IntegrityError(
                f"{index_path}: {name!r} is no shard's name", hint="do not trust this encoder"
            )
    return names


def plain_name(name: str) -> str:
    """A tensor's name without its family's prefix and with today's name for layer-norm parameters."""
    for prefix in PREFIXES:
        name = name.removeprefix(prefix)
    for old, new in OLD_NAMES.items():
        if name.endswith(old):
            name = name.removesuffix(old) + new
    return name


def _from_bfloat16(bits: NDArray[np.uint16]) -> NDArray[np.float32]:
    # bfloat16 is the upper half of a float32.
    return (bits.astype(np.uint32) << 16).view(np.float32)
