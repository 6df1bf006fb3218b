"""What tests of channels arrange with: an installation of two tenants whose conversations a parrot answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from chat_kit import conversing

from tradewind.assistant.conversations.service import Conversations
from tradewind.core.ids import RegionId
from tradewind.workspace import Ground

EU = RegionId("eu")


@contextlib.asynccontextmanager
async def settled(folder: Path, **options: object) -> AsyncIterator[tuple[Ground, Conversations]]:
    """An installation with the tenants acme and beta, both at home in the EU."""
    async with conversing(folder, **options) as (ground, chats):
        for name in ("acme", "beta"):
            await asyncio.to_thread(_settle, ground, name)
        yield ground, chats


def _settle(ground: Ground, name: str) -> None:
    if name not in [tenant.tenant for tenant in ground.access.tenants.all()]:
        ground.access.tenants.create(
            name, home=EU, owner=f"owner@{name}.example", password=None, by="operator"
        )


async def until(holds: Callable[[], bool], within_s: float = 15) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.01)
