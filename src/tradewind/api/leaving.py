"""A client that hangs up takes its work along, so that nobody computes what nobody reads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import Request

PATIENCE_S = 0.05
"""Requests that are answered sooner are not watched: watching costs a task."""

T = TypeVar("T")


class ClientLeft(Exception):
    """The client closed its connection before its answer was ready."""


async def unless_client_leaves(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work, whose body has been read, and cancel it when the client closes the connection.

    Raises:
        ClientLeft: it did.
    """
    loop = asyncio.get_running_loop()
    worker = asyncio.current_task()
    assert worker is not None
    watchers: list[asyncio.Task[None]] = []
    left = False

    async def watch() -> None:
        nonlocal left
        while (await request.receive())["type"] != "http.disconnect":
            continue
        left = True
        worker.cancel()

    timer = loop.call_later(PATIENCE_S, lambda: watchers.append(loop.create_task(watch())))
    try:
        return await work()
    except asyncio.CancelledError:
        if not left:
            raise
        worker.uncancel()
        raise ClientLeft from None
    finally:
        timer.cancel()
        for watcher in watchers:
            watcher.cancel()
