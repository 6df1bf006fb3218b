"""The reader of 4-bit files: exact, and never more than an IntegrityError away from a damaged one."""

from __future__ import annotations

import contextlib
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from safetensors.numpy import load_file

from tradewind.core.errors import IntegrityError
from tradewind.nlp.encoders import EncoderConfig
from tradewind.nlp.encoders.config import read_config
from tradewind.nlp.encoders.fourbit import BLOCK, convert, decode_blocks, open_four_bit, read_tensor

Tensors = dict[str, NDArray[np.float32]]


@pytest.fixture
def four_bit_path(four_bit: tuple[Path, Tensors]) -> Path:
    return four_bit[0]


finite_half = st.floats(-100, 100, width=16)


@given(
    scales=arrays.arrays(np.float16, st.shared(st.integers(1, 9), key="n"), elements=finite_half),
    halves=arrays.arrays(
        np.uint8, st.tuples(st.shared(st.integers(1, 9), key="n"), st.just(32)), elements=st.integers(0, 15)
    ),
)
def test_blocks_decode_to_what_was_packed(scales: NDArray[np.float16], halves: NDArray[np.uint8]) -> None:
    blocks = np.empty(len(scales), BLOCK)
    blocks["scale"] = scales
    blocks["halves"] = halves[:, :16] | halves[:, 16:] << 4

    decoded = decode_blocks(blocks)

    expected = (halves.astype(np.float32) - 8) * scales.astype(np.float32)[:, None]
    assert decoded.dtype == np.float32
    np.testing.assert_array_equal(decoded.reshape(-1, 32), expected)


def test_a_low_half_is_weight_j_and_a_high_half_weight_j_plus_16() -> None:
    block = struct.pack("<e", 0.5) + bytes([0x98] + [0x88] * 15)  # byte 0: low half 8, high half 9

    weights = decode_blocks(np.frombuffer(block, BLOCK))

    assert weights[16] == 0.5
    assert np.count_nonzero(weights) == 1


def test_a_file_converts_to_hugging_face_layout(
    four_bit: tuple[Path, Tensors], tiny_config: EncoderConfig, tmp_path: Path
) -> None:
    path, values = four_bit
    folder = tmp_path / "converted"
    folder.mkdir()

    config = convert(path, folder)

    assert config == tiny_config
    assert read_config(folder / "config.json") == tiny_config
    stored = load_file(folder / "model.safetensors")
    assert stored.keys() == values.keys()
    assert {name for name, tensor in stored.items() if tensor.dtype == np.float16} == {
        "embeddings.word_embeddings.weight"
    }
    for name, tensor in stored.items():
        assert tensor.shape == values[name].shape
        np.testing.assert_array_equal(tensor, values[name].astype(tensor.dtype))


def test_converting_again_gives_the_same_bytes(four_bit: tuple[Path, Tensors], tmp_path: Path) -> None:
    written = set()
    for number in range(8):
        folder = tmp_path / str(number)
        folder.mkdir()
        convert(four_bit[0], folder)
        written.add((folder / "model.safetensors").read_bytes())
    assert len(written) == 1


def test_vectors_and_positions_are_exact(four_bit: tuple[Path, Tensors]) -> None:
    path, values = four_bit
    positions = read_tensor(open_four_bit(path), "emb.pos", (16, 32), np.float32)
    np.testing.assert_array_equal(positions, values["embeddings.position_embeddings.weight"])


@given(cut=st.floats(0, 1, exclude_max=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_truncated_file_is_refused_wherever_it_was_cut(four_bit_path: Path, cut: float) -> None:
    whole = four_bit_path.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut.bin"
        path.write_bytes(whole[: int(cut * len(whole))])
        with pytest.raises(IntegrityError, match=r"cut\.bin: .*(ends at byte|magic)"):
            open_four_bit(path)


@given(place=st.integers(0, 400), value=st.binary(min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_a_damaged_header_is_refused_or_read_never_a_crash(
    four_bit_path: Path, place: int, value: bytes
) -> None:
    whole = bytearray(four_bit_path.read_bytes())
    whole[place : place + len(value)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.bin"
        path.write_bytes(whole)
        with contextlib.suppress(IntegrityError):
            convert(path, Path(folder))


@pytest.mark.parametrize(
    ("at", "bytes_", "says"),
    [
        (0, b"GGUF", "magic b'GGUF'"),
        (4, struct.pack("<I", 2), "version 2"),
        (8, struct.pack("<i", -32), "impossible shape"),
        (8, struct.pack("<i", 33), "impossible shape"),
        (16, struct.pack("<i", 3), "'l2.q.w'.*missing"),
        (24, struct.pack("<i", 13), "'emb.word'.*384 weights"),
        (40, struct.pack("<i", 64), "blocks of 64"),
        (56, struct.pack("<i", 9), "padding id 9"),
    ],
)
def test_each_wrong_field_is_named(
    four_bit: tuple[Path, Tensors], tmp_path: Path, at: int, bytes_: bytes, says: str
) -> None:
    path = four_bit[0]
    content = bytearray(path.read_bytes())
    content[at : at + len(bytes_)] = bytes_
    path.write_bytes(content)
    with pytest.raises(IntegrityError, match=says):
        convert(path, tmp_path)
