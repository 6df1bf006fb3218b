"""Who looks at a page: for page functions and for what their buttons call."""

from __future__ import annotations

import asyncio

from nicegui import ui

from tradewind.access.doorkeeper import CALLER, DOORKEEPER, Caller, Doorkeeper
from tradewind.access.model import Principal, Right
from tradewind.access.sessions import form_token


def signed_in() -> Principal:
    """In whose name the page is shown, or the button was pressed.

    It is looked up anew each time (at most once a second in the database): a page may stay open for hours, and roles
    are taken away in the meantime. Call it in each handler before anything is changed.

    Raises:
        SignInError: the session has ended.
    """
    return _doorkeeper().again(_caller())


def require(right: Right) -> Principal:
    """`signed_in`, of somebody who has a right.

    Raises:
        SignInError: the session has ended. ForbiddenError: they have not got it.
    """
    principal = signed_in()
    principal.require(right)
    return principal


async def require_change(model: str) -> None:
    """Refuse somebody who may not change which version of a model is live.

    Raises:
        SignInError: the session has ended. ForbiddenError: they have not got the right, or others use it too.
    """
    await asyncio.to_thread(_doorkeeper().require_change, signed_in(), model)


def leaving() -> dict[str, str] | None:
    """What the form for signing out shows and sends; None where nobody had to sign in."""
    caller = _caller()
    if not caller.by_session:
        return None
    return {"tenant": caller.principal.tenant, "token": form_token(caller.credential)}


def _caller() -> Caller:
    caller: Caller = ui.context.client.request.scope[CALLER]
    return caller


def _doorkeeper() -> Doorkeeper:
    doorkeeper: Doorkeeper = ui.context.client.request.scope[DOORKEEPER]
    return doorkeeper
