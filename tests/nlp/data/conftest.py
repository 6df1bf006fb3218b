"""Small files written by the test itself, and the public data sets where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tradewind.core.settings import load_settings
from tradewind.nlp.data import Dataset, Example

# A busy machine is slow now and then; slowness has tests of its own, in processor time.
settings.register_profile("tradewind", deadline=None)
settings.load_profile("tradewind")

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into the test's folder, byte for byte, and return its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def labelled() -> Callable[[list[tuple[str, str]]], Dataset]:
    """A data set of (text, label) pairs, lines from 2 as in a CSV file."""

    def build(pairs: list[tuple[str, str]]) -> Dataset:
        examples = (
            Example(text, label=label, line=n, file="a.csv") for n, (text, label) in enumerate(pairs, 2)
        )
        return Dataset(tuple(examples), source="a.csv")

    return build


@pytest.fixture(scope="session")
def public() -> Callable[[str], str]:
    """The path of a public data file; skips where the data sets are not at hand."""
    folder = load_settings().data

    def find(name: str) -> str:
        if folder is None:
            pytest.skip("TRADEWIND_DATA does not name the folder of public data sets")
        if not (folder / name.split("/")[0]).exists():
            pytest.skip(f"{folder} has no {name}")
        return str(folder / name)

    return find
