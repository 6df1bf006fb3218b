"""`/openapi.json`, saying of errors what is true: problem documents, with Retry-After where there is one."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from tradewind.api.problems import MEDIA_TYPE

PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
RETRY_AFTER = {"description": "Seconds after which to try again", "schema": {"type": "integer"}}

SECURITY = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key. An installation without a tenant answers this machine without one.",
    }
}
GUARDED = {
    "401": "No valid key: it is missing, unknown, expired or revoked",
    "403": "The key has not got the right, or is not of this region",
    "429": "This key asks too often; see Retry-After",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes a request that is sent again get the first answer; kept for a day",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def install_contract(app: FastAPI) -> None:
    """Make an application describe its errors as it sends them."""

    def contract() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            document["components"]["securitySchemes"] = SECURITY
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    if path.startswith("/v1/"):
                        _describe_access(path, method, operation)
                    _describe_errors(operation["responses"])
            schemas = document["components"]["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = contract  # type: ignore[method-assign]


def _describe_access(path: str, method: str, operation: dict[str, Any]) -> None:
    """What holds of every route behind the guard."""
    operation["security"] = [{"key": []}]
    for status, description in GUARDED.items():
        operation["responses"].setdefault(status, {"description": description})
    declared = {parameter["name"] for parameter in operation.get("parameters", ())}
    if method == "post" and not path.endswith(":predict") and "Idempotency-Key" not in declared:
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
        conflict = {"description": "The Idempotency-Key was used for another request, or is in use"}
        operation["responses"].setdefault("409", conflict)
    if method in ("post", "put", "delete"):
        operation["responses"].setdefault("413", {"description": "The body is over the limit"})


def _describe_errors(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: {"schema": PROBLEM_REFERENCE}}
            if status in ("429", "503"):
                response["headers"] = {"Retry-After": RETRY_AFTER}
