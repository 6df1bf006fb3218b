"""Signing in and out: plain pages without scripts, for nobody is known yet.

`GET` and `POST /sign-in` by password, `/sign-in/openid` by the organisation's provider, `POST /sign-out`.
"""

from __future__ import annotations

import asyncio
import hmac
from pathlib import Path
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tradewind.access.doorkeeper import Doorkeeper, headers_of
from tradewind.access.sessions import LASTS, START, form_token
from tradewind.console.frame import render
from tradewind.core.errors import ForbiddenError, InputError, NotFoundError, TradewindError
from tradewind.core.ids import TenantId

HOME = "/console/"
BACK = "/sign-in/openid/back"
STATE_COOKIE = "tradewind-state"
STATE_LASTS_S = 600
LONGEST_FORM = 10_000
HEADERS = {
    # No form-action: browsers hold a form's redirect to the provider against it.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def sign_in_routes(doorkeeper: Doorkeeper) -> APIRouter:
    """The pages; not in the contract, which is for programs."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sign-in")
    async def show(goal: str = HOME) -> Response:
        return await _page(doorkeeper, goal)

    @router.post("/sign-in")
    async def by_password(request: Request) -> Response:
        form = await _form(doorkeeper, request)
        goal, tenant, email = form.get("goal", HOME), form.get("tenant", ""), form.get("email", "")
        address = request.client.host if request.client else "unknown"
        try:
            session = await asyncio.to_thread(
                doorkeeper.access.sessions.sign_in, tenant, email, form.get("password", ""), address=address
            )
        except TradewindError as error:
            return await _page(doorkeeper, goal, error, tenant=tenant, email=email)
        return await _let_in(doorkeeper, request, session, goal)

    @router.get("/sign-in/openid")
    async def by_provider(request: Request, tenant: str = "", goal: str = HOME) -> Response:
        back = _back(doorkeeper, request)
        try:
            begun = await asyncio.to_thread(
                doorkeeper.access.openid.begin, tenant, back=back, goal=_safe(goal)
            )
        except TradewindError as error:
            return await _page(doorkeeper, goal, error, tenant=tenant)
        response = RedirectResponse(begun.address, status_code=303, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            STATE_COOKIE,
            begun.state,
            max_age=STATE_LASTS_S,
            path="/sign-in",
            secure=doorkeeper.is_https,
            httponly=True,
            samesite="lax",  # strict would not come back with the provider's redirect
        )
        return response

    @router.get(BACK)
    async def back_from_provider(request: Request) -> Response:
        cookie = request.cookies.get(STATE_COOKIE, "")
        back = _back(doorkeeper, request)
        answer = dict(request.query_params)
        try:
            session, goal = await asyncio.to_thread(
                doorkeeper.access.openid.finish, cookie, answer, back=back
            )
        except TradewindError as error:
            response = await _page(doorkeeper, HOME, error)
        else:
            response = await _let_in(doorkeeper, request, session, goal)
        response.delete_cookie(STATE_COOKIE, path="/sign-in")
        return response

    @router.post("/sign-out")
    async def leave(request: Request) -> Response:
        form = await _form(doorkeeper, request)
        session = request.cookies.get(doorkeeper.cookie, "")
        if not hmac.compare_digest(form.get("token", "").encode(), form_token(session).encode()):
            raise ForbiddenError("this form is not of this session", hint="open the console again")
        await asyncio.to_thread(doorkeeper.access.sessions.end, session)
        response = RedirectResponse("/sign-in", status_code=303)
        response.delete_cookie(doorkeeper.cookie, secure=doorkeeper.is_https, httponly=True, samesite="lax")
        return response

    return router


async def _let_in(doorkeeper: Doorkeeper, request: Request, session: str, goal: str) -> Response:
    """Give the browser its new session; the one that it had before is of no use any more."""
    before = request.cookies.get(doorkeeper.cookie, "")
    if before.startswith(START):
        await asyncio.to_thread(doorkeeper.access.sessions.end, before)
    response = RedirectResponse(_safe(goal), status_code=303, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        doorkeeper.cookie,
        session,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=doorkeeper.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


async def _page(
    doorkeeper: Doorkeeper,
    goal: str,
    error: TradewindError | None = None,
    *,
    tenant: str = "",
    email: str = "",
) -> Response:
    names, by_provider = await asyncio.to_thread(_known, doorkeeper)
    html = render(
        "sign_in.html",
        css=(Path(__file__).parent / "style.css").read_text(encoding="utf-8"),
        goal=_safe(goal),
        trouble=error,
        tenant=tenant or (names[0] if len(names) == 1 else ""),
        email=email,
        any_tenant=bool(names),
        by_provider=by_provider,
    )
    return HTMLResponse(html, status_code=error.status if error else 200, headers=HEADERS)


def _known(doorkeeper: Doorkeeper) -> tuple[list[TenantId], bool]:
    access = doorkeeper.access
    names = [tenant.tenant for tenant in access.tenants.all()]
    return names, any(access.openid.provider(name) for name in names)


async def _form(doorkeeper: Doorkeeper, request: Request) -> dict[str, str]:
    """The fields of a form of our own pages.

    Raises:
        ForbiddenError: a page of another site sent it. InputError: it is no form.
    """
    headers = headers_of(request.scope)
    origin = request.headers.get("origin")
    if origin is not None and not doorkeeper.is_own(origin, headers):
        raise ForbiddenError(
            f"a page of {origin:.200} may not sign anybody in or out here", hint="use this server's"
        )
    body = await request.body()
    try:
        if len(body) > LONGEST_FORM:
            raise ValueError("too long")
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=10
        )
    except ValueError as error:
        raise InputError("this is no filled-in form", hint="open /sign-in in a browser") from error
    return {name: values[0] for name, values in fields.items()}


def _back(doorkeeper: Doorkeeper, request: Request) -> str:
    if doorkeeper.public is not None:
        return doorkeeper.public + BACK
    host = request.headers.get("host", "")
    if not host or any(letter in host for letter in "/\\@?# "):
        raise NotFoundError("this request names no host", hint="set public_url")
    return f"{request.url.scheme}://{host}{BACK}"


def _safe(goal: str) -> str:
    """A page of ours to go on to, whatever the address said."""
    ours = goal.startswith((HOME, "/reports/")) and "\\" not in goal and goal.isascii() and goal.isprintable()
    return goal if ours else HOME
