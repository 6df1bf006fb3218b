"""Who asks, for routes: each names the right that it needs and gets the principal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.requests import HTTPConnection

from tradewind.access.doorkeeper import CALLER, Caller, Needs
from tradewind.access.model import Principal, Right

__all__ = ["Needs", "caller_of", "needs"]


def caller_of(request: HTTPConnection) -> Caller:
    """Who asks, of a request or websocket that passed the guard."""
    caller: Caller = request.scope[CALLER]
    return caller


def needs(right: Right | None) -> Callable[..., Any]:
    """The dependency of a route that needs a right, or none but to be known; it gives the `Principal`.

    Raises:
        ForbiddenError: who asks has not got it.
    """

    async def principal(request: Request) -> Principal:
        found = caller_of(request).principal
        if right is not None:
            found.require(right)
        return found

    return principal
