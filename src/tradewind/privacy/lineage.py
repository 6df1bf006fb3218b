"""Which model versions were trained on whose text, and which of them should be trained again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tradewind.core.ids import RegionId, SubjectId, TenantId
from tradewind.journal.databases import Databases
from tradewind.privacy import store


@dataclass(frozen=True, slots=True)
class NeedsRetraining:
    """A model version that trained on the text of somebody who was erased by `request`."""

    model: str
    version: str
    request: str
    since: datetime


class Lineage:
    """The register: persons' part of it lies in their region, and goes with them."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases

    def trained(
        self, tenant: TenantId, region: RegionId, model: str, version: str, subjects: Iterable[SubjectId]
    ) -> None:
        """Note that a model version was trained on text of these subjects."""
        database = self._databases.region(region)
        with database.write_as(tenant) as tables:
            store.add_lineage(database, tables, model, version, subjects)

    def needs_retraining(self, tenant: TenantId) -> list[NeedsRetraining]:
        """Model versions that still know somebody who was erased, the longest known first."""
        with self._databases.control.read_as(tenant) as tables:
            return [NeedsRetraining(*row) for row in store.retraining(tables)]
