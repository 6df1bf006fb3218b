"""The journal on PostgreSQL: the laws of every store, and a server that goes away."""

from __future__ import annotations

import pytest
from journal_laws import JournalLaws

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_database):
    return postgres_database()


class TestOnPostgres(JournalLaws):
    """Every law."""
