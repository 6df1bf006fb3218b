"""Checkpoints are taken by themselves, as durable work."""

from __future__ import annotations

from journal_kit import Noted

from tradewind.core.ids import MarketId, TenantId
from tradewind.core.settings import Settings
from tradewind.journal.model import Draft
from tradewind.journal.works import WORK
from tradewind.workspace import open_ground


def test_the_work_signs_every_tenant_of_every_region(tmp_path):
    with open_ground(Settings(workspace=tmp_path)) as ground:
        journal = ground.journal
        for tenant, market in (("acme", "de"), ("other", "de"), ("acme", "us")):
            journal.append_now(TenantId(tenant), [Draft(Noted(), market=MarketId(market))])
        assert ground.durable.start()
        identity = ground.durable.begin(WORK, "first", None, None)
        done = ground.durable.wait(identity, 60)
        assert {region: count for region, count in done.items() if count} == {"eu": 2, "us": 1}
        found = journal.verify(processes=1)
        assert (found.sound, found.checkpointed) == (True, 3)
