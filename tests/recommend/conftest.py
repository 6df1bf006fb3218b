"""Interactions made by the test itself, and the public data sets where they are at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from tradewind.core.settings import load_settings
from tradewind.recommend.model import Interactions

settings.register_profile("tradewind", deadline=None)
settings.load_profile("tradewind")

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into the test's folder and return its path."""

    def write_file(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


@pytest.fixture(scope="session")
def tastes() -> Interactions:
    """120 people of two tastes and 40 items: each does 10 of the 20 items of their taste, one after the other."""
    rng = np.random.default_rng(5)
    users = np.repeat(np.arange(120, dtype=np.int32), 10)
    items = np.concatenate([rng.choice(20, 10, replace=False) + 20 * (person % 2) for person in range(120)])
    return Interactions(
        users,
        items.astype(np.int32),
        tuple(f"u{n}" for n in range(120)),
        tuple(f"i{n}" for n in range(40)),
        ratings=rng.integers(1, 6, len(users)).astype(np.float32),
        times=np.arange(len(users), dtype=np.float64) % 10 * 1000 + users,
        dated=True,
    )


@pytest.fixture(scope="session")
def chain() -> Interactions:
    """100 people who walk round 25 items in one direction, each from their own place: only order says what is next."""
    users = np.repeat(np.arange(100, dtype=np.int32), 6)
    steps = np.tile(np.arange(6), 100)
    return Interactions(
        users,
        ((users + steps) % 25).astype(np.int32),
        tuple(f"u{n}" for n in range(100)),
        tuple(f"i{n}" for n in range(25)),
        times=steps.astype(np.float64),
    )


@pytest.fixture(scope="session")
def public() -> Callable[[str], Path]:
    """A folder of public data; skips where it is not at hand."""
    folder = load_settings().data

    def find(name: str) -> Path:
        if folder is None:
            pytest.skip("TRADEWIND_DATA does not name the folder of public data sets")
        if not (folder / name).exists():
            pytest.skip(f"{folder} has no {name}")
        return folder / name

    return find
