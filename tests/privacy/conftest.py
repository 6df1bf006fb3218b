"""Installations on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from subjects import Ground, ground


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def make(request: pytest.FixtureRequest) -> Callable[[], str] | None:
    """Makes an empty PostgreSQL database at each call; None for files."""
    if request.param == "sqlite":
        return None
    found: Callable[[], str] = request.getfixturevalue("postgres_database")
    return found


@pytest.fixture
def here(make: Callable[[], str] | None, tmp_path: Path) -> Iterator[Ground]:
    """An installation whose durable work is executed by this process."""
    with ground(tmp_path, make=make) as opened:
        opened.privacy.durable.start()
        yield opened
