"""Errors as `application/problem+json` (RFC 9457): type, title, status, detail, instance, and `errors` by
field.
"""

from __future__ import annotations

import json
import logging
import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from tradewind.core.errors import BusyError, SignInError, TradewindError, UnavailableError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:tradewind:problem:"
RETRY_UNAVAILABLE_S = 2

log = logging.getLogger(__name__)


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of an application leave as a problem document."""
    app.add_exception_handler(TradewindError, _on_error)
    app.add_exception_handler(ValidationError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_error)


def problem(
    *,
    status: int,
    slug: str,
    detail: str,
    instance: str,
    title: str | None = None,
    hint: str | None = None,
    errors: list[dict[str, object]] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """A problem document. `hint` says what would be right; `errors` has one entry a wrong field."""
    document: dict[str, object] = {
        "type": TYPE_PREFIX + slug,
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
    }
    if hint:
        document["hint"] = hint
    if errors is not None:
        document["errors"] = errors
    content = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def own_problem(error: TradewindError, instance: str) -> Response:
    """The problem document of one of our errors; 503 and 429 say when to come back."""
    headers = {}
    if isinstance(error, BusyError):
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    elif isinstance(error, UnavailableError):
        headers["Retry-After"] = str(RETRY_UNAVAILABLE_S)
    elif isinstance(error, SignInError):
        headers["WWW-Authenticate"] = 'Bearer realm="tradewind"'
    return problem(
        status=error.status,
        slug=error.slug,
        title=error.slug.replace("-", " ").capitalize(),
        detail=error.message,
        hint=error.hint,
        instance=instance,
        headers=headers,
    )


def invalid_problem(error: ValidationError | RequestValidationError, instance: str) -> Response:
    """The problem document of a body that is not what the schema says, with one entry a wrong field."""
    errors = [_field_error(entry) for entry in error.errors()]
    first = errors[0]
    where = f"{first['path']}: " if first["path"] else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return problem(
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
        slug="bad-input",
        title="Bad input",
        detail=f"{where}{first['message']}{more}",
        instance=instance,
        errors=errors[:20],
    )


def problem_of(error: Exception, instance: str) -> Response:
    """The problem document of any error; what nobody foresaw is logged, and told as little of as possible."""
    if isinstance(error, TradewindError):
        if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("%s: %s", instance, error)
        return own_problem(error, instance)
    if isinstance(error, ValidationError | RequestValidationError):
        return invalid_problem(error, instance)
    log.error("%s: unexpected", instance, exc_info=error)
    return problem(
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        slug="internal",
        detail="something went wrong on the server; its log has the details",
        instance=instance,
    )


def _field_error(entry: Any) -> dict[str, object]:
    path = ".".join(str(part) for part in entry["loc"])
    message = str(entry["msg"]).removeprefix("Value error, ")
    return {"path": path, "message": message}


async def _on_error(request: Request, error: Exception) -> Response:
    return problem_of(error, request.url.path)


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    slug = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    detail = f"{request.method} {request.url.path}: {error.detail}"
    headers = dict(error.headers) if error.headers else None
    return problem(
        status=error.status_code, slug=slug, detail=detail, instance=request.url.path, headers=headers
    )
