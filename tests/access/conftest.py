"""An installation in SQLite files, without a tenant and with one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from access_house import EU, PASSWORD, House, build_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """An installation without a tenant."""
    built = build_house(f"sqlite:///{tmp_path}/c.db", f"sqlite:///{tmp_path}/eu.db", tmp_path / "locks")
    yield built
    built.journal.close()
    built.journal.databases.close()


@pytest.fixture
def acme(house: House) -> House:
    """An installation with the tenant `acme`, whose owner is ann@acme.example."""
    house.access.tenants.create("acme", home=EU, owner="ann@acme.example", password=PASSWORD, by="operator")
    return house
