"""Whatever is sent to a route, what the contract allows and what it does not, the answer is no fault of the server."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from tradewind.core.settings import Settings
from tradewind.server import create_app

pytestmark = pytest.mark.filterwarnings(
    "ignore::hypothesis.errors.HypothesisDeprecationWarning"  # schemathesis draws its first case by `random`
)

BOUNDED = 12
CONTRACT = create_app(
    Settings(workspace=Path(tempfile.gettempdir()) / "nowhere"), console=False
).app.openapi()
SCHEMA = schemathesis.openapi.from_dict(CONTRACT)
ROUTES = [
    (method.upper(), path) for path, operations in CONTRACT["paths"].items() for method in sorted(operations)
]
DECLARED = {503, 504}
"""Not faults: the server says that it cannot now, and when to come back."""


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), ROUTES, ids=lambda value: str(value))
def test_no_request_finds_a_fault_of_the_server(installation, examples, method, path, mode):
    operation = SCHEMA[path][method]
    key = installation.acme.keys["all"]

    @settings(
        max_examples=examples(BOUNDED),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        answer = case.call(
            base_url=installation.address, headers={**(case.headers or {}), "Authorization": f"Bearer {key}"}
        )
        if answer.status_code not in DECLARED:
            case.validate_response(answer, checks=[not_a_server_error])
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"], case.as_curl_command()

    try:
        holds()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE  # a route without parameters cannot be asked wrongly
