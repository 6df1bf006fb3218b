"""What tests of several rooms need: a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import postgres
import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--examples 500`: a longer run of the laws that hold for every route."""
    parser.addoption("--examples", type=int, default=None, help="examples of each route in tests/laws")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One server for the whole run; skips where PostgreSQL is not installed."""
    if postgres.binaries() is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    with postgres.server() as started:
        yield started


_NUMBERS = count(1)


@pytest.fixture
def postgres_database(postgres_server: postgres.Server) -> Callable[[], str]:
    """Makes an empty database at each call and returns its URL."""
    return lambda: postgres_server.create(f"test_{next(_NUMBERS)}")
