"""`/openapi.json`, saying of errors what is true: problem documents, with Retry-After where there is one."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from tradewind.api.problems import MEDIA_TYPE

PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}
RETRY_AFTER = {"description": "Seconds after which to try again", "schema": {"type": "integer"}}


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
            for operations in document["paths"].values():
                for operation in operations.values():
                    _describe_errors(operation["responses"])
            schemas = document["components"]["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = contract  # type: ignore[method-assign]


def _describe_errors(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: {"schema": PROBLEM_REFERENCE}}
            if status == "503":
                response["headers"] = {"Retry-After": RETRY_AFTER}
