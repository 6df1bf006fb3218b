"""docs/http.md names every route, error, metric and field that there is."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from tradewind.api.metrics import Metrics
from tradewind.api.schemas import PredictRequest
from tradewind.core import errors

PAGE = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")


def test_every_route_is_described(client: httpx.Client) -> None:
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}`" in PAGE


@pytest.mark.parametrize("field", PredictRequest.model_fields)
def test_every_field_is_described(field: str) -> None:
    assert f"`{field}`" in PAGE


def test_every_error_that_the_server_sends_is_described() -> None:
    sent = {"BusyError", "DeadlineError", "InputError", "IntegrityError", "NotFoundError", "StorageError"}
    sent |= {"TooLargeError", "UnavailableError", "TradewindError"}
    for name in sent:
        error = getattr(errors, name)
        assert re.search(rf"^\| {error.status} \| `{error.slug}` ", PAGE, re.MULTILINE), name


def test_every_metric_is_described() -> None:
    for family in Metrics().registry.collect():
        if family.name.startswith("tradewind_"):
            assert f"`{family.name}" in PAGE
